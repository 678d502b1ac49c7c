/** How a camera makes a picture of the light: all that can be varied between cameras, and between pictures. */
export interface Sensor {
  /** Multiplies the linear light; 1 shows a white wall under light of 1 as white. */
  readonly exposure: number;
  /** Factors on red, green and blue: the camera's white balance, right or not. */
  readonly whiteBalance: readonly [number, number, number];
  /** Exponent on the tone curve's output: 1 is sRGB; below lifts, above deepens the shadows. */
  readonly gamma: number;
  /** Contrast about the middle, 1 leaves it. */
  readonly contrast: number;
  /** 0 grey to 1 as seen, and above. */
  readonly saturation: number;
  /** Standard deviation of the lens's blur, pixels. */
  readonly blurPx: number;
  /** Share of the light that the corners lose. */
  readonly vignetting: number;
  /** Shutter, seconds: how long people move while the picture is taken. */
  readonly shutterS: number;
  /** Noise of the darkest pixel, in steps of 8 bits (standard deviation). */
  readonly readNoise: number;
  /** Noise that grows with the root of the light, in steps of 8 bits at white. */
  readonly shotNoise: number;
  /** Sharpening as cameras do it, 0 none to about 1; makes bright and dark seams at edges. */
  readonly sharpening: number;
  /** JPEG's quality, 1 to 100, and how colour is thinned. */
  readonly quality: number;
  readonly chroma: '4:4:4' | '4:2:0';
}

/** A usual network camera in good light. */
export const SENSOR: Sensor = {
  exposure: 1,
  whiteBalance: [1, 1, 1],
  gamma: 1,
  contrast: 1.04,
  saturation: 0.95,
  blurPx: 0.45,
  vignetting: 0.18,
  shutterS: 1 / 60,
  readNoise: 1.2,
  shotNoise: 1.6,
  sharpening: 0.3,
  quality: 80,
  chroma: '4:2:0',
};
