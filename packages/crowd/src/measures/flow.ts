import type { Point } from '@hitonami/model';
import { checkFrames, mean } from './columns.js';
import { crossedUntil, crossings, firstCrossings } from './crossings.js';
import type { Velocities } from './speed.js';
import type { Trajectories } from './trajectories.js';

/** The flow over a line in one interval. */
export interface FlowInterval {
  /** From the frame after the last crossing before the interval (or the first of all) to the one after its own last. */
  fromFrame: number;
  toFrame: number;
  persons: number;
  /** J, persons/s. */
  flowPerS: number;
  /** J over the length of the line, persons/(m·s). */
  specificFlowPerMS: number;
  /** Mean speed of those who cross, at their crossing, m/s; NaN where none is known. */
  meanSpeed: number;
}

/**
 * Flow J = (N₂ − N₁) / (t₂ − t₁), where N₁ people had crossed at t₁ and N₂ at t₂. The time from the first crossing on is cut
 * into intervals of `intervalFrames`; t₂ is the frame after the last crossing within the interval, and t₁ that of the
 * interval before (at first: the frame of the first crossing), so that the wait for the next person falls into the
 * interval in which they come. Intervals without a crossing, and what is left at the end, give no row.
 *
 * Source: PedPy, `compute_flow`. The first row counts the person of the first crossing without the time before it.
 */
export function flowIntervals(
  trajectories: Trajectories,
  line: readonly [Point, Point],
  intervalFrames: number,
  velocities?: Velocities,
): FlowInterval[] {
  checkFrames('flow interval', intervalFrames);
  const first = firstCrossings(crossings(trajectories, line));
  const begin = first[0]?.frame;
  if (begin === undefined) return [];
  const [[ax, ay], [bx, by]] = line;
  const lengthM = Math.hypot(bx - ax, by - ay);
  const { values, firstFrame } = crossedUntil(trajectories, first);
  const rows: FlowInterval[] = [];
  let fromFrame = begin;
  let before = 0;
  for (let end = begin + intervalFrames; end < trajectories.lastFrame; end += intervalFrames) {
    const crossed = values[end - firstFrame] as number;
    if (crossed === before) continue;
    const toFrame = (first[crossed - 1]?.frame ?? end) + 1;
    const persons = crossed - before;
    const flowPerS = (persons / (toFrame - fromFrame)) * trajectories.framesPerS;
    rows.push({
      fromFrame,
      toFrame,
      persons,
      flowPerS,
      specificFlowPerMS: flowPerS / lengthM,
      meanSpeed:
        velocities === undefined
          ? NaN
          : mean(
              first
                .filter(({ frame }) => frame >= fromFrame && frame <= toFrame)
                .map(({ row }) => velocities.speed[row] as number),
            ),
    });
    before = crossed;
    fromFrame = toFrame;
  }
  return rows;
}
