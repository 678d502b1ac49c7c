import type { Point } from '@hitonami/model';
import type { World } from '@hitonami/simulator';
import { material, speckled } from '../figures/paint.js';
import { Random } from '../figures/random.js';
import type { Light, Material, Mesh } from '../mesh.js';
import type { Scene } from '../raster/view.js';
import { daylight, lampLight } from '../scene/light.js';
import { Stage, surfaceMaterial } from '../scene/stage.js';
import {
  floorSurface,
  posterTexture,
  signTexture,
  type Surface,
  wallSurface,
} from '../scene/surfaces.js';
import { shopTexture } from '../scene/facade.js';
import { stretchesOf, type Stretch } from './outline.js';
import { signedArea, triangulate } from './triangulate.js';

/** How deep the tracks lie beside a platform, and how wide their bed is, metres. */
export const TRACK_DEPTH_M = 1.1;
const TRACK_WIDTH_M = 4.4;
/** Height of walls where there is only sky, metres. */
const OPEN_WALL_M = 3;
const DOOR_M = 2.4;
/** How far a passage goes on behind a door, metres. */
const PASSAGE_M = 9;

export interface StationLook {
  /** Surfaces, posters, lamps. */
  readonly seed: number;
  /** Hour of the day, 0 to 24. */
  readonly hour: number;
}

/** A world as it looks without people and trains. The same world, seed and hour give the same scene. */
export function stationOf(world: World, { seed, hour }: StationLook): Scene {
  const random = new Random(seed, 0x57a7);
  const stage = new Stage();
  const tall = world.ceilingHeightM ?? OPEN_WALL_M;
  const floor = calmest(4, () =>
    floorSurface(
      random,
      random.pick(['tiles', 'terrazzo', 'slabs', 'hexagons', 'concrete'] as const),
    ),
  );
  const walls = calmest(6, () =>
    wallSurface(random, random.pick(['tilewall', 'panels', 'plaster', 'blocks'] as const)),
  );
  const made: Materials = {
    floor: surfaceMaterial(floor),
    floorSpanM: floor.spanM,
    wall: surfaceMaterial(walls),
    wallSpanM: walls.spanM,
    steel: material(speckled([0.55, 0.57, 0.58], 0.08, random.next(), 64), 0.4),
    dark: material(speckled([0.16, 0.17, 0.19], 0.15, random.next(), 64), 0.2),
    ceiling: material(speckled([0.82, 0.82, 0.8], 0.06, random.next(), 64), 0, 0.12),
    yellow: material(speckled([0.85, 0.68, 0.14], 0.16, random.next(), 64), 0.05),
    gravel: surfaceMaterial(floorSurface(random, 'gravel')),
  };
  const rings = world.walkable.map((ring, i) => orientedRing(ring, i === 0));
  const outer = rings[0] ?? [];
  const meshes: Mesh[] = [level(outer, 0, made.floor, made.floorSpanM)];
  for (const stretch of rings.flatMap((ring) => stretchesOf(ring, world))) {
    if (stretch.kind === 'wall') wall(stage, random, made, stretch, tall);
    if (stretch.kind === 'door') passage(stage, made, stretch, tall);
    if (stretch.kind === 'platform') tracks(stage, random, made, stretch, tall);
  }
  for (const obstacle of world.obstacles) block(stage, random, made, obstacle);
  for (const { polygon, towards } of world.stairs) steps(meshes, polygon, towards, made);
  if (world.ceilingHeightM !== undefined) {
    meshes.push(level(outer, tall, made.ceiling, 2));
    lamps(stage, outer, tall);
  }
  return {
    meshes: [...meshes, ...stage.meshes()],
    light: lightOf(world, outer, tall, hour, random),
  };
}

/** Of some surfaces the one that is lightest and has the least colour, as stations are built. */
function calmest(count: number, make: () => Surface): Surface {
  const scored = Array.from({ length: count }, () => {
    const surface = make();
    const { rgb } = surface.texture;
    const sums = [0, 0, 0];
    for (const [i, value] of rgb.entries()) sums[i % 3] = (sums[i % 3] ?? 0) + value / rgb.length;
    const grey = (sums[0] ?? 0) + (sums[1] ?? 0) + (sums[2] ?? 0);
    return { surface, score: grey - 3 * (Math.max(...sums) - Math.min(...sums)) };
  });
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  return best.surface;
}

interface Materials {
  readonly floor: Material;
  readonly floorSpanM: number;
  readonly wall: Material;
  readonly wallSpanM: number;
  readonly steel: Material;
  readonly dark: Material;
  readonly ceiling: Material;
  readonly yellow: Material;
  readonly gravel: Material;
}

/** An open ring with the floor on its left: the outline counter-clockwise, holes clockwise. */
function orientedRing(ring: readonly Point[], isOutline: boolean): readonly Point[] {
  const open = ring.slice(0, -1);
  return signedArea(open) > 0 === isOutline ? open : [...open].reverse();
}

