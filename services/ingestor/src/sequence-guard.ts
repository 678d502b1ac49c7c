import type { Receipt } from '@hitonami/service';
import { refusal, type CameraMessage, type Refusal } from './admission.js';

/** Receipts that are remembered for a sender who asks again because the connection broke. */
const RECEIPTS_MAX = 64;

export type Order =
  /** The next of its session. */
  | { kind: 'next' }
  /** The sender has started again: what follows is another session. */
  | { kind: 'restart' }
  /** It was taken before: the same receipt again, and nothing is done twice. */
  | { kind: 'repeat'; receipt: Promise<Receipt> }
  | { kind: 'refused'; refusal: Refusal };

/** Keeps the messages of one camera in order, over streams that break and senders that start again. */
export class SequenceGuard {
  private sequence = -1;
  private capturedUs = -Infinity;
  private stream: unknown;
  private readonly receipts = new Map<string, Promise<Receipt>>();

  /** @param stream the stream that the message came by; only its identity matters */
  check(message: CameraMessage, stream: unknown): Order {
    const known = this.receipts.get(keyOf(message));
    if (known) return { kind: 'repeat', receipt: known };
    const isNewStream = stream !== this.stream;
    if (message.capturedUs <= this.capturedUs) {
      return refused(
        `captured_us ${message.capturedUs} is not after ${this.capturedUs}, the camera's last`,
      );
    }
    if (message.sequence > this.sequence) {
      this.accept(message, stream);
      return { kind: 'next' };
    }
    if (!isNewStream)
      return refused(
        `sequence ${message.sequence} is not after ${this.sequence}, the last on this stream`,
      );
    this.accept(message, stream);
    this.receipts.clear();
    return { kind: 'restart' };
  }

  /** Remembers the receipt that an accepted message will get. */
  remember(message: CameraMessage, receipt: Promise<Receipt>): void {
    this.receipts.set(keyOf(message), receipt);
    if (this.receipts.size <= RECEIPTS_MAX) return;
    const oldest = this.receipts.keys().next();
    if (!oldest.done) this.receipts.delete(oldest.value);
  }

  private accept(message: CameraMessage, stream: unknown): void {
    this.sequence = message.sequence;
    this.capturedUs = message.capturedUs;
    this.stream = stream;
  }
}

function keyOf({ sequence, capturedUs }: CameraMessage): string {
  return `${sequence} ${capturedUs}`;
}

function refused(detail: string): Order {
  return { kind: 'refused', refusal: refusal('REJECT_REASON_OUT_OF_ORDER', detail) };
}
