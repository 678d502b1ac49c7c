import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Alert } from '../../../src/contract/index.js';
import { get, send } from '../shared/api.js';

/** The live stream tells of every change at once; asking again is for what a broken connection missed. */
const AGAIN_MS = 30_000;

export const activeAlertsKey = (site: string) => ['alerts', site, 'active'] as const;

export function useActiveAlerts(site: string) {
  return useQuery({
    queryKey: activeAlertsKey(site),
    queryFn: () => get<Alert[]>(`/sites/${site}/alerts`, { state: 'active' }),
    refetchInterval: AGAIN_MS,
  });
}

export function useAlertHistory(site: string, from: string, to: string) {
  return useQuery({
    queryKey: ['alerts', site, 'all', from, to],
    queryFn: () => get<Alert[]>(`/sites/${site}/alerts`, { state: 'all', from, to }),
    refetchInterval: AGAIN_MS,
  });
}

export type Deed =
  | { readonly do: 'acknowledge'; readonly note: string }
  | { readonly do: 'shelve'; readonly until: string; readonly reason: string }
  | { readonly do: 'unshelve' }
  | { readonly do: 'actions'; readonly kind: 'note' | 'step'; readonly text: string };

/** What an operator does about an alert; everything of the site's alerts is asked anew after. */
export function useDeed(site: string, id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ do: deed, ...body }: Deed) =>
      send('POST', `/alerts/${encodeURIComponent(id)}/${deed}`, body),
    onSettled: () => cache.invalidateQueries({ queryKey: ['alerts', site] }),
  });
}
