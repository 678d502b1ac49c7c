import type { Sensor } from './sensor.js';

/** Steps of the root of light up to `LIGHT_MAX`, four to one step of 8 bits; small enough to stay in a core's nearest cache. */
const STEPS = 2048;
/** Light at which all is white. */
const LIGHT_MAX = 4;
/** From here on light is rolled off, as cameras keep something of bright windows. */
const SHOULDER = 0.7;

/** Multiplies the root of light to an index of the tone curve. */
export const TONE_SCALE = (STEPS - 1) / Math.sqrt(LIGHT_MAX);
export const TONE_LAST = STEPS - 1;

/** Steps of 8 bits (with fractions) for each step of the root of light: shoulder, sRGB curve, gamma, contrast. */
export function toneCurve({ gamma, contrast }: Sensor): Float32Array {
  return Float32Array.from({ length: STEPS }, (_, i) => {
    const light = ((i + 0.5) / TONE_SCALE) ** 2;
    const rolled =
      light <= SHOULDER
        ? light
        : SHOULDER + (1 - SHOULDER) * (1 - Math.exp(-(light - SHOULDER) / (1 - SHOULDER)));
    const shown = srgb(rolled) ** gamma;
    return Math.min(255, Math.max(0, 255 * (0.5 + (shown - 0.5) * contrast)));
  });
}

/** Source: IEC 61966-2-1. */
function srgb(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}
