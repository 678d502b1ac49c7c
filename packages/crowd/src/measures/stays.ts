import type { Point } from '@hitonami/model';
import { MeasuredArea } from './area.js';
import { crossings } from './crossings.js';
import type { Series, Trajectories } from './trajectories.js';

/** One time that one person spent in an area without leaving it. */
export interface Stay {
  person: number;
  /** First frame inside. */
  enteredFrame: number;
  /** First frame after the last one inside. */
  leftFrame: number;
  /** Dwell time, s. */
  dwellS: number;
  /** Whether the person was already inside when first seen, or still inside when last seen: then it lasted longer. */
  cutShort: boolean;
}

/**
 * The times that people spend in an area. A person missing in a frame has left. The sum of all dwell times is the integral
 * over time of the number of people in the area.
 *
 * Dwell time: time a track spends inside an area. Continuous parts as in PedPy, `_get_continuous_parts_in_area`.
 */
export function stays(trajectories: Trajectories, area: MeasuredArea): Stay[] {
  const { x, y, frame, starts, ids, framesPerS } = trajectories;
  const found: Stay[] = [];
  for (let k = 0; k < ids.length; k++) {
    const first = starts[k] as number;
    const end = starts[k + 1] as number;
    let since = -1;
    for (let i = first; i <= end; i++) {
      const inside = i < end && area.contains(x[i] as number, y[i] as number);
      const hasGap = i < end && i > first && (frame[i] as number) - (frame[i - 1] as number) > 1;
      if (since >= 0 && (!inside || hasGap)) {
        const enteredFrame = frame[since] as number;
        const leftFrame = (frame[i - 1] as number) + 1;
        found.push({
          person: ids[k] as number,
          enteredFrame,
          leftFrame,
          dwellS: (leftFrame - enteredFrame) / framesPerS,
          cutShort: since === first || i === end,
        });
        since = -1;
      }
      if (inside && since < 0) since = i;
    }
  }
  return found;
}

/** One person's way through a stretch between two parallel lines. */
export interface Traverse {
  person: number;
  enteredFrame: number;
  leftFrame: number;
  /** Length of the stretch over the time in it, m/s. */
  speed: number;
}

/**
 * Who goes through the stretch from a line to its parallel `widthM` to the left of it: in over the one and out over the
 * other, without leaving it between.
 *
 * Source: PedPy, `compute_frame_range_in_area` and `compute_passing_speed`.
 */
export function traverses(
  trajectories: Trajectories,
  line: readonly [Point, Point],
  widthM: number,
): { area: MeasuredArea; traverses: Traverse[] } {
  const [[ax, ay], [bx, by]] = line;
  const length = Math.hypot(bx - ax, by - ay);
  const dx = (-(by - ay) / length) * widthM;
  const dy = ((bx - ax) / length) * widthM;
  const far: readonly [Point, Point] = [
    [ax + dx, ay + dy],
    [bx + dx, by + dy],
  ];
  const area = new MeasuredArea([[line[0], line[1], far[1], far[0], line[0]]], {
    border: 'outside',
  });
  const over = (at: readonly [Point, Point]): Set<string> =>
    new Set(crossings(trajectories, at).map(({ person, frame }) => `${person} ${frame}`));
  const [near, beyond] = [over(line), over(far)];
  const found = stays(trajectories, area)
    .filter(({ person, enteredFrame, leftFrame }) => {
      const [entered, left] = [`${person} ${enteredFrame}`, `${person} ${leftFrame}`];
      return (near.has(entered) && beyond.has(left)) || (beyond.has(entered) && near.has(left));
    })
    .map(({ person, enteredFrame, leftFrame, dwellS }) => ({
      person,
      enteredFrame,
      leftFrame,
      speed: widthM / dwellS,
    }));
  return { area, traverses: found };
}

/**
 * Passing density: the mean of the density of an area over the frames that a person is on their way through it.
 * Source: PedPy, `compute_passing_density`.
 */
export function passingDensity(density: Series, { enteredFrame, leftFrame }: Traverse): number {
  const { values, firstFrame } = density;
  let sum = 0;
  for (let frame = enteredFrame; frame < leftFrame; frame++) sum += values[frame - firstFrame] ?? 0;
  return sum / (leftFrame - enteredFrame);
}
