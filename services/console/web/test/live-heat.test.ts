import { describe, expect, it } from 'vitest';
import { addPicture, makeGrid, paintGrid } from '../src/live/heat.js';
import type { People } from '../src/live/people.js';

function peopleAt(points: readonly (readonly [number, number])[]): People {
  const count = points.length;
  return {
    count,
    x: Float32Array.from(points, ([x]) => x),
    y: Float32Array.from(points, ([, y]) => y),
    vx: new Float32Array(count),
    vy: new Float32Array(count),
    floor: new Uint8Array(count),
    kind: new Uint8Array(count),
  };
}

function filled(points: readonly (readonly [number, number])[], times = 60) {
  const grid = makeGrid(0, 0, 30, 20);
  for (let i = 0; i < times; i += 1) addPicture(grid, peopleAt(points), (k) => points[k]);
  return grid;
}

describe('the heat layer', () => {
  it('holds as many people as there are, also at the border', () => {
    const grid = filled([
      [15, 10],
      [0.1, 0.1],
      [29.9, 5],
    ]);
    const people = grid.density.reduce((sum, d) => sum + d, 0) * grid.cellM ** 2;
    expect(people).toBeCloseTo(3, 2);
  });

  it('leaves out who is not on a floor that is shown', () => {
    const grid = makeGrid(0, 0, 30, 20);
    addPicture(grid, peopleAt([[15, 10]]), () => undefined);
    expect(Math.max(...grid.density)).toBe(0);
  });

  it('is see-through where nobody is, and darker the denser it is', () => {
    const crowd = Array.from(
      { length: 40 },
      (_, i) => [10 + (i % 5) * 0.3, 10 + i * 0.03] as const,
    );
    const grid = filled([...crowd, [25, 5]]);
    const pixels = new Uint8ClampedArray(grid.columns * grid.rows * 4);
    paintGrid(grid, pixels);
    const at = (x: number, y: number) => {
      const row = grid.rows - 1 - Math.floor(y / grid.cellM);
      const i = (row * grid.columns + Math.floor(x / grid.cellM)) * 4;
      return { opacity: pixels[i + 3] ?? -1, green: pixels[i + 1] ?? -1 };
    };
    expect(at(2, 18).opacity).toBe(0);
    expect(at(10.6, 10.6).opacity).toBeGreaterThan(at(25, 5).opacity);
    expect(at(10.6, 10.6).green).toBeLessThan(at(25, 5).green);
  });

  it('never has more than 65,536 cells, however large the site', () => {
    const grid = makeGrid(0, 0, 5_000, 3_000);
    expect(grid.columns * grid.rows).toBeLessThanOrEqual(65_536);
  });
});
