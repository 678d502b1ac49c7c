/** How many instants the fastest camera may be ahead of the slowest. */
const AHEAD_MAX = 4;

/**
 * The instants of a crowd that several cameras film, each in its own time: the crowd takes each step once, and an instant
 * is kept until every camera has seen it.
 */
export class Reel<Instant> {
  readonly #step: () => Instant;
  readonly #length: number;
  /** The next instant of each camera. */
  readonly #next: number[];
  /** Instants `#first`, `#first + 1`, … */
  readonly #kept: Instant[] = [];
  #first = 0;
  #waiting: (() => void)[] = [];

  /** @param step the next instant; called `length` times at most */
  constructor(step: () => Instant, length: number, cameras: number) {
    this.#step = step;
    this.#length = length;
    this.#next = new Array<number>(cameras).fill(0);
  }

  /** All instants, for one camera (0, 1, …); each camera asks once. */
  async *instants(camera: number, signal: AbortSignal): AsyncGenerator<Instant> {
    const wake = (): void => {
      this.#wake();
    };
    signal.addEventListener('abort', wake);
    try {
      for (let index = 0; index < this.#length; index++) {
        while (index >= this.#slowest() + AHEAD_MAX && !signal.aborted)
          await new Promise<void>((resolve) => this.#waiting.push(resolve));
        if (signal.aborted) return;
        yield this.#at(index);
        this.#next[camera] = index + 1;
        this.#forget();
      }
    } finally {
      signal.removeEventListener('abort', wake);
      // Nobody waits for a camera that has stopped.
      this.#next[camera] = Infinity;
      this.#forget();
    }
  }

  #at(index: number): Instant {
    while (index >= this.#first + this.#kept.length) this.#kept.push(this.#step());
    return this.#kept[index - this.#first] as Instant;
  }

  #slowest(): number {
    return Math.min(...this.#next);
  }

  #forget(): void {
    const seen = Math.min(this.#slowest() - this.#first, this.#kept.length);
    this.#kept.splice(0, seen);
    this.#first += seen;
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
