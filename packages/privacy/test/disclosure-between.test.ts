import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReleasedCell } from '@hitonami/model';
import { attack, type KnownRelease } from '../src/index.js';
import {
  LINE,
  PLACES,
  releaseSubjects,
  waysOf,
  type Journey,
  type WaySubject,
  type WorldOptions,
} from './disclosure-journeys.js';
import { K, QUARTER_MS, solver } from './disclosure-support.js';

const SUBJECTS = ['lines', 'movements', 'sequences'] as const;
/** Longest journey that the attacker thinks of, places. */
const PLACES_MAX = 4;

const visited = (places: readonly string[], quarters: readonly number[]): Journey['visits'] =>
  places.map((place, i) => ({ place, quarter: quarters[i] ?? 0 }));

/** All journeys of one quarter of an hour, some of which began before it. */
const journeyTypes: readonly Journey['visits'][] = (() => {
  const found: Journey['visits'][] = [];
  let ways: string[][] = PLACES.map((place) => [place]);
  for (let length = 1; length <= PLACES_MAX; length++) {
    for (const way of ways)
      for (let before = 0; before < length; before++)
        found.push(
          visited(
            way,
            way.map((_, i) => (i < before ? -1 : 0)),
          ),
        );
    ways = ways.flatMap((way) => PLACES.map((place) => [...way, place]));
  }
  return found;
})();

const nameOf = (subject: string, { key }: ReleasedCell): string =>
  `${subject} ${key.places.join(' ')}`;

/** How often each kind of journey counts in each cell. */
const timesIn = journeyTypes.map((visits) => {
  const times = new Map<string, number>();
  for (const subject of SUBJECTS)
    for (const { places, quarter } of waysOf(subject, visits)) {
      const name = `${subject} ${places.join(' ')}`;
      if (quarter === 0) times.set(name, (times.get(name) ?? 0) + 1);
    }
  return times;
});

/**
 * An attacker written from the released numbers alone, without any of the package: how many went each journey are the unknowns, and
 * every cell is a sum of them; which way a line was passed is known of nobody.
 */
function narrowedByJourneys(releases: readonly KnownRelease[]): string[] {
  const cells = releases.flatMap(({ subject, cells: all, roundedTo }) =>
    all.map((cell) => ({ subject, cell, half: roundedTo / 2, name: nameOf(subject, cell) })),
  );
  const isLine = ({ subject }: { subject: string }): boolean => subject === 'lines';
  const told = cells.filter(({ cell }) => cell.absent === undefined);
  const directions = cells.filter(isLine);
  const rows: { terms: [number, number][]; min: number; max: number }[] = [];
  const columnOf = (direction: number): number => journeyTypes.length + direction;
  const journeysOf = (name: string): [number, number][] =>
    timesIn.flatMap((times, i): [number, number][] => {
      const weight = times.get(name);
      return weight === undefined ? [] : [[i, weight]];
    });
  for (const { cell, half, name, subject } of told) {
    const terms = subject === 'lines' ? undefined : journeysOf(name);
    const count = cell.measures.count ?? 0;
    const at = directions.findIndex((one) => one.cell === cell);
    rows.push({ terms: terms ?? [[columnOf(at), 1]], min: count - half, max: count + half });
  }
  if (directions.length > 0)
    rows.push({
      terms: [
        ...directions.map((_, i): [number, number] => [columnOf(i), -1]),
        ...journeysOf(`lines ${LINE}`),
      ],
      ...{ min: 0, max: 0 },
    });
  const columns = journeyTypes.length + directions.length;
  const starts = rows.reduce(
    (sums, { terms }) => [...sums, (sums.at(-1) ?? 0) + terms.length],
    [0],
  );
  const program = {
    columns: { lower: new Float64Array(columns), upper: new Float64Array(columns).fill(Infinity) },
    rows: {
      lower: Float64Array.from(rows, ({ min }) => min),
      upper: Float64Array.from(rows, ({ max }) => max),
      starts: Int32Array.from(starts),
      indices: Int32Array.from(rows.flatMap(({ terms }) => terms.map(([column]) => column))),
      values: Float64Array.from(rows.flatMap(({ terms }) => terms.map(([, weight]) => weight))),
    },
  };
  // Within which k people are known to have been: a told way of three areas, or the movement.
  const holdsTold = ({ subject, cell: { key } }: (typeof cells)[number]): boolean =>
    subject === 'sequences' &&
    key.places.length === 2 &&
    told.some(
      (other) =>
        (other.subject === 'movements' && other.cell.key.places.join() === key.places.join()) ||
        (other.cell.key.places.length === 3 &&
          other.cell.key.places.slice(1).join() === key.places.join()),
    );
  return solver.solving(program, (minimise) =>
    cells
      .filter((one) => one.cell.absent !== undefined && !holdsTold(one))
      .flatMap((one) => {
        const at = directions.findIndex(({ cell }) => cell === one.cell);
        const terms = isLine(one) ? [[columnOf(at), 1] as const] : journeysOf(one.name);
        const [min, max] = ([1, -1] as const).map((sign) => {
          const costs = new Float64Array(columns);
          for (const [column, weight] of terms) costs[column] = sign * weight;
          const { status, x } = minimise(costs);
          if (status === 'unbounded') return Infinity;
          expect(status).toBe('optimal');
          return terms.reduce((sum, [column, weight]) => sum + weight * (x[column] ?? 0), 0);
        });
        const isSafe = (min ?? 1) <= 1e-6 && (max ?? 0) >= K - 1 - 1e-6;
        return isSafe ? [] : [`${one.name} ${one.cell.key.direction ?? ''}: ${min} to ${max}`];
      }),
  );
}

