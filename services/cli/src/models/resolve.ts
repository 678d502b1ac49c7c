import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { shippedDetector } from '@hitonami/vision';
import { NO_MODEL, type ModelRegistry } from './registry.js';

/** The detector that hitonami ships goes by this name, unless one was added under it. */
export const SHIPPED = 'people';

/**
 * The file that `--model` means: a path (it ends in .onnx, or there is such a file), else the name of a model that was
 * added, else the shipped one's; `none` stays what it is.
 * @throws HitonamiError `INPUT` for a name that nobody knows
 */
export async function modelFile(given: string, registry: ModelRegistry): Promise<string> {
  if (given === NO_MODEL) return given;
  if (extname(given).toLowerCase() === '.onnx') return given;
  const known = (await registry.list()).find(({ name }) => name === given);
  if (known !== undefined) return known.path;
  if (existsSync(given)) return given;
  if (given === SHIPPED && existsSync(shippedDetector())) return shippedDetector();
  return (await registry.get(given)).path;
}
