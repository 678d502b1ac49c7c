import { TILE_PX } from '../raster/canvas.js';
import type { Exposure } from '../raster/view.js';
import { type Kernel, kernelOf } from './kernel.js';
import { NOISE_MASK, noiseTable, rowStarts } from './noise.js';
import type { Sensor } from './sensor.js';
import { toneCurve } from './tone.js';

/** How far the kernel reaches. */
const REACH_PX = 2;
const WINDOW_PX = TILE_PX + 2 * REACH_PX;
/** Numbers in a row of a tile. */
const ROW = TILE_PX * 3;

/** Grains of the place without people that are kept; each picture has one of them where nobody is. */
const GRAINS = 4;

/**
 * Makes pictures of exposures as one camera does: lens blur, sharpening, vignetting, white balance, tone curve, noise.
 * It works tile by tile; what the place looks like without people is kept, with its noise, so that only tiles with people
 * are made anew.
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
  /** The same numbers by their bits, as the tone curve takes them. */
  readonly #windowBits = new Uint32Array(this.#window.buffer);
  readonly #across = new Float32Array(WINDOW_PX * TILE_PX * 3);
  readonly #picture: Uint8ClampedArray<ArrayBuffer>;
  /** The light of `#placeOf` as the sensor gets it: three numbers a pixel. */
  readonly #place: Float32Array;
  #placeOf: Float32Array | undefined;
  #placeExposure = NaN;
  /** The place without people in each grain, and which of its tiles are made. */
  readonly #empties: (Uint8ClampedArray<ArrayBuffer> | undefined)[] = [];
  readonly #isMade: Uint8Array;
  readonly #tiles: number;

  constructor(sensor: Sensor, width: number, height: number) {
    this.#sensor = sensor;
    this.#width = width;
    this.#height = height;
    this.#curve = toneCurve(sensor);
    this.#gain = gains(sensor, width, height);
    this.#kernel = kernelOf(sensor);
    this.#picture = new Uint8ClampedArray(width * height * 3);
    this.#place = new Float32Array(width * height * 3);
    this.#tiles = Math.ceil(width / TILE_PX) * Math.ceil(height / TILE_PX);
    this.#isMade = new Uint8Array(GRAINS * this.#tiles);
  }

  /** The picture: red, green, blue, 8 bits each, row by row; valid until the next call. The same seed: the same noise. */
  develop(exposure: Exposure, seed: number): Uint8Array {
    const { people } = exposure;
    this.#takePlace(exposure);
    const starts = rowStarts(this.#height, seed);
    this.#picture.set(this.#empty(exposure, starts.grain % GRAINS));
    for (let tile = 0; tile < this.#tiles; tile++)
      if (people.touched[tile] === 1) this.#develop(exposure, tile, starts.rows, this.#picture);
    return new Uint8Array(this.#picture.buffer);
  }

  #takePlace({ behind, exposure }: Exposure): void {
    if (this.#placeOf === behind && this.#placeExposure === exposure) return;
    this.#placeOf = behind;
    this.#placeExposure = exposure;
    this.#isMade.fill(0);
    const place = this.#place;
    const [wr, wg, wb] = this.#sensor.whiteBalance;
    for (let pixel = 0, at = 0; at < place.length; pixel++, at += 3) {
      const kept = (this.#gain[pixel] as number) * exposure;
      place[at] = kept * wr * (behind[at] as number);
      place[at + 1] = kept * wg * (behind[at + 1] as number);
      place[at + 2] = kept * wb * (behind[at + 2] as number);
    }
  }

  /** The place in one of its grains, whole where nobody is. */
  #empty(exposure: Exposure, grain: number): Uint8ClampedArray {
    const empty = (this.#empties[grain] ??= new Uint8ClampedArray(this.#picture.length));
    const { touched } = exposure.people;
    const first = grain * this.#tiles;
    let starts: Uint32Array | undefined;
    for (let tile = 0; tile < this.#tiles; tile++) {
      if (touched[tile] === 1 || this.#isMade[first + tile] === 1) continue;
      starts ??= rowStarts(this.#height, grain).rows;
      this.#develop(exposure, tile, starts, empty);
      this.#isMade[first + tile] = 1;
    }
    return empty;
  }

  #develop(exposure: Exposure, tile: number, starts: Uint32Array, to: Uint8ClampedArray): void {
    const { tilesAcross } = exposure.people;
    const left = (tile % tilesAcross) * TILE_PX;
    const top = Math.floor(tile / tilesAcross) * TILE_PX;
    const rows = Math.min(TILE_PX, this.#height - top);
    this.#compose(exposure, left, top, rows + 2 * REACH_PX);
    blurAcross(this.#window, this.#across, this.#kernel, rows + 2 * REACH_PX);
    blurDown(this.#across, this.#window, this.#kernel, rows);
    this.#expose(left, top, rows, starts, to);
  }

  /** The light on a tile and what is about it; beyond the picture its edge goes on. */
  #compose({ people, exposure }: Exposure, left: number, top: number, rows: number): void {
    const { rgb, through, lightKept } = people;
    const width = this.#width;
    const gain = this.#gain;
    const place = this.#place;
    const window = this.#window;
    const [wr, wg, wb] = this.#sensor.whiteBalance;
    for (let row = 0, to = 0; row < rows; row++) {
      const y = Math.min(this.#height - 1, Math.max(0, top + row - REACH_PX));
      for (let column = 0; column < WINDOW_PX; column++, to += 3) {
        const over = left + column - REACH_PX;
        const x = over < 0 ? 0 : over >= width ? width - 1 : over;
        const pixel = y * width + x;
        const at = pixel * 3;
        const seen = through[pixel] as number;
        const open = seen * (lightKept[pixel] as number);
        let r = open * (place[at] as number);
        let g = open * (place[at + 1] as number);
        let b = open * (place[at + 2] as number);
        if (seen < 1) {
          const kept = (gain[pixel] as number) * exposure;
          r += kept * wr * (rgb[at] as number);
          g += kept * wg * (rgb[at + 1] as number);
          b += kept * wb * (rgb[at + 2] as number);
        }
        window[to] = r;
        window[to + 1] = g;
        window[to + 2] = b;
      }
    }
  }

  /** From light to 8 bits, with the sensor's noise. */
  #expose(
    left: number,
    top: number,
    rows: number,
    starts: Uint32Array,
    picture: Uint8ClampedArray,
  ): void {
    const light = this.#windowBits;
    const { saturation, readNoise, shotNoise } = this.#sensor;
    const grow = shotNoise / 255;
    const dull = 1 - saturation;
    const curve = this.#curve;
    const noise = noiseTable();
    const end = Math.min(TILE_PX, this.#width - left) * 3;
    for (let row = 0; row < rows; row++) {
      let to = ((top + row) * this.#width + left) * 3;
      let from = (starts[top + row] as number) + left * 3;
      const first = row * ROW;
      for (let at = first; at < first + end; at += 3, to += 3, from += 3) {
        const r = curve[(light[at] as number) >>> 16] as number;
        const g = curve[(light[at + 1] as number) >>> 16] as number;
        const b = curve[(light[at + 2] as number) >>> 16] as number;
        const grey = dull * (0.3 * r + 0.59 * g + 0.11 * b);
        const red = grey + saturation * r;
        const green = grey + saturation * g;
        const blue = grey + saturation * b;
        picture[to] = red + (readNoise + grow * red) * (noise[from & NOISE_MASK] as number);
        picture[to + 1] =
          green + (readNoise + grow * green) * (noise[(from + 1) & NOISE_MASK] as number);
        picture[to + 2] =
          blue + (readNoise + grow * blue) * (noise[(from + 2) & NOISE_MASK] as number);
      }
    }
  }
}

function blurAcross(
  window: Float32Array,
  out: Float32Array,
  [k0, k1, k2]: Kernel,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
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
