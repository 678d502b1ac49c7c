import { refusal, type Refusal } from './admission.js';

/** Receipts that are remembered for a sender who asks again because the connection broke. */
const RECEIPTS_MAX = 64;

/** The stream that messages come by. */
export interface Sender {
  open: boolean;
}

/** What orders the messages of one camera or counter. */
export interface Sequenced {
  sequence: number;
  /** When it was seen, or the end of what was counted, µs. */
  capturedUs: number;
  /** Start of what was counted, µs; not before the end of the last. */
  fromUs?: number;
}

export type Order<R> =
  /** The next of its session. */
  | { kind: 'next' }
  /** The sender has started again: what follows is another session. */
  | { kind: 'restart' }
  /** It was taken before: the same receipt again, and nothing is done twice. */
  | { kind: 'repeat'; receipt: Promise<R> }
  | { kind: 'refused'; refusal: Refusal };

/** Keeps the messages of one camera in order, over streams that break and senders that start again. */
export class SequenceGuard<R> {
  private sequence = -1;
  private capturedUs = -Infinity;
  /** The one before the last. */
  private beforeUs = -Infinity;
  private sender: Sender | undefined;
  /** Senders whose place another one took. */
  private readonly replaced = new WeakSet<Sender>();
  private readonly receipts = new Map<string, Promise<R>>();

  /** Where it says `next` or `restart` the message counts as taken. */
  check(message: Sequenced, sender: Sender): Order<R> {
    const known = this.receipts.get(keyOf(message));
    if (known) return { kind: 'repeat', receipt: known };
    const isOther = sender !== this.sender;
    // Two senders at once would end each other's session with every frame: the one that came last has it.
    if (isOther && this.sender?.open === true && this.replaced.has(sender))
      return refused('another stream has begun to send for it since; send it by one stream only');
    const { sequence, capturedUs, fromUs } = message;
    if (capturedUs <= this.capturedUs)
      return refused(`its time ${capturedUs} is not after ${this.capturedUs}, the last one taken`);
    if (fromUs !== undefined && fromUs < this.capturedUs)
      return refused(`it begins at ${fromUs}, before the end of the last, ${this.capturedUs}`);
    const isRestart = sequence <= this.sequence;
    if (isRestart && !isOther)
      return refused(`sequence ${sequence} is not after ${this.sequence}, the last on this stream`);
    if (isOther && this.sender) this.replaced.add(this.sender);
    this.replaced.delete(sender);
    this.sender = sender;
    this.beforeUs = this.capturedUs;
    this.sequence = sequence;
    this.capturedUs = capturedUs;
    return { kind: isRestart ? 'restart' : 'next' };
  }

  /** Remembers the receipt that an accepted message will get. */
  remember(message: Sequenced, receipt: Promise<R>): void {
    this.receipts.set(keyOf(message), receipt);
    if (this.receipts.size <= RECEIPTS_MAX) return;
    const oldest = this.receipts.keys().next();
    if (!oldest.done) this.receipts.delete(oldest.value);
  }

  /** The newest message was not stored after all: it may come again, as the next of its session. */
  takeBack(message: Sequenced): void {
    this.receipts.delete(keyOf(message));
    if (this.capturedUs !== message.capturedUs) return;
    this.sequence = message.sequence - 1;
    this.capturedUs = this.beforeUs;
  }
}

function keyOf({ sequence, capturedUs }: Sequenced): string {
  return `${sequence} ${capturedUs}`;
}

function refused<R>(detail: string): Order<R> {
  return { kind: 'refused', refusal: refusal('REJECT_REASON_OUT_OF_ORDER', detail) };
}
