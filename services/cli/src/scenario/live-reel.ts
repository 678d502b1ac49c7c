/**
 * The newest instant of a crowd that goes on by the clock, for cameras that film it live: one that is slow misses
 * instants, and holds nobody back.
 */
export class LiveReel<Instant> {
  #newest: { instant: Instant; index: number } | undefined;
  #waiting: (() => void)[] = [];

  /** The newest instant; undefined before the first. */
  get newest(): Instant | undefined {
    return this.#newest?.instant;
  }

  /** The next instant is here. */
  show(instant: Instant): void {
    this.#newest = { instant, index: (this.#newest?.index ?? -1) + 1 };
    this.#wake();
  }

  /**
   * Instants as they come, until the signal.
   * @param every how many instants pass from one to the next: 1 is each
   */
  async *instants(signal: AbortSignal, every = 1): AsyncGenerator<Instant> {
    const wake = (): void => {
      this.#wake();
    };
    signal.addEventListener('abort', wake);
    try {
      for (let next = 0; ;) {
        while ((this.#newest?.index ?? -1) < next && !signal.aborted)
          await new Promise<void>((resolve) => this.#waiting.push(resolve));
        if (signal.aborted || this.#newest === undefined) return;
        next = this.#newest.index + every;
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
