/** What holds for every measure of one instant, whoever is where. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellsWithin,
  classicDensity,
  Grid,
  gridDensity,
  HeatMap,
  highestLocalDensity,
  MeasuredArea,
  meanSpeed,
  peopleInside,
  PRESSURE_CELL_M,
  PressureGrid,
  VORONOI_CUT_OFF,
  VoronoiArea,
  voronoiDensity,
  voronoiSpeed,
  WalkableFloor,
} from '../../src/index.js';
import type { Polygon } from '@hitonami/model';
import {
  anyMotion,
  crowd,
  keys,
  moved,
  movedPolygon,
  positionsOf,
  quarterTurn,
  rectangle,
  shuffled,
  SQUARE,
  type Walker,
} from './crowds.js';

/** A hall with a bay, and a pillar in it: 10 m × 10 m less a corner and a hole. */
const HALL: Polygon = [
  [
    [0, 0],
    [10, 0],
    [10, 4],
    [6, 4],
    [6, 10],
    [0, 10],
    [0, 0],
  ],
  [
    [2, 2],
    [2, 3],
    [3, 3],
    [3, 2],
    [2, 2],
  ],
];

const speedsOf = (people: readonly Walker[]): Float64Array =>
  Float64Array.from(people, ({ vx, vy }) => Math.hypot(vx, vy));

/** Every measure of an instant, in one list of numbers. */
function measuresOf(people: readonly Walker[], place: Polygon, part: Polygon): number[] {
  const positions = positionsOf(people);
  const area = new VoronoiArea(part);
  const floor = new WalkableFloor(place);
  const cells = floor.cells(positions);
  return [
    peopleInside(area, positions),
    classicDensity(area, positions),
    meanSpeed(area, positions),
    voronoiDensity(cells, area),
    voronoiSpeed(cells, speedsOf(people), area),
    ...[...cells.areaM2].sort((a, b) => a - b),
  ];
}

/** The measures that are taken on a grid. */
function gridMeasuresOf(people: readonly Walker[], place: Polygon): number[] {
  const positions = positionsOf(people);
  const grid = Grid.over(place);
  const densities = new Float64Array(grid.cells);
  gridDensity(grid, positions, densities);
  const heat = new HeatMap(grid);
  heat.add(positions, 0.2);
  const pressure = new PressureGrid(Grid.over(place, PRESSURE_CELL_M));
  pressure.add(positions, 0.2);
  return [
    ...densities.toSorted(),
    ...heat.densities().toSorted(),
    pressure.highest()?.pressure ?? -1,
    highestLocalDensity(grid, heat.people(), cellsWithin(grid, place))?.density ?? -1,
  ];
}

/** Rounding alone: a border between two people 1 mm apart turns by a ten-thousandth of a degree with it. */
function close(a: readonly number[], b: readonly number[]): void {
  const differences = a.map((value, i) =>
    Object.is(value, b[i]) ? 0 : Math.abs(value - (b[i] ?? NaN)),
  );
  expect(a).toHaveLength(b.length);
  expect(Math.max(0, ...differences)).toBeLessThan(0.005);
}

const PART = rectangle(1, 1, 5.5, 8);

