import type { Random } from '../figures/random.js';
import { SENSOR, type Sensor } from '../picture/sensor.js';

/** A camera's electronics at random: from a clean one to a cheap one at night. `exposure` follows the light. */
export function randomSensor(random: Random, exposure: number): Sensor {
  const poor = random.next() ** 2;
  const warm = random.normal() * 0.07;
  const tint = random.normal() * 0.03;
  return {
    ...SENSOR,
    exposure,
    whiteBalance: [1 + warm, 1 + tint, 1 - warm],
    gamma: random.between(0.82, 1.2),
    contrast: random.between(0.78, 1.28),
    saturation: random.chance(0.05) ? 0 : random.between(0.45, 1.3),
    blurPx: random.chance(0.3) ? 0 : random.between(0.3, 0.7 + 0.9 * poor),
    vignetting: random.between(0, 0.35),
    shutterS: random.weighted([
      [1 / 250, 2],
      [1 / 60, 3],
      [1 / 25, 2],
      [1 / 12, 0.5],
    ]),
    readNoise: random.between(0, 1.5 + 7 * poor),
    shotNoise: random.between(0, 2 + 9 * poor),
    sharpening: random.chance(0.5) ? 0 : random.between(0, 0.9),
    quality: random.whole(30, 95),
    chroma: random.chance(0.8) ? '4:2:0' : '4:4:4',
  };
}

/** Mean luminance of linear light, leaving out what is far brighter than the rest. */
export function meanLight(rgb: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i + 2 < rgb.length; i += 39) {
    const light =
      0.3 * (rgb[i] as number) + 0.59 * (rgb[i + 1] as number) + 0.11 * (rgb[i + 2] as number);
    sum += Math.min(1.5, light);
    count += 1;
  }
  return sum / Math.max(1, count);
}
