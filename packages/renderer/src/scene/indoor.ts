import { material, speckled } from '../figures/paint.js';
import type { Random } from '../figures/random.js';
import { shopTexture, windowsTexture } from './facade.js';
import { lampLight } from './light.js';
import type { Place, Split } from './place.js';
import { palette, type Palette } from './palette.js';
import { addProp, type Prop } from './props.js';
import { Stage, surfaceMaterial } from './stage.js';
import { WALLS } from './street.js';
import {
  floorSurface,
  posterTexture,
  signTexture,
  wallSurface,
  type FloorFamily,
} from './surfaces.js';

export const INDOOR_FLOORS: Readonly<Record<Split, readonly FloorFamily[]>> = {
  train: ['tiles', 'terrazzo', 'concrete', 'planks', 'carpet', 'checker', 'slabs'],
  'held-out': ['herringbone', 'hexagons', 'mosaic'],
};

export const HALL_PROPS: readonly (readonly [Prop, number])[] = [
  ['pillar', 3],
  ['bin', 2],
  ['totem', 2.5],
  ['board', 1.5],
  ['statue', 0.7],
  ['rack', 1],
  ['plant', 1.5],
  ['cone', 1],
  ['bench', 2],
  ['table', 1.2],
  ['machine', 2],
  ['crate', 1],
  ['mannequin', 0.8],
  ['barrier', 1.5],
  ['bollard', 1],
  ['pole', 1],
  ['sign', 1.5],
];

interface Room {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly tall: number;
}

/** A station hall, a mall, an atrium: pillars, shops and machines along the walls, clutter in the middle. */
export function hall(random: Random, split: Split): Place {
  const wide = random.between(14, 40);
  const deep = random.between(12, 32);
  const tall = random.between(3.2, 7.5);
  const room: Room = { x0: -wide / 2, y0: -deep / 2, x1: wide / 2, y1: deep / 2, tall };
  return furnish(random, split, 'hall', room, random.whole(3, 18), 0);
}

/** A passage along x. */
export function corridor(random: Random, split: Split): Place {
  const long = random.between(18, 44);
  const wide = random.between(2.6, 8);
  const room: Room = {
    x0: -long / 2,
    y0: -wide / 2,
    x1: long / 2,
    y1: wide / 2,
    tall: random.between(2.6, 4.4),
  };
  return furnish(random, split, 'corridor', room, random.whole(0, 7), 0);
}

function furnish(
  random: Random,
  split: Split,
  name: string,
  room: Room,
  count: number,
  alongRad: number,
): Place {
  const stage = new Stage();
  const kit = palette(random);
  const floor = floorSurface(random, random.pick(INDOOR_FLOORS[split]));
  const { x0, y0, x1, y1, tall } = room;
  stage.floor(surfaceMaterial(floor), floor.spanM, x0, y0, x1, y1);
  if (random.chance(0.4)) {
    const inlay = floorSurface(random, random.pick(INDOOR_FLOORS[split]));
    const y = random.between(y0, y1 - 1);
    stage.floor(
      surfaceMaterial(inlay),
      inlay.spanM,
      x0,
      y,
      x1,
      Math.min(y1, y + random.between(0.3, 3)),
      0.004,
    );
  }
  if (random.chance(0.4)) tactile(stage, random, x0, x1, random.between(y0 + 0.5, y1 - 1));
  const ends = [
    [
      [x0, y1],
      [x1, y1],
    ],
    [
      [x0, y0],
      [x1, y0],
    ],
    [
      [x0, y0],
      [x0, y1],
    ],
    [
      [x1, y0],
      [x1, y1],
    ],
  ] as const;
  for (const [a, b] of ends) dressWall(stage, random, split, a, b, tall);
  const ceiling = material(speckled([0.8, 0.8, 0.78], 0.08, random.next(), 64), 0, 0.15);
  stage.floor(ceiling, 2, x0, y0, x1, y1, tall);
  const tubes = material(
    speckled([1, 0.98, 0.94], 0.02, random.next(), 16),
    0,
    random.between(0.9, 2),
  );
  for (let x = x0 + 1.5; x < x1; x += random.between(2.5, 5))
    stage.box(tubes, [x, (y0 + y1) / 2, tall - 0.04], [0.1, (y1 - y0) * 0.4, 0.03]);
  for (let i = count; i > 0; i -= 1) {
    const wall = random.chance(0.5);
    const y = wall ? random.pick([y0 + 0.6, y1 - 0.6]) : random.between(y0 + 0.5, y1 - 0.5);
    addProp(stage, random, kit, random.weighted(HALL_PROPS), random.between(x0 + 0.8, x1 - 0.8), y);
  }
  if (name === 'hall' && random.chance(0.4)) gates(stage, random, kit, room);
  if (name === 'hall' && random.chance(0.35)) stairs(stage, random, kit, room);
  hangSigns(stage, random, room);
  const light = lampLight(
    { x0, y0, x1, y1, z: tall - 0.3, everyM: Math.max(3, Math.sqrt(((x1 - x0) * (y1 - y0)) / 12)) },
    random.next(),
    random.between(1.2, 5),
    random.between(0.12, 0.5),
  );
  return {
    name,
    meshes: stage.meshes(),
    light,
    walk: [{ x0: x0 + 0.35, y0: y0 + 0.35, x1: x1 - 0.35, y1: y1 - 0.35 }],
    blocked: stage.blocked,
    cameras: { x0: x0 + 0.3, y0: y0 + 0.3, x1: x1 - 0.3, y1: y1 - 0.3 },
    ceilingM: tall,
    indoors: true,
    alongRad,
  };
}

