import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { AreaSeries, Dwell, LineSeries, Usual } from './types.js';
import { get } from '../shared/api.js';
import { iso, type Period } from '../charts/zoned-time.js';

/** What is shown of a period that reaches to now is asked for again this often, milliseconds. */
const REFRESH_MS = 30_000;

const isOpen = (period: Period): boolean => period.toMs > Date.now();

const asked = (period: Period, step: number) => ({
  from: iso(period.fromMs),
  to: iso(period.toMs),
  step,
});

export function useAreaSeries(site: string, area: string, period: Period, stepS: number) {
  return useQuery({
    queryKey: ['area', site, area, period.fromMs, period.toMs, stepS],
    queryFn: () => get<AreaSeries>(`/sites/${site}/areas/${area}/series`, asked(period, stepS)),
    placeholderData: (before, query) =>
      query?.queryKey[2] === area ? keepPreviousData(before) : undefined,
    refetchInterval: isOpen(period) ? REFRESH_MS : false,
  });
}

export function useUsual(site: string, area: string, day: string | undefined, stepS: number) {
  return useQuery({
    queryKey: ['usual', site, area, day, stepS],
    queryFn: () =>
      get<Usual>(`/sites/${site}/areas/${area}/usual`, { ...(day && { day }), step: stepS }),
    enabled: day !== undefined,
    staleTime: 300_000,
  });
}

export function useDwell(site: string, area: string, period: Period) {
  return useQuery({
    queryKey: ['dwell', site, area, period.fromMs, period.toMs],
    queryFn: () =>
      get<Dwell>(`/sites/${site}/areas/${area}/dwell`, {
        from: iso(period.fromMs),
        to: iso(period.toMs),
      }),
  });
}

export function useLineSeries(
  site: string,
  lines: readonly string[],
  period: Period,
  stepS: number,
) {
  return useQueries({
    queries: lines.map((line) => ({
      queryKey: ['line', site, line, period.fromMs, period.toMs, stepS],
      queryFn: () => get<LineSeries>(`/sites/${site}/lines/${line}/series`, asked(period, stepS)),
      refetchInterval: isOpen(period) ? REFRESH_MS : (false as const),
    })),
  });
}
