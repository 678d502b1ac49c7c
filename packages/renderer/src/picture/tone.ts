import type { Sensor } from './sensor.js';

/** Light at which all is white. */
const LIGHT_MAX = 4;
/** From here on light is rolled off, as cameras keep something of bright windows. */
const SHOULDER = 0.7;
/** The upper half of a 32-bit float: sign, exponent and seven bits, each a 128th of the light, finer than the grain. */
const HALVES = 1 << 16;

/**
 * Steps of 8 bits (with fractions) for the upper half of each 32-bit float of light: shoulder, sRGB curve, gamma,
 * contrast. Light is looked up by its own bits, so that dark and bright are equally fine and no root is taken. Less than
 * no light, which sharpening may leave, is black. A picture uses some 2,000 of the entries, which stay in a core's
 * nearest cache.
 */
export function toneCurve({ gamma, contrast }: Sensor): Float32Array {
  const bits = new Uint32Array(1);
  const light = new Float32Array(bits.buffer);
  return Float32Array.from({ length: HALVES }, (_, half) => {
    // The middle of the floats that share this half.
    bits[0] = ((half << 16) | 0x8000) >>> 0;
    const value = light[0] as number;
    const given = Number.isNaN(value) || value < 0 ? 0 : Math.min(LIGHT_MAX, value);
    const shown = srgb(rolled(given)) ** gamma;
    return Math.min(255, Math.max(0, 255 * (0.5 + (shown - 0.5) * contrast)));
  });
}

function rolled(light: number): number {
  if (light <= SHOULDER) return light;
  return SHOULDER + (1 - SHOULDER) * (1 - Math.exp(-(light - SHOULDER) / (1 - SHOULDER)));
}

/** Source: IEC 61966-2-1. */
function srgb(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}
