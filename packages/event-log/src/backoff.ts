import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 100;
const MOST_MS = 5_000;

/** Pauses that double from 100 ms to 5 s, until something worked. */
export class Backoff {
  #nextMs = FIRST_MS;

  worked(): void {
    this.#nextMs = FIRST_MS;
  }

  /** Waits for the next pause, or until the signal aborts. */
  async pause(signal: AbortSignal): Promise<void> {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(ms * 2, MOST_MS);
    await sleep(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
