import type { Texture } from '../mesh.js';
import { fromHsv, mixed, pink, texture, times, type Colour } from '../figures/paint.js';
import type { Random } from '../figures/random.js';
import { leavesTexture } from './leaves.js';
import { glyphs, stoneColour, wallSurface, type WallFamily } from './surfaces.js';

/** What is seen through or in a pane: sky and houses mirrored, or a dim or lit room with things in it. */
function glass(random: Random, lit: boolean): (u: number, v: number) => Colour {
  const inside = random.chance(0.7) ? leavesTexture(random, 64, 64, lit ? 0.35 : 0.15) : undefined;
  const clear = lit ? random.between(0.5, 1) : random.between(0.1, 0.5);
  const seen = (u: number, v: number): Colour => {
    if (inside === undefined) return [0.5, 0.5, 0.5];
    const i = ((Math.floor(v * 64) & 63) * 64 + (Math.floor(u * 32) & 63)) * 3;
    return [
      (inside.rgb[i] ?? 0) / 255,
      (inside.rgb[i + 1] ?? 0) / 255,
      (inside.rgb[i + 2] ?? 0) / 255,
    ];
  };
  const du = random.next();
  const sky: Colour = fromHsv(0.58, random.between(0, 0.25), random.between(0.35, 0.85));
  const dark: Colour = fromHsv(0.6, random.between(0, 0.2), random.between(0.05, 0.28));
  const room: Colour = fromHsv(
    random.between(0.07, 0.14),
    random.between(0.1, 0.6),
    random.between(0.55, 1),
  );
  const mirror = random.between(0.1, 0.8);
  return (u, v) => {
    if (lit) {
      const shelf = (v * 5) % 1 < 0.12 ? 0.55 : 1;
      const goods =
        0.7 + 0.4 * pink(u * 1.5 + du, v * 1.5) + (pink(u * 4, v * 4 + du) > 0.7 ? 0.35 : 0);
      const bare = times(room, shelf * goods);
      return inside === undefined ? bare : mixed(bare, seen(u, v), clear);
    }
    const k = Math.min(1, Math.max(0, mirror * (v + 0.4 * pink(u * 0.7 + du, v * 0.7))));
    const deep = inside === undefined ? dark : mixed(dark, times(seen(u, v), 0.6), clear);
    return mixed(deep, sky, k);
  };
}

/** Storeys of windows: spans one bay and one storey, repeats. */
export function windowsTexture(random: Random, family: WallFamily): Texture {
  const wall = wallSurface(random, family).texture;
  const u0 = random.between(0.08, 0.32);
  const v0 = random.between(0.08, 0.35);
  const v1 = random.between(0.75, 0.95);
  const frame = random.chance(0.5)
    ? ([0.85, 0.85, 0.83] as Colour)
    : stoneColour(random, 0.08, 0.6);
  const bars = random.whole(1, 3);
  const cross = random.chance(0.5) ? random.between(0.4, 0.75) : 2;
  const panes = [glass(random, false), glass(random, random.chance(0.2))] as const;
  const band = random.chance(0.3);
  return texture(128, 128, (u, v) => {
    const pane = u < 0.5 ? panes[0] : panes[1];
    const x = (u * 2) % 1;
    const left = band ? 0.01 : u0;
    if (x > left && x < 1 - left && v > v0 && v < v1) {
      const fx = (x - left) / (1 - 2 * left);
      const fy = (v - v0) / (v1 - v0);
      const bar = (fx * bars) % 1;
      const border = Math.min(fx, 1 - fx, fy, 1 - fy) < 0.045 || Math.min(bar, 1 - bar) < 0.035;
      if (border || Math.abs(fy - cross) < 0.02) return frame;
      return times(pane(fx + u, fy), fy > 0.88 ? 0.7 : 1);
    }
    if (v > v0 - 0.04 && v <= v0 && x > left - 0.03 && x < 1.03 - left) return times(frame, 0.8);
    const i = (Math.floor(v * wall.height) * wall.width + Math.floor(u * wall.width)) * 3;
    return [(wall.rgb[i] ?? 0) / 255, (wall.rgb[i + 1] ?? 0) / 255, (wall.rgb[i + 2] ?? 0) / 255];
  });
}

