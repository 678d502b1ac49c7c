import type { Point } from '@hitonami/model';
import type { FloorField } from '../floor-field.js';
import type { Gate } from '../world.js';
import type { Agent } from './agent.js';
import type { Floor } from './floor.js';

/** Where the first of a queue stands before the lane, and how far the next is behind, metres. */
const FIRST_SLOT_M = 0.45;
const SLOT_M = 0.58;
/** Who is so near to the end of the queue has joined it. */
const JOIN_M = 0.8;
/** So many stand in line; those behind them crowd up. */
const IN_LINE = 6;
/** Whose turn it is goes in from no farther than this, along and across, metres. */
const AT_MOUTH_M = 0.9;
const IN_FRONT_M = 0.5;
/** Who was pushed so far from the lane that they were to enter has to queue again. */
const ASTRAY_M = 1.2;
/** Someone may follow into a lane when the one before is this far in. */
const FOLLOW_M = 0.75;
/** Those with something wide take a lane of at least this width. */
const WIDE_LANE_M = 0.85;
const WIDE_BODY_M = 0.3;
/** Others leave the wide lane to them while it costs no more than so many metres. */
const COURTESY_M = 5;
/** Walking speed that a wait is weighed against, m/s. */
const WEIGHING_SPEED_M_S = 1.2;
/** How far beyond the lane someone has left it, metres. */
const CLEAR_M = 0.15;
/** Time between two people while the gates stand open in an evacuation, seconds. */
const OPEN_SERVICE_S = 0.6;

interface Lane {
  gate: Gate;
  ux: number;
  uy: number;
  lengthM: number;
  /** Index 0: forward (entered at `from`), 1: backward. */
  mouths: readonly [Point, Point];
  zones: readonly [number, number];
  fields: readonly [FloorField, FloorField];
  queues: readonly [Agent[], Agent[]];
  /** How many are on their way to it and have not joined. */
  heading: [number, number];
  inside: Agent[];
  isForward: boolean;
  freeAtS: number;
}

/** The ticket gates: lanes that take one after another, and the queues before them. */
export class Gates {
  readonly lanes: readonly Lane[];
  /** In an evacuation they stand open, both ways. */
  isOpen = false;

  constructor(floor: Floor) {
    this.lanes = floor.world.gates.map((gate) => laneOf(gate, floor));
  }

  /** Whether a way leads through some gate from one zone to another. */
  leads(from: number, to: number): boolean {
    return this.lanes.some((lane) => this.#directionOf(lane, from, to) !== undefined);
  }

  /** The lane that takes `agent` to a zone soonest; −1 where none does. */
  choose(agent: Agent, zoneNow: number, zoneTo: number): number {
    let best = -1;
    let least = Infinity;
    this.lanes.forEach((lane, i) => {
      const side = this.#directionOf(lane, zoneNow, zoneTo);
      if (side === undefined) return;
      if (agent.bodyM > WIDE_BODY_M && lane.gate.widthM < WIDE_LANE_M) return;
      const before = lane.queues[side].length + 0.7 * lane.heading[side];
      const against = lane.queues[1 - side]?.length ?? 0;
      const waitS = (before + against) * lane.gate.serviceS;
      const walkM = lane.fields[side].walkFrom(agent.x, agent.y);
      const courtesyM =
        agent.bodyM <= WIDE_BODY_M && lane.gate.widthM >= WIDE_LANE_M ? COURTESY_M : 0;
      const cost = walkM + courtesyM + waitS * WEIGHING_SPEED_M_S;
      if (cost < least) [best, least] = [i, cost];
    });
    return best;
  }

  /** 0 where a lane leads forward between two zones, 1 where backward. */
  #directionOf(lane: Lane, from: number, to: number): 0 | 1 | undefined {
    const { direction } = lane.gate;
    const [near, far] = lane.zones;
    if (near === from && far === to && (this.isOpen || direction !== 'backward')) return 0;
    if (far === from && near === to && (this.isOpen || direction !== 'forward')) return 1;
    return undefined;
  }

  /** Counts who is on the way to each lane, so that those who choose next know. */
  count(agents: readonly Agent[]): void {
    for (const lane of this.lanes) lane.heading = [0, 0];
    for (const { stages } of agents) {
      const stage = stages[0];
      if (stage?.kind !== 'gate' || stage.hasJoined || stage.lane < 0) continue;
      const lane = this.lanes[stage.lane] as Lane;
      lane.heading[this.sideOf(stage.lane, stage.zone)] += 1;
    }
  }

  sideOf(lane: number, zoneTo: number): 0 | 1 {
    return this.lanes[lane]?.zones[1] === zoneTo ? 0 : 1;
  }

  /** Where the one at a place of the queue stands, from 0. */
  slot(index: number, side: 0 | 1, place: number): Point {
    const lane = this.lanes[index] as Lane;
    const sign = side === 0 ? -1 : 1;
    const back = sign * (FIRST_SLOT_M + SLOT_M * Math.min(place, IN_LINE));
    const [x, y] = lane.mouths[side];
    return [x + lane.ux * back, y + lane.uy * back];
  }

