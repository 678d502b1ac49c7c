import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Inquiries, Inquiry } from '../../../src/contract/index.js';
import { INQUIRIES_AT_ONCE } from '../../../src/contract/constants.js';
import { get, send } from '../shared/api.js';

/** Nobody waits for an answer by the second. */
const AGAIN_MS = 60_000;

export interface Shown {
  readonly state: 'open' | 'answered' | undefined;
  readonly kind: Inquiry['kind'] | undefined;
}

export function useInquiries(site: string, { state, kind }: Shown, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['inquiries', site, state, kind],
    queryFn: ({ pageParam }) =>
      get<Inquiries>(`/sites/${site}/inquiries`, { state, kind, before: pageParam }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ inquiries }) =>
      inquiries.length < INQUIRIES_AT_ONCE ? undefined : inquiries.at(-1)?.id,
    enabled,
  });
}

/** How many wait for an answer. */
export function useOpenCount(site: string, enabled: boolean): number {
  const { data } = useQuery({
    queryKey: ['inquiries', site, 'open-count'],
    queryFn: () => get<{ open: number }>(`/sites/${site}/inquiries/open`),
    refetchInterval: AGAIN_MS,
    enabled,
  });
  return data?.open ?? 0;
}

export function useAnswer(site: string, id: number) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (answer: string) =>
      send('POST', `/sites/${site}/inquiries/${id}/answer`, { answer }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['inquiries', site] }),
  });
}
