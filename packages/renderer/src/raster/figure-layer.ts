import type { Canvas } from './canvas.js';
import type { Window } from './figure-triangles.js';
import { SAMPLES } from './samples.js';

/** A sample that is this much nearer than the scene's still counts as behind it: feet stand on the floor. */
const STANDS_ON = 1.004;
/** Movement below this is no blur, pixels. */
const BLUR_PX_MIN = 0.7;
/** Copies of a moving person that are averaged, at the most. */
const BLUR_TAPS_MAX = 9;
const PER_PIXEL = SAMPLES * SAMPLES;

/** A person in pixels: light weighted by coverage, and coverage, four numbers a pixel. */
let layer = new Float32Array(0);

/**
 * Lays a drawn person behind those on the canvas: samples that the scene hides are left out, the rest averaged to pixels,
 * drawn out along the movement, and weighted by what is still seen through. Answers the share of the person's samples
 * inside the window that are visible, 0 to 1.
 */
export function layDown(
  window: Window,
  canvas: Canvas,
  sceneInverse: Float32Array,
  sceneWidth: number,
  blur: readonly [number, number],
): number {
  const width = window.width / SAMPLES;
  const height = window.height / SAMPLES;
  if (layer.length < width * height * 4) layer = new Float32Array(width * height * 4);
  const drawn = average(window, sceneInverse, sceneWidth, width, height);
  if (drawn === 0) return 0;
  const length = Math.hypot(blur[0], blur[1]);
  const reach = 3 + (length < BLUR_PX_MIN ? 0 : length / 2);
  const x = window.left / SAMPLES;
  const y = window.top / SAMPLES;
  canvas.touch(x, y, x + width, y + height, reach);
  const seen =
    length < BLUR_PX_MIN
      ? still(window, canvas, width, height)
      : moving(window, canvas, width, height, blur, length);
  return (seen * PER_PIXEL) / drawn;
}

/** Fills the layer; answers the number of samples that the person would have if nothing hid it. */
function average(
  { left, top, width: samplesWide, inverse, rgb }: Window,
  sceneInverse: Float32Array,
  sceneWidth: number,
  width: number,
  height: number,
): number {
  let drawn = 0;
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++, to += 4) {
      let r = 0;
      let g = 0;
      let b = 0;
      let covered = 0;
      const first = row * SAMPLES * samplesWide + column * SAMPLES;
      if (
        inverse[first] === 0 &&
        inverse[first + 1] === 0 &&
        inverse[first + samplesWide] === 0 &&
        inverse[first + samplesWide + 1] === 0
      ) {
        layer[to + 3] = 0;
        continue;
      }
      const scene = (top + row * SAMPLES) * sceneWidth + left + column * SAMPLES;
      for (let sample = 0; sample < PER_PIXEL; sample++) {
        const at = first + (sample >> 1) * samplesWide + (sample & 1);
        const z = inverse[at] as number;
        if (z === 0) continue;
        drawn++;
        if (
          z * STANDS_ON <
          (sceneInverse[scene + (sample >> 1) * sceneWidth + (sample & 1)] as number)
        )
          continue;
        covered++;
        r += rgb[at * 3] as number;
        g += rgb[at * 3 + 1] as number;
        b += rgb[at * 3 + 2] as number;
      }
      layer[to] = r / PER_PIXEL;
      layer[to + 1] = g / PER_PIXEL;
      layer[to + 2] = b / PER_PIXEL;
      layer[to + 3] = covered / PER_PIXEL;
    }
  }
  return drawn;
}

/** Answers how many pixels of the person reach the camera. */
function still(
  { left, top }: Window,
  { rgb, through, width: pictureWidth }: Canvas,
  width: number,
  height: number,
): number {
  let seen = 0;
  for (let row = 0, from = 0; row < height; row++) {
    let pixel = (top / SAMPLES + row) * pictureWidth + left / SAMPLES;
    for (let column = 0; column < width; column++, from += 4, pixel++) {
      const coverage = layer[from + 3] as number;
      if (coverage === 0) continue;
      const open = through[pixel] as number;
      if (open === 0) continue;
      const to = pixel * 3;
      rgb[to] = (rgb[to] as number) + open * (layer[from] as number);
      rgb[to + 1] = (rgb[to + 1] as number) + open * (layer[from + 1] as number);
      rgb[to + 2] = (rgb[to + 2] as number) + open * (layer[from + 2] as number);
      through[pixel] = open * (1 - coverage);
      seen += open * coverage;
    }
  }
  return seen;
}

/** As `still`, the average of copies from half the movement before to half the movement after. */
function moving(
  { left, top }: Window,
  { rgb, through, width: pictureWidth, height: pictureHeight }: Canvas,
  width: number,
  height: number,
  [du, dv]: readonly [number, number],
  length: number,
): number {
  const taps = Math.min(BLUR_TAPS_MAX, Math.ceil(length) + 1);
  const shiftsX: number[] = [];
  const shiftsY: number[] = [];
  for (let tap = 0; tap < taps; tap++) {
    shiftsX.push(Math.round(du * (tap / (taps - 1) - 0.5)));
    shiftsY.push(Math.round(dv * (tap / (taps - 1) - 0.5)));
  }
  const reachX = Math.max(...shiftsX.map(Math.abs));
  const reachY = Math.max(...shiftsY.map(Math.abs));
  const x0 = left / SAMPLES;
  const y0 = top / SAMPLES;
  let seen = 0;
  for (let y = Math.max(0, y0 - reachY); y < Math.min(pictureHeight, y0 + height + reachY); y++) {
    for (let x = Math.max(0, x0 - reachX); x < Math.min(pictureWidth, x0 + width + reachX); x++) {
      const pixel = y * pictureWidth + x;
      const open = through[pixel] as number;
      if (open === 0) continue;
      let r = 0;
      let g = 0;
      let b = 0;
      let coverage = 0;
      for (let tap = 0; tap < taps; tap++) {
        const column = x - x0 - (shiftsX[tap] as number);
        const row = y - y0 - (shiftsY[tap] as number);
        if (column < 0 || row < 0 || column >= width || row >= height) continue;
        const from = (row * width + column) * 4;
        const part = layer[from + 3] as number;
        if (part === 0) continue;
        r += layer[from] as number;
        g += layer[from + 1] as number;
        b += layer[from + 2] as number;
        coverage += part;
      }
      if (coverage === 0) continue;
      const to = pixel * 3;
      const share = open / taps;
      rgb[to] = (rgb[to] as number) + share * r;
      rgb[to + 1] = (rgb[to + 1] as number) + share * g;
      rgb[to + 2] = (rgb[to + 2] as number) + share * b;
      through[pixel] = open * (1 - coverage / taps);
      seen += share * coverage;
    }
  }
  return seen;
}
