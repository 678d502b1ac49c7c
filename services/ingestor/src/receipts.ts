import { writeWithBackpressure } from '@hitonami/service';

/** Receipts of one stream that may be owed or unread; over it no further message is read from the stream. */
const OWED_MAX = 256;

type Writable<R> = Parameters<typeof writeWithBackpressure<R>>[0];

/** Sends the receipts of one stream as they come due, and holds the sender back when too many are owed. */
export class Receipts<R> {
  private readonly stream: Writable<R>;
  private readonly owed = new Set<Promise<void>>();
  private writing: Promise<void> = Promise.resolve();

  constructor(stream: Writable<R>) {
    this.stream = stream;
  }

  /** Takes over a receipt that is yet to come; resolves when there is room for another. */
  async owe(receipt: Promise<R>): Promise<void> {
    const sent = receipt.then((value) => {
      // One write at a time: a stream that is full must not collect waiting writers.
      this.writing = this.writing
        .then(() => writeWithBackpressure(this.stream, value))
        .catch(() => undefined);
      return this.writing;
    });
    const entry = sent.finally(() => this.owed.delete(entry));
    this.owed.add(entry);
    if (this.owed.size >= OWED_MAX) await Promise.race(this.owed);
  }

  /** Waits until every receipt is sent. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.owed);
    await this.writing;
  }
}

/** The messages of a stream until its sender ends it or the server stops. */
export async function* untilStopped<T>(
  stream: AsyncIterable<T>,
  stopping: AbortSignal,
): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]();
  const stopped = new Promise<undefined>((resolve) => {
    if (stopping.aborted) resolve(undefined);
    stopping.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  for (;;) {
    const next = await Promise.race([iterator.next(), stopped]);
    if (next === undefined || next.done) return;
    yield next.value;
  }
}
