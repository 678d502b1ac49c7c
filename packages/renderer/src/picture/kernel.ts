import type { Sensor } from './sensor.js';

/** A lens that blurs less than this is sharp, pixels. */
const BLUR_MIN_PX = 0.2;
/** How far a camera's own sharpening looks: weights of a pixel, its neighbours and theirs. */
const WIDE = [0.4, 0.2, 0.1] as const;

/** Weights of a pixel, its neighbours and theirs along one axis; they add up to 1. */
export type Kernel = readonly [centre: number, next: number, second: number];

/** The blur of the lens and the camera's sharpening (unsharp masking, along each axis) as one set of weights. */
export function kernelOf({ blurPx, sharpening }: Pick<Sensor, 'blurPx' | 'sharpening'>): Kernel {
  if (blurPx < BLUR_MIN_PX && sharpening === 0) return [1, 0, 0];
  const sigma = Math.max(BLUR_MIN_PX, blurPx);
  const next = Math.exp(-0.5 / (sigma * sigma));
  const second = Math.exp(-2 / (sigma * sigma));
  const sum = 1 + 2 * next + 2 * second;
  const half = sharpening / 2;
  return [
    (1 + half) / sum - half * WIDE[0],
    ((1 + half) * next) / sum - half * WIDE[1],
    ((1 + half) * second) / sum - half * WIDE[2],
  ];
}