  /** Whether someone who walks to the queue's end has reached it; then they are in it. */
  join(index: number, side: 0 | 1, agent: Agent): boolean {
    const lane = this.lanes[index] as Lane;
    const queue = lane.queues[side];
    const [back, aside] = this.#before(lane, side, agent);
    const reach = FIRST_SLOT_M + SLOT_M * Math.min(queue.length, IN_LINE) + JOIN_M;
    if (back < 0 || back > reach || aside > JOIN_M) return false;
    queue.push(agent);
    return true;
  }

  /** Who stands nearer to a lane is before those behind. */
  order(): void {
    for (const lane of this.lanes) {
      lane.queues.forEach((queue, side) => {
        const [x, y] = lane.mouths[side === 0 ? 0 : 1];
        const d2 = (agent: Agent): number => (agent.x - x) ** 2 + (agent.y - y) ** 2;
        queue.sort((a, b) => d2(a) - d2(b) || a.id - b.id);
      });
    }
  }

  /** Lets the first of a queue into the lane, if it is their turn. */
  enter(index: number, side: 0 | 1, agent: Agent, timeS: number): boolean {
    const lane = this.lanes[index] as Lane;
    if (lane.queues[side][0] !== agent || timeS < lane.freeAtS) return false;
    const [back, aside] = this.#before(lane, side, agent);
    if (back > AT_MOUTH_M || aside > IN_FRONT_M) return false;
    const last = lane.inside.at(-1);
    if (last !== undefined) {
      if (lane.isForward !== (side === 0)) return false;
      if (this.#progress(lane, last) < FOLLOW_M) return false;
    }
    lane.queues[side].shift();
    lane.inside.push(agent);
    lane.isForward = side === 0;
    lane.freeAtS = timeS + (this.isOpen ? OPEN_SERVICE_S : lane.gate.serviceS);
    return true;
  }

  /** Whether someone inside has come out at the far end; then the lane is done with them. */
  hasPassed(index: number, agent: Agent): boolean {
    const lane = this.lanes[index] as Lane;
    if (this.#progress(lane, agent) < lane.lengthM + CLEAR_M) return false;
    lane.inside = lane.inside.filter((other) => other !== agent);
    return true;
  }

  /** Whether someone was pushed away before they were inside; then the lane waits for them no more. */
  hasStrayed(index: number, agent: Agent): boolean {
    const lane = this.lanes[index] as Lane;
    if (this.#progress(lane, agent) > -ASTRAY_M) return false;
    lane.inside = lane.inside.filter((other) => other !== agent);
    return true;
  }

  isFirst(index: number, side: 0 | 1, agent: Agent): boolean {
    return this.lanes[index]?.queues[side][0] === agent;
  }

  zoneBeyond(index: number, isForward: boolean): number {
    return this.lanes[index]?.zones[isForward ? 1 : 0] ?? -1;
  }

  /** Someone looks for another lane. */
  leave(index: number, side: 0 | 1, agent: Agent): void {
    const queue = this.lanes[index]?.queues[side] ?? [];
    const place = queue.indexOf(agent);
    if (place >= 0) queue.splice(place, 1);
  }

  /** How far someone is before the mouth of a lane, and how far beside its axis, metres. */
  #before(lane: Lane, side: 0 | 1, { x, y }: Agent): readonly [back: number, aside: number] {
    const [mx, my] = lane.mouths[side];
    const along = (x - mx) * lane.ux + (y - my) * lane.uy;
    return [side === 0 ? -along : along, Math.abs((y - my) * lane.ux - (x - mx) * lane.uy)];
  }

  /** A point beyond the far end. */
  beyond(index: number, isForward: boolean): Point {
    const { gate, ux, uy } = this.lanes[index] as Lane;
    const [x, y] = isForward ? gate.to : gate.from;
    const sign = isForward ? 1 : -1;
    return [x + sign * ux * 0.8, y + sign * uy * 0.8];
  }

  /** Nobody queues any more who is not there any more, or wants something else now. */
  forget(agents: ReadonlySet<Agent>): void {
    for (const lane of this.lanes) {
      for (const queue of lane.queues) {
        for (let i = queue.length - 1; i >= 0; i--) {
          if (agents.has(queue[i] as Agent)) queue.splice(i, 1);
        }
      }
    }
  }

  /** Metres from the mouth by which `agent` entered. */
  #progress(lane: Lane, agent: Agent): number {
    const [x, y] = lane.gate.from;
    const along = (agent.x - x) * lane.ux + (agent.y - y) * lane.uy;
    return lane.isForward ? along : lane.lengthM - along;
  }
}

function laneOf(gate: Gate, floor: Floor): Lane {
  const { from, to } = gate;
  const lengthM = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const [ux, uy] = [(to[0] - from[0]) / lengthM, (to[1] - from[1]) / lengthM];
  const before: Point = [from[0] - ux * FIRST_SLOT_M, from[1] - uy * FIRST_SLOT_M];
  const after: Point = [to[0] + ux * FIRST_SLOT_M, to[1] + uy * FIRST_SLOT_M];
  return {
    gate,
    ux,
    uy,
    lengthM,
    mouths: [from, to],
    zones: [floor.zoneAt(...before), floor.zoneAt(...after)],
    fields: [floor.fieldTo(before, before), floor.fieldTo(after, after)],
    queues: [[], []],
    heading: [0, 0],
    inside: [],
    isForward: true,
    freeAtS: 0,
  };
}