/** A level sheet over a polygon. */
function level(ring: readonly Point[], z: number, of: Material, spanM: number): Mesh {
  const triangles = triangulate(ring);
  return {
    positions: Float32Array.from(ring.flatMap(([x, y]) => [x, y, z])),
    normals: Float32Array.from(ring.flatMap(() => [0, 0, 1])),
    uv: Float32Array.from(ring.flatMap(([x, y]) => [x / spanM, y / spanM])),
    triangles: Uint32Array.from(triangles),
    material: of,
  };
}

function wall(
  stage: Stage,
  random: Random,
  made: Materials,
  { from, to }: Stretch,
  tall: number,
): void {
  stage.wall(made.wall, made.wallSpanM, made.wallSpanM, from, to, 0, tall);
  stage.wall(made.dark, 1, 0.12, shifted(from, to, 0, -0.01), shifted(from, to, 1, -0.01), 0, 0.12);
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (length < 1.6) return;
  if (length > 5 && random.chance(0.35)) {
    const shop = material(shopTexture(random), 0.1, random.between(0.1, 0.5));
    stage.wall(
      shop,
      4.5,
      2.8,
      shifted(from, to, 0.08, -0.04),
      shifted(from, to, 0.92, -0.04),
      0,
      2.8,
    );
    return;
  }
  for (let at = random.between(0.4, 2); at + 1.2 < length; at += random.between(1.6, 5)) {
    const poster = material(posterTexture(random), 0.15, random.chance(0.3) ? 0.35 : 0);
    const wide = random.between(0.7, 1.1);
    const z = random.between(0.8, 1.1);
    stage.wall(
      poster,
      wide,
      1.3,
      shifted(from, to, at / length, -0.03),
      shifted(from, to, (at + wide) / length, -0.03),
      z,
      z + 1.3,
    );
  }
}

/** A passage that leads away behind a door, with its lintel. */
function passage(stage: Stage, made: Materials, { from, to }: Stretch, tall: number): void {
  const out = PASSAGE_M;
  const [a, b] = [shifted(from, to, 0, out), shifted(from, to, 1, out)];
  stage
    .of(made.floor)
    .quad([from[0], from[1], 0], [to[0], to[1], 0], [b[0], b[1], 0], [a[0], a[1], 0], [0, 0, 3, 3]);
  stage.wall(made.wall, made.wallSpanM, made.wallSpanM, from, a, 0, DOOR_M + 0.1);
  stage.wall(made.wall, made.wallSpanM, made.wallSpanM, to, b, 0, DOOR_M + 0.1);
  stage.wall(made.dark, 2, 2, a, b, 0, DOOR_M + 0.1);
  stage
    .of(made.ceiling)
    .quad(
      [from[0], from[1], DOOR_M],
      [to[0], to[1], DOOR_M],
      [b[0], b[1], DOOR_M],
      [a[0], a[1], DOOR_M],
    );
  if (tall > DOOR_M) stage.wall(made.wall, made.wallSpanM, made.wallSpanM, from, to, DOOR_M, tall);
  stage.wall(
    made.steel,
    1,
    1,
    shifted(from, to, 0, -0.02),
    shifted(from, to, 1, -0.02),
    DOOR_M,
    DOOR_M + 0.12,
  );
}

/** The bed of a track beside a platform's edge, the wall beyond it, and the line behind which to wait. */
function tracks(
  stage: Stage,
  random: Random,
  made: Materials,
  { from, to }: Stretch,
  tall: number,
): void {
  const strip = (inner: number, outer: number, z: number, of: Material, u: number): void => {
    const corners = [
      shifted(from, to, 0, inner),
      shifted(from, to, 1, inner),
      shifted(from, to, 1, outer),
      shifted(from, to, 0, outer),
    ].map(([x, y]) => [x, y, z] as const);
    const [a, b, c, d] = corners;
    if (a !== undefined && b !== undefined && c !== undefined && d !== undefined)
      stage.of(of).quad(a, b, c, d, [0, 0, u, Math.max(1, (outer - inner) / 2)]);
  };
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  strip(0, TRACK_WIDTH_M, -TRACK_DEPTH_M, made.gravel, length / 2);
  for (const rail of [1.2, 2.6])
    strip(rail, rail + 0.08, -TRACK_DEPTH_M + 0.16, made.steel, length);
  strip(-1.15, -0.85, 0.006, made.yellow, length / 0.6);
  strip(-0.12, 0, 0.006, made.ceiling, length);
  stage.wall(made.dark, 2, 1.1, from, to, -TRACK_DEPTH_M, 0);
  const far = wallSurface(random, 'blocks');
  stage.wall(
    surfaceMaterial(far),
    far.spanM,
    far.spanM,
    shifted(from, to, -0.5, TRACK_WIDTH_M),
    shifted(from, to, 1.5, TRACK_WIDTH_M),
    -TRACK_DEPTH_M,
    tall,
  );
  for (let at = 0.06; at < 0.9; at += 7 / length) {
    const sign = material(at % 0.3 < 0.15 ? signTexture(random) : posterTexture(random), 0.1, 0.4);
    const share = 2.4 / length;
    const [a, b] = [
      shifted(from, to, at, TRACK_WIDTH_M - 0.05),
      shifted(from, to, at + share, TRACK_WIDTH_M - 0.05),
    ];
    stage.wall(sign, 2.4, 1.3, a, b, 0.6, 1.9);
  }
}

