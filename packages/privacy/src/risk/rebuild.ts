import { assign, type Candidate } from './assignment.js';
import { chanceOfLinks } from './chance.js';
import { ALONE_COST, leapCost, MISSED_COST } from './motion.js';
import type { Sightings } from './sightings.js';

export interface RebuildOptions {
  /** A path that nobody has gone on with for so long has ended, seconds. Default 3. */
  gapS?: number;
}

/** Paths that were put together from positions without a name. */
export interface RebuiltPaths {
  readonly count: number;
  /** The path of every sighting. */
  readonly pathOf: Int32Array;
  /** Of every path: the chance, 0 to 1, that every step on it is right, by how likely the others would have been. */
  readonly chance: Float64Array;
}

const GAP_S = 3;
/** Weight of the newest step in a path's velocity, where none is stored. */
const NEW_WEIGHT = 0.7;
/** A position that comes later than this many usual steps was missed before. */
const LATE = 1.3;

interface Live {
  path: number;
  floor: number;
  atS: number;
  xM: number;
  yM: number;
  vxMS: number;
  vyMS: number;
  /** Its usual time from one position to the next, s; NaN for a path of one. */
  stepS: number;
}

/**
 * Rebuilds paths from positions without any name, as whoever holds them could: instant by instant each path is carried on
 * by the position that fits best where it would be at constant velocity (`leapCost`), all of one instant decided
 * together at the least sum of costs.
 */
export function rebuildPaths(sightings: Sightings, options: RebuildOptions = {}): RebuiltPaths {
  const gapS = options.gapS ?? GAP_S;
  const pathOf = new Int32Array(sightings.count).fill(-1);
  const chance: number[] = [];
  let live: Live[] = [];
  for (let from = 0; from < sightings.count;) {
    const atS = sightings.atS[from] as number;
    let to = from + 1;
    while (to < sightings.count && sightings.atS[to] === atS) to++;
    live = live.filter((path) => atS - path.atS <= gapS);
    const candidates = candidatesOf(sightings, from, to, live);
    const links = assign(candidates, ALONE_COST);
    const chances = chanceOfLinks(links, candidates);
    links.forEach((link, i) => {
      const path = live[link.left] as Live;
      pathOf[link.right] = path.path;
      chance[path.path] = (chance[path.path] as number) * (chances[i] as number);
      goOn(path, sightings, link.right);
    });
    for (let i = from; i < to; i++) {
      if (pathOf[i] !== -1) continue;
      pathOf[i] = chance.push(1) - 1;
      live.push(begin(pathOf[i] as number, sightings, i));
    }
    from = to;
  }
  return { count: chance.length, pathOf, chance: Float64Array.from(chance) };
}

function candidatesOf(
  sightings: Sightings,
  from: number,
  to: number,
  live: readonly Live[],
): Candidate[] {
  const { atS, floor, xM, yM, vxMS, vyMS } = sightings;
  const candidates: Candidate[] = [];
  for (let left = 0; left < live.length; left++) {
    const path = live[left] as Live;
    for (let right = from; right < to; right++) {
      if (path.floor !== floor[right]) continue;
      const dtS = (atS[right] as number) - path.atS;
      const cost = leapCost({
        dtS,
        dxM: (xM[right] as number) - path.xM,
        dyM: (yM[right] as number) - path.yM,
        fromVxMS: path.vxMS,
        fromVyMS: path.vyMS,
        toVxMS: vxMS[right] as number,
        toVyMS: vyMS[right] as number,
      });
      if (cost < Infinity) candidates.push({ left, right, cost: cost + missed(path, dtS) });
    }
  }
  return candidates;
}

/** What it costs that nobody saw the path for longer than is usual for it. */
function missed({ stepS }: Live, dtS: number): number {
  return Number.isNaN(stepS) ? 0 : MISSED_COST * Math.max(0, dtS / stepS - LATE);
}

function begin(path: number, s: Sightings, i: number): Live {
  return {
    path,
    floor: s.floor[i] as number,
    atS: s.atS[i] as number,
    xM: s.xM[i] as number,
    yM: s.yM[i] as number,
    vxMS: s.vxMS[i] as number,
    vyMS: s.vyMS[i] as number,
    stepS: NaN,
  };
}

function goOn(path: Live, s: Sightings, i: number): void {
  const dtS = (s.atS[i] as number) - path.atS;
  const [xM, yM] = [s.xM[i] as number, s.yM[i] as number];
  const [vx, vy] = [s.vxMS[i] as number, s.vyMS[i] as number];
  const mixed = (before: number, step: number): number =>
    Number.isNaN(before) ? step : NEW_WEIGHT * step + (1 - NEW_WEIGHT) * before;
  path.vxMS = Number.isNaN(vx) ? mixed(path.vxMS, (xM - path.xM) / dtS) : vx;
  path.vyMS = Number.isNaN(vy) ? mixed(path.vyMS, (yM - path.yM) / dtS) : vy;
  path.stepS = Number.isNaN(path.stepS) ? dtS : 0.3 * dtS + 0.7 * path.stepS;
  path.atS += dtS;
  path.xM = xM;
  path.yM = yM;
}