const narrowedBySums = (releases: readonly KnownRelease[]): string[] =>
  attack({ releases, observations: [] }, K, solver)
    .filter(({ isNarrowed }) => isNarrowed)
    .map(({ key }) => JSON.stringify(key));

const journeyArb = (quarters: number): fc.Arbitrary<Journey> =>
  fc.record({
    visits: fc
      .array(fc.tuple(fc.constantFrom(...PLACES), fc.nat(quarters - 1)), {
        minLength: 2,
        maxLength: PLACES_MAX,
      })
      .map((some) => {
        // A journey lasts less than 20 min.
        const first = Math.min(...some.map(([, quarter]) => quarter));
        const times = some.map(([, quarter]) => Math.min(quarter, first + 1)).sort();
        return visited(
          some.map(([place]) => place),
          times,
        );
      }),
    people: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 40 })),
  });
const orders = fc.shuffledSubarray([...SUBJECTS], { minLength: 2 });

/** What is told of a way in each quarter of an hour; undefined where it is withheld or left out. */
function toldOf(releases: readonly KnownRelease[], subject: WaySubject, ...places: string[]) {
  const cells = releases.find((release) => release.subject === subject)?.cells ?? [];
  const way = cells.filter(({ key }) => key.places.join(' ') === places.join(' '));
  return (quarter: number) =>
    way.find(({ key }) => key.startMs === quarter * QUARTER_MS)?.measures.count ?? undefined;
}

const many = (people: number, places: string, quarters: string): Journey => ({
  ...{ people, visits: visited(places.split(' '), Array.from(quarters, Number)) },
});

/** Whether something is learned without complementary suppression, and not with it. */
function isClosed(
  journeys: readonly Journey[],
  order: readonly WaySubject[],
  quarters: number,
  isLearned: (releases: readonly KnownRelease[]) => boolean,
  options: WorldOptions = {},
): void {
  const open = releaseSubjects(journeys, order, quarters, { ...options, isComplementary: false });
  expect(isLearned(open)).toBe(true);
  expect(narrowedBySums(open)).not.toEqual([]);
  const releases = releaseSubjects(journeys, order, quarters, options);
  expect(isLearned(releases)).toBe(false);
  expect(narrowedBySums(releases)).toEqual([]);
}

