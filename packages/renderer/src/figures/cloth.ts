import type { Texture } from '../mesh.js';
import { fromHsv, mixed, pink, texture, times, type Colour } from './paint.js';
import type { Random } from './random.js';

export type Pattern =
  | 'plain'
  | 'heather'
  | 'stripes'
  | 'pinstripe'
  | 'check'
  | 'print'
  | 'block'
  | 'quilt'
  | 'denim'
  | 'pleats'
  | 'flowers';

export interface Cloth {
  /** Darker at v = 0, where trousers hide under what is worn above. */
  readonly shadedFrom?: boolean;
  readonly colour: Colour;
  readonly second: Colour;
  readonly pattern: Pattern;
}

const SIDE = 64;

type Painter = (u: number, v: number) => Colour;

/** Cloth with its pattern, folds and wear; u around the limb, v along it. */
export function clothPainter(random: Random, cloth: Cloth): Painter {
  const du = random.next();
  const dv = random.next();
  const folds = random.between(0.1, 0.34);
  const grain = random.between(0.02, 0.07);
  const stretch = random.between(0.15, 0.4);
  const count = random.whole(4, 9);
  const wide = random.between(0.25, 0.6);
  const slant = random.between(-0.4, 0.4);
  const { colour, second, pattern } = cloth;
  const split = random.between(0.25, 0.7);
  const shade = (u: number, v: number): number => {
    const crease = pink(u * stretch + v * slant * 0.2 + du, v * 0.35 + dv);
    const ridge = 1 - Math.abs(pink(u * 0.3 + dv, v * 0.5 + slant * u + du)) * 1.4;
    const fine = pink(u * 3 + dv, v * 3 + du);
    return Math.max(0.25, 1 + folds * (crease * 1.1 + ridge * 0.6 - 0.2) + grain * fine);
  };
  const base = (u: number, v: number): Colour => {
    switch (pattern) {
      case 'stripes':
        return (v * count * 1.6) % 1 < wide ? second : colour;
      case 'pinstripe':
        return (u * count * 4) % 1 < 0.16 ? mixed(colour, [0.8, 0.8, 0.8], 0.25) : colour;
      case 'check': {
        const a = (u * count) % 1 < 0.5 ? 0.5 : 0;
        const b = (v * count * 1.3) % 1 < 0.5 ? 0.5 : 0;
        return mixed(colour, second, (a + b) * 0.7);
      }
      case 'block':
        return v > split ? second : colour;
      case 'quilt': {
        const t = (v * count * 1.4) % 1;
        return times(colour, 0.62 + 0.6 * Math.sin(Math.PI * t));
      }
      case 'denim':
        return times(
          mixed(colour, [0.75, 0.78, 0.82], 0.12 * Math.max(0, pink(u * 0.4 + du, v * 0.3))),
          1,
        );
      case 'pleats':
        return times(colour, 0.75 + 0.4 * ((u * count * 3) % 1));
      case 'heather':
        return times(colour, 1 + 0.18 * pink(u * 7 + du, v * 7 + dv));
      case 'flowers':
        return pink(u * 2.1 + du, v * 2.1 + dv) > 0.75 ? second : colour;
      default:
        return colour;
    }
  };
  const { shadedFrom = false } = cloth;
  return (u, v) =>
    times(base(u, v), shade(u, v) * (shadedFrom ? 0.62 + 0.38 * Math.min(1, v / 0.3) : 1));
}

export function clothTexture(random: Random, cloth: Cloth): Texture {
  return texture(SIDE, SIDE, clothPainter(random, cloth));
}

export interface Garment extends Cloth {
  readonly under: Colour;
  readonly skin: Colour;
  /** Half the width of the opening at the front, in u. */
  readonly open: number;
  /** How far down the neck is open, in v from the top. */
  readonly vNeck: number;
  readonly tie: Colour | undefined;
  readonly belt: boolean;
}

