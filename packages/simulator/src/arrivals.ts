import type { FloorField } from './floor-field.js';
import { exitWeights, fail, type Doorway, type FullOptions } from './options.js';
import type { Random } from './random.js';
import type { Walker } from './walker.js';
import type { Walls } from './walls.js';

/** Free walking speed: mean and standard deviation (Weidmann, Transporttechnik der Fussgänger, 1993), and limits. */
const SPEED_MEAN_M_S = 1.34;
const SPEED_SD_M_S = 0.26;
const SPEED_LEAST_M_S = 0.6;
const SPEED_MOST_M_S = 2.2;

/** How far inside its doorway someone appears, and how much room they need. */
const INSET_M = 0.35;
const ROOM_M = 0.55;
/** Share of a doorway's width left free at either end. */
const DOORPOST_SHARE = 0.1;
/** Most who wait outside; beyond it people go elsewhere. */
const MAX_WAITING = 10_000;
/** Tries a substep to find a free place at an entry. */
const MAX_TRIES = 3;
/** When someone who stops does so, seconds after entering. */
const PAUSE_AFTER_S = [2, 15] as const;

/** Lets people in: a Poisson process whose rate may change with time. */
export class Arrivals {
  entered = 0;
  readonly #options: FullOptions;
  readonly #walls: Walls;
  readonly #random: Random;
  readonly #exitWeights: number[][];
  readonly #entryWeights: number[];
  readonly #inset: { x: number; y: number }[];
  /** Those who wait at each entry. */
  readonly #waiting: number[];
  /** What is still to be accumulated of the rate's integral until the next one comes (mean 1). */
  #untilNext: number;

  constructor(options: FullOptions, walls: Walls, fields: readonly FloorField[], random: Random) {
    this.#options = options;
    this.#walls = walls;
    this.#random = random;
    this.#exitWeights = exitWeights(options);
    this.#entryWeights = options.entries.map((e) => e.weight ?? 1);
    if (!this.#entryWeights.some((w) => w > 0)) fail('every entry has weight 0');
    this.#inset = options.entries.map((entry) => this.#insetOf(entry));
    this.#waiting = options.entries.map(() => 0);
    this.#untilNext = random.exponential();
    options.entries.forEach((entry, e) => {
      const { x, y } = this.#placeAt(e, 0.5);
      options.exits.forEach((exit, i) => {
        if ((this.#exitWeights[e]?.[i] ?? 0) <= 0) return;
        if (fields[i]?.walkFrom(x, y) === Infinity)
          fail(`no way leads from ${entry.id} to ${exit.id}`);
      });
    });
  }

  get waiting(): number {
    return this.#waiting.reduce((sum, n) => sum + n, 0);
  }

  /** Adds to `people` those who come within the `dt` seconds before `timeS` and find room. */
  admit(timeS: number, dt: number, people: Walker[]): void {
    const perMin = this.#options.ratePerMin(timeS);
    if (!(perMin >= 0 && perMin < Infinity)) fail(`ratePerMin gave ${perMin} at ${timeS} s`);
    this.#untilNext -= (perMin / 60) * dt;
    while (this.#untilNext <= 0) {
      this.#untilNext += this.#random.exponential();
      const entry = this.#random.weighted(this.#entryWeights);
      if (this.waiting < MAX_WAITING) this.#waiting[entry] = (this.#waiting[entry] ?? 0) + 1;
    }
    for (let entry = 0; entry < this.#waiting.length; entry++) {
      for (let tries = 0; tries < MAX_TRIES && (this.#waiting[entry] ?? 0) > 0; tries++) {
        if (people.length >= this.#options.maxPeople) return;
        const along = this.#random.between(DOORPOST_SHARE, 1 - DOORPOST_SHARE);
        const place = this.#placeAt(entry, along);
        if (!this.#isFree(place.x, place.y, people)) continue;
        this.#waiting[entry] = (this.#waiting[entry] ?? 0) - 1;
        people.push(this.#create(entry, place, timeS));
      }
    }
  }

  #create(entry: number, place: { x: number; y: number }, timeS: number): Walker {
    const random = this.#random;
    const { exits, pauseShare, pauseS } = this.#options;
    const exit = random.weighted(this.#exitWeights[entry] ?? []);
    const door = exits[exit] as Doorway;
    const along = random.between(DOORPOST_SHARE, 1 - DOORPOST_SHARE);
    const speed = random.normal(SPEED_MEAN_M_S, SPEED_SD_M_S, SPEED_LEAST_M_S, SPEED_MOST_M_S);
    const isPausing = random.between(0, 1) < pauseShare;
    const pauseFromS = timeS + random.between(...PAUSE_AFTER_S);
    const pauseToS = pauseFromS + random.between(...pauseS);
    const inward = this.#inset[entry] ?? { x: 0, y: 0 };
    this.entered++;
    return {
      id: this.entered,
      x: place.x,
      y: place.y,
      vx: (inward.x / INSET_M) * speed,
      vy: (inward.y / INSET_M) * speed,
      desiredSpeed: speed,
      exit,
      targetX: door.from[0] + along * (door.to[0] - door.from[0]),
      targetY: door.from[1] + along * (door.to[1] - door.from[1]),
      pauseFromS: isPausing ? pauseFromS : Infinity,
      pauseToS: isPausing ? pauseToS : Infinity,
    };
  }

  #placeAt(entry: number, along: number): { x: number; y: number } {
    const { from, to } = this.#options.entries[entry] as Doorway;
    const inset = this.#inset[entry] ?? { x: 0, y: 0 };
    return {
      x: from[0] + along * (to[0] - from[0]) + inset.x,
      y: from[1] + along * (to[1] - from[1]) + inset.y,
    };
  }

  #isFree(x: number, y: number, people: readonly Walker[]): boolean {
    if (!this.#walls.isWalkable(x, y)) return false;
    return people.every((p) => (p.x - x) ** 2 + (p.y - y) ** 2 >= ROOM_M * ROOM_M);
  }

  /** From the middle of a doorway, the step to its walkable side. */
  #insetOf({ id, from, to }: Doorway): { x: number; y: number } {
    const dx = to[0] - from[0];
    const dy = to[1] - from[1];
    const width = Math.sqrt(dx * dx + dy * dy);
    if (width === 0) fail(`entry ${id} has no width`);
    const x = (-dy / width) * INSET_M;
    const y = (dx / width) * INSET_M;
    const middle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const;
    if (this.#walls.isWalkable(middle[0] + x, middle[1] + y)) return { x, y };
    if (this.#walls.isWalkable(middle[0] - x, middle[1] - y)) return { x: -x, y: -y };
    return fail(`entry ${id} has no walkable floor beside it`);
  }
}