describe('between subjects', () => {
  it('who passed a line and came from nowhere that is told is not what is left of its passages', () => {
    const journeys = [many(40, 'a line', '00'), many(3, 'b line', '00'), many(20, 'b line', '11')];
    isClosed(journeys, ['lines', 'movements'], 2, (releases) => {
      const passages = releases[0]?.cells.filter(({ key }) => key.startMs === 0) ?? [];
      const passed = passages.reduce((sum, { measures }) => sum + (measures.count ?? NaN), 0);
      const rest = passed - (toldOf(releases, 'movements', 'a', 'line')(0) ?? NaN);
      return toldOf(releases, 'movements', 'b', 'line')(0) === undefined && rest < K - 1;
    });
  });

  it('who leaves a line passed it within twenty minutes', () => {
    const journeys = [
      ...[0, 1, 2].map((quarter) => many(30, 'line a', `${quarter}2`)),
      ...[many(4, 'line b', '22'), many(20, 'line b', '33')],
    ];
    isClosed(journeys, ['lines', 'movements'], 4, (releases) => {
      const passages = releases[0]?.cells.filter(({ key }) => key.startMs <= 2 * QUARTER_MS) ?? [];
      const passed = passages.reduce((sum, { measures }) => sum + (measures.count ?? NaN), 0);
      const rest = passed - (toldOf(releases, 'movements', 'line', 'a')(2) ?? NaN);
      return toldOf(releases, 'movements', 'line', 'b')(2) === undefined && rest < K - 1;
    });
  });

  it('who went a, b, c went a, b before', () => {
    const journeys = [
      ...[many(12, 'a b c', '002'), many(12, 'a b c', '112'), many(12, 'a b c', '222')],
      ...[many(4, 'a b line', '222'), many(20, 'a b a', '555'), many(3, 'a b a', '222')],
      ...[many(60, 'c b a', '222'), many(60, 'c b c', '222')],
    ];
    isClosed(journeys, ['sequences'], 6, (releases) => {
      const [began, on, other] = [
        ['a', 'b'],
        ['a', 'b', 'c'],
        ['a', 'b', 'a'],
      ].map((way) => toldOf(releases, 'sequences', ...way));
      const all = [0, 1, 2].reduce((sum, quarter) => sum + (began?.(quarter) ?? NaN), 0);
      return other?.(2) === undefined && all - (on?.(2) ?? NaN) < K - 1;
    });
  });

  const quarters = (people: readonly number[]): Journey[] =>
    people.map((count, quarter) => many(count, 'a b', `${quarter}${quarter}`));
  const told = (releases: readonly KnownRelease[]): (number | undefined)[] =>
    [0, 1, 2, 3].map(toldOf(releases, 'sequences', 'a', 'b'));
  /** What is left of the movements of an hour beside the sequences of three of its quarters. */
  const restOf = (releases: readonly KnownRelease[]): number => {
    const some = told(releases).filter((count) => count !== undefined);
    const hour = toldOf(releases, 'movements', 'a', 'b')(0) ?? NaN;
    return some.length < 3 ? NaN : hour - some.reduce((sum, count) => sum + count, 0);
  };
  const byHour: WorldOptions = { perStep: { movements: 4 } };

  it('straight movements are no more than the sequences of two', () => {
    const journeys = quarters([12, 12, 13, 9]);
    isClosed(journeys, ['movements', 'sequences'], 4, (all) => restOf(all) > 0, byHour);
  });

  it('where nothing lies outside, sequences of two are the straight movements', () => {
    const journeys = [...quarters([20, 20, 20, 0]), many(30, 'c b', '11')];
    const nothing = { ...byHour, outside: [] };
    isClosed(journeys, ['movements', 'sequences'], 4, (all) => restOf(all) < K - 1, nothing);
    // Over a line, others may have come to b.
    const releases = releaseSubjects(journeys, ['movements', 'sequences'], 4, byHour);
    expect(told(releases)).toEqual([20, 20, 20, undefined]);
  });

  it('nothing is known between them where not every movement is kept', () => {
    const partly = { ...byHour, outside: undefined };
    const journeys = quarters([12, 12, 13, 9]);
    const releases = releaseSubjects(journeys, ['movements', 'sequences'], 4, partly);
    expect(told(releases)).toEqual([12, 12, 13, undefined]);
  });
});

describe('an attacker who has several subjects', () => {
  it('narrows no withheld cell, whatever comes out first', () => {
    fc.assert(
      fc.property(
        fc.array(journeyArb(1), { minLength: 1, maxLength: 12 }),
        orders,
        (journeys, order) => {
          const releases = releaseSubjects(journeys, order, 1);
          expect(narrowedBySums(releases)).toEqual([]);
          expect(narrowedByJourneys(releases)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('narrows none over several quarters of an hour either', () => {
    fc.assert(
      fc.property(
        fc.array(journeyArb(4), { minLength: 1, maxLength: 25 }),
        orders,
        (journeys, order) => {
          expect(narrowedBySums(releaseSubjects(journeys, order, 4))).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