function block(
  stage: Stage,
  random: Random,
  made: Materials,
  obstacle: World['obstacles'][number],
): void {
  const { kind, polygon, heightM } = obstacle;
  const of =
    kind === 'gate' ? made.steel : kind === 'wall' || kind === 'pillar' ? made.wall : made.dark;
  const ring = orientedRing([...polygon, polygon[0] ?? [0, 0]], true);
  const span = kind === 'gate' || kind === 'bench' ? 1 : made.wallSpanM;
  for (const [i, from] of ring.entries()) {
    const to = ring[(i + 1) % ring.length] ?? from;
    const front = kind === 'kiosk' && Math.hypot(to[0] - from[0], to[1] - from[1]) > 1;
    const face = front ? material(shopTexture(random), 0.1, 0.4) : of;
    stage.wall(face, front ? 2.5 : span, front ? heightM : span, from, to, 0, heightM);
  }
  const top = triangulate(ring);
  const sculpt = stage.of(of);
  const first = sculpt.vertices;
  for (const [x, y] of ring) sculpt.vertex([x, y, heightM], x, y);
  for (let t = 0; t + 2 < top.length; t += 3) {
    sculpt.triangle(first + (top[t] ?? 0), first + (top[t + 1] ?? 0), first + (top[t + 2] ?? 0));
  }
}

/** Treads as stripes across the floor, since people are drawn on its plane. */
function steps(meshes: Mesh[], polygon: readonly Point[], [tx, ty]: Point, made: Materials): void {
  const along = polygon.map(([x, y]) => x * tx + y * ty);
  const across = polygon.map(([x, y]) => y * tx - x * ty);
  const [a0, a1] = [Math.min(...along), Math.max(...along)];
  const [c0, c1] = [Math.min(...across), Math.max(...across)];
  const at = (a: number, c: number): Point => [a * tx - c * ty, a * ty + c * tx];
  for (let a = a0; a < a1; a += 0.32) {
    const edge = Math.min(a1, a + 0.05);
    meshes.push(level([at(a, c0), at(edge, c0), at(edge, c1), at(a, c1)], 0.005, made.yellow, 0.6));
  }
}

/** Tubes of light in rows under the ceiling. */
function lamps(stage: Stage, outer: readonly Point[], tall: number): void {
  const tubes = material(speckled([1, 0.99, 0.96], 0.02, 0.4, 16), 0, 1.4);
  const [x0, y0, x1, y1] = bounds(outer);
  for (let x = x0 + 1.5; x < x1; x += 3) {
    for (let y = y0 + 1.2; y < y1; y += 3.6)
      stage.box(tubes, [x, y, tall - 0.05], [0.08, 0.7, 0.03]);
  }
}

function lightOf(
  world: World,
  outer: readonly Point[],
  tall: number,
  hour: number,
  random: Random,
): Light {
  const cloud = random.between(0.3, 0.9);
  const outside = daylight(hour, cloud);
  if (world.ceilingHeightM === undefined) return outside;
  const [x0, y0, x1, y1] = bounds(outer);
  const everyM = Math.max(3.2, Math.sqrt(((x1 - x0) * (y1 - y0)) / 18));
  const warmth = random.between(0, 0.5);
  const inside = lampLight({ x0, y0, x1, y1, z: tall - 0.3, everyM }, warmth, 3.4, 0.26);
  // Some of the day comes in through doors and windows.
  const day = 0.25;
  const [r, g, b] = inside.sky;
  const sky = [
    r + day * outside.sky[0],
    g + day * outside.sky[1],
    b + day * outside.sky[2],
  ] as const;
  return { ...inside, sky };
}

function bounds(ring: readonly Point[]): readonly [x0: number, y0: number, x1: number, y1: number] {
  const xs = ring.map(([x]) => x);
  const ys = ring.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** A point a share of the way from one end to the other, moved off to the right (out of the floor) by `outM`. */
export function shifted(from: Point, to: Point, share: number, outM: number): [number, number] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  return [from[0] + dx * share + (dy / length) * outM, from[1] + dy * share - (dx / length) * outM];
}
