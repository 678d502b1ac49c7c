import { HitonamiError } from '@hitonami/model';
import type { Texture } from '../mesh.js';

/**
 * One size of a texture: four bytes a texel, the square root of the linear light of red, green and blue. Squaring gives
 * the light back without a table, with as much precision in the dark as sRGB has.
 */
export interface MipLevel {
  readonly width: number;
  readonly height: number;
  readonly texels: Uint8Array;
}

/** Largest side of a texture, texels. */
export const TEXTURE_SIDE_MAX = 4096;

const chains = new WeakMap<Texture, readonly MipLevel[]>();

const ROOT_OF_SRGB = Uint8Array.from({ length: 256 }, (_, value) =>
  Math.round(255 * Math.sqrt(linearOfSrgb(value / 255))),
);

/** Source: IEC 61966-2-1. */
export function linearOfSrgb(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** The texture in every size, each half of the one before, down to one texel; made once for each texture object. */
export function mipLevels(texture: Texture): readonly MipLevel[] {
  let chain = chains.get(texture);
  if (chain === undefined) {
    chain = makeLevels(texture);
    chains.set(texture, chain);
  }
  return chain;
}

function makeLevels({ width, height, rgb }: Texture): MipLevel[] {
  if (!isSide(width) || !isSide(height) || rgb.length !== width * height * 3) {
    throw new HitonamiError(
      'CONFIG',
      `a texture of ${String(width)}×${String(height)} with ${String(rgb.length)} bytes cannot be drawn; sides must be ` +
        `powers of two up to ${String(TEXTURE_SIDE_MAX)}, with three bytes a texel.`,
    );
  }
  const texels = new Uint8Array(width * height * 4);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    texels[to] = ROOT_OF_SRGB[rgb[from] as number] as number;
    texels[to + 1] = ROOT_OF_SRGB[rgb[from + 1] as number] as number;
    texels[to + 2] = ROOT_OF_SRGB[rgb[from + 2] as number] as number;
  }
  const levels: MipLevel[] = [{ width, height, texels }];
  for (let last = levels[0] as MipLevel; last.width > 1 || last.height > 1;) {
    last = halved(last);
    levels.push(last);
  }
  return levels;
}

function halved({ width, height, texels }: MipLevel): MipLevel {
  const w = Math.max(1, width >> 1);
  const h = Math.max(1, height >> 1);
  const out = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y++) {
    const upper = Math.min(height - 1, 2 * y) * width;
    const lower = Math.min(height - 1, 2 * y + 1) * width;
    for (let x = 0; x < w; x++) {
      const left = Math.min(width - 1, 2 * x);
      const right = Math.min(width - 1, 2 * x + 1);
      for (let c = 0; c < 3; c++) {
        const a = texels[(upper + left) * 4 + c] as number;
        const b = texels[(upper + right) * 4 + c] as number;
        const d = texels[(lower + left) * 4 + c] as number;
        const e = texels[(lower + right) * 4 + c] as number;
        out[(y * w + x) * 4 + c] = Math.round(Math.sqrt((a * a + b * b + d * d + e * e) / 4));
      }
    }
  }
  return { width: w, height: h, texels: out };
}

function isSide(side: number): boolean {
  return (
    Number.isInteger(side) && side >= 1 && side <= TEXTURE_SIDE_MAX && (side & (side - 1)) === 0
  );
}
