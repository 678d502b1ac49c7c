import { useQuery } from '@tanstack/react-query';
import type { History } from '../../../src/contract/index.js';
import { iso, type Period } from '../charts/zoned-time.js';
import { get } from '../shared/api.js';

export function useHistory(site: string, period: Period | undefined, stepS: number) {
  return useQuery({
    queryKey: ['history', site, period?.fromMs, period?.toMs, stepS],
    queryFn: () =>
      get<History>(`/sites/${site}/history`, {
        from: iso(period?.fromMs ?? 0),
        to: iso(period?.toMs ?? 0),
        step: stepS,
      }),
    enabled: period !== undefined,
    staleTime: 60_000,
  });
}
