/** A value that is asked for often and looked at anew at most once in a while; one look at a time. */
export class Renewed<T> {
  readonly #look: () => Promise<T>;
  readonly #everyMs: number;
  #value: T | undefined;
  #lookedMs = -Infinity;
  #looking: Promise<T> | undefined;

  constructor(look: () => Promise<T>, everyMs: number) {
    this.#look = look;
    this.#everyMs = everyMs;
  }

  async get(): Promise<T> {
    if (this.#value !== undefined && performance.now() - this.#lookedMs < this.#everyMs)
      return this.#value;
    return (this.#looking ??= this.#renew().finally(() => (this.#looking = undefined)));
  }

  async #renew(): Promise<T> {
    const startedMs = performance.now();
    const value = await this.#look();
    this.#value = value;
    this.#lookedMs = startedMs;
    return value;
  }
}
