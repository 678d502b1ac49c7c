import { TILE_PX } from '../raster/canvas.js';
import type { Exposure } from '../raster/view.js';
import { type Kernel, kernelOf } from './kernel.js';
import { NOISE_MASK, noiseTable, rowStarts } from './noise.js';
import type { Sensor } from './sensor.js';
import { TONE_LAST, TONE_SCALE, toneCurve } from './tone.js';

/** How far the kernel reaches. */
const REACH_PX = 2;
const WINDOW_PX = TILE_PX + 2 * REACH_PX;
/** Numbers in a row of a tile. */
const ROW = TILE_PX * 3;

/**
 * Makes pictures of exposures as one camera does: lens blur, sharpening, vignetting, white balance, tone curve, noise.
 * It works tile by tile; what the place looks like without people is kept, so that only tiles with people are made anew.
 */
export class Darkroom {
  readonly #sensor: Sensor;
  readonly #width: number;
  readonly #height: number;
  readonly #curve: Float32Array;
  /** Light kept by each pixel: vignetting and exposure. */
  readonly #gain: Float32Array;
  readonly #kernel: Kernel;
  readonly #window = new Float32Array(WINDOW_PX * WINDOW_PX * 3);
  readonly #across = new Float32Array(WINDOW_PX * TILE_PX * 3);
  /** The developed picture before noise. */
  readonly #clean: Float32Array;
  readonly #picture: Uint8ClampedArray;
  /** Tiles of `#clean` that show `#cleanOf` without people. */
  readonly #isEmpty: Uint8Array;
  #cleanOf: Float32Array | undefined;

  constructor(sensor: Sensor, width: number, height: number) {
    this.#sensor = sensor;
    this.#width = width;
    this.#height = height;
    this.#curve = toneCurve(sensor);
    this.#gain = gains(sensor, width, height);
    this.#kernel = kernelOf(sensor);
    this.#clean = new Float32Array(width * height * 3);
    this.#picture = new Uint8ClampedArray(width * height * 3);
    this.#isEmpty = new Uint8Array(Math.ceil(width / TILE_PX) * Math.ceil(height / TILE_PX));
  }

  /** The picture: red, green, blue, 8 bits each, row by row; valid until the next call. The same seed: the same noise. */
  develop(exposure: Exposure, seed: number): Uint8Array {
    const { behind, people } = exposure;
    if (this.#cleanOf !== behind) {
      this.#cleanOf = behind;
      this.#isEmpty.fill(0);
    }
    for (let tile = 0; tile < people.touched.length; tile++) {
      const isTouched = people.touched[tile] === 1;
      if (!isTouched && this.#isEmpty[tile] === 1) continue;
      const left = (tile % people.tilesAcross) * TILE_PX;
      const top = Math.floor(tile / people.tilesAcross) * TILE_PX;
      this.#compose(exposure, left, top);
      this.#blurAndTone(left, top);
      this.#isEmpty[tile] = isTouched ? 0 : 1;
    }
    this.#addNoise(seed);
    return new Uint8Array(this.#picture.buffer);
  }

  /** The light on a tile and what is about it; beyond the picture its edge goes on. */
  #compose({ behind, people, exposure }: Exposure, left: number, top: number): void {
    const { rgb, through, lightKept } = people;
    const width = this.#width;
    const gain = this.#gain;
    const window = this.#window;
    const [wr, wg, wb] = this.#sensor.whiteBalance;
    for (let row = 0, to = 0; row < WINDOW_PX; row++) {
      const y = Math.min(this.#height - 1, Math.max(0, top + row - REACH_PX));
      for (let column = 0; column < WINDOW_PX; column++, to += 3) {
        const over = left + column - REACH_PX;
        const x = over < 0 ? 0 : over >= width ? width - 1 : over;
        const pixel = y * width + x;
        const at = pixel * 3;
        const open = (through[pixel] as number) * (lightKept[pixel] as number);
        const kept = (gain[pixel] as number) * exposure;
        window[to] = kept * wr * ((rgb[at] as number) + open * (behind[at] as number));
        window[to + 1] = kept * wg * ((rgb[at + 1] as number) + open * (behind[at + 1] as number));
        window[to + 2] = kept * wb * ((rgb[at + 2] as number) + open * (behind[at + 2] as number));
      }
    }
  }

  #blurAndTone(left: number, top: number): void {
    blurAcross(this.#window, this.#across, this.#kernel);
    const rows = Math.min(TILE_PX, this.#height - top);
    blurDown(this.#across, this.#window, this.#kernel, rows);
    const light = this.#window;
    const { saturation } = this.#sensor;
    const curve = this.#curve;
    const clean = this.#clean;
    const end = Math.min(TILE_PX, this.#width - left) * 3;
    for (let row = 0; row < rows; row++) {
      let to = ((top + row) * this.#width + left) * 3;
      const first = row * ROW;
      for (let at = first; at < first + end; at += 3, to += 3) {
        const ri = Math.sqrt(light[at] as number) * TONE_SCALE;
        const gi = Math.sqrt(light[at + 1] as number) * TONE_SCALE;
        const bi = Math.sqrt(light[at + 2] as number) * TONE_SCALE;
        // Sharpening may leave less than no light, whose root is no number: its index becomes 0.
        const r = curve[ri < TONE_LAST ? ri | 0 : ri >= TONE_LAST ? TONE_LAST : 0] as number;
        const g = curve[gi < TONE_LAST ? gi | 0 : gi >= TONE_LAST ? TONE_LAST : 0] as number;
        const b = curve[bi < TONE_LAST ? bi | 0 : bi >= TONE_LAST ? TONE_LAST : 0] as number;
        const grey = 0.3 * r + 0.59 * g + 0.11 * b;
        clean[to] = grey + (r - grey) * saturation;
        clean[to + 1] = grey + (g - grey) * saturation;
        clean[to + 2] = grey + (b - grey) * saturation;
      }
    }
  }

  #addNoise(seed: number): void {
    const clean = this.#clean;
    const picture = this.#picture;
    const noise = noiseTable();
    const starts = rowStarts(this.#height, seed);
    const { readNoise, shotNoise } = this.#sensor;
    const grow = shotNoise / 255;
    const row = this.#width * 3;
    for (let y = 0, at = 0; y < this.#height; y++) {
      let from = starts[y] as number;
      for (const end = at + row; at < end; at++, from++) {
        const value = clean[at] as number;
        picture[at] = value + (readNoise + grow * value) * (noise[from & NOISE_MASK] as number);
      }
    }
  }
}

function blurAcross(window: Float32Array, out: Float32Array, [k0, k1, k2]: Kernel): void {
  for (let row = 0; row < WINDOW_PX; row++) {
    let from = (row * WINDOW_PX + REACH_PX) * 3;
    const end = (row + 1) * ROW;
    for (let to = row * ROW; to < end; to++, from++) {
      out[to] =
        k0 * (window[from] as number) +
        k1 * ((window[from - 3] as number) + (window[from + 3] as number)) +
        k2 * ((window[from - 6] as number) + (window[from + 6] as number));
    }
  }
}

function blurDown(
  across: Float32Array,
  out: Float32Array,
  [k0, k1, k2]: Kernel,
  rows: number,
): void {
  let from = REACH_PX * ROW;
  const end = rows * ROW;
  for (let to = 0; to < end; to++, from++) {
    out[to] =
      k0 * (across[from] as number) +
      k1 * ((across[from - ROW] as number) + (across[from + ROW] as number)) +
      k2 * ((across[from - 2 * ROW] as number) + (across[from + 2 * ROW] as number));
  }
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
