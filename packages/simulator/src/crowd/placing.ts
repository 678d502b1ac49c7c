import type { Point } from '@hitonami/model';
import { closedRing } from '../geometry.js';
import type { Random } from '../random.js';
import type { InitialCrowd, StandingGroup } from '../scenario.js';
import type { Walls } from '../walls.js';
import { polygonBox, polygonContains } from '@hitonami/model';

/** Those who talk stand on a circle with this much of its rim each, metres, but no narrower than this. */
const RIM_M = 0.75;
const LEAST_RADIUS_M = 0.4;
/** Room between people who are there at the start: as much as their number allows, from 0.9 m down. */
const ROOMS_M = [0.9, 0.75, 0.6, 0.5, 0.44, 0.4] as const;
const TRIES_PER_PERSON = 60;
const WALL_ROOM_M = 0.3;

/** Where the members of a standing group stand, and that they face each other. */
export function placeGroup(
  { at, people }: StandingGroup,
  walls: Walls,
): { x: number; y: number; faceRad: number }[] {
  const radius = Math.max(LEAST_RADIUS_M, (RIM_M * people) / (2 * Math.PI));
  return Array.from({ length: people }, (_, i) => {
    const angle = (2 * Math.PI * i) / people;
    const [x, y] = [at[0] + radius * Math.cos(angle), at[1] + radius * Math.sin(angle)];
    return { x, y, faceRad: Math.atan2(at[1] - y, at[0] - x) };
  }).filter(({ x, y }) => walls.isWalkable(x, y));
}

/** Spreads people over a polygon, none too near another: dart throwing, with less room where they do not all fit. */
export function placeCrowd(
  { polygon, people }: InitialCrowd,
  walls: Walls,
  others: readonly { x: number; y: number }[],
  random: Random,
): Point[] {
  const ring = closedRing(polygon);
  const box = polygonBox([ring]);
  for (const room of ROOMS_M) {
    const places: Point[] = [];
    for (let tries = 0; places.length < people && tries < TRIES_PER_PERSON * people; tries++) {
      const x = random.between(box.minX, box.maxX);
      const y = random.between(box.minY, box.maxY);
      if (!polygonContains([ring], x, y) || !walls.isWalkable(x, y)) continue;
      if (walls.distanceTo(x, y) < WALL_ROOM_M) continue;
      if (places.some(([px, py]) => (px - x) ** 2 + (py - y) ** 2 < room * room)) continue;
      if (others.some((p) => (p.x - x) ** 2 + (p.y - y) ** 2 < room * room)) continue;
      places.push([x, y]);
    }
    if (places.length === people || room === ROOMS_M.at(-1)) return places;
  }
  return [];
}
