import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HitonamiError } from '@hitonami/model';
import type { CompleteConfig } from './camera-config.js';
import { isAborted } from './is-aborted.js';

/** What the contract takes as it is. */
const PICTURE_EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp']);

/** By name, numbers in it by their value: `frame-2` before `frame-10`. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

/** The names of a folder's pictures in their order. @throws HitonamiError `INPUT` where there is none */
export async function pictureNames(folder: string): Promise<string[]> {
  const names = (await readdir(folder))
    .filter((name) => PICTURE_EXTENSIONS.has(extname(name).toLowerCase()))
    .sort(byName);
  if (names.length > 0) return names;
  throw new HitonamiError('INPUT', `the folder ${folder} holds no .jpg, .png or .webp picture`);
}

/**
 * The pictures of a folder in the order of their names, as they are; other files are passed over. In `live` one is given
 * every period.
 *
 * @throws HitonamiError `INPUT` where there is none, or one is above the limit
 */
export async function* folderPictures(
  config: CompleteConfig,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const { source, limits, mode, periodUs } = config;
  const names = await pictureNames(source);
  const startMs = performance.now();
  for (const [index, name] of names.entries()) {
    if (isAborted(signal)) return;
    const path = join(source, name);
    const { size } = await stat(path);
    if (size > limits.frameBytesMax) {
      throw new HitonamiError(
        'INPUT',
        `the picture ${path} has ${size} bytes, more than the limit of ${limits.frameBytesMax}`,
      );
    }
    if (mode === 'live') {
      const dueMs = startMs + (index * periodUs) / 1e3;
      await sleep(Math.max(0, dueMs - performance.now()), undefined, { signal }).catch(
        () => undefined,
      );
      if (isAborted(signal)) return;
    }
    yield await readFile(path);
  }
}
