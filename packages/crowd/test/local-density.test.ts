import { polygonContains, type Polygon } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rectangle } from '../../../test/support/plans.js';
import { LOCAL_RADIUS_M, LocalDensity } from '../src/index.js';

// The highest local density: what the danger bands are about.

type Place = readonly [xMm: number, yMm: number];

function peak(polygon: Polygon, people: readonly Place[]): number {
  const density = new LocalDensity(polygon, (x, y) => polygonContains(polygon, x / 1000, y / 1000));
  return density.peak(
    people.map(([x]) => x),
    people.map(([, y]) => y),
  );
}

/** Everybody of an even (hexagonal) lattice who stands inside a polygon. */
function lattice(polygon: Polygon, perM2: number, turn = 0): Place[] {
  const step = Math.sqrt(2 / (Math.sqrt(3) * perM2));
  const people: Place[] = [];
  for (let i = -120; i <= 120; i++) {
    for (let j = -120; j <= 120; j++) {
      const [a, b] = [(i + j / 2) * step, (j * Math.sqrt(3) * step) / 2];
      const x = 10 + a * Math.cos(turn) - b * Math.sin(turn);
      const y = 10 + a * Math.sin(turn) + b * Math.cos(turn);
      if (polygonContains(polygon, x, y))
        people.push([Math.round(x * 1000), Math.round(y * 1000)] as const);
    }
  }
  return people;
}

const hall = rectangle(0, 0, 20, 20).coordinates;
const somewhere = fc.tuple(
  fc.integer({ min: 1, max: 19_999 }),
  fc.integer({ min: 1, max: 19_999 }),
);
const crowd = fc.array(somewhere, { minLength: 1, maxLength: 120 });

describe('the highest local density', () => {
  it('of nobody is nothing', () => {
    expect(peak(hall, [])).toBe(0);
  });

  it('of one person alone is 0.28 persons/m², wherever in the open', () => {
    expect(peak(hall, [[10_000, 10_000]])).toBeCloseTo(2 / (Math.PI * LOCAL_RADIUS_M ** 2), 3);
  });

  it.each([2, 2.5, 3.5, 5, 6])('of an even crowd of %d persons/m² reads within 5 %%', (perM2) => {
    for (const turn of [0, 0.2, 0.4]) {
      const inTheOpen = lattice(hall, perM2, turn).filter(
        ([x, y]) => Math.hypot(x - 10_000, y - 10_000) < 7_000,
      );
      expect(peak(hall, inTheOpen) / perM2).toBeGreaterThan(0.95);
      expect(peak(hall, inTheOpen) / perM2).toBeLessThan(1.05);
    }
  });

  it('of an even crowd of 1 person/m² reads within 15 %', () => {
    const inTheOpen = lattice(hall, 1).filter(
      ([x, y]) => Math.hypot(x - 10_000, y - 10_000) < 7_000,
    );
    expect(Math.abs(peak(hall, inTheOpen) - 1)).toBeLessThan(0.15);
  });

  it('is that of the densest spot: a full corner of an empty hall is as dangerous as a full hall', () => {
    const spot = lattice(hall, 5).filter(([x, y]) => Math.hypot(x - 6_000, y - 6_000) < 2_500);
    const mean = spot.length / 400;
    expect(mean).toBeLessThan(0.3);
    expect(peak(hall, spot)).toBeGreaterThan(4.75);
  });

  it('is not halved by a wall, a platform edge, or the border of what the cameras cover', () => {
    const platform = rectangle(8, 0, 11, 20).coordinates;
    for (const turn of [0, 0.3])
      expect(peak(platform, lattice(platform, 4, turn))).toBeGreaterThan(4 * 0.95);
    // People only in the half metre along the wall.
    const along = lattice(platform, 4).filter(([x]) => x < 8_500);
    const asIfInTheOpen = peak(hall, along);
    expect(peak(platform, along)).toBeGreaterThan(1.4 * asIfInTheOpen);
  });

  it('of two people in a corner is no crush', () => {
    const corner: Place[] = [
      [100, 100],
      [500, 300],
    ];
    expect(peak(hall, corner)).toBeLessThan(1.2);
  });

  it('is the same in whatever order the people come', () => {
    fc.assert(
      fc.property(crowd, fc.infiniteStream(fc.nat()), (people, keys) => {
        const shuffled = people
          .map((person) => ({ person, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ person }) => person);
        expect(peak(hall, shuffled)).toBe(peak(hall, people));
      }),
      { numRuns: 50 },
    );
  });

  it('is the same wherever the area lies', () => {
    const shift = fc.integer({ min: -2_000, max: 2_000 });
    fc.assert(
      fc.property(crowd, shift, shift, (people, byXM, byYM) => {
        const moved = rectangle(byXM, byYM, byXM + 20, byYM + 20).coordinates;
        const there = people.map(([x, y]) => [x + 1000 * byXM, y + 1000 * byYM] as const);
        expect(peak(moved, there)).toBeCloseTo(peak(hall, people), 6);
      }),
      { numRuns: 50 },
    );
  });

  it('never falls because somebody comes', () => {
    fc.assert(
      fc.property(crowd, somewhere, (people, newcomer) => {
        expect(peak(hall, [...people, newcomer])).toBeGreaterThanOrEqual(peak(hall, people));
      }),
      { numRuns: 100 },
    );
  });

  it('is what its definition says, person by person', () => {
    const { PI } = Math;
    const byDefinition = (people: readonly Place[]): number =>
      Math.max(
        ...people.map(([x, y]) =>
          people.reduce((sum, [a, b]) => {
            const d2 = ((a - x) / 1000) ** 2 + ((b - y) / 1000) ** 2;
            return sum + (2 / (PI * 1.5 ** 2)) * Math.max(0, 1 - d2 / 1.5 ** 2);
          }, 0),
        ),
      );
    const inner = fc.integer({ min: 2_000, max: 18_000 });
    const inTheOpen = fc.array(fc.tuple(inner, inner), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(inTheOpen, (people) => {
        expect(peak(hall, people)).toBeCloseTo(byDefinition(people), 6);
      }),
      { numRuns: 50 },
    );
  });
});
