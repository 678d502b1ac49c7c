import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  BuyerContract,
  Buyers,
  BuyerUse,
  ContractTexts,
  NewContract,
} from '../../../src/contract/index.js';
import { BUYERS_AT_ONCE } from '../../../src/contract/constants.js';
import { get, send } from '../shared/api.js';

/** Nobody waits for a contract by the second. */
const AGAIN_MS = 60_000;
const buyersKey = (site: string) => ['buyers', site] as const;

export function useBuyers(site: string, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: [...buyersKey(site), 'list'],
    queryFn: ({ pageParam }) => get<Buyers>(`/sites/${site}/buyers`, { before: pageParam }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ buyers }) =>
      buyers.length < BUYERS_AT_ONCE ? undefined : buyers.at(-1)?.id,
    enabled,
  });
}

/** How many wait for a contract. */
export function useOpenBuyers(site: string, enabled: boolean): number {
  const { data } = useQuery({
    queryKey: [...buyersKey(site), 'open-count'],
    queryFn: () => get<{ open: number }>(`/sites/${site}/buyers/open`),
    refetchInterval: AGAIN_MS,
    enabled,
  });
  return data?.open ?? 0;
}

export function useBuyerUse(site: string, id: number, enabled: boolean) {
  return useQuery({
    queryKey: [...buyersKey(site), 'use', id],
    queryFn: () => get<BuyerUse>(`/sites/${site}/buyers/${id}/use`),
    enabled,
  });
}

export function usePreview(site: string, id: number) {
  return useMutation({
    mutationFn: (terms: NewContract) =>
      send<ContractTexts>('POST', `/sites/${site}/buyers/${id}/contracts/preview`, terms),
  });
}

export function useOffer(site: string, id: number) {
  return useChange(site, (terms: NewContract) =>
    send<BuyerContract>('POST', `/sites/${site}/buyers/${id}/contracts`, terms),
  );
}

export function useEnd(site: string, id: number) {
  return useChange(site, (reason: string) =>
    send('POST', `/sites/${site}/buyers/${id}/end`, { reason }),
  );
}

export function useRevoke(site: string, id: number) {
  return useChange(site, (key: number) =>
    send('POST', `/sites/${site}/buyers/${id}/keys/${key}/revoke`),
  );
}

function useChange<Given, Answer>(site: string, change: (given: Given) => Promise<Answer>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => cache.invalidateQueries({ queryKey: buyersKey(site) }),
  });
}
