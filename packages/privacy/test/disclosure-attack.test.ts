import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attack,
  NOTHING_KNOWN,
  protectBlock,
  type Known,
  type KnownRelease,
} from '../src/index.js';
import { cellsOf, K, rulesOf, solver, type World } from './disclosure-support.js';

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

describe('the attacker', () => {
  it('finds nobody', () => {
    fc.assert(
      fc.property(
        world(6, 2),
        fc.constantFrom(1, 5, 10),
        fc.constantFrom([1, 4, 8], [4, 1, 8], [8, 4, 1], [4, 8, 1], [1, 8], [8, 1], [4, 1]),
        (given, roundedTo, orderOfSteps) => {
          const releases: KnownRelease[] = [];
          for (const perStep of orderOfSteps) {
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
          expect(
            attack({ releases, observations: [] }, K, solver).filter(
              ({ isNarrowed }) => isNarrowed,
            ),
          ).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
