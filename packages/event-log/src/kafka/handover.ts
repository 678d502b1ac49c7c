/** Passes items from a loop to a reader, one at a time: the loop waits until the reader asks for the next. */
export class Handover<T> {
  #item: T | undefined;
  #given: (() => void) | undefined;
  #asked: (() => void) | undefined;
  #closed = false;
  #error: Error | undefined;

  /** Resolves when the reader is done with the item, or has gone. */
  async give(item: T): Promise<void> {
    if (this.#closed) return;
    this.#item = item;
    this.#given?.();
    await new Promise<void>((resolve) => (this.#asked = resolve));
  }

  /** The next item; rejects where the loop failed. */
  async take(): Promise<T> {
    this.#asked?.();
    this.#asked = undefined;
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      const item = this.#item;
      if (item !== undefined) {
        this.#item = undefined;
        return item;
      }
      await new Promise<void>((resolve) => (this.#given = resolve));
    }
  }

  fail(error: Error): void {
    this.#error = error;
    this.#given?.();
  }

  /** Lets the loop go. */
  close(): void {
    this.#closed = true;
    this.#asked?.();
  }
}
