import type { Texture } from '../mesh.js';
import { fromHsv, mixed, pink, texture, times, type Colour } from '../figures/paint.js';
import type { Random } from '../figures/random.js';

/**
 * Surfaces of floors and walls. A texture spans `spanM` metres, so that slabs and bricks have their real size. Each
 * family has many members: colours, sizes, dirt and wear are drawn anew.
 */
export interface Surface {
  readonly texture: Texture;
  readonly spanM: number;
  readonly gloss: number;
}

export type FloorFamily =
  | 'asphalt'
  | 'slabs'
  | 'cobbles'
  | 'tiles'
  | 'terrazzo'
  | 'concrete'
  | 'planks'
  | 'carpet'
  | 'gravel'
  | 'checker'
  | 'herringbone'
  | 'hexagons'
  | 'mosaic';
export type WallFamily =
  | 'plaster'
  | 'brick'
  | 'panels'
  | 'tilewall'
  | 'stone'
  | 'metal'
  | 'wood'
  | 'stripes'
  | 'blocks'
  | 'mural';

const SIDE = 256;

/** A colour of building materials: mostly grey, beige and brown. */
export function stoneColour(random: Random, low = 0.2, high = 0.8): Colour {
  const value = random.between(low, high);
  if (random.chance(0.1)) return fromHsv(random.next(), random.between(0.2, 0.6), value);
  return fromHsv(
    random.between(0.02, 0.17) + (random.chance(0.25) ? 0.45 : 0),
    random.between(0, 0.25),
    value,
  );
}

type Paint = (u: number, v: number) => Colour;

/** Adds what every real surface has: slow stains, fine grain. */
function worn(random: Random, paint: Paint): Paint {
  const du = random.next();
  const dv = random.next();
  const dirt = random.between(0.03, 0.16);
  const grain = random.between(0.02, 0.1);
  return (u, v) =>
    times(paint(u, v), 1 + dirt * pink(u + du, v + dv) + grain * pink(u * 5 + dv, v * 5 + du));
}

/** Rows of slabs: joint colour between, every slab a little different. */
function laid(
  random: Random,
  columns: number,
  rows: number,
  joint: number,
  shift: number,
  colour: (cell: number) => Colour,
): Paint {
  const jointColour = times(colour(0), random.between(0.45, 1.25));
  const uneven = random.between(0.02, 0.22);
  const salt = random.whole(1, 99999);
  return (u, v) => {
    const y = v * rows;
    const row = Math.floor(y);
    const x = u * columns + (row % 2) * shift;
    const column = Math.floor(x) % columns;
    const fx = x - Math.floor(x);
    const fy = y - row;
    const edgeX = Math.min(fx, 1 - fx) * (1 / columns);
    const edgeY = Math.min(fy, 1 - fy) * (1 / rows);
    if (Math.min(edgeX, edgeY) < joint) return jointColour;
    const cell = hashed(column * 7919 + row * 104729 + salt);
    return times(colour(cell), 1 + uneven * (cell * 2 - 1));
  };
}

