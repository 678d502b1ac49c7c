import type { Point } from '@hitonami/model';
import type { Random } from '../random.js';
import type { Platform } from '../world.js';
import type { Agent } from './agent.js';
import type { Floor } from './floor.js';

/** Nobody waits nearer to the edge than this, metres (the tactile strip). */
const EDGE_M = 0.8;
/** Places that someone looks at before they choose one. */
const LOOKED_AT = 28;
/** Each person who already waits within `CLOSE_M` of a place makes it as dear as this many metres on foot. */
const CLOSE_M = 1;
const CLOSE_COST_M = 2.2;
/** Nobody chooses a place that somebody else has. */
const TAKEN_M = 0.38;
/** Those who wait like to stand by a door of the train. */
const DOOR_COST = 0.35;
const ROOM_AT_WALL_M = 0.3;

/** Finds a place to wait on a platform: not far, not crowded, near a door. */
export function waitingSpot(
  platform: Platform,
  from: Point,
  doors: readonly Point[],
  waiting: readonly Agent[],
  floor: Floor,
  random: Random,
): Point {
  const [[ax, ay], [bx, by]] = platform.edge;
  const length = Math.hypot(bx - ax, by - ay);
  const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
  let best: Point = [
    (ax + bx) / 2 - (uy * platform.waitingDepthM) / 2,
    (ay + by) / 2 + (ux * platform.waitingDepthM) / 2,
  ];
  let least = Infinity;
  for (let i = 0; i < LOOKED_AT; i++) {
    const along = random.between(0.5, length - 0.5);
    const depth = random.between(EDGE_M, platform.waitingDepthM);
    const [x, y] = [ax + ux * along - uy * depth, ay + uy * along + ux * depth];
    if (!floor.walls.isWalkable(x, y) || floor.walls.distanceTo(x, y) < ROOM_AT_WALL_M) continue;
    let cost = Math.hypot(x - from[0], y - from[1]);
    let toDoor = Infinity;
    for (const door of doors) toDoor = Math.min(toDoor, Math.hypot(x - door[0], y - door[1]));
    if (toDoor < Infinity) cost += DOOR_COST * toDoor;
    for (const { stages } of waiting) {
      const stage = stages[0];
      if (stage?.kind !== 'wait') continue;
      const d = Math.hypot(x - stage.spot[0], y - stage.spot[1]);
      if (d < TAKEN_M) cost += 20;
      if (d < CLOSE_M) cost += CLOSE_COST_M * (1 - d / CLOSE_M);
    }
    if (cost < least) [best, least] = [[x, y], cost];
  }
  return best;
}
