import type { Point } from '@hitonami/model';
import { shareOf } from './judge.js';
import { trailsOf, type Sightings } from './sightings.js';

/** A ticket gate: a line on a floor that is walked through. */
export interface Gate {
  floor: number;
  line: readonly [Point, Point];
}

/** What a gate's log tells whoever holds it: a card, whose owner is known there, passed this gate at this time. */
export interface Passage {
  gate: number;
  /** Event time, s; the log is exact to the second. */
  atS: number;
  /** The truth, where the attack is to be judged. */
  person?: number;
}

/** Positions nearer to a ticket gate than this never reach the warehouse, m. */
export const GATE_EXCLUSION_M = 5;
/** The log's own exactness, s. */
const LOG_S = 1;
/** How much less sure an instant is that was foretold from where a path ends, per second of way. */
const FORETOLD_SHARE = 0.25;
/** A path that ends is followed on for so long at its last velocity, s. */
const FOLLOWED_S_MAX = 12;
/** Whoever goes slower than this is not on his way to a gate, m/s. */
const WALKING_MS = 0.3;
/** A gate is this much wider for a way that is foretold, m at each end. */
const WIDER_M = 0.5;
/** Two positions of one path with more time between them say nothing of what was between, s. */
const STEP_S_MAX = 3;
/** A path's last velocity is that over so many of its steps. */
const VELOCITY_STEPS = 3;

export interface GateAttack {
  passages: number;
  /** Passages that single out one path: no other comes to the gate, or from it, at that time. */
  singledOut: number;
  share: number | null;
  /** Passages whose likeliest path is that of the person who truly passed; null where nobody knows. */
  right: number | null;
  rightShare: number | null;
}

/** A path at a gate: seen to pass it, or on the way to it, or from it. */
interface Coming {
  path: number;
  atS: number;
  /** How far off the time may be, s. */
  withinS: number;
  side: 'through' | 'to' | 'from';
  /** Of the position from which it was concluded. */
  sighting: number;
}

/**
 * The attacker who holds the gate log. He knows to the second when somebody whom he can name passed which gate, and looks
 * for the path that passes there then; where no position near the gate is stored, for paths that end before it and walk
 * towards it, or begin behind it and come from it.
 */
export function attackGateLog(
  sightings: Sightings,
  pathOf: Int32Array,
  gates: readonly Gate[],
  passages: readonly Passage[],
  person?: Int32Array,
): GateAttack {
  const comings = gates.map((gate) => comingsTo(gate, sightings, pathOf));
  let singledOut = 0;
  let right = 0;
  for (const passage of passages) {
    const near = (comings[passage.gate] ?? []).filter(
      ({ atS, withinS }) => Math.abs(atS - passage.atS) <= LOG_S + withinS,
    );
    const count = (skipped: Coming['side']): number =>
      new Set(near.filter(({ side }) => side !== skipped).map(({ path }) => path)).size;
    if (count('from') === 1 || count('to') === 1) singledOut += 1;
    const off = ({ atS, withinS }: Coming): number =>
      Math.abs(atS - passage.atS) / (LOG_S + withinS);
    const best = near.reduce<Coming | undefined>(
      (a, b) => (a === undefined || off(b) < off(a) ? b : a),
      undefined,
    );
    if (best && person && person[best.sighting] === passage.person) right += 1;
  }
  const isKnown = person !== undefined;
  return {
    passages: passages.length,
    singledOut,
    share: shareOf(singledOut, passages.length),
    right: isKnown ? right : null,
    rightShare: isKnown ? shareOf(right, passages.length) : null,
  };
}

/** Who truly passed the gates, and when, from positions whose owner is known: what the gate's log would say. */
export function passagesOf(
  sightings: Sightings,
  person: Int32Array,
  gates: readonly Gate[],
): Passage[] {
  const passages = gates.flatMap((gate, number) =>
    comingsTo(gate, sightings, person)
      .filter(({ side }) => side === 'through')
      .map(({ path, atS }) => ({ gate: number, atS: Math.floor(atS), person: path })),
  );
  return passages.sort((a, b) => a.atS - b.atS || a.gate - b.gate);
}

/**
 * What a gate's log would say as far as the paths themselves tell, where nobody knows: each path that passes a gate, or that
 * ends on its way to one. The attacker is better off than this, for he also knows of those whom no camera saw.
 */
export function passagesTold(
  sightings: Sightings,
  pathOf: Int32Array,
  gates: readonly Gate[],
): Passage[] {
  return gates
    .flatMap((gate, number) =>
      comingsTo(gate, sightings, pathOf)
        .filter(({ side }) => side !== 'from')
        .map(({ atS }) => ({ gate: number, atS: Math.round(atS) })),
    )
    .sort((a, b) => a.atS - b.atS || a.gate - b.gate);
}

