import { assign, type Candidate } from './assignment.js';
import { shareOf } from './judge.js';
import { ALONE_AFTER_DARK_COST, leapCost } from './motion.js';
import type { SeededRandom } from './random.js';
import { trailsOf, type Sightings, type Trails } from './sightings.js';

export interface Rejoined {
  /** For how long nobody was seen behind the cut, seconds. */
  darkS: number;
  /** Paths that were seen before and after the cuts. */
  cut: number;
  rejoined: number;
  /** `rejoined` ÷ `cut`; null where nothing was cut. */
  share: number | null;
}

export interface RejoinOptions {
  darkS: number;
  /** Cuts that are tried, at instants drawn by chance among those of the positions. */
  cuts: number;
  random: SeededRandom;
  /** Longest time from a path's last position to the cut, and from the darkness to its first, seconds. Default 2. */
  freshS?: number;
}

interface End {
  label: number;
  floor: number;
  atS: number;
  xM: number;
  yM: number;
  vxMS: number;
  vyMS: number;
}

/**
 * Cuts every path at one instant, hides everybody for a while, and puts the ends together again by constant velocity, all
 * of them at once, those too who left meanwhile or came. Counted are those who were there before and after.
 *
 * @param labels whose each position is: the truth, or rebuilt paths where nobody knows it
 */
export function rejoin(sightings: Sightings, labels: Int32Array, options: RejoinOptions): Rejoined {
  const { darkS, cuts, random, freshS = 2 } = options;
  const trails = trailsOf(labels);
  let cut = 0;
  let rejoined = 0;
  for (let i = 0; i < cuts && sightings.count > 0; i++) {
    const atS = sightings.atS[random.below(sightings.count)] as number;
    const before = endsBefore(sightings, trails, atS, freshS);
    const after = endsAfter(sightings, trails, atS, atS + darkS, freshS);
    const there = new Set(after.map(({ label }) => label));
    cut += before.filter(({ label }) => there.has(label)).length;
    for (const { left, right } of assign(candidatesOf(before, after), ALONE_AFTER_DARK_COST))
      if (before[left]?.label === after[right]?.label) rejoined += 1;
  }
  return { darkS, cut, rejoined, share: shareOf(rejoined, cut) };
}

function candidatesOf(before: readonly End[], after: readonly End[]): Candidate[] {
  const candidates: Candidate[] = [];
  before.forEach((from, left) => {
    after.forEach((to, right) => {
      if (from.floor !== to.floor) return;
      const cost = leapCost({
        dtS: to.atS - from.atS,
        dxM: to.xM - from.xM,
        dyM: to.yM - from.yM,
        fromVxMS: from.vxMS,
        fromVyMS: from.vyMS,
        toVxMS: to.vxMS,
        toVyMS: to.vyMS,
      });
      if (cost < Infinity) candidates.push({ left, right, cost });
    });
  });
  return candidates;
}

/** Number of a trail's sightings up to an instant. */
function countUntil({ atS }: Sightings, trail: Uint32Array, untilS: number): number {
  let [low, high] = [0, trail.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atS[trail[middle] as number] as number) <= untilS) low = middle + 1;
    else high = middle;
  }
  return low;
}

function endsBefore(s: Sightings, trails: Trails, cutS: number, freshS: number): End[] {
  const ends: End[] = [];
  for (let label = 0; label < trails.count; label++) {
    const trail = trails.of(label);
    const count = countUntil(s, trail, cutS);
    if (count === 0) continue;
    const last = trail[count - 1] as number;
    if (cutS - (s.atS[last] as number) > freshS) continue;
    ends.push(end(s, label, last, count > 1 ? trail[count - 2] : undefined));
  }
  return ends;
}

/** Of those who come out of the darkness, their first sighting; those who are first seen long after it are not asked for. */
function endsAfter(
  s: Sightings,
  trails: Trails,
  cutS: number,
  lightS: number,
  freshS: number,
): End[] {
  const ends: End[] = [];
  for (let label = 0; label < trails.count; label++) {
    const trail = trails.of(label);
    // Without darkness the next instant is the light.
    const count = countUntil(s, trail, lightS === cutS ? cutS : lightS - 1e-9);
    const first = trail[count];
    if (first === undefined || (s.atS[first] as number) - lightS > freshS) continue;
    ends.push(end(s, label, first, trail[count + 1]));
  }
  return ends;
}

/** An end with its velocity: the stored one, else that of its step to the next on its own side of the cut. */
function end(s: Sightings, label: number, at: number, other: number | undefined): End {
  let [vxMS, vyMS] = [s.vxMS[at] as number, s.vyMS[at] as number];
  if (Number.isNaN(vxMS) && other !== undefined) {
    const dtS = (s.atS[other] as number) - (s.atS[at] as number);
    vxMS = ((s.xM[other] as number) - (s.xM[at] as number)) / dtS;
    vyMS = ((s.yM[other] as number) - (s.yM[at] as number)) / dtS;
  }
  const [floor, atS] = [s.floor[at] as number, s.atS[at] as number];
  return { label, floor, atS, xM: s.xM[at] as number, yM: s.yM[at] as number, vxMS, vyMS };
}
