import { doorException } from './exception.js';

/**
 * A few lanes with one bounded queue: each task runs alone in its lane and is told the lane's number.
 * A full queue refuses with TOO_MANY_SIMULTANEOUS_QUERIES.
 */
export class Lanes {
  readonly #free: number[];
  readonly #waiting: ((lane: number) => void)[] = [];
  readonly #waitingMax: number;

  constructor(count: number, waitingMax: number) {
    this.#free = Array.from({ length: count }, (_, lane) => lane);
    this.#waitingMax = waitingMax;
  }

  async run<T>(task: (lane: number) => Promise<T>): Promise<T> {
    const lane = this.#free.pop() ?? (await this.#wait());
    try {
      return await task(lane);
    } finally {
      // Straight to whoever waits longest: were it put down first, a newcomer could take it in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(lane);
      else next(lane);
    }
  }

  #wait(): Promise<number> {
    if (this.#waiting.length >= this.#waitingMax) {
      throw doorException(202, `Too many requests are waiting (${this.#waitingMax}); try again`);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
