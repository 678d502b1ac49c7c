import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { isThere, makeFolder, readWhereThere, writeWhole } from '../files/disk.js';
import { diskFault } from '../files/faults.js';
import { isId } from './layout.js';

/** What one name may keep, bytes: a month of noise for a thousand lines by the hour is 6 MB. */
export const KEPT_BYTES_MAX = 64 * 1024 * 1024;

/** Small work of an unfinished version, durable across restarts. */
export class KeptWork {
  readonly #folder: string;

  constructor(work: string, version: number) {
    this.#folder = join(work, `kept-v${version}`);
  }

  isThere(): Promise<boolean> {
    return isThere(this.#folder);
  }

  /** From here on the version is begun, whatever it keeps. */
  begin(): Promise<void> {
    return makeFolder(this.#folder);
  }

  async keep(name: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > KEPT_BYTES_MAX)
      throw new HitonamiError(
        'INPUT',
        `${bytes.length} bytes are more than the ${KEPT_BYTES_MAX} that one name may keep: divide them`,
      );
    const path = this.#path(name);
    try {
      await writeWhole(path, bytes);
    } catch (error) {
      throw diskFault(`keeping '${name}'`, error);
    }
  }

  kept(name: string): Promise<Uint8Array | undefined> {
    return readWhereThere(this.#path(name));
  }

  forget(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  #path(name: string): string {
    if (isId(name)) return join(this.#folder, name);
    throw new HitonamiError(
      'INPUT',
      `${JSON.stringify(name.slice(0, 80))} is no name to keep by: use 1 to 63 of a–z, 0–9 and -`,
    );
  }
}
