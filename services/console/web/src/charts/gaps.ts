/** What was not seen is a gap: nothing is drawn there, and no line leads over it. */
import type { areaPoint } from '../../../src/contract/index.js';
import type { z } from 'zod';

/** A place on the time axis, ms since 1970, and a value, or null where nobody knows. */
export type Sample = [ms: number, value: number | null];

export interface Starting {
  start: string;
}

/**
 * One sample a window, in the order of time. A window that is missing from the answer stands as null, so that a line drawn
 * with `connectNulls: false` breaks there.
 */
export function samples<T extends Starting>(
  points: readonly T[],
  stepS: number,
  valueOf: (point: T) => number | null,
): Sample[] {
  const stepMs = stepS * 1_000;
  const sorted = points
    .map((point) => ({ ms: Date.parse(point.start), point }))
    .sort((a, b) => a.ms - b.ms);
  const out: Sample[] = [];
  let expected: number | undefined;
  for (const { ms, point } of sorted) {
    if (expected !== undefined && ms > expected) out.push([expected, null]);
    const value = valueOf(point);
    out.push([ms, value !== null && Number.isFinite(value) ? value : null]);
    expected = ms + stepMs;
  }
  return out;
}

export interface Stretch {
  fromMs: number;
  toMs: number;
}

/** Stretches of windows for which something holds, neighbours joined. */
export function stretches<T extends Starting>(
  points: readonly T[],
  stepS: number,
  holds: (point: T) => boolean,
): Stretch[] {
  const stepMs = stepS * 1_000;
  const out: Stretch[] = [];
  for (const point of points) {
    if (!holds(point)) continue;
    const fromMs = Date.parse(point.start);
    const last = out.at(-1);
    if (last?.toMs === fromMs) last.toMs = fromMs + stepMs;
    else out.push({ fromMs, toMs: fromMs + stepMs });
  }
  return out;
}

/** Parts of a period for which there is no window with a value. */
export function unseenStretches<T extends Starting>(
  points: readonly T[],
  stepS: number,
  { fromMs, toMs }: Stretch,
  isSeen: (point: T) => boolean,
): Stretch[] {
  const seen = stretches(
    [...points].sort((a, b) => Date.parse(a.start) - Date.parse(b.start)),
    stepS,
    isSeen,
  );
  const out: Stretch[] = [];
  let at = fromMs;
  for (const stretch of seen) {
    if (stretch.fromMs > at) out.push({ fromMs: at, toMs: Math.min(stretch.fromMs, toMs) });
    at = Math.max(at, stretch.toMs);
  }
  if (at < toMs) out.push({ fromMs: at, toMs });
  return out;
}

/** Until a window that has ended is closed, written and read, milliseconds: it is not unseen before. */
export const CLOSING_MS = 60_000;

/** Share of an area that must be seen for a number to be read without a warning (the plan's `alerting.coverageMin` else). */
export const COVERAGE_LOW = 0.8;
/** From which share of probably moved cameras, or of saturated frames, a number is marked. */
export const DOUBTFUL_FROM = 0.05;
export const SATURATED_FROM = 0.05;

type Doubt = Pick<z.output<typeof areaPoint>, 'coverage' | 'saturation' | 'doubtful'>;

export const isLowCoverage = (point: Pick<Doubt, 'coverage'>, min = COVERAGE_LOW): boolean =>
  point.coverage !== null && point.coverage < min;
export const isDoubtful = (point: Pick<Doubt, 'doubtful'>): boolean =>
  (point.doubtful ?? 0) >= DOUBTFUL_FROM;
export const isSaturated = (point: Pick<Doubt, 'saturation'>): boolean =>
  (point.saturation ?? 0) >= SATURATED_FROM;

/** The window of the largest value; undefined where none is known. */
export function peak(values: readonly Sample[]): { ms: number; value: number } | undefined {
  let best: { ms: number; value: number } | undefined;
  for (const [ms, value] of values) {
    if (value !== null && (best === undefined || value > best.value)) best = { ms, value };
  }
  return best;
}

/** Mean of what is known; null where nothing is. */
export function meanKnown(values: readonly Sample[]): number | null {
  let sum = 0;
  let n = 0;
  for (const [, value] of values) {
    if (value === null) continue;
    sum += value;
    n += 1;
  }
  return n === 0 ? null : sum / n;
}
