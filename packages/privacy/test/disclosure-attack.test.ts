import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReleasedCell } from '@hitonami/model';
import { attack, NOTHING_KNOWN, protectBlock, type KnownRelease } from '../src/index.js';
import { cellsOf, K, QUARTER_MS, rulesOf, solver, type World } from './disclosure-support.js';

const people = fc
  .oneof(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 60 }))
  .chain((peak) =>
    fc.record({ peak: fc.constant(peak), mean: fc.double({ min: 0, max: peak, noNaN: true }) }),
  );
const world = (areasMax: number, hoursMax: number): fc.Arbitrary<World> =>
  fc
    .tuple(fc.integer({ min: 1, max: areasMax }), fc.integer({ min: 1, max: hoursMax }))
    .chain(([areas, hours]) =>
      fc.record({
        areas: fc.constant(Array.from({ length: areas }, (_, i) => `area-${String(i)}`)),
        quarters: fc.array(fc.array(people, { minLength: 4 * hours, maxLength: 4 * hours }), {
          minLength: areas,
          maxLength: areas,
        }),
      }),
    );

/** Orders in which datasets of 15 min, 1 h and 2 h may come out: no step between two that are told already. */
const orders = fc.constantFrom([1, 4, 8], [4, 1, 8], [8, 4, 1], [4, 8, 1], [1, 8], [8, 1], [1]);

/**
 * An attacker written from the released numbers alone, without any of the package: quarters of areas are the unknowns, and every
 * told cell is a bound on the sum of some of them.
 */
function leastAndMost(releases: readonly KnownRelease[], world: World) {
  const count = world.quarters[0]?.length ?? 0;
  const unknowns = world.areas.length * count;
  const quartersOf = ({ key }: ReleasedCell): number[] => {
    const first = key.startMs / QUARTER_MS;
    const steps = Array.from({ length: key.lengthMs / QUARTER_MS }, (_, i) => first + i);
    return world.areas.flatMap((area, a) =>
      key.places.length === 0 || key.places[0] === area ? steps.map((q) => a * count + q) : [],
    );
  };
  const all = releases.flatMap(({ cells, roundedTo }) =>
    cells.map((cell) => ({ cell, roundedTo })),
  );
  const told = all.flatMap(({ cell, roundedTo }) => {
    const { occupancy } = cell.measures;
    if (occupancy == null) return [];
    const steps = cell.key.lengthMs / QUARTER_MS;
    return [{ of: quartersOf(cell), steps, occupancy, half: roundedTo / 2 }];
  });
  const starts = told.reduce((sums, { of }) => [...sums, (sums.at(-1) ?? 0) + of.length], [0]);
  const program = {
    columns: {
      lower: new Float64Array(unknowns),
      upper: new Float64Array(unknowns).fill(Infinity),
    },
    rows: {
      lower: Float64Array.from(told, ({ occupancy, half, steps }) => (occupancy - half) * steps),
      upper: Float64Array.from(told, ({ occupancy, half, steps }) => (occupancy + half) * steps),
      starts: Int32Array.from(starts),
      indices: Int32Array.from(told.flatMap(({ of }) => of)),
      values: new Float64Array(starts.at(-1) ?? 0).fill(1),
    },
  };
  return solver.solving(program, (minimise) =>
    all
      .filter(({ cell }) => cell.absent !== undefined)
      .map(({ cell }) => {
        const of = quartersOf(cell);
        const steps = cell.key.lengthMs / QUARTER_MS;
        const [min, max] = ([1, -1] as const).map((sign) => {
          const costs = new Float64Array(unknowns);
          for (const at of of) costs[at] = sign;
          const { status, x } = minimise(costs);
          if (status === 'unbounded') return Infinity;
          expect(status).toBe('optimal');
          return of.reduce((sum, at) => sum + (x[at] ?? 0), 0) / steps;
        });
        return { key: cell.key, min: min ?? NaN, max: max ?? NaN };
      }),
  );
}

function releasesOf(given: World, roundedTo: number, order: readonly number[]): KnownRelease[] {
  const releases: KnownRelease[] = [];
  for (const perStep of order) {
    if ((given.quarters[0]?.length ?? 0) % perStep !== 0) continue;
    const { cells, exposed } = protectBlock(
      cellsOf(given, perStep),
      rulesOf({ roundedTo }),
      { releases, observations: [] },
      solver,
    );
    expect(exposed).toEqual([]);
    releases.push({ subject: 'areas', roundedTo, cells, isEarlierVersion: false });
  }
  return releases;
}

