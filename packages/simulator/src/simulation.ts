import { Arrivals } from './arrivals.js';
import { FloorField, FloorRaster } from './floor-field.js';
import { completeOptions, fail, type FullOptions, type SimulationOptions } from './options.js';
import type { SimulatedPerson } from './person.js';
import { Random } from './random.js';
import { Neighbours, nextVelocity } from './social-force.js';
import type { Walker } from './walker.js';
import { squaredDistanceToSegment, Walls } from './walls.js';

/** Nobody looks at these people, so all are as tall. */
const STATURE_M = 1.68;
/** Longest step of the integration; a longer `step` is made of several. */
const MAX_SUBSTEP_S = 0.05;
const MAX_STEP_S = 60;
/** Who is so near to their exit has left. */
const ARRIVED_M = 0.5;

/**
 * A crowd that walks through a site, in steps of time. Deterministic: the same options and the same steps
 * give the same run. `entered − left = people().length` always holds, and nobody is ever off the walkable
 * floor.
 */
export class Simulation {
  readonly #options: FullOptions;
  readonly #walls: Walls;
  readonly #fields: FloorField[];
  readonly #neighbours: Neighbours;
  readonly #arrivals: Arrivals;
  #people: Walker[] = [];
  #timeS = 0;
  #left = 0;

  /** @throws HitonamiError `CONFIG` that names what is wrong with the options */
  constructor(options: SimulationOptions) {
    this.#options = completeOptions(options);
    const { walkable, obstacles, cellM, exits, seed } = this.#options;
    this.#walls = new Walls(walkable, obstacles);
    const raster = new FloorRaster(this.#walls, cellM);
    this.#fields = exits.map((exit) => new FloorField(raster, exit));
    this.#neighbours = new Neighbours(this.#walls.bounds);
    this.#arrivals = new Arrivals(this.#options, this.#walls, this.#fields, new Random(seed));
  }

  /** Seconds since the start. */
  get timeS(): number {
    return this.#timeS;
  }

  /** People who have come in since the start. */
  get entered(): number {
    return this.#arrivals.entered;
  }

  /** People who have gone out since the start. */
  get left(): number {
    return this.#left;
  }

  /** People who would come in and find no room, now. */
  get waitingOutside(): number {
    return this.#arrivals.waiting;
  }

  /** Everyone inside now, in the order of entering. */
  people(): SimulatedPerson[] {
    return this.#people.map(({ id, x, y, vx, vy }) => {
      const headingRad = Math.atan2(vy, vx);
      return { id, x, y, vx, vy, headingRad, kind: 'walker', statureM: STATURE_M };
    });
  }

  /** Lets `dtS` seconds pass, above 0 and at most 60. */
  step(dtS: number): void {
    if (!(dtS > 0 && dtS <= MAX_STEP_S)) fail(`a step must be above 0 and at most ${MAX_STEP_S} s`);
    const substeps = Math.ceil(dtS / MAX_SUBSTEP_S - 1e-9);
    const startS = this.#timeS;
    for (let i = 1; i <= substeps; i++)
      this.#advance(dtS / substeps, startS + (dtS * i) / substeps);
  }

  #advance(dt: number, timeS: number): void {
    this.#timeS = timeS;
    this.#arrivals.admit(timeS, dt, this.#people);
    this.#neighbours.rebuild(this.#people);
    const people = this.#people;
    const velocities = new Float64Array(2 * people.length);
    const out = { vx: 0, vy: 0 };
    for (let i = 0; i < people.length; i++) {
      const walker = people[i] as Walker;
      const wish = this.#wish(walker);
      nextVelocity(walker, people, this.#neighbours, this.#walls, wish, dt, out);
      velocities[2 * i] = out.vx;
      velocities[2 * i + 1] = out.vy;
    }
    const staying: Walker[] = [];
    for (let i = 0; i < people.length; i++) {
      const walker = people[i] as Walker;
      this.#move(walker, velocities[2 * i] as number, velocities[2 * i + 1] as number, dt);
      if (this.#hasArrived(walker)) this.#left++;
      else staying.push(walker);
    }
    this.#people = staying;
  }

  /** Straight to the place where it can be seen, else down the field; nowhere during a stop. */
  #wish(walker: Walker): { ex: number; ey: number; speed: number } {
    const isPausing = this.#timeS >= walker.pauseFromS && this.#timeS < walker.pauseToS;
    const speed = isPausing ? 0 : walker.desiredSpeed;
    const dx = walker.targetX - walker.x;
    const dy = walker.targetY - walker.y;
    const d = Math.sqrt(dx * dx + dy * dy) || 1;
    // Short of the target, which may lie on a wall.
    const reach = Math.max(0, d - ARRIVED_M) / d;
    if (!this.#walls.blocks(walker.x, walker.y, walker.x + dx * reach, walker.y + dy * reach)) {
      return { ex: dx / d, ey: dy / d, speed };
    }
    const field = this.#fields[walker.exit] as FloorField;
    field.direct(walker.x, walker.y);
    return { ex: field.directionX, ey: field.directionY, speed };
  }

  /** Moves; where a wall is in the way, along it; where that fails too, not at all. */
  #move(walker: Walker, vx: number, vy: number, dt: number): void {
    if (this.#tryMove(walker, vx, vy, dt)) return;
    this.#walls.distanceTo(walker.x, walker.y);
    const nx = walker.x - this.#walls.nearestX;
    const ny = walker.y - this.#walls.nearestY;
    const length2 = nx * nx + ny * ny || 1;
    const inward = Math.min(0, vx * nx + vy * ny) / length2;
    if (this.#tryMove(walker, vx - inward * nx, vy - inward * ny, dt)) return;
    walker.vx = 0;
    walker.vy = 0;
  }

  #tryMove(walker: Walker, vx: number, vy: number, dt: number): boolean {
    const x = walker.x + vx * dt;
    const y = walker.y + vy * dt;
    if (this.#walls.blocks(walker.x, walker.y, x, y) || !this.#walls.isWalkable(x, y)) return false;
    walker.x = x;
    walker.y = y;
    walker.vx = vx;
    walker.vy = vy;
    return true;
  }

  #hasArrived(walker: Walker): boolean {
    const exit = this.#options.exits[walker.exit];
    if (exit === undefined) return false;
    const d2 = squaredDistanceToSegment(walker.x, walker.y, exit.from, exit.to);
    return d2 <= ARRIVED_M * ARRIVED_M;
  }
}

/** Sets a crowd going; see {@link Simulation}. */
export function simulate(options: SimulationOptions): Simulation {
  return new Simulation(options);
}