function comingsTo(gate: Gate, s: Sightings, pathOf: Int32Array): Coming[] {
  const trails = trailsOf(pathOf);
  const comings: Coming[] = [];
  for (let path = 0; path < trails.count; path++) {
    const trail = trails.of(path);
    if (trail.length < 2) continue;
    comings.push(...passing(gate, s, trail, path));
    const to = foretold(gate, s, trail, path, 'to');
    const from = foretold(gate, s, trail, path, 'from');
    if (to) comings.push(to);
    if (from) comings.push(from);
  }
  return comings;
}

/** The instants at which a path is seen to cross the gate. */
function passing(gate: Gate, s: Sightings, trail: Uint32Array, path: number): Coming[] {
  const comings: Coming[] = [];
  for (let i = 1; i < trail.length; i++) {
    const [a, b] = [trail[i - 1] as number, trail[i] as number];
    const dtS = (s.atS[b] as number) - (s.atS[a] as number);
    if (s.floor[a] !== gate.floor || s.floor[b] !== gate.floor || dtS > STEP_S_MAX) continue;
    const dx = (s.xM[b] as number) - (s.xM[a] as number);
    const dy = (s.yM[b] as number) - (s.yM[a] as number);
    const along = crossing(gate, s.xM[a] as number, s.yM[a] as number, dx, dy, 0);
    if (along === undefined || along >= 1) continue;
    const atS = (s.atS[a] as number) + along * dtS;
    comings.push({ path, atS, withinS: 0, side: 'through', sighting: b });
  }
  return comings;
}

/** When a path would reach the gate (or came from it), if it went straight on beyond its last (or first) position. */
function foretold(
  gate: Gate,
  s: Sightings,
  trail: Uint32Array,
  path: number,
  side: 'to' | 'from',
): Coming | undefined {
  const steps = Math.min(VELOCITY_STEPS, trail.length - 1);
  const end = trail[side === 'to' ? trail.length - 1 : 0] as number;
  const inner = trail[side === 'to' ? trail.length - 1 - steps : steps] as number;
  if (s.floor[end] !== gate.floor) return undefined;
  const dtS = Math.abs((s.atS[end] as number) - (s.atS[inner] as number));
  // Away from the path's inside, in either direction of time.
  const vx = ((s.xM[end] as number) - (s.xM[inner] as number)) / dtS;
  const vy = ((s.yM[end] as number) - (s.yM[inner] as number)) / dtS;
  if (!(Math.hypot(vx, vy) >= WALKING_MS)) return undefined;
  const afterS = crossing(gate, s.xM[end] as number, s.yM[end] as number, vx, vy, WIDER_M);
  if (afterS === undefined || afterS > FOLLOWED_S_MAX) return undefined;
  const atS = (s.atS[end] as number) + (side === 'to' ? afterS : -afterS);
  return { path, atS, withinS: FORETOLD_SHARE * afterS, side, sighting: end };
}

/** How many times (dx, dy) lead from a point onto a gate, not back; undefined where they pass it by. */
function crossing(
  { line: [a, b] }: Gate,
  xM: number,
  yM: number,
  dx: number,
  dy: number,
  widerM: number,
): number | undefined {
  const [gx, gy] = [b[0] - a[0], b[1] - a[1]];
  const cross = dx * gy - dy * gx;
  if (cross === 0) return undefined;
  const [ax, ay] = [a[0] - xM, a[1] - yM];
  const times = (ax * gy - ay * gx) / cross;
  const along = (ax * dy - ay * dx) / cross;
  const margin = widerM / Math.hypot(gx, gy);
  return times >= 0 && along >= -margin && along <= 1 + margin ? times : undefined;
}

/** Numbers of the positions that are stored: those no nearer to a gate of their floor than the exclusion. */
export function outsideGates(
  s: Sightings,
  gates: readonly Gate[],
  withinM = GATE_EXCLUSION_M,
): Uint32Array {
  const kept: number[] = [];
  for (let i = 0; i < s.count; i++) {
    const [x, y] = [s.xM[i] as number, s.yM[i] as number];
    const isNear = gates.some(
      (gate) => gate.floor === s.floor[i] && distanceM(gate.line, x, y) < withinM,
    );
    if (!isNear) kept.push(i);
  }
  return Uint32Array.from(kept);
}

/** From a point to a line with two ends, m. */
export function distanceM([a, b]: readonly [Point, Point], x: number, y: number): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : ((x - a[0]) * dx + (y - a[1]) * dy) / length2;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy);
}
