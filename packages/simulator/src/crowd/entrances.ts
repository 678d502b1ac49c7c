import type { Point } from '@hitonami/model';
import type { Random } from '../random.js';
import { rateAt } from '../rate.js';
import type { Demand, Stream } from '../scenario.js';
import type { Door } from '../world.js';
import type { Agent } from './agent.js';
import type { Floor } from './floor.js';
import type { Routes } from './routes.js';

/** How far inside a door someone appears, and the room they need beyond their own body, metres. */
const INSET_M = 0.35;
const ROOM_M = 0.3;
/** Most who wait outside a door; beyond it people go elsewhere. */
const MAX_WAITING = 2_000;
/** Tries a substep to find a free place at a door. */
const MAX_TRIES = 3;

export interface Entering {
  x: number;
  y: number;
  stream: Stream;
  /** Comes together with the one before. */
  isSecond: boolean;
}

/** The doors as they let people in: a Poisson process for each stream. */
export class Entrances {
  readonly #demand: Demand;
  readonly #doors: readonly (Door & { inward: Point })[];
  readonly #floor: Floor;
  readonly #routes: Routes;
  readonly #random: Random;
  /** Of each stream: what is left of the rate's integral until the next one comes (mean 1), and who waits outside. */
  readonly #streams: { stream: Stream; untilNext: number; waiting: number; pairsOpen: number }[];

  constructor(demand: Demand, floor: Floor, routes: Routes, random: Random) {
    this.#demand = demand;
    this.#routes = routes;
    this.#floor = floor;
    this.#random = random;
    this.#doors = floor.world.doors.map((door, i) => ({
      ...door,
      inward: routes.inward[i] ?? [0, 0],
    }));
    this.#streams = demand.streams.map((stream) => ({
      stream,
      untilNext: random.exponential(),
      waiting: 0,
      pairsOpen: 0,
    }));
  }

  get waiting(): number {
    return this.#streams.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Nobody comes any more, and who waits outside goes home. */
  close(): void {
    for (const item of this.#streams) [item.waiting, item.untilNext] = [0, Infinity];
  }

  /** Those who come in within the `dt` seconds before `timeS`. */
  admit(timeS: number, dt: number, agents: readonly Agent[], add: (one: Entering) => void): void {
    const random = this.#random;
    for (const item of this.#streams) {
      item.untilNext -= (rateAt(item.stream.ratePerMin, timeS) / 60) * dt;
      while (item.untilNext <= 0) {
        const isPair = random.between(0, 1) < this.#demand.pairShare / 2;
        item.untilNext += random.exponential() * (isPair ? 2 : 1);
        if (isPair) item.pairsOpen++;
        item.waiting = Math.min(MAX_WAITING, item.waiting + (isPair ? 2 : 1));
      }
      for (let tries = 0; tries < MAX_TRIES && item.waiting > 0; tries++) {
        if (agents.length >= this.#demand.maxPeople) return;
        const place = this.#freePlace(item.stream.from, agents);
        if (place === undefined) continue;
        item.waiting--;
        add({ x: place[0], y: place[1], stream: item.stream, isSecond: false });
        if (item.pairsOpen === 0 || item.waiting === 0) continue;
        item.pairsOpen--;
        const beside = this.#freePlace(item.stream.from, agents, place);
        if (beside === undefined) continue;
        item.waiting--;
        add({ x: beside[0], y: beside[1], stream: item.stream, isSecond: true });
      }
    }
  }

  /** A place at a door where there is room, near another place if one is given. */
  #freePlace(id: string, agents: readonly Agent[], near?: Point): Point | undefined {
    const index = this.#doors.findIndex((one) => one.id === id);
    const door = this.#doors[index];
    if (door === undefined) return undefined;
    const share = this.#routes.shareOfDoor(index, true);
    let x = door.from[0] + share * (door.to[0] - door.from[0]) + door.inward[0] * INSET_M;
    let y = door.from[1] + share * (door.to[1] - door.from[1]) + door.inward[1] * INSET_M;
    if (near !== undefined) {
      const width = Math.hypot(door.to[0] - door.from[0], door.to[1] - door.from[1]);
      const side = share < 0.5 ? -0.6 : 0.6;
      x = near[0] + ((door.to[0] - door.from[0]) / width) * side;
      y = near[1] + ((door.to[1] - door.from[1]) / width) * side;
    }
    if (!this.#floor.walls.isWalkable(x, y)) return undefined;
    if (near !== undefined && this.#floor.walls.blocks(near[0], near[1], x, y)) return undefined;
    for (const other of agents) {
      const least = other.bodyM + ROOM_M;
      if ((other.x - x) ** 2 + (other.y - y) ** 2 < least * least) return undefined;
    }
    return [x, y];
  }
}
