import type { Walls } from '../walls.js';
import type { Agent } from './agent.js';
import type { Near } from './near.js';

/** Rounds in which bodies are pushed apart; more make a jam stiffer. */
const ROUNDS = 4;
/** Pairs farther apart than their bodies and this cannot touch within a step, metres. */
const SLACK_M = 0.3;
/** How near the middle of a body comes to a wall: shoulders turn. */
const WALL_BODY_M = 0.22;
/** Only who is nearer to a wall than this is held against it. */
const WALL_NEAR_M = 0.6;
/** Most that a body is moved in one round, metres. */
const MAX_PUSH_M = 0.05;

/**
 * Moves everyone by their velocity, then pushes bodies apart that would overlap (position-based dynamics, Müller et al.,
 * Journal of Visual Communication 18, 2007), and off the walls. Nobody crosses a wall: a move that would is shortened
 * along the wall, or not made. Velocities become what was really walked.
 */
export class Contact {
  readonly #walls: Walls;
  #x = new Float64Array(256);
  #y = new Float64Array(256);
  #isNearWall = new Uint8Array(256);
  readonly #pairs: number[] = [];
  readonly #index = new Map<Agent, number>();

  constructor(walls: Walls) {
    this.#walls = walls;
  }

  move(agents: readonly Agent[], near: Near, dt: number): void {
    this.#propose(agents, dt);
    this.#pair(agents, near);
    for (let round = 0; round < ROUNDS; round++) {
      this.#separate(agents);
      this.#keepOffWalls(agents);
    }
    for (let i = 0; i < agents.length; i++) {
      const agent = agents[i] as Agent;
      const [x, y] = [agent.x, agent.y];
      this.#accept(agent, this.#x[i] as number, this.#y[i] as number);
      agent.vx = (agent.x - x) / dt;
      agent.vy = (agent.y - y) / dt;
    }
  }

  #propose(agents: readonly Agent[], dt: number): void {
    if (this.#x.length < agents.length) {
      this.#x = new Float64Array(2 * agents.length);
      this.#y = new Float64Array(2 * agents.length);
      this.#isNearWall = new Uint8Array(2 * agents.length);
    }
    this.#index.clear();
    for (let i = 0; i < agents.length; i++) {
      const agent = agents[i] as Agent;
      this.#index.set(agent, i);
      this.#x[i] = agent.x + agent.vx * dt;
      this.#y[i] = agent.y + agent.vy * dt;
      this.#isNearWall[i] = this.#walls.near(agent.x, agent.y, WALL_NEAR_M).length > 0 ? 1 : 0;
    }
  }

  /** Index pairs that may touch, each once, in an order that depends on the agents' order alone. */
  #pair(agents: readonly Agent[], near: Near): void {
    const pairs = this.#pairs;
    pairs.length = 0;
    let widest = 0;
    for (const { bodyM } of agents) if (bodyM > widest) widest = bodyM;
    for (let i = 0; i < agents.length; i++) {
      const agent = agents[i] as Agent;
      for (const other of near.search(agent.x, agent.y, agent.bodyM + widest + SLACK_M)) {
        const j = this.#index.get(other) ?? i;
        if (j > i) pairs.push(i, j);
      }
    }
  }

  #separate(agents: readonly Agent[]): void {
    const [px, py] = [this.#x, this.#y];
    const pairs = this.#pairs;
    for (let k = 0; k < pairs.length; k += 2) {
      const i = pairs[k] as number;
      const j = pairs[k + 1] as number;
      const dx = (px[j] as number) - (px[i] as number);
      const dy = (py[j] as number) - (py[i] as number);
      const least = (agents[i] as Agent).bodyM + (agents[j] as Agent).bodyM;
      const d2 = dx * dx + dy * dy;
      if (d2 >= least * least) continue;
      const d = Math.sqrt(d2);
      const push = Math.min(MAX_PUSH_M, (least - d) / 2);
      // Two in the very same place part along x.
      const [ux, uy] = d > 1e-9 ? [dx / d, dy / d] : [1, 0];
      px[i] = (px[i] as number) - ux * push;
      py[i] = (py[i] as number) - uy * push;
      px[j] = (px[j] as number) + ux * push;
      py[j] = (py[j] as number) + uy * push;
    }
  }

  #keepOffWalls(agents: readonly Agent[]): void {
    for (let i = 0; i < agents.length; i++) {
      if (this.#isNearWall[i] === 0) continue;
      const least = Math.min(WALL_BODY_M, (agents[i] as Agent).bodyM);
      const [x, y] = [this.#x[i] as number, this.#y[i] as number];
      const d = this.#walls.distanceTo(x, y);
      if (d >= least || d === 0 || !this.#walls.isWalkable(x, y)) continue;
      const push = Math.min(MAX_PUSH_M, least - d) / d;
      this.#x[i] = x + (x - this.#walls.nearestX) * push;
      this.#y[i] = y + (y - this.#walls.nearestY) * push;
    }
  }

  #accept(agent: Agent, x: number, y: number): void {
    if (this.#tryMove(agent, x, y)) return;
    // Along the wall that is in the way.
    this.#walls.distanceTo(agent.x, agent.y);
    const nx = agent.x - this.#walls.nearestX;
    const ny = agent.y - this.#walls.nearestY;
    const [mx, my] = [x - agent.x, y - agent.y];
    const inward = Math.min(0, mx * nx + my * ny) / (nx * nx + ny * ny || 1);
    this.#tryMove(agent, x - inward * nx, y - inward * ny);
  }

  #tryMove(agent: Agent, x: number, y: number): boolean {
    // Who stands on the floor and crosses no wall stays on the floor.
    const edges = this.#walls.near(agent.x, agent.y, WALL_NEAR_M);
    if (edges.length > 0 && this.#walls.blocks(agent.x, agent.y, x, y, edges)) return false;
    agent.x = x;
    agent.y = y;
    return true;
  }
}
