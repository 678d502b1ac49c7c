import type { History } from '../../../src/contract/index.js';
import type { Sample } from '../charts/gaps.js';

/** One subject in two periods. */
export interface Comparison {
  id: string;
  first: number | null;
  second: number | null;
  /** Second less first; null where one is not known. */
  difference: number | null;
  /** Of the first; null where it is not known or zero. */
  share: number | null;
  /** Share of the windows, up to now, that are known in both. */
  known: number;
}

/** Samples of a period, and when it began. */
export interface Run {
  values: readonly Sample[];
  fromMs: number;
}

/**
 * Means of the windows, by time since each period began, that are known in both: half a day beside a whole one would
 * compare a morning with an evening. Windows that are yet to come, in either, count for nothing.
 */
export function compareMeans(first: Run, second: Run, untilMs: number, id: string): Comparison {
  const later = new Map(second.values.map(([ms, value]) => [ms - second.fromMs, value]));
  const pairs: [number, number][] = [];
  let windows = 0;
  for (const [ms, a] of first.values) {
    const since = ms - first.fromMs;
    if (Math.max(ms, second.fromMs + since) >= untilMs) continue;
    windows += 1;
    const b = later.get(since) ?? null;
    if (a !== null && b !== null) pairs.push([a, b]);
  }
  const [a, b] = [mean(pairs.map(([value]) => value)), mean(pairs.map(([, value]) => value))];
  const difference = a === null || b === null ? null : b - a;
  return {
    id,
    first: a,
    second: b,
    difference,
    share: difference === null || a === null || a === 0 ? null : difference / a,
    known: windows === 0 ? 0 : pairs.length / windows,
  };
}

/** Difference window by window, by time since each period began; null where either is not known. */
export function differences(
  first: readonly Sample[],
  firstMs: number,
  second: readonly Sample[],
  secondMs: number,
): Sample[] {
  const later = new Map(second.map(([ms, value]) => [ms - secondMs, value]));
  return first.map(([ms, a]): Sample => {
    const b = later.get(ms - firstMs) ?? null;
    return [ms, a === null || b === null ? null : b - a];
  });
}

/** A period moved to begin where another does, so that both stand on one axis. */
export function shifted(values: readonly Sample[], byMs: number): Sample[] {
  return values.map(([ms, value]): Sample => [ms + byMs, value]);
}

/**
 * The window of the second period that is as long after its begin as one of the first is after its own; undefined where there
 * is none: then nothing is known of it.
 */
export function sameTime(
  first: { readonly starts: readonly string[]; readonly fromMs: number },
  index: number,
  second: { readonly starts: readonly string[]; readonly fromMs: number },
): number | undefined {
  const since = Date.parse(first.starts[index] ?? '') - first.fromMs;
  const at = second.starts.findIndex((start) => Date.parse(start) - second.fromMs === since);
  return at < 0 ? undefined : at;
}

type AreaField = 'density' | 'occupancy' | 'speedMS' | 'coverage';

/** One measure of one area over a history, a sample a window. */
export function areaSamples(history: History, area: string, field: AreaField): Sample[] {
  return history.starts.map((start, i): Sample => [
    Date.parse(start),
    history.areas[area]?.[i]?.[field] ?? null,
  ]);
}

/** Passages of one line in persons/min, both ways together. */
export function lineSamples(history: History, line: string): Sample[] {
  return history.starts.map((start, i): Sample => {
    const point = history.lines[line]?.[i];
    if (point?.forwardPerMin == null || point.backwardPerMin === null) {
      return [Date.parse(start), null];
    }
    return [Date.parse(start), point.forwardPerMin + point.backwardPerMin];
  });
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
