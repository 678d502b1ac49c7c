import type { CellKey, DatasetSubject } from '@hitonami/model';
import type { BetweenRow } from './model.js';
import type { ReadRelease } from './observe.js';
import { placeText, stepsByPlace, type Entry, type Steps } from './time-sums.js';

/**
 * Longest from when a place was reached to when the next one was, ms: a journey has one pseudonym, which ends after 18 min at most,
 * and sequences are looked for no farther back than 20.
 */
const PENDING_MS = 20 * 60_000;

/** Makes the variables that are in no file. */
export interface Unlisted {
  unlisted(subject: DatasetSubject, key: CellKey): number;
  remainder(key: CellKey): number;
  pending(key: CellKey): number;
}

type Window = Pick<CellKey, 'startMs' | 'lengthMs'>;

/** A way or a line by its steps. */
interface Place {
  readonly places: readonly string[];
  readonly steps: Steps;
  /** Of its shortest steps, ms. */
  readonly shortestMs: number;
}

/**
 * What follows between subjects, and between the steps of ways, from how they are counted (`services/publisher/src/measured`).
 *
 * True by definition:
 *
 * - Every passage of a line makes one flow leg to it, at the same instant, from wherever its pseudonym was last. So both ways
 *   together are all movements to the line, and a rest: who was nowhere before, what a counter without pseudonyms counted,
 *   ways that are not listed.
 * - Whoever leaves a line passed it before: movements from it within a time are passages of that time or of the 20 min before,
 *   each of one at most.
 * - Whoever went a → b → c went a → b before, by at most 20 min, each a → b → c after another a → b. (That it is b → c in the same
 *   step is in `way-sums.ts`.)
 * - Who goes from a straight to b, two different areas of a dataset of sequences, counts in its a → b, in the same step; the others
 *   in it came to b straight from a place that is none of the dataset's areas (`outside`). Both hold only where every leg of the
 *   site is kept: else the visit to a, which a sequence needs, may be missing while the leg to b is there.
 *
 * Not true, and so nobody's knowledge:
 *
 * - That movements away from an area are those to it: of who was nowhere before, nothing is told.
 * - That sequences bound passages or movements over lines: they leave lines out.
 * - Anything of pseudonyms that reached a line: their number is in no file; told is only that they were k people.
 * - That mean occupancy follows from passages at the lines around a place: whoever is first or last seen within it, or is lost and
 *   found there, passed none of them, and how many they are has no bound. Even where all were counted rightly: of a place of
 *   few people no more than k − 1 were there when a step began, and either way so many may have passed, being told or
 *   withheld; so its mean may have been anything from 0 to k − 1.
 * - What is left of a → b beside the straight movements is no cell of any dataset: it is not protected for itself.
 */
export function betweenSums(releases: readonly ReadRelease[], make: Unlisted): BetweenRow[] {
  const of = (subject: DatasetSubject): Map<string, Place> =>
    placesOf(releases.filter((release) => release.subject === subject));
  const [lines, movements, sequences] = [of('lines'), of('movements'), of('sequences')];
  const outside = outsideOf(releases);
  return [
    ...lineRows(lines, movements, make),
    ...followed([...sequences.values()], make),
    ...(outside === undefined ? [] : straightRows(sequences, movements, outside, make)),
  ];
}

/** Places outside any of the datasets of sequences; undefined where nothing is known between them and movements. */
function outsideOf(releases: readonly ReadRelease[]): readonly string[] | undefined {
  const found = releases.filter(({ subject }) => subject === 'sequences');
  if (found.length === 0 || found.some(({ outside }) => outside === undefined)) return undefined;
  return [...new Set(found.flatMap(({ outside = [] }) => outside))];
}

function placesOf(releases: readonly ReadRelease[]): Map<string, Place> {
  const found = new Map<string, Place>();
  for (const [text, steps] of stepsByPlace(releases)) {
    const [first] = steps.values();
    const [entries] = first?.values() ?? [];
    if (entries?.[0] === undefined) continue;
    found.set(text, {
      places: entries[0].key.places,
      steps,
      shortestMs: Math.min(...steps.keys()),
    });
  }
  return found;
}

