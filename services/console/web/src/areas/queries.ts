import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { AreaSeries, Dwell, LineSeries, Usual } from './types.js';
import { get } from '../shared/api.js';
import { covered, namedOf, usePurpose, usePurposes, type Named } from '../shared/purposes.js';
import { iso, type Period } from '../charts/zoned-time.js';

/** What is shown of a period that reaches to now is asked for again this often, milliseconds. */
const REFRESH_MS = 30_000;

const isOpen = (period: Period): boolean => period.toMs > Date.now();

/** What of a period is asked for, in windows of `step` seconds, and what for. */
export function seriesQuery(period: Pick<Period, 'fromMs' | 'toMs'>, step: number, named: Named) {
  const { fromMs, toMs } = covered(period, named);
  return { from: iso(fromMs), to: iso(toMs), step, purpose: named.purpose };
}

export function useAreaSeries(site: string, area: string, period: Period, stepS: number) {
  const named = usePurpose('measures', area);
  const { isAsked } = usePurposes();
  return useQuery({
    queryKey: [
      'area',
      site,
      area,
      covered(period, named).fromMs,
      period.toMs,
      stepS,
      named.purpose,
    ],
    queryFn: () =>
      get<AreaSeries>(`/sites/${site}/areas/${area}/series`, seriesQuery(period, stepS, named)),
    enabled: !isAsked,
    placeholderData: (before, query) =>
      query?.queryKey[2] === area ? keepPreviousData(before) : undefined,
    refetchInterval: isOpen(period) ? REFRESH_MS : false,
  });
}

export function useUsual(site: string, area: string, day: string | undefined, stepS: number) {
  const { purpose } = usePurpose('measures', area);
  const { isAsked } = usePurposes();
  return useQuery({
    queryKey: ['usual', site, area, day, stepS, purpose],
    queryFn: () =>
      get<Usual>(`/sites/${site}/areas/${area}/usual`, {
        ...(day && { day }),
        step: stepS,
        purpose,
      }),
    enabled: day !== undefined && !isAsked,
    staleTime: 300_000,
  });
}

export function useDwell(site: string, area: string, period: Period) {
  const { purpose } = usePurpose('measures', area);
  const { isAsked } = usePurposes();
  return useQuery({
    queryKey: ['dwell', site, area, period.fromMs, period.toMs, purpose],
    enabled: !isAsked,
    queryFn: () =>
      get<Dwell>(`/sites/${site}/areas/${area}/dwell`, {
        from: iso(period.fromMs),
        to: iso(period.toMs),
        purpose,
      }),
  });
}

export function useLineSeries(
  site: string,
  lines: readonly string[],
  period: Period,
  stepS: number,
) {
  const { answer, chosen, isAsked } = usePurposes();
  return useQueries({
    queries: lines.map((line) => {
      const named = namedOf(answer?.purposes ?? [], chosen, 'measures', line);
      return {
        queryKey: [
          'line',
          site,
          line,
          covered(period, named).fromMs,
          period.toMs,
          stepS,
          named.purpose,
        ],
        queryFn: () =>
          get<LineSeries>(`/sites/${site}/lines/${line}/series`, seriesQuery(period, stepS, named)),
        enabled: !isAsked,
        refetchInterval: isOpen(period) ? REFRESH_MS : (false as const),
      };
    }),
  });
}
