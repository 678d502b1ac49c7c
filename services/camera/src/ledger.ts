import type { Receipt } from '@hitonami/service';
import type { CapturedFrame } from './frame-queue.js';

/**
 * What became of the frames. `captured = sent + shedHere`, and
 * `sent = processed + shedThere + rejected + unanswered`.
 */
export interface CameraSummary {
  captured: number;
  /** Different frames; one sent again after a disconnect counts once. */
  sent: number;
  processed: number;
  /** Given up, here or there. */
  shed: number;
  /** Given up by this agent: too old, or a newer one took its place. */
  shedHere: number;
  /** Given up by the ingestor. */
  shedThere: number;
  rejected: number;
  /** Sent, and the connection broke, or the agent was stopped, before an answer came. */
  unanswered: number;
  /** Times that a frame was sent again. */
  resent: number;
  /** Times that a stream to the ingestor was opened after the first. */
  reconnects: number;
  /** Sum of the people in the processed frames. */
  people: number;
}

/** What happens, as it happens. */
export type CameraEvent =
  | { kind: 'captured'; sequence: number }
  | { kind: 'sent'; sequence: number; isAgain: boolean }
  | { kind: 'shed'; sequence: number }
  | { kind: 'receipt'; receipt: Receipt }
  | { kind: 'unanswered'; sequence: number }
  | { kind: 'connected' }
  | { kind: 'disconnected'; error: Error; retryInMs: number }
  | { kind: 'source failed'; error: Error; retryInMs: number };

/** Keeps count, and keeps the frames that are not answered yet, in the order of their sequence. */
export class FrameLedger {
  readonly summary: CameraSummary = {
    captured: 0,
    sent: 0,
    processed: 0,
    shed: 0,
    shedHere: 0,
    shedThere: 0,
    rejected: 0,
    unanswered: 0,
    resent: 0,
    reconnects: 0,
    people: 0,
  };
  readonly #emit: (event: CameraEvent) => void;
  readonly #inFlight = new Map<number, CapturedFrame>();
  /** When something was last sent into silence, or answered; ms of `performance.now`. */
  lastProgressMs = performance.now();
  #wake: (() => void) | undefined;

  constructor(emit: (event: CameraEvent) => void) {
    this.#emit = emit;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  captured(sequence: number): void {
    this.summary.captured++;
    this.#emit({ kind: 'captured', sequence });
  }

  shed({ sequence, image }: CapturedFrame): void {
    image.fill(0);
    this.summary.shedHere++;
    this.summary.shed++;
    this.#emit({ kind: 'shed', sequence });
  }

  sent(frame: CapturedFrame): void {
    const isAgain = this.#inFlight.has(frame.sequence);
    if (isAgain) this.summary.resent++;
    else this.summary.sent++;
    if (this.#inFlight.size === 0) this.lastProgressMs = performance.now();
    this.#inFlight.set(frame.sequence, frame);
    this.#emit({ kind: 'sent', sequence: frame.sequence, isAgain });
  }

  /** Takes in a receipt; false where no frame in flight waits for it. */
  answered(receipt: Receipt): boolean {
    const frame = this.#inFlight.get(receipt.sequence);
    if (frame === undefined) return false;
    this.#inFlight.delete(receipt.sequence);
    frame.image.fill(0);
    this.lastProgressMs = performance.now();
    if (receipt.processed !== undefined) {
      this.summary.processed++;
      this.summary.people += receipt.processed.people;
    } else if (receipt.shed !== undefined) {
      this.summary.shedThere++;
      this.summary.shed++;
    } else this.summary.rejected++;
    this.#emit({ kind: 'receipt', receipt });
    this.#wake?.();
    return true;
  }

  unansweredFrames(): CapturedFrame[] {
    return [...this.#inFlight.values()];
  }

  /** Gives up waiting for what is in flight. */
  abandon(): void {
    for (const { sequence, image } of this.#inFlight.values()) {
      image.fill(0);
      this.summary.unanswered++;
      this.#emit({ kind: 'unanswered', sequence });
    }
    this.#inFlight.clear();
    this.#wake?.();
  }

  /** Resolves when fewer than `limit` are in flight, or the signal is aborted. */
  async room(limit: number, signal: AbortSignal): Promise<void> {
    while (this.#inFlight.size >= limit && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener('abort', wake);
      });
    }
  }
}