function hashed(value: number): number {
  const h = Math.imul(value ^ (value >>> 13), 0x5bd1e995);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

export function floorSurface(random: Random, family: FloorFamily): Surface {
  const base = stoneColour(random, 0.25, 0.8);
  const other = random.chance(0.5) ? times(base, random.between(0.6, 1.4)) : stoneColour(random);
  const made = (paint: Paint, spanM: number, gloss = 0): Surface => ({
    texture: texture(SIDE, SIDE, worn(random, paint)),
    spanM,
    gloss,
  });
  const polish = random.chance(0.4) ? random.between(0.1, 0.5) : 0.03;
  switch (family) {
    case 'asphalt': {
      const grey = random.between(0.2, 0.5);
      return made((u, v) => times([grey, grey, grey * 1.02], 1 + 0.25 * pink(u * 6, v * 6)), 3);
    }
    case 'slabs':
      return made(
        laid(
          random,
          random.whole(2, 6),
          random.whole(2, 6),
          0.006,
          random.pick([0, 0.5]),
          () => base,
        ),
        2.4,
      );
    case 'cobbles': {
      const bumpy = laid(random, 14, 14, 0.012, 0.5, (cell) => times(base, 0.75 + 0.5 * cell));
      return made(bumpy, random.between(1.2, 2.4));
    }
    case 'tiles':
      return made(
        laid(random, 8, 8, 0.004, 0, () => base),
        random.between(2.4, 5),
        polish,
      );
    case 'checker':
      return made(
        (u, v) => ((Math.floor(u * 8) + Math.floor(v * 8)) % 2 === 0 ? base : other),
        random.between(2.5, 6),
        polish,
      );
    case 'terrazzo':
      return made(
        (u, v) => {
          const k = pink(u * 9 + 0.3, v * 9);
          return k > 0.75 ? other : k < -0.8 ? times(base, 0.6) : base;
        },
        1.6,
        polish,
      );
    case 'concrete':
      return made(
        (u, v) => times(base, 1 + 0.12 * pink(u * 1.5, v * 1.5) - (u % 0.5 < 0.006 ? 0.3 : 0)),
        5,
        polish * 0.5,
      );
    case 'planks': {
      const wood = fromHsv(
        random.between(0.05, 0.1),
        random.between(0.3, 0.65),
        random.between(0.3, 0.75),
      );
      const plank = laid(random, 2, 16, 0.002, 0.5, (cell) => times(wood, 0.75 + 0.45 * cell));
      return made(
        (u, v) => times(plank(u, v), 1 + 0.14 * pink(u * 0.5, v * 9)),
        random.between(1.4, 2.4),
        polish,
      );
    }
    case 'carpet':
      return made((u, v) => mixed(base, other, 0.4 + 0.4 * pink(u * 4, v * 4)), 2);
    case 'gravel':
      return made((u, v) => times(base, 1 + 0.4 * pink(u * 8, v * 8)), 2);
    case 'herringbone':
      return made((u, v) => {
        const a = Math.floor(u * 16 + v * 16);
        const b = Math.floor((u * 16 - v * 16 + 64) / 2);
        const cell = hashed(a * 31 + b * 977 * (a % 2 === 0 ? 1 : 3));
        return (u * 16 + v * 16) % 1 < 0.08 ? times(base, 0.6) : times(base, 0.8 + 0.4 * cell);
      }, 1.8);
    case 'hexagons':
      return made(
        (u, v) => {
          const k =
            Math.sin(u * 50.265) +
            Math.sin(u * 25.13 + v * 50.265) +
            Math.sin(u * 25.13 - v * 50.265);
          return k > 0.2 ? base : times(base, 0.8);
        },
        2.5,
        polish,
      );
    case 'mosaic':
      return made(
        laid(random, 24, 24, 0.004, 0, (cell) => (cell > 0.6 ? base : other)),
        1.5,
        polish,
      );
  }
}

export function wallSurface(random: Random, family: WallFamily): Surface {
  const base = stoneColour(random, 0.3, 0.92);
  const other = random.chance(0.4)
    ? fromHsv(random.next(), random.between(0.2, 0.7), random.between(0.3, 0.8))
    : stoneColour(random);
  const made = (paint: Paint, spanM: number, gloss = 0): Surface => ({
    texture: texture(SIDE / 2, SIDE / 2, worn(random, paint)),
    spanM,
    gloss,
  });
  switch (family) {
    case 'plaster':
      return made((u, v) => times(base, 1 + 0.08 * pink(u * 2, v * 2)), 4);
    case 'brick': {
      const brick = fromHsv(
        random.between(0.01, 0.08),
        random.between(0.2, 0.6),
        random.between(0.35, 0.7),
      );
      return made(
        laid(random, 8, 24, 0.004, 0.5, (cell) => times(brick, 0.7 + 0.5 * cell)),
        1.9,
      );
    }
    case 'panels':
      return made(
        laid(random, random.whole(2, 4), random.whole(1, 4), 0.004, 0, () => base),
        4,
        0.15,
      );
    case 'tilewall':
      return made(
        laid(random, 16, 16, 0.004, random.pick([0, 0.5]), () => base),
        2.4,
        0.35,
      );
    case 'stone':
      return made(
        laid(random, 4, 8, 0.005, 0.5, (cell) => times(base, 0.85 + 0.3 * cell)),
        3,
      );
    case 'metal':
      return made((u) => times(base, 0.85 + 0.2 * Math.sin(u * 100.5)), 2.5, 0.3);
    case 'wood': {
      const wood = fromHsv(
        random.between(0.05, 0.1),
        random.between(0.3, 0.6),
        random.between(0.3, 0.7),
      );
      return made(
        (u, v) => times(wood, 1 + 0.2 * pink(u * 5, v * 0.5) - ((u * 8) % 1 < 0.03 ? 0.4 : 0)),
        2,
      );
    }
    case 'stripes':
      return made((u) => (Math.floor(u * 8) % 2 === 0 ? base : other), random.between(2, 8));
    case 'blocks':
      return made(
        laid(random, 5, 5, 0.004, 0.3, (cell) => (cell > 0.7 ? other : base)),
        5,
        0.1,
      );
    case 'mural':
      return made(
        (u, v) =>
          pink(u * 0.5, v * 0.5) > 0.2
            ? other
            : pink(u * 0.4 + 0.5, v * 0.6) > 0
              ? base
              : times(base, 0.5),
        6,
      );
  }
}

/** Marks that look like writing, in lines: strokes of a glyph's size, not letters. */
export function glyphs(
  random: Random,
  lines: number,
  signs: number,
): (u: number, v: number) => boolean {
  const salt = random.whole(1, 1e6);
  return (u, v) => {
    const line = Math.floor(v * lines);
    const y = (v * lines) % 1;
    const x = (u * signs) % 1;
    const sign = Math.floor(u * signs);
    if (y < 0.22 || y > 0.8 || x < 0.12 || x > 0.88) return false;
    const key = hashed(sign * 131 + line * 7177 + salt);
    if (key < 0.15) return false;
    const gx = Math.floor(((x - 0.12) / 0.76) * 4);
    const gy = Math.floor(((y - 0.22) / 0.58) * 5);
    const stroke = hashed(Math.floor(key * 65536) * 31 + gx * 3 + gy * 17);
    return gx === Math.floor(key * 13) % 4 || gy === Math.floor(key * 29) % 5 || stroke > 0.7;
  };
}

/** A poster: a picture of blobs, bands and figures of no thing, with writing. */
export function posterTexture(random: Random): Texture {
  const salt = random.next();
  const back = fromHsv(random.next(), random.between(0, 0.8), random.between(0.3, 1));
  const ink = fromHsv(random.next(), random.between(0, 0.9), random.between(0.05, 0.9));
  const shapes = Array.from({ length: random.whole(1, 6) }, () => ({
    u: random.next(),
    v: random.next(),
    ru: random.between(0.04, 0.35),
    rv: random.between(0.05, 0.4),
    box: random.chance(0.4),
    colour: fromHsv(random.next(), random.next() * 0.9, random.between(0.1, 1)),
  }));
  const words = glyphs(random, random.whole(6, 14), random.whole(6, 14));
  const from = random.between(0, 0.8);
  const to = from + random.between(0.05, 0.4);
  const photo = random.chance(0.4);
  return texture(64, 128, (u, v) => {
    let colour = photo ? mixed(back, ink, 0.5 + 0.5 * pink(u * 0.5 + from, v * 0.6 + to)) : back;
    for (const shape of shapes) {
      const x = Math.abs(u - shape.u) / shape.ru;
      const y = Math.abs(v - shape.v) / shape.rv;
      if (shape.box ? x < 1 && y < 1 : x * x + y * y < 1) {
        colour = mixed(shape.colour, back, 0.15 + 0.15 * pink(u + salt, v));
      }
    }
    if (v > from && v < to && words(u, v)) colour = ink;
    if (Math.min(u, 1 - u, v, 1 - v) < 0.025) colour = [0.85, 0.85, 0.84];
    return times(colour, 1 + 0.06 * pink(u * 2, v * 2));
  });
}

/** A sign with a line of glyphs or an arrow. */
export function signTexture(random: Random): Texture {
  const back = random.weighted<Colour>([
    [[0.08, 0.1, 0.2], 2],
    [[0.92, 0.92, 0.9], 2],
    [[0.95, 0.78, 0.1], 2],
    [[0.1, 0.4, 0.25], 1],
    [[0.75, 0.12, 0.12], 1],
    [[0.1, 0.3, 0.65], 1],
    [[0.1, 0.1, 0.1], 1],
  ]);
  const ink: Colour = back[0] + back[1] + back[2] > 1.4 ? [0.08, 0.08, 0.1] : [0.95, 0.95, 0.95];
  const words = glyphs(random, random.whole(1, 2), random.whole(5, 14));
  return texture(128, 32, (u, v) => (words(u, v) ? ink : times(back, 1 + 0.05 * pink(u, v))));
}

/** Leaves, from far: dark and bright spots. */
export function foliageTexture(random: Random): Texture {
  const hue = random.between(0.17, 0.36) - (random.chance(0.15) ? 0.1 : 0);
  const saturation = random.between(0.25, 0.7);
  const value = random.between(0.2, 0.5);
  return texture(128, 128, (u, v) => {
    const k = pink(u * 4, v * 4) + 0.6 * pink(u * 1.3 + 0.4, v * 1.3);
    return fromHsv(hue + 0.02 * k, saturation, value * (0.75 + 0.55 * k));
  });
}