/** Passages of each line beside movements to it and from it. */
function lineRows(
  lines: ReadonlyMap<string, Place>,
  movements: ReadonlyMap<string, Place>,
  make: Unlisted,
): BetweenRow[] {
  const [to, from] = [1, 0].map((end) => groupBy([...movements.values()], end));
  const rows: BetweenRow[] = [];
  for (const forward of lines.values()) {
    const [line = ''] = forward.places;
    const both = (['forward', 'backward'] as const).map((direction) =>
      lines.get(placeText({ places: [line], direction })),
    );
    const [one, other] = both;
    if (one === undefined || other === undefined || forward !== one) continue;
    const passages = (window: Window): number[] | undefined => {
      const all = [covering(one, window), covering(other, window)];
      return all.some((some) => some === undefined) ? undefined : all.flatMap((some) => some ?? []);
    };
    const shortestMs = Math.max(one.shortestMs, other.shortestMs);
    const key = { places: [line] };
    for (const { ways, windows } of byLength(to?.get(line) ?? [], shortestMs, [one]))
      for (const window of windows) {
        const passed = passages(window);
        const moved = partsOf(ways, 'movements', window, make);
        if (passed === undefined || moved.length === 0) continue;
        const rest = make.remainder({ ...key, ...window });
        rows.push(between(passed, [...moved, rest], 0));
      }
    for (const { ways, windows } of byLength(from?.get(line) ?? [], shortestMs, [one]))
      rows.push(
        ...flow(windows, key, make, passages, (window) => partsOf(ways, 'movements', window, make)),
      );
  }
  return rows;
}

/** Ways of three areas beside those of their first two. */
function followed(sequences: readonly Place[], make: Unlisted): BetweenRow[] {
  const triples = new Map<string, Place[]>();
  for (const way of sequences) {
    if (way.places.length !== 3) continue;
    const begin = JSON.stringify(way.places.slice(0, 2));
    triples.set(begin, [...(triples.get(begin) ?? []), way]);
  }
  return sequences.flatMap((pair) => {
    const ways = pair.places.length === 2 ? triples.get(JSON.stringify(pair.places)) : undefined;
    if (ways === undefined) return [];
    return byLength(ways, pair.shortestMs, [pair]).flatMap((group) =>
      flow(
        group.windows,
        pair,
        make,
        (window) => covering(pair, window),
        (window) => partsOf(group.ways, 'sequences', window, make),
      ),
    );
  });
}

/**
 * Who arrived and went on: of the arrivals of a step and who was pending when it began, some went on, some ended, the rest is
 * pending. Only who arrived within the last `PENDING_MS` can be.
 */
function flow(
  windows: readonly Window[],
  { places }: { places: readonly string[] },
  make: Unlisted,
  arrived: (window: Window) => number[] | undefined,
  left: (window: Window) => number[],
): BetweenRow[] {
  const rows: BetweenRow[] = [];
  let pending: { endMs: number; variable: number } | undefined;
  for (const [i, window] of windows.entries()) {
    const [here, parts] = [arrived(window), left(window)];
    const endMs = window.startMs + window.lengthMs;
    const key = { places, ...window };
    if (here === undefined) {
      pending = undefined;
      continue;
    }
    const variable = make.pending(key);
    if (pending?.endMs === window.startMs && parts.length > 0)
      rows.push(between([...here, pending.variable], [...parts, make.remainder(key), variable], 0));
    const since = windows.slice(
      Math.max(0, i + 1 - Math.ceil(PENDING_MS / window.lengthMs)),
      i + 1,
    );
    const last = since.map(arrived);
    const isKnown =
      since[0]?.startMs === endMs - since.length * window.lengthMs &&
      since.length * window.lengthMs >= PENDING_MS &&
      last.every((some) => some !== undefined);
    pending = isKnown ? { endMs, variable } : undefined;
    if (!isKnown) continue;
    rows.push(between(last.flat(), [variable], Infinity));
  }
  return rows;
}