describe('an attacker with a linear program', () => {
  it('narrows no withheld cell, whatever the order of the datasets', () => {
    fc.assert(
      fc.property(world(6, 2), fc.constantFrom(1, 5, 10), orders, (given, roundedTo, order) => {
        const releases = releasesOf(given, roundedTo, order);
        const found = attack({ releases, observations: [] }, K, solver);
        expect(found.filter(({ isNarrowed }) => isNarrowed)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('that knows nothing of this package narrows no quarter of an hour either', () => {
    fc.assert(
      fc.property(world(4, 2), fc.constantFrom(1, 5), orders, (given, roundedTo, order) => {
        const releases = releasesOf(given, roundedTo, order);
        for (const { key, min, max } of leastAndMost(releases, given)) {
          if (key.lengthMs !== QUARTER_MS || key.places.length === 0) continue;
          expect(min).toBeLessThanOrEqual(1e-6);
          expect(max).toBeGreaterThanOrEqual(K - 1 - 1e-6);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('finds a cell in one of a few blocks where nothing but small cells is withheld', () => {
    const isFound = fc.sample(world(5, 1), { numRuns: 20, seed: 1 }).filter((given) => {
      const { cells } = protectBlock(
        cellsOf(given, 1),
        rulesOf({ isComplementary: false }),
        NOTHING_KNOWN,
        solver,
      );
      const releases = [
        { subject: 'areas', roundedTo: 1, cells, isEarlierVersion: false } as const,
      ];
      return attack({ releases, observations: [] }, K, solver).some(({ isNarrowed }) => isNarrowed);
    });
    expect(isFound.length).toBeGreaterThan(5);
  });

  it('narrows nothing in a block that is too large to be asked at once', () => {
    const sizes = [2, 3, 5, 8, 12, 16, 24, 30, 60, 90];
    const given = {
      areas: sizes.map((size) => `area-${size}`),
      quarters: sizes.map((size, a) =>
        Array.from({ length: 48 }, (_, q) => {
          const peak = Math.round(size * (1 + Math.sin(q / 7 + a)));
          return { peak, mean: peak * (0.3 + 0.05 * ((q * 7 + a * 3) % 9)) };
        }),
      ),
    };
    const releases = releasesOf(given, 1, [1, 4, 48]);
    const told = releases.map(({ cells }) => cells.filter(({ absent }) => absent === undefined));
    expect(told.map(({ length }) => length > 0)).toEqual([true, true, true]);
    const found = attack({ releases, observations: [] }, K, solver);
    expect(found.filter(({ isNarrowed }) => isNarrowed)).toEqual([]);
  });

  describe('narrows nothing by a correction', () => {
    const narrowedBy = (given: World, quarters: World['quarters']) => {
      const first = protectBlock(cellsOf(given, 1), rulesOf(), NOTHING_KNOWN, solver);
      const before = { subject: 'areas', roundedTo: 1, cells: first.cells } as const;
      const second = protectBlock(
        cellsOf({ ...given, quarters }, 1),
        rulesOf(),
        { releases: [{ ...before, isEarlierVersion: true }], observations: [] },
        solver,
      );
      for (const [i, cell] of second.cells.entries())
        if (first.cells[i]?.absent === 'protected') expect(cell.absent).toBe('protected');
      const alone = { ...before, cells: second.cells, isEarlierVersion: false };
      const found = attack({ releases: [alone], observations: [] }, K, solver);
      return found.filter(({ isNarrowed }) => isNarrowed);
    };

    it('whatever was corrected', () => {
      fc.assert(
        fc.property(
          world(5, 1),
          fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.integer({ min: 0, max: 60 })), {
            maxLength: 3,
          }),
          (given, corrections) => {
            const quarters = given.quarters.map((some) => [...some]);
            for (const [area, quarter, peak] of corrections) {
              const some = quarters[area];
              if (some?.[quarter] !== undefined) some[quarter] = { peak, mean: peak / 2 };
            }
            expect(narrowedBy(given, quarters)).toEqual([]);
          },
        ),
        { numRuns: 40 },
      );
    });

    it('of how many people are behind a mean that stays as it was told', () => {
      const areas = ['area-0', 'area-1', 'area-2'];
      const [nobody, some] = [
        { peak: 0, mean: 0 },
        { peak: 10, mean: 0 },
      ];
      const quartersOf = (first: typeof some) => [first, nobody, nobody, nobody];
      const given = { areas, quarters: areas.map(() => quartersOf(some)) };
      const corrected = areas.map((_, i) => quartersOf(i === 0 ? nobody : some));
      expect(narrowedBy(given, corrected)).toEqual([]);
    });
  });

  it('gets the same whatever the order of the cells', () => {
    fc.assert(
      fc.property(world(5, 1), fc.infiniteStream(fc.nat()), (given, chance) => {
        const cells = cellsOf(given, 1);
        const shuffled = cells
          .map((cell) => ({ cell, by: chance.next().value as number }))
          .sort((a, b) => a.by - b.by)
          .map(({ cell }) => cell);
        const protect = (some: typeof cells) =>
          protectBlock(some, rulesOf(), NOTHING_KNOWN, solver).cells;
        const inOrder = (some: ReleasedCell[]) =>
          new Map(some.map((cell) => [JSON.stringify(cell.key), cell]));
        expect(inOrder(protect(shuffled))).toEqual(inOrder(protect(cells)));
      }),
      { numRuns: 30 },
    );
  });
});
