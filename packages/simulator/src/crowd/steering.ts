import { clearance, type Walls } from '../walls.js';
import type { Agent, Wish } from './agent.js';
import type { Near } from './near.js';

/**
 * How someone chooses direction and speed among others: the heuristics of Moussaïd, Helbing and Theraulaz ("How simple
 * rules determine pedestrian behavior and crowd disasters", PNAS 108, 6884, 2011). They look in several directions, ask
 * of each how far they would get before they collide with a wall or with somebody who goes on as now, and take the one
 * that brings them nearest to where they want to be. Their speed leaves `HEADWAY_S` to whoever is ahead. Contact, which
 * in the paper is a force, is a constraint here (see contact.ts), so that nobody is ever inside somebody.
 */
const ANGLES_RAD = [0, 12, -12, 24, -24, 36, -36, 50, -50, 66, -66, 84, -84].map(
  (deg) => (deg * Math.PI) / 180,
);
const TURNS = ANGLES_RAD.map((angle) => [Math.cos(angle), Math.sin(angle)] as const);
/** How far ahead people look, metres. */
const HORIZON_M = 7;
/** Walls farther away than this do not matter: the field leads around them. */
const WALL_HORIZON_M = 3.5;
/** Where others are looked for: near first, farther where few are near. */
const NEAR_M = 2.2;
const FAR_M = 4.5;
const FEW = 10;
/** Where it is so full, nobody sees farther than their neighbours. */
const TIGHT_M = 1.3;
const MANY = 32;
/** Time to whoever is ahead, seconds: sets the flow through a bottleneck. */
export const HEADWAY_S = 0.66;
/** Room kept between bodies, metres; given up by those who press. */
const MARGIN_M = 0.06;
/** Those who press creep at this speed where there is no room, m/s. */
const PRESSING_M_S = 0.25;
/** Walking on the left costs less: the custom in Japan, and what lets two step aside the same way. */
const LEFT_BONUS = 0.03;
/** Share of the direction decided before that stays, so that nobody jitters. */
const INERTIA = 0.45;
/** Who pulls farther than this apart from their mate turns to them. */
const MATE_M = 1;
const MATE_PULL = 0.3;
/** Distance over which someone slows down before a place to stand at, as time. */
const BRAKING_S = 0.6;

/** Decides direction and speed of `agent` from what it wishes; writes them into it. */
export function steer(agent: Agent, wish: Wish, near: Near, walls: Walls): void {
  const free = wish.speed;
  if (free <= 0 || (wish.x === 0 && wish.y === 0)) {
    agent.speed = 0;
    return;
  }
  let [wx, wy] = [wish.x, wish.y];
  if (agent.mate !== undefined) [wx, wy] = towardsMate(agent, agent.mate, wx, wy);
  const others = lookAround(agent, near);
  const margin = wish.isPressing ? 0 : MARGIN_M;
  const horizon = Math.min(HORIZON_M, wish.distanceM + 0.5);
  const edges = walls.near(agent.x, agent.y, WALL_HORIZON_M);
  const wallReach = WALL_HORIZON_M + agent.bodyM;
  let best = Infinity;
  let [bestX, bestY] = [wx, wy];
  for (let i = 0; i < TURNS.length; i++) {
    const [cos, sin] = TURNS[i] as readonly [number, number];
    const ux = wx * cos - wy * sin;
    const uy = wx * sin + wy * cos;
    let reach = clearance(edges, agent.x, agent.y, ux, uy, wallReach) - agent.bodyM;
    if (reach >= WALL_HORIZON_M) reach = horizon;
    if (reach > horizon) reach = horizon;
    if (reach > 0) reach = freeReach(agent, others, ux * free, uy * free, free, reach, margin);
    if (reach < 0) reach = 0;
    const cost =
      horizon * horizon +
      reach * reach -
      2 * horizon * reach * cos -
      LEFT_BONUS * horizon * horizon * sin;
    if (cost < best) {
      best = cost;
      bestX = ux;
      bestY = uy;
    }
  }
  const x = bestX * (1 - INERTIA) + agent.dirX * INERTIA;
  const y = bestY * (1 - INERTIA) + agent.dirY * INERTIA;
  const length = Math.sqrt(x * x + y * y);
  agent.dirX = length > 0.2 ? x / length : bestX;
  agent.dirY = length > 0.2 ? y / length : bestY;
  const gap = gapAhead(agent, others, margin);
  let speed = Math.min(free, gap / HEADWAY_S, Math.max(0.1, wish.distanceM / BRAKING_S));
  if (wish.isPressing) speed = Math.max(speed, Math.min(free, PRESSING_M_S));
  agent.speed = speed;
}

function towardsMate(agent: Agent, mate: Agent, wx: number, wy: number): [number, number] {
  const dx = mate.x - agent.x;
  const dy = mate.y - agent.y;
  const d = Math.sqrt(dx * dx + dy * dy);
  if (d < MATE_M || d > 4 * MATE_M) return [wx, wy];
  const x = wx + (MATE_PULL * dx) / d;
  const y = wy + (MATE_PULL * dy) / d;
  const length = Math.sqrt(x * x + y * y) || 1;
  return [x / length, y / length];
}

function lookAround(agent: Agent, near: Near): readonly Agent[] {
  const close = near.search(agent.x, agent.y, NEAR_M);
  if (close.length > MANY) return near.search(agent.x, agent.y, TIGHT_M);
  return close.length > FEW ? close : near.search(agent.x, agent.y, FAR_M);
}

/** How far someone gets at velocity (vx, vy) before they touch one of the others, who go on as now. */
function freeReach(
  agent: Agent,
  others: readonly Agent[],
  vx: number,
  vy: number,
  speed: number,
  most: number,
  margin: number,
): number {
  let reach = most;
  for (const other of others) {
    if (other === agent) continue;
    const dx = other.x - agent.x;
    const dy = other.y - agent.y;
    const rx = vx - other.vx;
    const ry = vy - other.vy;
    const closing = dx * rx + dy * ry;
    if (closing <= 0) continue;
    const radius = agent.bodyM + other.bodyM + margin;
    const c = dx * dx + dy * dy - radius * radius;
    if (c <= 0) {
      // Already in touch: only away from them is free.
      const d = Math.sqrt(dx * dx + dy * dy) * Math.sqrt(rx * rx + ry * ry);
      if (closing > 0.3 * d) reach = 0;
      continue;
    }
    const a = rx * rx + ry * ry;
    const root = closing * closing - a * c;
    if (root <= 0) continue;
    const way = ((closing - Math.sqrt(root)) / a) * speed;
    if (way < reach) reach = way;
  }
  return reach;
}

/** Metres to the next body in the direction decided, as everyone stands now. */
function gapAhead(agent: Agent, others: readonly Agent[], margin: number): number {
  let gap = HORIZON_M;
  for (const other of others) {
    if (other === agent) continue;
    const dx = other.x - agent.x;
    const dy = other.y - agent.y;
    const along = dx * agent.dirX + dy * agent.dirY;
    if (along <= 0) continue;
    const across = dx * agent.dirY - dy * agent.dirX;
    const radius = agent.bodyM + other.bodyM + margin;
    if (across * across >= radius * radius) continue;
    const distance = along - Math.sqrt(radius * radius - across * across);
    if (distance < gap) gap = distance;
  }
  return gap < 0 ? 0 : gap;
}
