/**
 * The newest instant of a crowd that goes on by the clock, for cameras that film it live: one that is slow misses
 * instants, and holds nobody back.
 */
export class LiveReel<Instant> {
  #newest: { instant: Instant; index: number } | undefined;
  #waiting: (() => void)[] = [];

  /** The next instant is here. */
  show(instant: Instant): void {
    this.#newest = { instant, index: (this.#newest?.index ?? -1) + 1 };
    this.#wake();
  }

  /** Instants as they come, until the signal. */
  async *instants(signal: AbortSignal): AsyncGenerator<Instant> {
    const wake = (): void => {
      this.#wake();
    };
    signal.addEventListener('abort', wake);
    try {
      for (let seen = -1; ;) {
        while ((this.#newest?.index ?? -1) <= seen && !signal.aborted)
          await new Promise<void>((resolve) => this.#waiting.push(resolve));
        if (signal.aborted || this.#newest === undefined) return;
        seen = this.#newest.index;
        yield this.#newest.instant;
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
