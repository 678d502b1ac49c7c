import { HitonamiError, type Point } from '@hitonami/model';
import type { Series, Trajectories } from './trajectories.js';

/** Nearer to the line than this is on it, m. */
const ON_LINE_M = 1e-5;

export interface Crossing {
  person: number;
  /** The frame in which the person is first seen beyond the line. */
  frame: number;
  /** Row of the trajectories. */
  row: number;
  /** `forward` is towards the left of the line's direction, as for the count lines of a site. */
  direction: 'forward' | 'backward';
}

/**
 * Every crossing of a segment, by frame, then person: a movement from one frame to the next that goes over the line. One
 * that ends on the line is not yet a crossing; one that starts on it is.
 *
 * Source: PedPy, `compute_crossing_frames`. For a count line that must not be inflated by who loiters on it, see
 * `stepAcrossLine`, which counts passages of a band.
 * @throws HitonamiError `INPUT` where the line has no length
 */
export function crossings(trajectories: Trajectories, line: readonly [Point, Point]): Crossing[] {
  const { x, y, frame, starts, ids } = trajectories;
  const [[ax, ay], [bx, by]] = line;
  const length = Math.hypot(bx - ax, by - ay);
  if (!(length > 0))
    throw new HitonamiError(
      'INPUT',
      `line to cross: from ${ax} ${ay} to ${bx} ${by} has no length`,
    );
  const ux = (bx - ax) / length;
  const uy = (by - ay) / length;
  /** Distance from the line, positive left of it. */
  const across = (i: number): number => {
    const d = ((y[i] as number) - ay) * ux - ((x[i] as number) - ax) * uy;
    return Math.abs(d) <= ON_LINE_M ? 0 : d;
  };
  const along = (i: number): number => ((x[i] as number) - ax) * ux + ((y[i] as number) - ay) * uy;
  const found: Crossing[] = [];
  for (let k = 0; k < ids.length; k++) {
    for (let i = (starts[k] as number) + 1; i < (starts[k + 1] as number); i++) {
      const before = across(i - 1);
      const after = across(i);
      if (after === 0 || before * after > 0) continue;
      const t = before / (before - after);
      const at = along(i - 1) + t * (along(i) - along(i - 1));
      if (at < 0 || at > length) continue;
      found.push({
        person: ids[k] as number,
        frame: frame[i] as number,
        row: i,
        direction: after > 0 ? 'forward' : 'backward',
      });
    }
  }
  return found.sort((a, b) => a.frame - b.frame || a.person - b.person);
}

/** The first crossing of each person. */
export function firstCrossings(all: readonly Crossing[]): Crossing[] {
  const seen = new Set<number>();
  return all.filter(({ person }) => {
    if (seen.has(person)) return false;
    seen.add(person);
    return true;
  });
}

/**
 * N–t: how many people have crossed up to each frame, each counted at their first crossing.
 * Source: PedPy, `compute_n_t`.
 */
export function crossedUntil(trajectories: Trajectories, first: readonly Crossing[]): Series {
  let crossed = 0;
  return trajectories.series((frame) => {
    while ((first[crossed]?.frame ?? Infinity) <= frame) crossed++;
    return crossed;
  });
}
