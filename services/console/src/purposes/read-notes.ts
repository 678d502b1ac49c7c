import type { DataItem } from '@hitonami/model';

/**
 * A page asks for measures every few seconds: that somebody reads them for a purpose is noted once in this time, ms. Where
 * people are, or were, is noted each time that it is opened, but not for each time that a bad network opens it anew.
 */
const AGAIN_MS: Readonly<Record<DataItem, number>> = {
  live: 60_000,
  positions: 0,
  'flow-legs': 60_000,
  measures: 12 * 3_600_000,
};
/** Reads that are remembered; of more the oldest is noted again. */
const REMEMBERED_MAX = 20_000;

/** Which reads stand in the audit log already, by session, site, purpose, item, and whether they were granted. */
export class ReadNotes {
  readonly #noted = new Map<string, number>();

  /** @returns whether this one is to be noted now; it then counts as noted */
  isDue(key: string, item: DataItem, nowMs = performance.now()): boolean {
    const before = this.#noted.get(key);
    if (before !== undefined && nowMs - before < AGAIN_MS[item]) return false;
    this.#noted.delete(key);
    this.#noted.set(key, nowMs);
    const [oldest] = this.#noted.keys();
    if (this.#noted.size > REMEMBERED_MAX && oldest !== undefined) this.#noted.delete(oldest);
    return true;
  }

  forget(key: string): void {
    this.#noted.delete(key);
  }
}