/** A wall with what hangs on it and stands in it. */
export function dressWall(
  stage: Stage,
  random: Random,
  split: Split,
  a: readonly [number, number],
  b: readonly [number, number],
  tall: number,
): void {
  const surface = wallSurface(random, random.pick(WALLS[split]));
  const made = surfaceMaterial(surface);
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  stage.wall(made, surface.spanM, surface.spanM, a, b, 0, tall);
  // Things are drawn a little before the wall, on the side of the room's middle.
  const inward = (t: number, off: number): [number, number] => {
    const x = a[0] + (b[0] - a[0]) * t;
    const y = a[1] + (b[1] - a[1]) * t;
    const k = off / Math.max(1, Math.hypot(x, y));
    return Math.abs(b[0] - a[0]) > Math.abs(b[1] - a[1])
      ? [x, y - Math.sign(y) * off]
      : [x - Math.sign(x) * off, y + 0 * k];
  };
  const panel = (
    t: number,
    wide: number,
    z0: number,
    z1: number,
    paint: Parameters<Stage['wall']>[0],
    spanX: number,
  ): void => {
    const share = wide / length;
    stage.wall(
      paint,
      spanX,
      z1 - z0,
      inward(t, 0.04),
      inward(Math.min(1, t + share), 0.04),
      z0,
      z1,
    );
  };
  const kind = random.next();
  if (kind < 0.22) {
    const shop = material(shopTexture(random), 0.1, random.between(0, 0.6));
    panel(0.02, length * 0.96, 0, Math.min(tall, 3.4), shop, random.between(4, 8));
  } else if (kind < 0.34) {
    panel(
      0,
      length,
      0,
      Math.min(tall, 3.2),
      material(windowsTexture(random, 'plaster'), 0.2, random.between(0, 0.4)),
      3,
    );
  } else if (kind < 0.85) {
    for (let t = random.between(0.02, 0.2); t < 0.9; t += random.between(1.2, 6) / length) {
      const wide = random.between(0.6, 1.6);
      const z = random.between(0.4, 1.1);
      panel(
        t,
        wide,
        z,
        Math.min(tall, z + random.between(0.8, 1.8)),
        material(posterTexture(random), 0.15, random.chance(0.4) ? 0.5 : 0),
        wide,
      );
      if (t * length > 22) break;
    }
  }
  if (random.chance(0.5)) {
    const door = material(
      speckled(
        [random.between(0.2, 0.8), random.between(0.2, 0.7), random.between(0.2, 0.7)],
        0.1,
        random.next(),
      ),
      0.15,
    );
    panel(random.between(0.1, 0.8), 1, 0, 2.1, door, 1);
  }
  if (random.chance(0.5))
    panel(
      0,
      length,
      0,
      random.between(0.08, 0.2),
      material(speckled([0.2, 0.18, 0.16], 0.2, random.next())),
      1,
    );
}

/** The yellow strip for people who do not see. */
export function tactile(stage: Stage, random: Random, x0: number, x1: number, y: number): void {
  const paint = material(speckled([0.86, 0.69, 0.16], 0.18, random.next(), 64), 0.05);
  stage.floor(paint, 0.6, x0, y, x1, y + random.between(0.3, 0.6), 0.008);
}

export function hangSigns(stage: Stage, random: Random, { x0, y0, x1, y1, tall }: Room): void {
  for (let i = random.whole(0, 4); i > 0; i -= 1) {
    const sign = material(signTexture(random), 0.1, random.between(0, 0.7));
    const across = random.chance(0.5);
    const half = random.between(0.6, 1.8);
    stage.box(
      sign,
      [
        random.between(x0 + 2, x1 - 2),
        random.between(y0 * 0.7, y1 * 0.7),
        Math.max(2.4, tall - 0.6),
      ],
      across ? [0.05, half, 0.22] : [half, 0.05, 0.22],
    );
  }
}

function gates(stage: Stage, random: Random, kit: Palette, { x0, y0, y1 }: Room): void {
  const x = x0 * random.between(-0.4, 0.4);
  const metal = random.pick(kit.metals);
  for (let y = y0 + 1; y < y1 - 1; y += 0.85) {
    stage.box(metal, [x, y, 0.5], [0.85, 0.13, 0.5]);
    stage.box(random.pick(kit.bright), [x, y, 1.01], [0.5, 0.1, 0.02]);
    for (const dx of [-0.6, 0, 0.6]) stage.block(x + dx, y, 0.28);
  }
}

function stairs(stage: Stage, random: Random, kit: Palette, { x1, y0, y1, tall }: Room): void {
  const stone = random.pick(kit.stones);
  const half = random.between(0.8, 2);
  const y = random.between(y0 + half + 0.5, y1 - half - 0.5);
  const steps = Math.min(16, Math.floor(tall / 0.18));
  for (let i = 0; i < steps; i += 1)
    stage.box(stone, [x1 - (steps - i) * 0.3, y, (i + 1) * 0.085], [0.15, half, (i + 1) * 0.085]);
  for (const e of [-half, half])
    stage
      .of(random.pick(kit.metals))
      .bar([x1 - steps * 0.3, y + e, 1], [x1, y + e, 1 + steps * 0.17], 0.03);
  for (let i = 0; i < 6; i += 1) stage.block(x1 - i * steps * 0.06, y, half + 0.2);
}
