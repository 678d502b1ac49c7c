import type { Placement } from './placement.js';

/** Whether a camera sees: a picture in which nobody can be found is not an empty place. */
export type Sight = 'clear' | 'dark' | 'covered' | 'defocused';

/** Every so many rows are looked at, whole: an upright edge between two samples would not be seen. */
const ROW_STEP_PX = 5;
/** A smaller picture is not judged. */
const PIXELS_MIN = 128 * 128;
/** In the dark even the brightest hundredth stays under this grey, 0–255. */
const DARK_GREY_MAX = 32;
/** A lens that is covered or faces a wall shows one tone: 98 of 100 pixels lie within so many greys. */
const COVERED_RANGE_MAX = 20;
/** The steepest thousandth of the steps over two pixels, as a share of the picture's range: an edge blurred by a deviation of 5 px and more. */
const DEFOCUSED_STEEPNESS_MAX = 0.16;
/** Range below which noise would pass for edges: nothing is said of the focus then. */
const FOCUS_RANGE_MIN = 40;

const STEPS = 256;

/**
 * Looks at the green of a picture as it lies on the network's input (RGB, `stride` bytes a row).
 *
 * The bounds are set so that none of the real clips and of the drawn pictures (night and lamps, mist, motion blur,
 * noise) passes for blind; a test holds both sides.
 */
export function sightOf(canvas: Uint8Array, stride: number, placement: Placement): Sight {
  const { left, top, width, height } = placement;
  if (width * height < PIXELS_MIN) return 'clear';
  const greys = new Uint32Array(STEPS);
  const steps = new Uint32Array(STEPS);
  let count = 0;
  for (let y = top; y < top + height; y += ROW_STEP_PX) {
    for (let x = left + 1; x < left + width - 1; x++) {
      const at = y * stride + 3 * x + 1;
      const grey = canvas[at] ?? 0;
      const step = Math.abs((canvas[at + 3] ?? 0) - (canvas[at - 3] ?? 0));
      greys[grey] = (greys[grey] ?? 0) + 1;
      steps[step] = (steps[step] ?? 0) + 1;
      count++;
    }
  }
  const low = quantile(greys, count, 0.01);
  const high = quantile(greys, count, 0.99);
  if (high < DARK_GREY_MAX) return 'dark';
  if (high - low < COVERED_RANGE_MAX) return 'covered';
  const isSoft = quantile(steps, count, 0.999) < DEFOCUSED_STEEPNESS_MAX * (high - low);
  return high - low >= FOCUS_RANGE_MIN && isSoft ? 'defocused' : 'clear';
}

/** The value that a share of the counted ones does not exceed. */
function quantile(counts: Uint32Array, total: number, share: number): number {
  let seen = 0;
  for (let value = 0; value < counts.length; value++) {
    seen += counts[value] ?? 0;
    if (seen >= share * total) return value;
  }
  return counts.length - 1;
}
