/** What the charts of an area show, from the API's answers. Pure; words come in. */
import type { PlanArea, SitePlan } from '@hitonami/model';
import type { AreaPoint, AreaSeries, LineSeries, Usual } from '../../../src/contract/index.js';
import {
  isDoubtful,
  isLowCoverage,
  isSaturated,
  samples,
  stretches,
  unseenStretches,
  type Sample,
} from '../charts/gaps.js';
import type { Band, ChartLine, Shade, Threshold } from '../charts/time-chart.js';

const LEVEL_LETTERS = ['A', 'B', 'C', 'D', 'E', 'F'];

/** Bounds of the level of service of a kind, and the danger bands of the area or else of the site. */
export function thresholdsOf(
  bounds: readonly number[],
  bands: SitePlan['dangerBands'],
  nameOf: (band: keyof SitePlan['dangerBands']) => string,
): Threshold[] {
  return [
    ...bounds.map((value, i): Threshold => ({
      value,
      label: `${LEVEL_LETTERS[i] ?? ''} | ${LEVEL_LETTERS[i + 1] ?? ''}`,
      kind: 'level',
    })),
    ...(['stable', 'capacity', 'unstable', 'congested'] as const).map((band): Threshold => ({
      value: bands[band],
      label: `${nameOf(band)} ${bands[band]}`,
      kind: 'danger',
    })),
  ];
}

export const bandsOf = (plan: SitePlan, area: PlanArea): SitePlan['dangerBands'] =>
  area.dangerBands ?? plan.dangerBands;

/** Marks on the time axis: what nobody saw, and what must not be trusted. What is yet to come is neither. */
export function shadesOf(
  { points, stepS }: Pick<AreaSeries, 'points' | 'stepS'>,
  period: { fromMs: number; toMs: number },
  untilMs: number,
  coverageMin: number,
  names: { unseen: string; doubtful: string },
): Shade[] {
  const toMs = Math.min(period.toMs, untilMs);
  const isMarked = (point: AreaPoint): boolean =>
    point.density !== null &&
    (isLowCoverage(point, coverageMin) || isDoubtful(point) || isSaturated(point));
  return [
    {
      name: names.unseen,
      kind: 'unseen',
      stretches:
        toMs <= period.fromMs
          ? []
          : unseenStretches(
              points,
              stepS,
              { fromMs: period.fromMs, toMs },
              (point) => point.density !== null,
            ),
    },
    { name: names.doubtful, kind: 'doubtful', stretches: stretches(points, stepS, isMarked) },
  ];
}

/** The usual of a kind of day, laid over the day that began at `dayMs`. */
export function usualLines(
  usual: Usual,
  dayMs: number,
  names: { median: string; band: string },
): { line: ChartLine; band: Band } {
  const at = (sinceS: number): number => dayMs + sinceS * 1_000;
  const of = (field: 'density' | 'densityLow' | 'densityHigh'): Sample[] =>
    samples(
      usual.points.map((point) => ({ ...point, start: new Date(at(point.sinceS)).toISOString() })),
      usual.stepS,
      (point) => point[field],
    );
  return {
    line: { name: names.median, values: of('density'), colour: 7, isDashed: true },
    band: { name: names.band, low: of('densityLow'), high: of('densityHigh') },
  };
}

export interface BesideUsual {
  /** Newest known density and the usual range then. */
  value: number;
  low: number;
  high: number;
  is: 'higher' | 'lower' | 'same';
}

/** The newest known density beside the usual range of that time of day; undefined where one is not known. */
export function besideUsual(
  points: readonly AreaPoint[],
  usual: Usual,
  dayMs: number,
): BesideUsual | undefined {
  const last = points.findLast(({ density }) => density !== null);
  if (last?.density == null) return undefined;
  const sinceS = (Date.parse(last.start) - dayMs) / 1_000;
  const at = usual.points.find(
    (point) => point.sinceS <= sinceS && sinceS < point.sinceS + usual.stepS,
  );
  if (at?.densityLow == null || at.densityHigh === null) return undefined;
  const { densityLow: low, densityHigh: high } = at;
  const value = last.density;
  return { value, low, high, is: value > high ? 'higher' : value < low ? 'lower' : 'same' };
}

/** Both directions of every line, persons/min; colours in pairs. */
export function flowLines(
  series: readonly { name: string; data: LineSeries }[],
  words: { forward: string; backward: string },
): ChartLine[] {
  return series.flatMap(({ name, data }, i): ChartLine[] => [
    {
      name: `${name} ${words.forward}`,
      colour: i,
      values: samples(data.points, data.stepS, (point) => point.forwardPerMin),
    },
    {
      name: `${name} ${words.backward}`,
      colour: i,
      isDashed: true,
      values: samples(data.points, data.stepS, (point) => point.backwardPerMin),
    },
  ]);
}

/** Share of the windows that a period should have, up to now, that have a density. */
export function seenShare(
  points: readonly AreaPoint[],
  stepS: number,
  fromMs: number,
  untilMs: number,
): number {
  const expected = Math.floor((untilMs - fromMs) / (stepS * 1_000));
  if (expected <= 0) return 0;
  return Math.min(1, points.filter(({ density }) => density !== null).length / expected);
}