/** A ground floor: shop windows, doors, a fascia with writing above. One repeat is one shop. */
export function shopTexture(random: Random): Texture {
  const frame = stoneColour(random, 0.05, 0.5);
  const pillar = stoneColour(random, 0.2, 0.8);
  const fascia = random.chance(0.5)
    ? stoneColour(random, 0.05, 0.9)
    : fromHsv(random.next(), random.between(0.2, 0.75), random.between(0.12, 0.8));
  const ink: Colour =
    fascia[0] + fascia[1] + fascia[2] > 1.4 ? [0.1, 0.1, 0.1] : [0.95, 0.93, 0.85];
  const words = glyphs(random, 1, random.whole(6, 14));
  const wordFrom = random.between(0.1, 0.5);
  const lit = random.chance(0.6);
  const pane = glass(random, lit);
  const other = glass(random, lit && random.chance(0.7));
  const door = random.between(0.25, 0.75);
  const doorHalf = random.between(0.05, 0.1);
  const top = random.between(0.7, 0.85);
  const sill = random.between(0.02, 0.22);
  const mullions = random.whole(2, 6);
  const things = Array.from({ length: random.whole(0, 7) }, () => ({
    u: random.next(),
    w: random.between(0.01, 0.03),
    v: random.between(0.25, 0.6),
    colour: fromHsv(random.next(), random.next() * 0.7, random.next()),
  }));
  return texture(256, 128, (u, v) => {
    if (u < 0.035 || u > 0.965) return times(pillar, 1 + 0.1 * pink(u * 3, v * 3));
    if (v > top) {
      const y = (v - top) / (1 - top);
      if (
        u > wordFrom &&
        u < wordFrom + 0.4 &&
        y > 0.1 &&
        y < 0.9 &&
        words((u - wordFrom) / 0.4, y)
      )
        return ink;
      return times(fascia, 1 + 0.05 * pink(u, v));
    }
    const atDoor = Math.abs(u - door) < doorHalf;
    if (!atDoor && v < sill) return times(pillar, 0.8 + 0.1 * pink(u * 3, v * 3));
    const bar = (u * mullions) % 1;
    if (Math.min(bar, 1 - bar) < 0.03 || Math.abs(Math.abs(u - door) - doorHalf) < 0.007)
      return frame;
    if (atDoor && Math.abs(u - door) < 0.004) return frame;
    for (const thing of things) {
      // Goods and stands in the window: upright, and no person.
      if (!atDoor && Math.abs(u - thing.u) < thing.w && v < thing.v && v > sill)
        return times(thing.colour, 0.8 + 0.3 * pink(u * 4, v * 2));
    }
    return (u < door ? pane : other)(u * 2, v);
  });
}

/** The side of a train or a bus: windows in a band, doors, a coloured stripe. One repeat is half a car. */
export function carriageTexture(random: Random): Texture {
  const body: Colour = random.chance(0.6) ? [0.72, 0.74, 0.76] : stoneColour(random, 0.3, 0.9);
  const stripe = fromHsv(random.next(), random.between(0.5, 0.95), random.between(0.3, 0.85));
  const pane = glass(random, random.chance(0.4));
  const stripeAt = random.between(0.12, 0.32);
  const doors = random.chance(0.5) ? [0.2, 0.7] : [0.45];
  return texture(256, 128, (u, v) => {
    for (const at of doors) {
      const d = Math.abs(u - at);
      if (d < 0.07 && v > 0.05 && v < 0.86) {
        if (d < 0.003 || d > 0.066) return [0.15, 0.15, 0.16];
        if (v > 0.45 && v < 0.8 && d > 0.012 && d < 0.055) return pane(u, v);
        return times(body, 0.92);
      }
    }
    if (v > 0.48 && v < 0.8 && (u * 8) % 1 > 0.12) return pane(u * 1.5, v);
    if (Math.abs(v - stripeAt) < 0.05) return stripe;
    return times(body, 1 + 0.06 * pink(u * 2, v) - (v < 0.06 ? 0.6 : 0));
  });
}

export function skyTexture(random: Random): Texture {
  const grey = random.chance(0.55);
  const high = grey
    ? fromHsv(0.58, 0.06, random.between(0.6, 0.9))
    : fromHsv(0.58, random.between(0.2, 0.55), random.between(0.6, 0.9));
  const low = mixed(high, [0.93, 0.93, 0.92], random.between(0.4, 0.9));
  const cloud = random.between(0, 0.5);
  const du = random.next();
  return texture(128, 128, (u, v) => {
    const k = Math.max(0, pink(u * 0.6 + du, v * 1.4)) * cloud;
    return mixed(mixed(low, high, v), [0.96, 0.96, 0.97], Math.min(1, k));
  });
}
