import type { Preprocessing } from '../detectors/family.js';

/** Where a picture lies on the network's input, and how one is turned into the other. */
export interface Placement {
  /** The upright picture, its own pixels. */
  readonly pictureWidth: number;
  readonly pictureHeight: number;
  /** Its place on the input, network pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Target = Pick<Preprocessing, 'width' | 'height' | 'fit'>;

/** Fits a picture into the input: stretched, or as large as its proportions allow, top left or in the centre. */
export function placePicture(
  pictureWidth: number,
  pictureHeight: number,
  target: Target,
): Placement {
  const { width, height, fit } = target;
  if (fit === 'stretch') return { pictureWidth, pictureHeight, left: 0, top: 0, width, height };
  const scale = Math.min(width / pictureWidth, height / pictureHeight);
  const placedWidth = Math.min(width, Math.max(1, Math.round(pictureWidth * scale)));
  const placedHeight = Math.min(height, Math.max(1, Math.round(pictureHeight * scale)));
  return {
    pictureWidth,
    pictureHeight,
    left: fit === 'centre' ? (width - placedWidth) >> 1 : 0,
    top: fit === 'centre' ? (height - placedHeight) >> 1 : 0,
    width: placedWidth,
    height: placedHeight,
  };
}

/**
 * Writes decoded rows (1 or 3 bytes a pixel, as large as the placement) to their place on the canvas
 * (width × height × RGB), and the padding around them. Every byte of the canvas is written.
 */
export function paint(
  pixels: Uint8Array,
  channels: 1 | 3,
  placement: Placement,
  canvas: Uint8Array,
  target: Target & Pick<Preprocessing, 'pad'>,
): void {
  const { left, top, width, height } = placement;
  const row = target.width * 3;
  const first = top * row;
  const last = (top + height) * row;
  canvas.fill(target.pad, 0, first);
  canvas.fill(target.pad, last);
  if (channels === 3 && width === target.width) {
    canvas.set(pixels, first);
    return;
  }
  for (let y = 0; y < height; y++) {
    const start = first + y * row;
    const from = start + left * 3;
    canvas.fill(target.pad, start, from);
    if (channels === 3) {
      canvas.set(pixels.subarray(y * width * 3, (y + 1) * width * 3), from);
    } else {
      for (let x = 0; x < width; x++) {
        canvas.fill(pixels[y * width + x] ?? 0, from + x * 3, from + x * 3 + 3);
      }
    }
    canvas.fill(target.pad, from + width * 3, start + row);
  }
}
