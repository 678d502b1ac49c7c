import { readFile } from 'node:fs/promises';
import type { ReleaseFile } from '@hitonami/model';
import { pack, type Packing } from '../http/packing.js';

/** Larger files are packed while they travel, bytes. */
export const PACK_WHOLE_BYTES_MAX = 8 * 1024 * 1024;
/** Of packed files all together, bytes. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

interface Kept {
  readonly packed: Promise<Buffer>;
  /** 0 until it is packed. */
  bytes: number;
}

/** Packed forms of files that are asked for often: a file never changes, so each is packed once for all who come. */
export class PackedFiles {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  /** @throws what reading it throws; it is tried again for the next who asks */
  of(path: string, { sha256 }: Pick<ReleaseFile, 'sha256'>, encoding: Packing): Promise<Buffer> {
    const key = `${sha256} ${encoding}`;
    const known = this.#kept.get(key);
    const kept = known ?? { packed: readFile(path).then(pack[encoding]), bytes: 0 };
    // What was asked for longest ago stands first, and goes first.
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    if (known === undefined)
      kept.packed.then(
        ({ byteLength }) => {
          if (this.#kept.get(key) !== kept) return;
          kept.bytes = byteLength;
          this.#bytes += byteLength;
          this.#makeRoom();
        },
        () => this.#kept.get(key) === kept && this.#kept.delete(key),
      );
    return kept.packed;
  }

  #makeRoom(): void {
    for (const [key, { bytes }] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES_MAX) return;
      // One that is being packed is waited for.
      if (bytes === 0) continue;
      this.#kept.delete(key);
      this.#bytes -= bytes;
    }
  }
}
