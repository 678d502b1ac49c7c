/** Waits that double up to a bound, each shortened by chance by up to half, so that many do not come back at once. */
export class Backoff {
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(firstMs: number, maxMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** How long to wait after one more failure, ms. */
  next(): number {
    const fullMs = Math.min(this.#maxMs, this.#firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures++;
    return fullMs * (1 - this.#random() / 2);
  }

  /** After a success the waits begin anew. */
  reset(): void {
    this.#failures = 0;
  }
}
