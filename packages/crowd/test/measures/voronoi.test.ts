/** Voronoi cells: whose floor is whose. */
import type { Polygon } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VoronoiArea, voronoiDensity, WalkableFloor } from '../../src/index.js';
import { crowd, positionsOf, SQUARE, type Walker } from './crowds.js';

/** Two people can stand at one place, within what a position says. */
const AT_CORNER: Walker = { x: 0.01337, y: 0.00537, vx: 0, vy: 0 };

describe('Voronoi cells', () => {
  it('tile the floor: of every spot the cell of the nearest person', () => {
    fc.assert(
      fc.property(crowd, (people) => {
        const { areaM2 } = new WalkableFloor(SQUARE).cells(positionsOf(people));
        const sum = areaM2.reduce((total, area) => total + area, 0);
        expect(sum).toBeCloseTo(people.length === 0 ? 0 : 100, 6);
      }),
    );
  });

  it('are as a count of nearest people on a fine raster has them', () => {
    fc.assert(
      fc.property(crowd, (people) => {
        fc.pre(people.length > 0);
        const { areaM2 } = new WalkableFloor(SQUARE).cells(positionsOf(people));
        const raster = new Float64Array(people.length);
        for (let x = 0.05; x < 10; x += 0.1) {
          for (let y = 0.05; y < 10; y += 0.1) {
            const awayM = people.map((person) => Math.hypot(person.x - x, person.y - y));
            const nearestM = Math.min(...awayM);
            // Who stands at one and the same place shares it.
            const nearest = [...awayM.keys()].filter((i) => awayM[i] === nearestM);
            for (const i of nearest) raster[i] = (raster[i] as number) + 0.01 / nearest.length;
          }
        }
        // A raster of 0.1 m is wrong by about half its step along the cell's border.
        areaM2.forEach((area, i) => {
          if (area > 0)
            expect(Math.abs(area - (raster[i] as number))).toBeLessThan(
              0.1 + 0.15 * Math.sqrt(area) * 4,
            );
        });
      }),
      { numRuns: 20, examples: [[[AT_CORNER, AT_CORNER]]] },
    );
  });

  it('end at the wall: nobody has floor that they see only through it', () => {
    // A U: two halls of 1 m × 5 m, one person at the closed end of each, joined by a passage at the other end.
    const u: Polygon = [
      [
        [0, 0],
        [1, 0],
        [1, 4],
        [1.1, 4],
        [1.1, 0],
        [2.1, 0],
        [2.1, 5],
        [0, 5],
        [0, 0],
      ],
    ];
    const alone = new WalkableFloor(u).cells(
      positionsOf([
        { x: 0.9, y: 0.5, vx: 0, vy: 0 },
        { x: 1.9, y: 4.5, vx: 0, vy: 0 },
      ]),
    );
    // What of the right hall is nearer to the first person lies behind the wall: it is nobody's.
    expect(alone.areaM2[0]).toBeLessThan(3.1);
    const total = (alone.areaM2[0] as number) + (alone.areaM2[1] as number);
    expect(total).toBeLessThan(5 + 5 + 0.1 - 1);
  });

  it.each([
    ['one alone has the whole floor', [[5, 5]], [100]],
    [
      'two share it',
      [
        [2, 5],
        [8, 5],
      ],
      [50, 50],
    ],
    [
      'people in a straight line',
      [
        [1, 5],
        [3, 5],
        [5, 5],
        [9, 5],
      ],
      [20, 20, 30, 30],
    ],
    [
      'people along a slanted line',
      [
        [2, 2],
        [4, 4],
        [6, 6],
      ],
      [18, 32, 50],
    ],
    [
      'people on one spot have their part of its cell each',
      [
        [2, 5],
        [8, 5],
        [8, 5],
      ],
      [50, 25, 25],
    ],
    [
      'a corner of the floor',
      [
        [0, 0],
        [10, 10],
      ],
      [50, 50],
    ],
  ] as [string, [number, number][], number[]][])('%s', (_, people, areas) => {
    const cells = new WalkableFloor(SQUARE).cells(
      positionsOf(people.map(([x, y]) => ({ x, y, vx: 0, vy: 0 }))),
    );
    areas.forEach((area, i) => expect(cells.areaM2[i]).toBeCloseTo(area, 6));
  });

  it('who is far outside has no cell and counts nowhere; who is just outside has one', () => {
    const floor = new WalkableFloor(SQUARE);
    const cells = floor.cells(
      positionsOf([
        { x: 5, y: 5, vx: 0, vy: 0 },
        { x: 10.05, y: 5, vx: 0, vy: 0 },
        { x: 100, y: 5, vx: 0, vy: 0 },
      ]),
    );
    expect(cells.areaM2[1]).toBeGreaterThan(20);
    expect(cells.areaM2[2]).toBe(0);
    const area = new VoronoiArea(SQUARE);
    expect(voronoiDensity(cells, area) * area.areaM2).toBeCloseTo(2, 6);
  });
});
