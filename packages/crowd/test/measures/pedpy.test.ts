/**
 * The measures against what JPSreport computed from two laboratory runs: the files that PedPy's own reference tests use, with
 * their settings. What those leave out is left out here too, each with its reason.
 */
import type { Point, Polygon } from '@hitonami/model';
import { describe, expect, it } from 'vitest';
import { lentOrSkip } from '../../../../test/support/require.js';
import {
  classicDensitySeries,
  crossedUntil,
  crossings,
  firstCrossings,
  flowIntervals,
  individualVelocities,
  meanSpeedSeries,
  passingDensity,
  traverses,
  VORONOI_CUT_OFF,
  VoronoiArea,
  voronoiSeries,
  WalkableFloor,
  type Series,
} from '../../src/index.js';
import { isPedPyPresent, rowsOf, trajectoriesOf } from './pedpy.js';

interface Run {
  folder: string;
  walkable: Polygon;
  area: Polygon;
  line: readonly [Point, Point];
  files: { flow: string; crossed: string; traverse: string };
  flowFrames: number;
  /** The line and the width of the stretch that is walked through. */
  stretch: { line: readonly [Point, Point]; widthM: number };
}

const closed = (...points: Point[]): Polygon => [[...points, points[0] as Point]];

/** Of polygons and lines given as "x y, x y". */
const points = (text: string): Point[] =>
  text.split(',').map((pair) => pair.trim().split(' ').map(Number) as [number, number]);
const lineOf = (text: string): readonly [Point, Point] => points(text) as [Point, Point];

const RUNS: Run[] = [
  {
    folder: 'bottleneck',
    walkable: closed(
      ...points('4 6.25, 4 .53, 2.4 .53, 2.4 -.53, 4 -.53, 4 -8.5'),
      ...points('-2.25 -8.5, -2.25 -.53, -.6 -.53, -.6 .53, -2.25 .53, -2.25 6.25'),
    ),
    area: closed(...points('-.6 -.53, 2.4 -.53, 2.4 .53, -.6 .53')),
    line: lineOf('-2.25 .5, 4 .5'),
    files: {
      flow: 'FDFlowVelocity_traj_AO_300.txt_id_4.dat',
      crossed: 'Flow_NT_traj_AO_300.txt_id_4.dat',
      traverse: 'FDTinTout_traj_AO_300.txt_id_1.dat',
    },
    flowFrames: 150,
    stretch: { line: lineOf('-.6 -.53, 2.4 -.53'), widthM: 1.06 },
  },
  {
    folder: 'corner',
    walkable: closed(...points('0 0, 0 5, -3 5, -3 -3, 5 -3, 5 0')),
    area: closed(...points('-3 0, 0 0, 0 2, -3 2')),
    line: lineOf('-3 0, 0 0'),
    files: {
      flow: 'FDFlowVelocity_traj.txt_id_2.dat',
      crossed: 'Flow_NT_traj.txt_id_2.dat',
      traverse: 'FDTinTout_traj.txt_id_1.dat',
    },
    flowFrames: 100,
    stretch: { line: lineOf('-3 0, 0 0'), widthM: 2 },
  },
];

const CLASSIC = 'rho_v_Classic_traj.txt_id_1.dat';
const VORONOI = 'rho_v_Voronoi_Voronoi_traj.txt_id_1.dat';
const BLIND_POINTS = 'rho_v_Voronoi_Voronoi_traj.txt_id_1_blind_points.dat';
const CUT_OFF = 'rho_v_Voronoi_Voronoi_traj.txt_id_1_blind_points_cut_off.dat';

const present = lentOrSkip(
  'reference results of PedPy',
  isPedPyPresent,
  'put shared/data beside the project',
);