describe('every measure of an instant', () => {
  it('is the same in whatever order people come', () => {
    fc.assert(
      fc.property(crowd, keys, (people, order) => {
        const other = shuffled(people, order);
        close(measuresOf(people, HALL, PART), measuresOf(other, HALL, PART));
        close(gridMeasuresOf(people, SQUARE), gridMeasuresOf(other, SQUARE));
      }),
      { numRuns: 60 },
    );
  });

  it('is the same in whatever order people come, also where cells end exactly at a corner of the floor', () => {
    // Everybody has a mirror image at the diagonal, on which two corners of the pillar lie.
    const mirrored = crowd.map((people) =>
      people.slice(0, 6).flatMap((one) => [one, { ...one, x: one.y, y: one.x }]),
    );
    fc.assert(
      fc.property(mirrored, keys, (people, order) => {
        close(measuresOf(people, HALL, PART), measuresOf(shuffled(people, order), HALL, PART));
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it('is the same wherever the place lies and however it is turned', () => {
    fc.assert(
      fc.property(crowd, anyMotion, (people, motion) => {
        close(
          measuresOf(moved(people, motion), movedPolygon(HALL, motion), movedPolygon(PART, motion)),
          measuresOf(people, HALL, PART),
        );
      }),
      // Always the same crowds: one who stands exactly on a border would fall to either side of it when turned.
      { numRuns: 100, seed: 3 },
    );
  });

  it('on a grid is the same wherever the place lies, and turned by quarters', () => {
    fc.assert(
      fc.property(crowd, quarterTurn, (people, motion) => {
        close(
          gridMeasuresOf(moved(people, motion), movedPolygon(SQUARE, motion)),
          gridMeasuresOf(people, SQUARE),
        );
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});

describe('densities integrate to the count of people', () => {
  it('classic density, over areas that share the floor', () => {
    fc.assert(
      fc.property(crowd, fc.integer({ min: 1, max: 9 }), (people, cut) => {
        const positions = positionsOf(people);
        const parts = [rectangle(0, 0, cut, 10), rectangle(cut, 0, 10, 10)];
        const sum = parts.reduce((total, polygon) => {
          const area = new MeasuredArea(polygon);
          return total + classicDensity(area, positions) * area.areaM2;
        }, 0);
        expect(sum).toBeCloseTo(people.length, 9);
      }),
    );
  });

  it('also where somebody stands exactly on the border that two areas share', () => {
    const onBorder = positionsOf([{ x: 5, y: 5, vx: 0, vy: 0 }]);
    const parts = [rectangle(0, 0, 5, 10), rectangle(5, 0, 10, 10)];
    const people = (border: 'shared' | 'outside'): number =>
      parts.reduce(
        (sum, part) => sum + peopleInside(new MeasuredArea(part, { border }), onBorder),
        0,
      );
    expect(people('shared')).toBe(1);
    // As PedPy has it: on the border is not within.
    expect(people('outside')).toBe(0);
  });

  it('Voronoi density, over areas that share the floor, with the cut-off circle and without', () => {
    fc.assert(
      fc.property(crowd, fc.integer({ min: 1, max: 9 }), fc.boolean(), (people, cut, isCut) => {
        const cells = new WalkableFloor(SQUARE).cells(
          positionsOf(people),
          isCut ? VORONOI_CUT_OFF : undefined,
        );
        const sum = [rectangle(0, 0, cut, 10), rectangle(cut, 0, 10, 10)].reduce(
          (total, polygon) => {
            const area = new VoronoiArea(polygon);
            return total + voronoiDensity(cells, area) * area.areaM2;
          },
          0,
        );
        expect(sum).toBeCloseTo(people.length, 6);
      }),
    );
  });

  it('grid density and the heat map, over the cells', () => {
    fc.assert(
      fc.property(crowd, (people) => {
        const positions = positionsOf(people);
        const grid = Grid.over(SQUARE);
        const densities = new Float64Array(grid.cells).fill(7);
        expect(gridDensity(grid, positions, densities)).toBe(people.length);
        const integral = (values: Float64Array): number =>
          values.reduce((sum, value) => sum + value * grid.cellM2, 0);
        expect(integral(densities)).toBeCloseTo(people.length, 9);
        const heat = new HeatMap(grid);
        heat.add(positions, 0.2);
        heat.add(positions, 0.4);
        heat.add(positionsOf([]), 0.6);
        expect(integral(heat.densities())).toBeCloseTo(people.length / 2, 9);
      }),
    );
  });
});

it('mean speed of an empty area is not known, and who has no speed does not enter', () => {
  const area = new MeasuredArea(SQUARE);
  expect(meanSpeed(area, positionsOf([]))).toBeNaN();
  const people = positionsOf([
    { x: 1, y: 1, vx: 3, vy: 4 },
    { x: 2, y: 1, vx: NaN, vy: 0 },
  ]);
  expect(meanSpeed(area, people)).toBe(5);
});

describe('the densest spot', () => {
  const grid = Grid.over(SQUARE);
  const walkable = cellsWithin(grid, SQUARE);
  const people = (spots: readonly [number, number][]): Float64Array => {
    const heat = new HeatMap(grid);
    heat.add(positionsOf(spots.map(([x, y]) => ({ x, y, vx: 0, vy: 0 }))), 1);
    return heat.people();
  };

  it('is where most people are within a block of 1.5 m', () => {
    const spot = highestLocalDensity(
      grid,
      people([
        [1.2, 1.2],
        [7.1, 7.1],
        [7.3, 7.6],
        [8.2, 7.2],
      ]),
      walkable,
    );
    expect(spot?.density).toBeCloseTo(3 / 2.25, 9);
    expect(Math.hypot((spot?.x ?? 0) - 7.75, (spot?.y ?? 0) - 7.25)).toBeLessThan(0.8);
  });

  it('near a wall counts the floor that there is', () => {
    // Only 1 m × 1.5 m of the densest block is floor.
    expect(
      highestLocalDensity(
        grid,
        people([
          [0.1, 5],
          [0.2, 5.4],
        ]),
        walkable,
      )?.density,
    ).toBeCloseTo(2 / 1.5, 9);
  });

  it('is not known where nothing was observed', () => {
    expect(highestLocalDensity(grid, new HeatMap(grid).people(), walkable)).toBeUndefined();
  });
});

it('cells know what of them is walkable', () => {
  fc.assert(
    fc.property(anyMotion, fc.constantFrom(0.3, 0.5, 1), (motion, cellM) => {
      const hall = movedPolygon(HALL, motion);
      const grid = Grid.over(hall, cellM);
      const sum = cellsWithin(grid, hall).reduce((total, m2) => total + m2, 0);
      expect(sum).toBeCloseTo(75, 6);
    }),
    { numRuns: 30 },
  );
});

it('an area without size and a grid without end are refused in clear words', () => {
  expect(() => new MeasuredArea(rectangle(1, 1, 1, 5))).toThrow(/area to measure in: .* 0 m²/);
  expect(() => new Grid(0, 0, 5_000, 5_000)).toThrow(/grid: 5000 × 5000 cells/);
  expect(() => new Grid(0, 0, 5, 5, 0)).toThrow(/grid/);
});
