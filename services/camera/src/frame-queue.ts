/** A picture with its place in the camera's sequence and its capture time. */
export interface CapturedFrame {
  readonly sequence: number;
  /** Microseconds since 1970. */
  readonly capturedUs: number;
  readonly image: Buffer;
}

/** Frames between capture and sending. `lossless` makes the capture wait; `live` gives up the oldest. */
export class FrameQueue {
  readonly #capacity: number;
  readonly #mode: 'live' | 'lossless';
  readonly #onShed: (frame: CapturedFrame) => void;
  readonly #frames: CapturedFrame[] = [];
  #isClosed = false;
  #wakeTaker: (() => void) | undefined;
  #wakeGiver: (() => void) | undefined;

  constructor(mode: 'live' | 'lossless', capacity: number, onShed: (frame: CapturedFrame) => void) {
    this.#mode = mode;
    this.#capacity = capacity;
    this.#onShed = onShed;
  }

  /** Resolves when there is room for it; a closed queue gives it up. */
  async put(frame: CapturedFrame): Promise<void> {
    while (this.#mode === 'lossless' && this.#frames.length >= this.#capacity && !this.#isClosed) {
      await new Promise<void>((resolve) => (this.#wakeGiver = resolve));
    }
    if (this.#isClosed) {
      this.#onShed(frame);
      return;
    }
    this.#frames.push(frame);
    if (this.#frames.length > this.#capacity) {
      const oldest = this.#frames.shift();
      if (oldest !== undefined) this.#onShed(oldest);
    }
    this.#wakeTaker?.();
  }

  /** The next frame; undefined where no more will come, or the signal is aborted. */
  async take(signal: AbortSignal): Promise<CapturedFrame | undefined> {
    while (this.#frames.length === 0 && !this.#isClosed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#wakeTaker = wake;
        signal.addEventListener('abort', wake);
      });
    }
    if (signal.aborted) return undefined;
    const frame = this.#frames.shift();
    this.#wakeGiver?.();
    return frame;
  }

  /** No more will come; those inside can still be taken. */
  close(): void {
    this.#isClosed = true;
    this.#wakeTaker?.();
    this.#wakeGiver?.();
  }

  /** Gives up those inside. */
  clear(): void {
    for (const frame of this.#frames.splice(0)) this.#onShed(frame);
  }
}
