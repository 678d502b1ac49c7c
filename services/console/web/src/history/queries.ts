import { useQuery } from '@tanstack/react-query';
import type { History } from '../../../src/contract/index.js';
import { iso, type Period } from '../charts/zoned-time.js';
import { get } from '../shared/api.js';
import { covered, usePurpose, usePurposes } from '../shared/purposes.js';

export function useHistory(site: string, period: Period | undefined, stepS: number) {
  const named = usePurpose('measures');
  const { isAsked } = usePurposes();
  const { fromMs, toMs } = covered(period ?? { fromMs: 0, toMs: 0 }, named);
  return useQuery({
    queryKey: ['history', site, fromMs, toMs, stepS, named.purpose],
    queryFn: () =>
      get<History>(`/sites/${site}/history`, {
        from: iso(fromMs),
        to: iso(toMs),
        step: stepS,
        purpose: named.purpose,
      }),
    enabled: period !== undefined && !isAsked,
    staleTime: 60_000,
  });
}
