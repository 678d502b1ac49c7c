import { HitonamiError } from '@hitonami/model';
import { closed } from './faults.js';
import type { OutgoingRecord } from './port.js';

/** One call of `append` on its way. */
export interface QueuedAppend {
  readonly topic: string;
  readonly records: readonly OutgoingRecord[];
  readonly bytes: number;
}

interface Entry extends QueuedAppend {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Appends waiting at most, bytes. Over it an append is refused (`UNAVAILABLE`), so that a stalled disk cannot eat the memory. */
export const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
/** Appends waiting at most, calls. */
export const MAX_QUEUED_APPENDS = 100_000;
/** One group commit takes at most this, bytes; a single append may be larger. */
export const MAX_GROUP_BYTES = 8 * 1024 * 1024;
/** One group commit takes at most this, records; a single append may be larger. */
export const MAX_GROUP_RECORDS = 50_000;

/**
 * Group commit: while one write is under way the appends that arrive wait, and then travel together.
 * One write at a time, in order of arrival: so the order of a key survives retries, and under load the groups grow
 * by themselves. There is no timer: a lone append is written in the same turn of the event loop.
 */
export class AppendQueue {
  readonly #write: (group: readonly QueuedAppend[]) => Promise<void>;
  #entries: Entry[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(write: (group: readonly QueuedAppend[]) => Promise<void>) {
    this.#write = write;
  }

  push(append: QueuedAppend): Promise<void> {
    if (this.#closed) return Promise.reject(closed());
    const full =
      this.#entries.length >= MAX_QUEUED_APPENDS ||
      (this.#bytes > 0 && this.#bytes + append.bytes > MAX_QUEUED_BYTES);
    if (full)
      return Promise.reject(
        new HitonamiError(
          'UNAVAILABLE',
          `the event log is not keeping up: ${this.#entries.length} appends of ${this.#bytes} bytes are waiting; ` +
            'wait for earlier appends before sending more',
          { canRetry: true, detail: 'QUEUE_FULL' },
        ),
      );
    return new Promise((resolve, reject) => {
      this.#entries.push({ ...append, resolve, reject });
      this.#bytes += append.bytes;
      this.#running ??= this.#run();
    });
  }

  /** Refuses what comes later, and waits for what is queued. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // Let the other appends of this turn join the group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#entries.length > 0) {
      const group = this.#take();
      try {
        await this.#write(group);
        for (const entry of group) entry.resolve();
      } catch (error) {
        for (const entry of group) entry.reject(error);
      }
    }
    this.#running = undefined;
  }

  #take(): Entry[] {
    let count = 0;
    let bytes = 0;
    let records = 0;
    for (const entry of this.#entries) {
      if (count > 0 && (bytes + entry.bytes > MAX_GROUP_BYTES || records >= MAX_GROUP_RECORDS))
        break;
      count += 1;
      bytes += entry.bytes;
      records += entry.records.length;
    }
    const group = this.#entries.slice(0, count);
    this.#entries = this.#entries.slice(count);
    this.#bytes -= bytes;
    return group;
  }
}