/** The torso's garment: v 0 at the hem, 1 at the neck; the front is at u = 0.5. */
export function garmentTexture(random: Random, garment: Garment): Texture {
  const cloth = clothPainter(random, garment);
  const prints = [0, 1, 2].map(() => ({
    u: 0.5 + random.between(-0.06, 0.06),
    v: random.between(0.55, 0.75),
    r: random.between(0.04, 0.11),
    colour: fromHsv(random.next(), random.next(), random.between(0.3, 1)),
  }));
  const back = random.chance(0.3);
  const shadow = random.between(0.5, 0.8);
  const pocket = random.chance(0.5);
  return texture(SIDE, SIDE * 2, (u, v) => {
    let colour = cloth(u, v);
    const shade = colour[0] / Math.max(0.02, garment.colour[0]);
    const across = Math.abs(u - 0.5);
    if (garment.pattern === 'print') {
      for (const print of prints) {
        const x = back ? Math.min(u, 1 - u) : u - 0.5 + (0.5 - print.u);
        const d = Math.hypot(x, (v - print.v) * 1.2);
        if (d < print.r * (1 + 0.35 * pink(u + print.u, v + print.v))) colour = print.colour;
      }
    }
    const collar = v > 1 - garment.vNeck ? ((v - 1 + garment.vNeck) / garment.vNeck) * 0.075 : 0;
    const gap = Math.max(garment.open, collar);
    if (across < gap) {
      colour = times(garment.under, 0.85 + 0.1 * pink(u * 2, v));
      if (garment.tie !== undefined && across < 0.014) colour = garment.tie;
      if (v > 0.97) colour = garment.skin;
    } else if (gap > 0 && across < gap + 0.014) {
      colour = times(colour, shadow);
    }
    if (garment.belt && Math.abs(v - 0.38) < 0.022) colour = times(colour, 0.55);
    if (pocket && Math.abs(v - 0.28) < 0.008 && across > 0.09 && across < 0.17) {
      colour = times(colour, 0.6);
    }
    // Under the arms and at the hem light hardly comes in.
    const side = Math.min(Math.abs(u - 0.25), Math.abs(u - 0.75));
    const dim = v > 0.45 && v < 0.88 && side < 0.06 ? 0.78 + side * 3.6 : 1;
    return times(colour, dim * (v < 0.03 ? 0.75 : 1) * (shade > 3 ? 0.9 : 1));
  });
}

/** A face for the front of the head: eyes, brows, nose, mouth, sometimes glasses, a beard or a mask. */
export function faceTexture(
  random: Random,
  skin: Colour,
  hair: Colour,
  masked: boolean,
  bearded: boolean,
): Texture {
  const du = random.next();
  const glasses = random.chance(0.2);
  const maskColour: Colour = random.chance(0.7) ? [0.88, 0.9, 0.92] : [0.12, 0.12, 0.13];
  const lips: Colour = [skin[0] * 0.85, skin[1] * 0.6, skin[2] * 0.6];
  const at = (u: number, v: number, cu: number, cv: number, ru: number, rv: number): boolean =>
    ((u - cu) / ru) ** 2 + ((v - cv) / rv) ** 2 < 1;
  return texture(SIDE, SIDE, (u, v) => {
    let colour = times(skin, 1 + 0.05 * pink(u * 0.6 + du, v * 0.6));
    const a = Math.abs(u - 0.5);
    // Sockets, cheeks, the side of the nose and below the chin are darker.
    if (at(a, v, 0.075, 0.55, 0.06, 0.055)) colour = times(colour, 0.72);
    if (at(a, v, 0.03, 0.44, 0.014, 0.08)) colour = times(colour, 0.85);
    if (v < 0.16) colour = times(colour, 0.6 + v * 2);
    if (at(a, v, 0.08, 0.55, 0.033, 0.018)) colour = [0.13, 0.1, 0.09];
    if (at(a, v, 0.08, 0.615, 0.05, 0.014)) colour = mixed(colour, hair, 0.75);
    if (at(u, v, 0.5, 0.29, 0.06, 0.018)) colour = lips;
    if (bearded && v < 0.36 && a < 0.27 && !at(u, v, 0.5, 0.29, 0.05, 0.014)) {
      colour = mixed(colour, hair, 0.7);
    }
    if (glasses && at(a, v, 0.08, 0.55, 0.062, 0.05) && !at(a, v, 0.08, 0.55, 0.05, 0.038)) {
      colour = [0.08, 0.08, 0.08];
    }
    if (masked && v < 0.46 && a < 0.24) colour = times(maskColour, 1 + 0.06 * pink(u, v * 3));
    // Ears.
    if (at(a, v, 0.25, 0.52, 0.03, 0.07)) colour = times(skin, 0.82);
    return colour;
  });
}
