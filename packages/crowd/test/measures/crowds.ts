import type { Polygon } from '@hitonami/model';
import fc from 'fast-check';
import type { MovingPositions } from '../../src/index.js';

export interface Walker {
  x: number;
  y: number;
  vx: number;
  vy: number;
}

/** Millimetres inside (0, size), never on a round number: whoever is exactly on a border is a test of its own. */
const metre = (size: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: size * 1000 - 1 }).map((mm) => (mm + 0.37) / 1000);

const speed = fc.integer({ min: -2000, max: 2000 }).map((mm) => mm / 1000);

/** People anywhere in a square of 10 m, with any velocity up to 2 m/s on each axis. */
export const crowd: fc.Arbitrary<Walker[]> = fc.array(
  fc.record({ x: metre(10), y: metre(10), vx: speed, vy: speed }),
  { maxLength: 40 },
);

/** The square they are in. */
export const SQUARE: Polygon = rectangle(0, 0, 10, 10);

export function rectangle(minX: number, minY: number, maxX: number, maxY: number): Polygon {
  return [
    [
      [minX, minY],
      [maxX, minY],
      [maxX, maxY],
      [minX, maxY],
      [minX, minY],
    ],
  ];
}

export function positionsOf(people: readonly Walker[]): MovingPositions {
  return {
    count: people.length,
    x: Float64Array.from(people, ({ x }) => x),
    y: Float64Array.from(people, ({ y }) => y),
    vx: Float64Array.from(people, ({ vx }) => vx),
    vy: Float64Array.from(people, ({ vy }) => vy),
  };
}

/** A rotation about the origin, then a shift. */
export interface Motion {
  angle: number;
  dx: number;
  dy: number;
}

const shift = fc.integer({ min: -500_000, max: 500_000 }).map((mm) => mm / 1000);

export const anyMotion: fc.Arbitrary<Motion> = fc.record({
  angle: fc.integer({ min: 0, max: 359 }).map((degrees) => (degrees * Math.PI) / 180),
  dx: shift,
  dy: shift,
});

/** What maps squares of a grid to squares of a grid. */
export const quarterTurn: fc.Arbitrary<Motion> = fc.record({
  angle: fc.integer({ min: 0, max: 3 }).map((quarters) => (quarters * Math.PI) / 2),
  dx: shift,
  dy: shift,
});

export function moved<P extends { x: number; y: number }>(people: readonly P[], by: Motion): P[] {
  const [cos, sin] = [Math.cos(by.angle), Math.sin(by.angle)];
  return people.map((person) => {
    const [x, y] = turned(person.x, person.y, by);
    const velocity =
      'vx' in person && 'vy' in person
        ? {
            vx: cos * (person.vx as number) - sin * (person.vy as number),
            vy: sin * (person.vx as number) + cos * (person.vy as number),
          }
        : {};
    return { ...person, x, y, ...velocity };
  });
}

export function turned(x: number, y: number, { angle, dx, dy }: Motion): [number, number] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos * x - sin * y + dx, sin * x + cos * y + dy];
}

export function movedPolygon(polygon: Polygon, by: Motion): Polygon {
  return polygon.map((ring) => ring.map(([x, y]) => turned(x, y, by)));
}

/** The same people in another order, which the numbers decide. */
export function shuffled<T>(items: readonly T[], keys: readonly number[]): T[] {
  return items
    .map((item, i) => ({ item, key: keys[i % keys.length] ?? 0, i }))
    .sort((a, b) => a.key - b.key || b.i - a.i)
    .map(({ item }) => item);
}

export const keys = fc.array(fc.integer(), { minLength: 1, maxLength: 40 });
