import { writeWithBackpressure } from '@hitonami/service';

/** Receipts of one stream that may be owed or unread; over it no further message is read from the stream. */
const OWED_MAX = 256;

type Writable<R> = Parameters<typeof writeWithBackpressure<R>>[0];

/**
 * Sends the receipts of one stream: those of one camera in the order of its frames, whatever became known first, and
 * holds the sender back when too many are owed.
 */
export class Receipts<R> {
  private readonly stream: Writable<R>;
  private readonly owed = new Set<Promise<void>>();
  /** The last receipt owed to each camera that is owed any. */
  private readonly last = new Map<string, Promise<void>>();
  private writing: Promise<void> = Promise.resolve();
  private onRoom: (() => void) | undefined;

  constructor(stream: Writable<R>) {
    this.stream = stream;
  }

  /**
   * Takes over a receipt that is yet to come and never rejects; resolves when there is room for another. Called by one
   * loop, which awaits it.
   */
  async owe(camera: string, receipt: Promise<R>): Promise<void> {
    const sent = this.send(receipt, this.last.get(camera)).finally(() => {
      this.owed.delete(sent);
      if (this.last.get(camera) === sent) this.last.delete(camera);
      this.onRoom?.();
    });
    this.owed.add(sent);
    this.last.set(camera, sent);
    if (this.owed.size < OWED_MAX) return;
    await new Promise<void>((resolve) => (this.onRoom = resolve));
  }

  /** Waits until every receipt is sent. */
  async settle(): Promise<void> {
    await Promise.all(this.owed);
  }

  private async send(receipt: Promise<R>, before: Promise<void> | undefined): Promise<void> {
    const value = await receipt;
    await before;
    // One write at a time: a stream that is full must not collect waiting writers. One that has ended takes no receipt;
    // its sender asks again on the next.
    this.writing = this.writing
      .then(() => writeWithBackpressure(this.stream, value))
      .catch(() => undefined);
    await this.writing;
  }
}
