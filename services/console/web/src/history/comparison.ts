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
  /** Least share of the two periods' windows that have a value. */
  known: number;
}

/** Means over each period, of the windows that are known. */
export function compareMeans(
  first: readonly Sample[],
  second: readonly Sample[],
  id: string,
): Comparison {
  const [a, b] = [mean(first), mean(second)];
  const difference = a === null || b === null ? null : b - a;
  return {
    id,
    first: a,
    second: b,
    difference,
    share: difference === null || a === null || a === 0 ? null : difference / a,
    known: Math.min(knownShare(first), knownShare(second)),
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

function mean(values: readonly Sample[]): number | null {
  const seen = values.flatMap(([, value]) => (value === null ? [] : [value]));
  return seen.length === 0 ? null : seen.reduce((sum, value) => sum + value, 0) / seen.length;
}

const knownShare = (values: readonly Sample[]): number =>
  values.length === 0 ? 0 : values.filter(([, value]) => value !== null).length / values.length;
