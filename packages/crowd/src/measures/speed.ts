import type { MeasuredArea } from './area.js';
import { classicDensity, meanSpeed } from './classic.js';
import { checkFrames, pick } from './columns.js';
import type { Series, Trajectories } from './trajectories.js';
import {
  voronoiDensity,
  voronoiSpeed,
  type CutOff,
  type VoronoiArea,
  type WalkableFloor,
} from './voronoi.js';

/** Frames before and after a position that its speed is taken over, in the reference data. */
export const SPEED_FRAME_STEP = 5;

/** For every row of the trajectories, m/s; NaN where a person has no other row within the step. */
export interface Velocities {
  vx: Float64Array;
  vy: Float64Array;
  speed: Float64Array;
}

/**
 * Individual velocity: from the position `frameStep` rows before to the one `frameStep` rows after, over the time between
 * them. Where a trajectory does not reach that far to one side, from or to the position itself (single-sided).
 *
 * Source: PedPy, `compute_individual_speed` with `SpeedCalculation.BORDER_SINGLE_SIDED`.
 */
export function individualVelocities(
  trajectories: Trajectories,
  frameStep = SPEED_FRAME_STEP,
): Velocities {
  checkFrames('step of individual velocity', frameStep);
  const { x, y, frame, starts, ids, framesPerS, length } = trajectories;
  const vx = new Float64Array(length);
  const vy = new Float64Array(length);
  const speed = new Float64Array(length);
  for (let k = 0; k < ids.length; k++) {
    const first = starts[k] as number;
    const end = starts[k + 1] as number;
    for (let i = first; i < end; i++) {
      const a = i - frameStep >= first ? i - frameStep : i;
      const b = i + frameStep < end ? i + frameStep : i;
      // 0 / 0 where both are the position itself: not known.
      const perS = framesPerS / ((frame[b] as number) - (frame[a] as number));
      const dx = ((x[b] as number) - (x[a] as number)) * perS;
      const dy = ((y[b] as number) - (y[a] as number)) * perS;
      vx[i] = dx;
      vy[i] = dy;
      speed[i] = Math.sqrt(dx * dx + dy * dy);
    }
  }
  return { vx, vy, speed };
}

/** Classic density of every frame, persons/m². */
export function classicDensitySeries(trajectories: Trajectories, area: MeasuredArea): Series {
  return trajectories.series((frame) => classicDensity(area, trajectories.at(frame)));
}

/** Mean speed of an area in every frame, m/s; NaN where nobody is inside. */
export function meanSpeedSeries(
  trajectories: Trajectories,
  { vx, vy }: Velocities,
  area: MeasuredArea,
): Series {
  return trajectories.series((frame, rows) =>
    meanSpeed(area, { ...trajectories.at(frame), vx: pick(vx, rows), vy: pick(vy, rows) }),
  );
}

/** Voronoi density and, where velocities are given, Voronoi speed of every frame; see `voronoiDensity`. */
export function voronoiSeries(
  trajectories: Trajectories,
  floor: WalkableFloor,
  area: VoronoiArea,
  { cutOff, velocities }: { cutOff?: CutOff; velocities?: Velocities } = {},
): { density: Series; speed: Series } {
  const speed = new Float64Array(trajectories.frames);
  const density = trajectories.series((frame, rows) => {
    const cells = floor.cells(trajectories.at(frame), cutOff);
    speed[frame - trajectories.firstFrame] =
      velocities === undefined ? NaN : voronoiSpeed(cells, pick(velocities.speed, rows), area);
    return voronoiDensity(cells, area);
  });
  return { density, speed: { firstFrame: trajectories.firstFrame, values: speed } };
}