describe.skipIf(!present).each(RUNS)('the $folder of the reference', (run) => {
  const trajectories = present ? trajectoriesOf(run.folder) : undefined;
  if (trajectories === undefined) return;
  const velocities = individualVelocities(trajectories);
  const area = new VoronoiArea(run.area, { border: 'outside' });
  const floor = new WalkableFloor(run.walkable);
  const whole = voronoiSeries(trajectories, floor, area, { velocities });

  /** Largest error over the rows of a file, and how many rows that were. */
  const compare = (
    file: string,
    column: number,
    series: Series,
    isCompared: (frame: number) => boolean = () => true,
  ) => {
    const rows = rowsOf(`${run.folder}/${file}`).filter(([frame]) => isCompared(frame as number));
    const errors = rows.map((row) => {
      const value = series.values[(row[0] as number) - series.firstFrame] as number;
      // The reference writes 0 where there is nobody to have a speed.
      return Math.abs((Number.isNaN(value) ? 0 : value) - (row[column] as number));
    });
    expect(rows.length).toBeGreaterThan(700);
    return Math.max(...errors);
  };

  it('classic density agrees in every frame to 1e-3', () => {
    expect(compare(CLASSIC, 1, classicDensitySeries(trajectories, area))).toBeLessThan(1e-3);
  });

  it('mean speed agrees in every frame', () => {
    const speed = meanSpeedSeries(trajectories, velocities, area);
    expect(compare(CLASSIC, 2, speed)).toBeLessThan(1e-3);
  });

  it('Voronoi density and speed agree in every frame with at least four people', () => {
    const isCompared = (frame: number): boolean => trajectories.rowsOf(frame).length >= 4;
    expect(compare(VORONOI, 1, whole.density, isCompared)).toBeLessThan(1e-3);
    expect(compare(VORONOI, 2, whole.speed, isCompared)).toBeLessThan(1e-3);
  });

  it('Voronoi density agrees in frames with fewer people too', () => {
    // From frame 930 on the reference program's own four extra points disturb the bottleneck.
    const isCompared = (frame: number): boolean => run.folder !== 'bottleneck' || frame < 930;
    expect(compare(BLIND_POINTS, 1, whole.density, isCompared)).toBeLessThan(1e-2);
    expect(compare(BLIND_POINTS, 2, whole.speed, isCompared)).toBeLessThan(1e-2);
  });

  // 128,000 cells are two seconds of a free core, and many more of a busy one.
  it(
    'Voronoi density and speed with the cut-off circle agree in every frame',
    { timeout: 90_000 },
    () => {
      const cut = voronoiSeries(trajectories, floor, area, { velocities, cutOff: VORONOI_CUT_OFF });
      expect(compare(CUT_OFF, 1, cut.density)).toBeLessThan(1e-3);
      expect(compare(CUT_OFF, 2, cut.speed)).toBeLessThan(1e-3);
    },
  );

  it('N–t is the same in every frame', () => {
    const first = firstCrossings(crossings(trajectories, run.line));
    expect(compare(run.files.crossed, 2, crossedUntil(trajectories, first))).toBe(0);
    expect(first).toHaveLength(run.folder === 'bottleneck' ? 348 : 137);
  });

  it('flow and the speed at the line agree in every interval', () => {
    const rows = flowIntervals(trajectories, run.line, run.flowFrames, velocities);
    const reference = rowsOf(`${run.folder}/${run.files.flow}`);
    expect(rows).toHaveLength(reference.length);
    rows.forEach(({ flowPerS, meanSpeed }, i) => {
      // The reference program leaves the first person out of its first row.
      if (i === 0) return;
      const [flow, speed] = reference[i] as [number, number];
      expect(Math.abs(flowPerS - flow)).toBeLessThan(1e-3);
      expect(Math.abs(meanSpeed - speed)).toBeLessThan(1e-3);
    });
  });

  it('density and speed on the way through the area agree for everybody', () => {
    const { line, widthM } = run.stretch;
    const through = traverses(trajectories, line, widthM);
    const density = classicDensitySeries(trajectories, through.area);
    const reference = new Map(
      rowsOf(`${run.folder}/${run.files.traverse}`).map((row) => [row[0] as number, row]),
    );
    expect(through.traverses).toHaveLength(reference.size);
    for (const traverse of through.traverses) {
      // The reference program sees person 25 of the corner enter one frame later; PedPy leaves them out as well.
      if (run.folder === 'corner' && traverse.person === 25) continue;
      const [, densityThere, speed] = reference.get(traverse.person) as [number, number, number];
      expect(Math.abs(passingDensity(density, traverse) - densityThere)).toBeLessThan(1e-2);
      expect(Math.abs(traverse.speed - speed)).toBeLessThan(1e-3);
    }
  });
});
