import type { CellKey, DatasetSubject } from '@hitonami/model';
import { isTotal } from './keys.js';
import type { Row } from './model.js';
import type { ReadRelease } from './observe.js';

/** A cell that is listed, or could have been. */
export interface Entry {
  readonly key: CellKey;
  readonly coverage: number;
  readonly variable: number;
}

/** Cells of one place by the length of their steps, then their start; more than one where versions tell of different values. */
export type Steps = Map<number, Map<number, Entry[]>>;

/**
 * A cell of a place and the shorter steps that it is made of, in the same release or another one: 15 min ⊂ 1 h ⊂ 1 day. Only
 * the longest of the shorter steps, since those have their own.
 *
 * Counts add up. The warehouse takes the mean occupancy of a step over what was seen of it, Σ person·s ÷ Σ observed m²·s ×
 * area: shorter steps weigh as much as their length times their coverage.
 */
export function timeSums(
  releases: readonly ReadRelease[],
  unlisted: (subject: DatasetSubject, key: CellKey) => number,
): Row[] {
  const lengths = new Set<number>();
  for (const { cells } of releases) for (const { cell } of cells) lengths.add(cell.key.lengthMs);
  if (lengths.size < 2) return [];
  const subjects = new Set(releases.map(({ subject }) => subject));
  return [...subjects].flatMap((subject) => {
    const places = stepsByPlace(releases.filter((release) => release.subject === subject));
    const isListed = subject === 'areas' || subject === 'lines';
    const missing = isListed ? undefined : (key: CellKey) => unlisted(subject, key);
    return [...places.values()].flatMap((steps) => sumsOfPlace(steps, subject, missing));
  });
}

/** By `placeText`; sums over places are in none. */
export function stepsByPlace(releases: readonly ReadRelease[]): Map<string, Steps> {
  const places = new Map<string, Steps>();
  for (const { cells } of releases) {
    for (const { cell, variable } of cells) {
      const { key, quality } = cell;
      if (isTotal(key)) continue;
      const starts = at(at(places, placeText(key)), key.lengthMs);
      const entries = starts.get(key.startMs) ?? [];
      if (entries.some((entry) => entry.variable === variable)) continue;
      starts.set(key.startMs, [...entries, { key, coverage: quality.coverage, variable }]);
    }
  }
  return places;
}

export function placeText({ places, direction }: Pick<CellKey, 'places' | 'direction'>): string {
  return `${direction ?? ''}${JSON.stringify(places)}`;
}

function at<Key, Inner, Value>(map: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = new Map<Inner, Value>()));
  return found;
}

function sumsOfPlace(
  steps: Steps,
  subject: DatasetSubject,
  missing: ((key: CellKey) => number) | undefined,
): Row[] {
  const lengths = [...steps.keys()].sort((a, b) => b - a);
  const rows: Row[] = [];
  for (const [i, length] of lengths.entries()) {
    for (const wholes of steps.get(length)?.values() ?? []) {
      for (const whole of wholes) {
        const within = lengths
          .slice(i + 1)
          .map((shorter) => partsWithin(whole.key, shorter, steps, missing))
          .find((parts) => parts.length > 0);
        if (within === undefined) continue;
        // Where versions tell of different values, one sum for each.
        const versions = Math.max(...within.map((entries) => entries.length));
        for (let version = 0; version < versions; version++) {
          const parts = within.flatMap((entries) => entries[version] ?? entries[0] ?? []);
          rows.push(sumOf(whole, parts, subject));
        }
      }
    }
  }
  return rows;
}

function partsWithin(
  whole: CellKey,
  length: number,
  steps: Steps,
  missing: ((key: CellKey) => number) | undefined,
): Entry[][] {
  const starts = steps.get(length);
  if (starts === undefined) return [];
  const parts: Entry[][] = [];
  let isAny = false;
  for (
    let startMs = whole.startMs;
    startMs + length <= whole.startMs + whole.lengthMs;
    startMs += length
  ) {
    const entries = starts.get(startMs);
    if (entries !== undefined) {
      isAny ||= entries.some(({ coverage }) => coverage > 0);
      parts.push(entries);
    } else if (missing !== undefined) {
      const key = { ...whole, startMs, lengthMs: length };
      parts.push([{ key, coverage: 1, variable: missing(key) }]);
    }
  }
  return isAny ? parts : [];
}

function sumOf(whole: Entry, found: readonly Entry[], subject: DatasetSubject): Row {
  const isMean = subject === 'areas';
  const parts = isMean ? found.filter(({ coverage }) => coverage > 0) : found;
  const weights = parts.map(({ key, coverage }) =>
    isMean ? (coverage * key.lengthMs) / whole.key.lengthMs : 1,
  );
  return {
    kind: 'sum',
    over: 'time',
    whole: whole.variable,
    wholeWeight: isMean ? weights.reduce((sum, weight) => sum + weight, 0) : 1,
    parts: parts.map(({ variable }) => variable),
    weights,
  };
}
