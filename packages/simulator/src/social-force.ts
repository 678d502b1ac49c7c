import type { Walker } from './walker.js';
import type { Walls } from './walls.js';

/**
 * The social force model (Helbing and Molnár, Physical Review E 51, 4282, 1995): everyone accelerates towards the
 * velocity they want within a relaxation time, and away from people and walls by a force that falls off
 * exponentially with the distance between the bodies, weaker from behind than from ahead.
 */
export const RELAXATION_S = 0.5;
export const BODY_RADIUS_M = 0.2;
const PEOPLE_STRENGTH_M_S2 = 3;
const PEOPLE_RANGE_M = 0.25;
/** Share of the force of someone right behind. */
const FROM_BEHIND = 0.2;
const WALL_STRENGTH_M_S2 = 4;
const WALL_RANGE_M = 0.12;
/** Where the forces end: the exponential is then below 1 %. */
const REACH_M = 1.6;
const WALL_REACH_M = 1;
/** What a person can do at most. */
const MAX_ACCELERATION_M_S2 = 6;
const MAX_OVERSPEED = 1.3;
/** Who stands still may still be pushed aside, at this speed. */
const MIN_TOP_SPEED_M_S = 0.5;
/** A slight pull to the right of who is met head on, so that two do not stop before each other. */
const SIDESTEP_SHARE = 0.25;

/** Finds who is near whom: a raster of lists, made anew each step. */
export class Neighbours {
  readonly #minX: number;
  readonly #minY: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #first: Int32Array;
  #next = new Int32Array(64);

  constructor({ minX, minY, maxX, maxY }: Walls['bounds']) {
    this.#minX = minX;
    this.#minY = minY;
    this.#columns = Math.max(1, Math.ceil((maxX - minX) / REACH_M));
    this.#rows = Math.max(1, Math.ceil((maxY - minY) / REACH_M));
    this.#first = new Int32Array(this.#columns * this.#rows);
  }

  rebuild(people: readonly Walker[]): void {
    if (this.#next.length < people.length) this.#next = new Int32Array(2 * people.length);
    this.#first.fill(-1);
    for (let i = people.length - 1; i >= 0; i--) {
      const { x, y } = people[i] as Walker;
      const cell = this.#row(y) * this.#columns + this.#column(x);
      this.#next[i] = this.#first[cell] as number;
      this.#first[cell] = i;
    }
  }

  /** Calls `visit` with the index of everyone who may be within reach of (x, y). */
  near(x: number, y: number, visit: (index: number) => void): void {
    const column = this.#column(x);
    const row = this.#row(y);
    for (let r = Math.max(0, row - 1); r <= Math.min(this.#rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(this.#columns - 1, column + 1); c++) {
        let i = this.#first[r * this.#columns + c] as number;
        while (i !== -1) {
          visit(i);
          i = this.#next[i] as number;
        }
      }
    }
  }

  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor((x - this.#minX) / REACH_M)));
  }

  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor((y - this.#minY) / REACH_M)));
  }
}

/**
 * The velocity of a walker after `dt` seconds who would like to walk at `wanted` m/s in the unit direction
 * (ex, ey). Reads the others as they are now and writes `out` alone.
 */
export function nextVelocity(
  walker: Walker,
  people: readonly Walker[],
  neighbours: Neighbours,
  walls: Walls,
  wish: { ex: number; ey: number; speed: number },
  dt: number,
  out: { vx: number; vy: number },
): void {
  const { ex, ey, speed } = wish;
  const { x, y } = walker;
  let ax = (speed * ex - walker.vx) / RELAXATION_S;
  let ay = (speed * ey - walker.vy) / RELAXATION_S;
  neighbours.near(x, y, (index) => {
    const other = people[index] as Walker;
    if (other === walker) return;
    const dx = x - other.x;
    const dy = y - other.y;
    const d2 = dx * dx + dy * dy;
    if (d2 >= REACH_M * REACH_M || d2 === 0) return;
    const d = Math.sqrt(d2);
    const ahead = -(dx * ex + dy * ey) / d;
    const share = FROM_BEHIND + ((1 - FROM_BEHIND) * (1 + ahead)) / 2;
    const push = share * PEOPLE_STRENGTH_M_S2 * Math.exp((2 * BODY_RADIUS_M - d) / PEOPLE_RANGE_M);
    const aside = SIDESTEP_SHARE * push * Math.max(0, ahead);
    ax += (push * dx) / d + aside * ey;
    ay += (push * dy) / d - aside * ex;
  });
  const wall = walls.distanceTo(x, y);
  if (wall < WALL_REACH_M && wall > 0) {
    const push = WALL_STRENGTH_M_S2 * Math.exp((BODY_RADIUS_M - wall) / WALL_RANGE_M);
    ax += (push * (x - walls.nearestX)) / wall;
    ay += (push * (y - walls.nearestY)) / wall;
  }
  const a = Math.sqrt(ax * ax + ay * ay);
  const cut = a > MAX_ACCELERATION_M_S2 ? MAX_ACCELERATION_M_S2 / a : 1;
  const vx = walker.vx + ax * cut * dt;
  const vy = walker.vy + ay * cut * dt;
  const v = Math.sqrt(vx * vx + vy * vy);
  const top = Math.max(MIN_TOP_SPEED_M_S, MAX_OVERSPEED * speed);
  const slow = v > top ? top / v : 1;
  out.vx = vx * slow;
  out.vy = vy * slow;
}
