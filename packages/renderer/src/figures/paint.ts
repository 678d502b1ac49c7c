import type { Material, Texture, Vec3 } from '../mesh.js';
import { Random } from './random.js';

/** sRGB, 0 to 1. */
export type Colour = readonly [r: number, g: number, b: number];

const NOISE_SIDE = 256;
let noiseField: Float32Array | undefined;

/** A tile of 1/f noise, mean 0, deviation about 1: what photographed surfaces have in common. */
function pinkTile(): Float32Array {
  if (noiseField !== undefined) return noiseField;
  const field = new Float32Array(NOISE_SIDE * NOISE_SIDE);
  const random = new Random(7);
  let weight = 1;
  for (let cells = 4; cells <= 256; cells *= 2) {
    const grid = Float32Array.from({ length: cells * cells }, () => random.next() * 2 - 1);
    const step = cells / NOISE_SIDE;
    for (let y = 0; y < NOISE_SIDE; y += 1) {
      const gy = y * step;
      const y0 = Math.floor(gy);
      const fy = smooth(gy - y0);
      const row0 = y0 * cells;
      const row1 = ((y0 + 1) % cells) * cells;
      for (let x = 0; x < NOISE_SIDE; x += 1) {
        const gx = x * step;
        const x0 = Math.floor(gx);
        const fx = smooth(gx - x0);
        const x1 = (x0 + 1) % cells;
        const top = at(grid, row0 + x0) * (1 - fx) + at(grid, row0 + x1) * fx;
        const bottom = at(grid, row1 + x0) * (1 - fx) + at(grid, row1 + x1) * fx;
        const i = y * NOISE_SIDE + x;
        field[i] = at(field, i) + weight * (top * (1 - fy) + bottom * fy);
      }
    }
    weight *= 0.62;
  }
  noiseField = field;
  return field;
}

const at = (array: Float32Array, i: number): number => array[i] as number;
const smooth = (t: number): number => t * t * (3 - 2 * t);

/** Tiling 1/f noise at u, v (1 is a whole tile), about -1.5 to 1.5. */
export function pink(u: number, v: number): number {
  const x = Math.floor(u * NOISE_SIDE) & (NOISE_SIDE - 1);
  const y = Math.floor(v * NOISE_SIDE) & (NOISE_SIDE - 1);
  return at(pinkTile(), y * NOISE_SIDE + x);
}

/** Paints a texture: `paint` gives sRGB 0 to 1 for u, v in the middle of each texel. */
export function texture(
  width: number,
  height: number,
  paint: (u: number, v: number) => Colour,
): Texture {
  const rgb = new Uint8Array(width * height * 3);
  let i = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [r, g, b] = paint((x + 0.5) / width, (y + 0.5) / height);
      rgb[i] = byte(r);
      rgb[i + 1] = byte(g);
      rgb[i + 2] = byte(b);
      i += 3;
    }
  }
  return { width, height, rgb };
}

const byte = (x: number): number => (x <= 0 ? 0 : x >= 1 ? 255 : x * 255 + 0.5) | 0;

export const times = (c: Colour, k: number): Colour => [c[0] * k, c[1] * k, c[2] * k];
export const mixed = (a: Colour, b: Colour, t: number): Colour => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];

export function fromHsv(hue: number, saturation: number, value: number): Colour {
  const f = (n: number): number => {
    const k = (n + (hue - Math.floor(hue)) * 6) % 6;
    return value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [f(5), f(3), f(1)];
}

const WHITE: Vec3 = [1, 1, 1];

export function material(painted: Texture, gloss = 0, emission = 0, tint: Vec3 = WHITE): Material {
  return { texture: painted, tint, gloss, emission };
}

/** A small speckled texture of one colour, for what has no pattern but is not flat either. */
export function speckled(colour: Colour, contrast: number, seed: number, side = 32): Texture {
  const du = (seed * 0.618) % 1;
  return texture(side, side, (u, v) =>
    times(colour, 1 + contrast * pink(u * 0.5 + du, v * 0.5 + du * 3)),
  );
}
