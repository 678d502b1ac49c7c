import { statfsSync } from 'node:fs';
import { RecordsAway } from './faults.js';

/** `detail` of the fault where the disk is full; PostgreSQL's own code, appendix A of its manual. */
export const NO_ROOM = '53100';
/**
 * Free space below which nothing is written, bytes: a piece of the write-ahead log (16 MiB), and the largest document
 * that is kept (8 MiB), in the log and in its table, twice over. The engine must never meet the full disk itself: where
 * it cannot begin a new piece of its log it neither fails nor returns, and holds its process up for good.
 */
export const ROOM_MIN_BYTES = 64 * 1024 * 1024;
/** Asked again after this, ms. */
const ASK_MS = 100;

/** Whether there is room on the disk of a folder. */
export class Room {
  readonly #folder: string;
  #askedMs = -Infinity;
  #freeBytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws HitonamiError `UNAVAILABLE` (may pass), with `detail` `53100` */
  require(): void {
    const nowMs = performance.now();
    if (nowMs - this.#askedMs > ASK_MS) {
      const { bavail, bsize } = statfsSync(this.#folder);
      this.#freeBytes = bavail * bsize;
      this.#askedMs = nowMs;
    }
    if (this.#freeBytes >= ROOM_MIN_BYTES) return;
    this.#askedMs = -Infinity;
    throw new RecordsAway(
      `the disk of the records in ${this.#folder} is full: ${Math.floor(this.#freeBytes / 2 ** 20)} MiB are free, and nothing is written below ${ROOM_MIN_BYTES / 2 ** 20} MiB; make room`,
      { canRetry: true, detail: NO_ROOM },
    );
  }
}