/** Straight movements between two areas of sequences, and who came to the second from outside. */
function straightRows(
  sequences: ReadonlyMap<string, Place>,
  movements: ReadonlyMap<string, Place>,
  outside: readonly string[],
  make: Unlisted,
): BetweenRow[] {
  const pairs = [...sequences.values()].filter(({ places }) => places.length === 2);
  const rows: BetweenRow[] = [];
  for (const pair of pairs) {
    const straight = movements.get(placeText(pair));
    if (straight === undefined) continue;
    for (const { windows } of byLength([straight], pair.shortestMs, [straight]))
      for (const window of windows) {
        const wholes = covering(pair, window, (key) => make.unlisted('sequences', key));
        const parts = covering(straight, window);
        if (wholes === undefined || parts === undefined) continue;
        const whole = wholes.length === 1 ? wholes[0] : undefined;
        rows.push({ ...between(wholes, parts, Infinity), whole });
      }
  }
  const lengths = new Set([...movements.values()].map(({ shortestMs }) => shortestMs));
  for (const [end, ways] of groupBy(pairs, 1)) {
    const from = (place: string): Place | undefined =>
      movements.get(placeText({ places: [place, end] }));
    const missing = outside.filter((place) => from(place) === undefined);
    // Of two that are not listed, either may be nobody: no sum tells.
    if (missing.length > 1) continue;
    for (const lengthMs of lengths) {
      const known = [...movements.values()].find(({ shortestMs }) => shortestMs === lengthMs);
      for (const window of windowsOf(known === undefined ? [] : [known], lengthMs)) {
        const all = ways.flatMap((way) => {
          const cells = covering(way, window, (key) => make.unlisted('sequences', key));
          return cells === undefined ? [] : [{ way, cells }];
        });
        const straight = [...all.map(({ way }) => way.places[0] ?? ''), ...outside].map((place) => {
          const way = from(place);
          const key = { places: [place, end], ...window };
          return way === undefined
            ? [make.unlisted('movements', key)]
            : covering(way, window, (gap) => make.unlisted('movements', gap));
        });
        if (all.length === 0 || straight.some((some) => some === undefined)) continue;
        rows.push(
          between(
            straight.flatMap((some) => some ?? []),
            all.flatMap(({ cells }) => cells),
            Infinity,
          ),
        );
      }
    }
  }
  return rows;
}

function between(plus: readonly number[], minus: readonly number[], max: number): BetweenRow {
  return {
    kind: 'between',
    ...{ min: 0, max },
    parts: [...plus, ...minus],
    weights: [...plus.map(() => 1), ...minus.map(() => -1)],
  };
}

function groupBy(ways: readonly Place[], end: number): Map<string, Place[]> {
  const found = new Map<string, Place[]>();
  for (const way of ways) {
    const place = way.places[end] ?? '';
    found.set(place, [...(found.get(place) ?? []), way]);
  }
  return found;
}

/** Windows as long as the steps of some ways, with all ways whose steps are no longer. */
function byLength(
  ways: readonly Place[],
  leastMs: number,
  others: readonly Place[],
): { ways: Place[]; windows: Window[] }[] {
  const lengths = new Set(ways.map(({ shortestMs }) => Math.max(leastMs, shortestMs)));
  return [...lengths].map((lengthMs) => {
    const some = ways.filter(({ shortestMs }) => shortestMs <= lengthMs);
    return { ways: some, windows: windowsOf([...some, ...others], lengthMs) };
  });
}

/** In order of time. */
function windowsOf(places: readonly Place[], lengthMs: number): Window[] {
  const starts = new Set(places.flatMap(({ steps }) => [...(steps.get(lengthMs)?.keys() ?? [])]));
  return [...starts].sort((a, b) => a - b).map((startMs) => ({ startMs, lengthMs }));
}

/** Cells of some ways within a window; steps that are not listed count too. */
function partsOf(
  ways: readonly Place[],
  subject: DatasetSubject,
  window: Window,
  make: Unlisted,
): number[] {
  return ways.flatMap((way) => covering(way, window, (key) => make.unlisted(subject, key)) ?? []);
}

/**
 * The cells of a place that make up a window, of the longest steps that do; undefined where they do not cover it. Where versions
 * tell of different values, what is being released goes before what was.
 */
function covering(
  { places, steps }: Place,
  { startMs, lengthMs }: Window,
  unlisted?: (key: CellKey) => number,
): number[] | undefined {
  const lengths = [...steps.keys()].filter((ms) => ms <= lengthMs).sort((a, b) => b - a);
  for (const ms of lengths) {
    const starts = steps.get(ms);
    const found: (Entry | undefined)[] = [];
    for (let at = startMs; at + ms <= startMs + lengthMs; at += ms)
      found.push(starts?.get(at)?.[0]);
    const isWhole = found.length * ms === lengthMs;
    if (!isWhole || !found.some((entry) => entry !== undefined)) continue;
    if (unlisted === undefined && found.some((entry) => entry === undefined)) continue;
    return found.flatMap((entry, i) => {
      if (entry !== undefined) return [entry.variable];
      const key = { places, startMs: startMs + i * ms, lengthMs: ms };
      return unlisted === undefined ? [] : [unlisted(key)];
    });
  }
  return undefined;
}
