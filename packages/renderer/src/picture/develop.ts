import type { Exposure } from '../raster/view.js';
import { NOISE_MASK, noiseTable, rowStarts } from './noise.js';
import type { Sensor } from './sensor.js';
import { TONE_LAST, TONE_SCALE, toneCurve } from './tone.js';

/** A lens that blurs less than this is sharp, pixels. */
const BLUR_MIN_PX = 0.2;

/** Makes pictures of exposures, as one camera does; holds its tables and buffers. */
export class Darkroom {
  readonly #sensor: Sensor;
  readonly #width: number;
  readonly #height: number;
  readonly #curve: Float32Array;
  /** Light kept by each pixel: vignetting and exposure. */
  readonly #gain: Float32Array;
  readonly #blurred: Float32Array;
  readonly #picture: Uint8ClampedArray;
  /** Weights of a pixel, its neighbours, and theirs. */
  readonly #kernel: readonly [number, number, number];

  constructor(sensor: Sensor, width: number, height: number) {
    this.#sensor = sensor;
    this.#width = width;
    this.#height = height;
    this.#curve = toneCurve(sensor);
    this.#gain = gains(sensor, width, height);
    this.#blurred = new Float32Array(width * height * 3);
    this.#picture = new Uint8ClampedArray(width * height * 3);
    this.#kernel = kernelOf(sensor);
  }

  /** The picture: red, green, blue, 8 bits each, row by row; valid until the next call. The same seed: the same noise. */
  develop({ rgb }: Exposure, seed: number): Uint8Array {
    const light = this.#kernel[0] === 1 ? rgb : this.#blur(rgb);
    this.#expose(light, seed);
    return new Uint8Array(this.#picture.buffer, this.#picture.byteOffset, this.#picture.byteLength);
  }

  /** Across then down; the border repeats. Works in place on the second pass. */
  #blur(rgb: Float32Array): Float32Array {
    const width = this.#width;
    const height = this.#height;
    const out = this.#blurred;
    const [k0, k1, k2] = this.#kernel;
    const row = width * 3;
    for (let y = 0; y < height; y++) {
      const first = y * row;
      const last = first + row;
      for (let i = first + 6; i < last - 6; i++) {
        out[i] =
          k0 * (rgb[i] as number) +
          k1 * ((rgb[i - 3] as number) + (rgb[i + 3] as number)) +
          k2 * ((rgb[i - 6] as number) + (rgb[i + 6] as number));
      }
      for (let i = 0; i < 6; i++) {
        out[first + i] = rgb[first + i] as number;
        out[last - 1 - i] = rgb[last - 1 - i] as number;
      }
    }
    // Down: the rows above are kept until they are no longer needed.
    const above2 = out.slice(0, row);
    const above1 = out.slice(0, row);
    const here = new Float32Array(row);
    for (let y = 0; y < height; y++) {
      const at = y * row;
      const below1 = Math.min(height - 1, y + 1) * row;
      const below2 = Math.min(height - 1, y + 2) * row;
      here.set(out.subarray(at, at + row));
      for (let i = 0; i < row; i++) {
        out[at + i] =
          k0 * (here[i] as number) +
          k1 * ((above1[i] as number) + (out[below1 + i] as number)) +
          k2 * ((above2[i] as number) + (out[below2 + i] as number));
      }
      above2.set(above1);
      above1.set(here);
    }
    return out;
  }

  #expose(light: Float32Array, seed: number): void {
    const { whiteBalance, saturation, readNoise, shotNoise } = this.#sensor;
    const [wr, wg, wb] = whiteBalance;
    const width = this.#width;
    const height = this.#height;
    const curve = this.#curve;
    const gain = this.#gain;
    const picture = this.#picture;
    const noise = noiseTable();
    const starts = rowStarts(height, seed);
    const base = readNoise;
    const grow = shotNoise / 255;
    for (let y = 0, pixel = 0, at = 0; y < height; y++) {
      let from = starts[y] as number;
      for (let x = 0; x < width; x++, pixel++, at += 3) {
        const g = (gain[pixel] as number) * TONE_SCALE;
        const ri = (light[at] as number) * g * wr;
        const gi = (light[at + 1] as number) * g * wg;
        const bi = (light[at + 2] as number) * g * wb;
        const r = curve[ri >= TONE_LAST ? TONE_LAST : ri | 0] as number;
        const v = curve[gi >= TONE_LAST ? TONE_LAST : gi | 0] as number;
        const b = curve[bi >= TONE_LAST ? TONE_LAST : bi | 0] as number;
        const grey = 0.3 * r + 0.59 * v + 0.11 * b;
        const sigma = base + grow * grey;
        picture[at] = grey + (r - grey) * saturation + sigma * (noise[from & NOISE_MASK] as number);
        picture[at + 1] =
          grey + (v - grey) * saturation + sigma * (noise[(from + 1) & NOISE_MASK] as number);
        picture[at + 2] =
          grey + (b - grey) * saturation + sigma * (noise[(from + 2) & NOISE_MASK] as number);
        from += 3;
      }
    }
  }
}

/**
 * Five weights that blur by the lens's Gaussian and sharpen by the camera's share of what the blur took away.
 * The centre, its neighbours, theirs.
 */
function kernelOf({ blurPx, sharpening }: Sensor): [number, number, number] {
  if (blurPx < BLUR_MIN_PX && sharpening === 0) return [1, 0, 0];
  const sigma = Math.max(BLUR_MIN_PX, blurPx);
  const a = Math.exp(-0.5 / (sigma * sigma));
  const b = Math.exp(-2 / (sigma * sigma));
  const sum = 1 + 2 * a + 2 * b;
  // Unsharp masking with a wider Gaussian, per axis, written as one kernel.
  const half = sharpening / 2;
  return [
    (1 / sum) * (1 + half) - half * 0.4,
    (a / sum) * (1 + half) - half * 0.2,
    (b / sum) * (1 + half) - half * 0.1,
  ];
}

function gains({ vignetting, exposure }: Sensor, width: number, height: number): Float32Array {
  const gain = new Float32Array(width * height);
  const reach = (width * width + height * height) / 4;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const dx = x + 0.5 - width / 2;
      const dy = y + 0.5 - height / 2;
      const out = (dx * dx + dy * dy) / reach;
      gain[pixel] = exposure * (1 - vignetting * out * (0.6 + 0.4 * out));
    }
  }
  return gain;
}
