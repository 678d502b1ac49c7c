import { fileURLToPath } from 'node:url';

/**
 * Path of the detector that hitonami ships: persons, their boxes and their foot points; trained by this project on
 * pictures that it draws. `models/README.md` says how good it is, and at what.
 */
export function shippedDetector(): string {
  return fileURLToPath(new URL('../models/people.onnx', import.meta.url));
}
