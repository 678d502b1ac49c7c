import type { Sensor } from './sensor.js';

/** Steps of linear light up to `LIGHT_MAX`: a quarter of a step of 8 bits in the dark. */
const STEPS = 16384;
/** Light at which all is white. */
const LIGHT_MAX = 4;
/** From here on light is rolled off, as cameras keep something of bright windows. */
const SHOULDER = 0.7;

/** Multiplies light to an index of the tone curve. */
export const TONE_SCALE = (STEPS - 1) / LIGHT_MAX;
export const TONE_LAST = STEPS - 1;

/** Steps of 8 bits (with fractions) for each step of light: shoulder, sRGB curve, gamma, contrast. */
export function toneCurve({ gamma, contrast }: Sensor): Float32Array {
  return Float32Array.from({ length: STEPS }, (_, i) => {
    const light = i / TONE_SCALE;
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
