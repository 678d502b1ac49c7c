/** What a viewer's stream is written to. */
export interface Sink {
  /** @returns false where it must be waited for `onDrain` before the next write */
  write(chunk: Uint8Array): boolean;
  onDrain(listener: () => void): void;
  /** Ends the stream in order. */
  end(): void;
  /** Ends it at once. */
  destroy(): void;
}

export interface ViewerCounts {
  sent(snapshots: number): void;
  skipped(snapshots: number): void;
}

/**
 * One open stream. While its last write is under way one newest chunk of each kind waits; a newer one takes its place, so
 * a slow viewer costs no memory, delays nobody, and sees the newest as soon as it can. What must not be missed (alerts, the
 * plan) is sent whole each time, and goes first.
 */
export class Viewer {
  readonly #sink: Sink;
  readonly #counts: ViewerCounts;
  readonly #now: () => number;
  readonly #waiting = new Map<string, Uint8Array>();
  #isBusy = false;
  #isOver = false;
  #lastWriteMs: number;

  constructor(sink: Sink, counts: ViewerCounts, now: () => number) {
    this.#sink = sink;
    this.#counts = counts;
    this.#now = now;
    this.#lastWriteMs = now();
    sink.onDrain(() => {
      this.#isBusy = false;
      this.#next();
    });
  }

  /** @param kind a newer chunk of the same kind takes the place of one that still waits; `snapshot` goes last */
  offer(kind: string, chunk: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#isBusy) {
      if (kind === 'snapshot' && this.#waiting.has(kind)) this.#counts.skipped(1);
      this.#waiting.set(kind, chunk);
      return;
    }
    this.#write(kind, chunk);
  }

  /** How long the write in hand has been waiting for its reader, ms; 0 where none is. */
  stuckMs(): number {
    return this.#isBusy ? this.#now() - this.#lastWriteMs : 0;
  }

  /** How long nothing was written, ms. */
  idleMs(): number {
    return this.#isBusy ? 0 : this.#now() - this.#lastWriteMs;
  }

  end(how: 'in order' | 'at once' = 'in order'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting.clear();
    if (how === 'in order') this.#sink.end();
    else this.#sink.destroy();
  }

  #next(): void {
    while (!this.#isBusy && !this.#isOver && this.#waiting.size > 0) {
      const kind = [...this.#waiting.keys()].find((other) => other !== 'snapshot') ?? 'snapshot';
      const chunk = this.#waiting.get(kind);
      this.#waiting.delete(kind);
      if (chunk !== undefined) this.#write(kind, chunk);
    }
  }

  #write(kind: string, chunk: Uint8Array): void {
    this.#lastWriteMs = this.#now();
    this.#isBusy = !this.#sink.write(chunk);
    if (kind === 'snapshot') this.#counts.sent(1);
  }
}
