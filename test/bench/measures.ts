import {
  classicDensity,
  Grid,
  gridDensity,
  HeatMap,
  individualVelocities,
  MeasuredArea,
  meanSpeed,
  PRESSURE_CELL_M,
  PressureGrid,
  Trajectories,
  VoronoiArea,
  voronoiDensity,
  WalkableFloor,
  type MovingPositions,
} from '@hitonami/crowd';
import type { Polygon } from '@hitonami/model';
import { rectangle } from '../support/plans.js';
import { cpuSecondsSince, interleave, type BenchOptions, type Figure } from './measure.js';
import { xorshift } from './traffic.js';

const PEOPLE = 200;
const FRAMES = 500;
const PERIOD_S = 0.2;
const SIDE_M = 40;
const ANY_SEED = 0x1b873593;

/** What a measure that runs on every frame must take at least, on one core. */
const GOAL = 5_000_000;

/** An area with a niche, and a hole for a stair: twelve edges. */
const AREA: Polygon = [
  [
    [4, 4],
    [36, 4],
    [36, 18],
    [30, 18],
    [30, 24],
    [36, 24],
    [36, 36],
    [4, 36],
    [4, 4],
  ],
  rectangle(12, 12, 16, 20).coordinates[0] as [number, number][],
];

/** The measures of one instant, over frames of 200 people in a hall; no log, no windows. */
export async function measures({ quick, say }: BenchOptions): Promise<Figure[]> {
  say('measures: positions of a hall through each measure');
  const frames = crowd();
  const hall = rectangle(0, 0, SIDE_M, SIDE_M).coordinates as Polygon;
  const area = new MeasuredArea(AREA);
  const grid = Grid.over(hall);
  const densities = new Float64Array(grid.cells);
  const heat = new HeatMap(grid);
  const pressure = new PressureGrid(Grid.over(hall, PRESSURE_CELL_M));
  const floor = new WalkableFloor(hall);
  const voronoi = new VoronoiArea(AREA);
  const trajectories = trajectoriesOf(frames);

  /** Positions per CPU second; what comes out is summed, so that nothing is left out as unused. */
  const rate =
    (of: readonly MovingPositions[], rounds: number, run: (frame: MovingPositions) => number) =>
    (): number => {
      let sum = 0;
      const start = process.cpuUsage();
      for (let round = 0; round < rounds; round++) {
        for (const frame of of) sum += run(frame);
      }
      const value = (rounds * of.length * PEOPLE) / cpuSecondsSince(start);
      if (!(sum > 0)) throw new Error('a measure found nobody');
      return value;
    };
  const rounds = quick ? 10 : 40;
  const contenders = {
    classic: rate(frames, rounds, (frame) => classicDensity(area, frame)),
    speed: rate(frames, rounds, (frame) => meanSpeed(area, frame)),
    grid: rate(frames, rounds, (frame) => gridDensity(grid, frame, densities)),
    heat: rate(frames, rounds, (frame) => {
      heat.add(frame, PERIOD_S);
      return heat.observedS;
    }),
    pressure: rate(frames, rounds, (frame) => {
      pressure.add(frame, PERIOD_S);
      return pressure.observedS;
    }),
    velocity: (): number => {
      const start = process.cpuUsage();
      let rows = 0;
      for (let round = 0; round < rounds; round++)
        rows += individualVelocities(trajectories).speed.length;
      return rows / cpuSecondsSince(start);
    },
    voronoi: rate(frames.slice(0, 10), 1, (frame) => voronoiDensity(floor.cells(frame), voronoi)),
  };
  for (const run of Object.values(contenders)) run();
  const result = await interleave(quick ? 5 : 11, contenders);
  const figure = (name: keyof typeof contenders, what: string, goal?: number): Figure => ({
    key: `measure_${name}_positions_per_cpu_s`,
    value: result.rate(name),
    unit: 'people/CPU s',
    ...(goal === undefined ? {} : { goal }),
    what,
  });
  return [
    figure(
      'classic',
      'classic density of an area of twelve edges, frame by frame, one thread',
      GOAL,
    ),
    figure('speed', '… mean speed of that area', GOAL),
    figure('grid', '… density on a grid of 80 × 80 cells', GOAL),
    figure('heat', '… heat map on that grid', GOAL),
    figure('pressure', '… crowd pressure on 40 × 40 cells', GOAL),
    figure('velocity', '… individual velocities of whole trajectories', GOAL),
    figure('voronoi', '… Voronoi density, which is for reports and not for every frame'),
  ];
}

/** People who walk straight on, and come in again on the other side. */
function crowd(): MovingPositions[] {
  const random = xorshift(ANY_SEED);
  const columns = Array.from({ length: 4 }, (_, i) =>
    Float64Array.from({ length: PEOPLE }, () => (i < 2 ? random() * SIDE_M : 3 * random() - 1.5)),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const [x, y, vx, vy] = columns;
  const after = (at: Float64Array, v: Float64Array, s: number): Float64Array =>
    at.map((value, i) => (((value + (v[i] as number) * s) % SIDE_M) + SIDE_M) % SIDE_M);
  return Array.from({ length: FRAMES }, (_, frame) => ({
    count: PEOPLE,
    x: after(x, vx, frame * PERIOD_S),
    y: after(y, vy, frame * PERIOD_S),
    vx,
    vy,
  }));
}

function trajectoriesOf(frames: readonly MovingPositions[]): Trajectories {
  const rows = { length: frames.length * PEOPLE };
  const frameOf = (row: number): MovingPositions =>
    frames[Math.floor(row / PEOPLE)] as MovingPositions;
  return new Trajectories(
    {
      person: Int32Array.from(rows, (_, row) => row % PEOPLE),
      frame: Int32Array.from(rows, (_, row) => Math.floor(row / PEOPLE)),
      x: Float64Array.from(rows, (_, row) => frameOf(row).x[row % PEOPLE] as number),
      y: Float64Array.from(rows, (_, row) => frameOf(row).y[row % PEOPLE] as number),
    },
    1 / PERIOD_S,
  );
}
