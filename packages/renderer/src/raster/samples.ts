/** Samples along each side of a pixel: edges are averaged over 2 × 2. */
export const SAMPLES = 2;

/** A picture of samples: `inverse` holds 1 ÷ depth (0: nothing), `rgb` linear light, three numbers a sample. */
export interface SampleBuffer {
  readonly width: number;
  readonly height: number;
  readonly inverse: Float32Array;
  readonly rgb: Float32Array;
}

export function sampleBuffer(pictureWidth: number, pictureHeight: number): SampleBuffer {
  const width = pictureWidth * SAMPLES;
  const height = pictureHeight * SAMPLES;
  return {
    width,
    height,
    inverse: new Float32Array(width * height),
    rgb: new Float32Array(width * height * 3),
  };
}

let shared: SampleBuffer | undefined;

/** One buffer for all cameras of a thread, as they draw one after the other; its content is whatever was there. */
export function scratchBuffer(pictureWidth: number, pictureHeight: number): SampleBuffer {
  if (shared?.width !== pictureWidth * SAMPLES || shared.height !== pictureHeight * SAMPLES) {
    shared = sampleBuffer(pictureWidth, pictureHeight);
  }
  return shared;
}
