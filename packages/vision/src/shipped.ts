import { fileURLToPath } from 'node:url';

/**
 * Path of the detector that hitonami ships: persons, their boxes and their foot points; trained by this project on
 * pictures that it draws. `models/README.md` says how good it is, and at what.
 */
export function shippedDetector(): string {
  return fileURLToPath(new URL('../models/people.onnx', import.meta.url));
}

/** Size of the picture that it looks at, pixels. */
export const SHIPPED_INPUT = { width: 480, height: 320 } as const;

/** Of those who are less tall than this in that picture, every second one and more is missed (`models/README.md`), pixels. */
export const SHIPPED_TALL_PX = 45;
