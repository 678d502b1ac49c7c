import { HitonamiError, polygonContains, type Point, type Polygon } from '@hitonami/model';
import type { World } from '../world.js';
import type { CameraPose } from './pose.js';
import { PictureOf } from './projection.js';

export interface CoverageOptions {
  /** How far from the camera's foot people are still seen well, metres. */
  maxDistanceM: number;
  /** How far from the edge of the picture feet and heads must stay. Default 4 pixels. */
  marginPx?: number;
  /** Height up to which someone must be in the picture. Default 1.7 m. */
  personM?: number;
}

const STEP_M = 0.1;
/** Rays are first tried at every so many steps, since most of them are not in the picture at all. */
const COARSE_STEPS = 5;
const RAY_STEP_DEG = 2;
const RAYS = 360 / RAY_STEP_DEG;
/** Coverage keeps off walls by this much, so that it lies on the floor after rounding too. */
const INSET_M = 0.05;
/** Objects under this height hide nobody from a camera that hangs. */
const HIDING_M = 1.6;
/** A corner of the polygon that is nearer than this to the line between its neighbours is left out. */
const SIMPLIFY_M = 0.08;

/**
 * The part of the floor that a camera sees well: where the feet and the head of a person are in its picture, no farther
 * than `maxDistanceM`, on the walkable floor, and not behind a wall or anything as tall as a person. One ring without
 * holes: looking out from the camera's foot, from the nearest to the farthest such point in each direction.
 *
 * @throws HitonamiError `CONFIG` where that is nothing
 */
export function coverageOf(pose: CameraPose, world: World, options: CoverageOptions): Polygon {
  const { maxDistanceM, marginPx = 4, personM = 1.7 } = options;
  const picture = new PictureOf(pose);
  const hiding = world.obstacles
    .filter(({ heightM }) => heightM >= HIDING_M)
    .map(({ polygon }) => [...polygon, ...polygon.slice(0, 1)]);
  const isOpen = (x: number, y: number): boolean =>
    polygonContains(world.walkable, x, y) && !hiding.some((ring) => polygonContains([ring], x, y));
  // A ray that grazes a wall keeps off it sideways too.
  const isClear = (x: number, y: number, ox: number, oy: number): boolean =>
    isOpen(x, y) && isOpen(x + ox, y + oy) && isOpen(x - ox, y - oy);
  const spanOf = (angle: number): readonly [near: number, far: number] | undefined => {
    const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
    let near: number | undefined;
    let far = 0;
    // The camera may hang a little behind the edge of the floor: hiding counts from the floor's first point on.
    let wasOpen = false;
    const steps = Math.floor(maxDistanceM / STEP_M);
    const isInPicture = (i: number): boolean => {
      const [x, y] = [pose.x + ux * i * STEP_M, pose.y + uy * i * STEP_M];
      return picture.shows(x, y, 0, marginPx) && picture.shows(x, y, personM, marginPx);
    };
    const isTried = (i: number): boolean => i % COARSE_STEPS === 0 && isInPicture(i);
    if (!Array.from({ length: steps }, (_, i) => i).some(isTried)) return undefined;
    for (let i = 0; i <= steps; i++) {
      const [x, y] = [pose.x + ux * i * STEP_M, pose.y + uy * i * STEP_M];
      const isOn = isClear(x, y, -uy * INSET_M, ux * INSET_M);
      if (wasOpen && !isOn) break;
      wasOpen = isOn;
      if (isOn && isInPicture(i)) {
        near ??= i * STEP_M;
        far = i * STEP_M;
      } else if (near !== undefined) break;
    }
    if (near === undefined) return undefined;
    const span = [near + INSET_M, far - INSET_M] as const;
    return span[1] - span[0] > INSET_M ? span : undefined;
  };
  const spans = Array.from({ length: RAYS }, (_, i) => spanOf((i * RAY_STEP_DEG * Math.PI) / 180));
  return [simplified(ringOf(pose, spans))];
}

type Span = readonly [near: number, far: number] | undefined;

/** The longest run of neighbouring rays that see something, out along their far ends and back along the near ones. */
function ringOf(pose: CameraPose, spans: readonly Span[]): Point[] {
  let best: { first: number; count: number } = { first: 0, count: 0 };
  for (let first = 0; first < RAYS; first++) {
    let count = 0;
    while (count < RAYS && spans[(first + count) % RAYS] !== undefined) count++;
    if (count > best.count) best = { first, count };
  }
  if (best.count < 3) {
    throw new HitonamiError(
      'CONFIG',
      `camera at (${pose.x}, ${pose.y}): it sees no walkable floor; turn it, or move it`,
    );
  }
  const at = (ray: number, distance: number): Point => {
    const angle = (ray * RAY_STEP_DEG * Math.PI) / 180;
    const round = (value: number): number => Math.round(value * 100) / 100;
    return [round(pose.x + Math.cos(angle) * distance), round(pose.y + Math.sin(angle) * distance)];
  };
  const rays = Array.from({ length: best.count }, (_, i) => (best.first + i) % RAYS);
  const far = rays.map((ray) => at(ray, spans[ray]?.[1] ?? 0));
  const near = rays.map((ray) => at(ray, spans[ray]?.[0] ?? 0)).reverse();
  const all = best.count === RAYS ? far : [...far, ...near];
  return [...all, ...all.slice(0, 1)];
}

/** Douglas and Peucker on a closed ring, its first corner kept. */
function simplified(ring: readonly Point[]): Point[] {
  const keep = new Set([0, ring.length - 1]);
  const spans: [number, number][] = [[0, ring.length - 1]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    let worst = -1;
    let worstM = SIMPLIFY_M;
    for (let i = from + 1; i < to; i++) {
      const distance = distanceTo(ring[from] as Point, ring[to] as Point, ring[i] as Point);
      if (distance > worstM) [worst, worstM] = [i, distance];
    }
    if (worst < 0) continue;
    keep.add(worst);
    spans.push([from, worst], [worst, to]);
  }
  return ring.filter((_, i) => keep.has(i));
}

function distanceTo([ax, ay]: Point, [bx, by]: Point, [px, py]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(
    0,
    Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)),
  );
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}
