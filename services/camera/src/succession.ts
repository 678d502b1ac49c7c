import { HitonamiError } from '@hitonami/model';
import { isAborted } from './is-aborted.js';

type Open = (signal: AbortSignal) => AsyncGenerator<Buffer, void, undefined>;

export interface SuccessionLimits {
  /** After so long a reader is replaced by a new one, ms. */
  readonly readerLifeMs: number;
  /** For so long both run until the new one gives its first picture, ms; then the old one goes all the same. */
  readonly handOverMs: number;
}

/**
 * The pictures of one reader of a live stream after the other. A decoder's buffers keep pieces of pictures until a later
 * picture as large overwrites them; nothing but the end of its process is sure to forget. So none lives longer than
 * `readerLifeMs + handOverMs`. The next is opened beside it and takes over with its first picture, so that nothing is missed;
 * where it gives none in time, the stream is opened anew with a gap.
 *
 * @throws HitonamiError `UNAVAILABLE` where no successor gave a picture in time; what the reader throws
 */
export async function* inSuccession(
  open: Open,
  { readerLifeMs, handOverMs }: SuccessionLimits,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  let reader = new Reader(open, signal);
  let successor: Reader | undefined;
  try {
    while (!isAborted(signal)) {
      const sinceMs = performance.now() - reader.openedMs;
      if (successor === undefined && sinceMs >= readerLifeMs) successor = new Reader(open, signal);
      if (sinceMs >= readerLifeMs + handOverMs) throw noSuccessor(successor);
      const wakeMs = (successor === undefined ? readerLifeMs : readerLifeMs + handOverMs) - sinceMs;
      const event = await nextEvent(reader, successor, wakeMs);
      if (event === 'time') continue;
      if (event === 'successor' && successor !== undefined) {
        await reader.stop();
        [reader, successor] = [successor, undefined];
      }
      const picture = await reader.take();
      if (picture === undefined) return;
      yield picture;
    }
  } finally {
    await Promise.all([reader.stop(), successor?.stop()]);
  }
}

/** Who has something to give: the reader, the successor its first picture, or the clock. */
function nextEvent(
  reader: Reader,
  successor: Reader | undefined,
  wakeMs: number,
): Promise<'reader' | 'successor' | 'time'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve('time');
    }, wakeMs);
    const is = (event: 'reader' | 'successor') => (): void => {
      clearTimeout(timer);
      resolve(event);
    };
    void successor?.hasPicture().then((has) => {
      if (has) is('successor')();
    });
    void reader.settled().then(is('reader'));
  });
}

/** One reader, asked for one picture ahead. */
class Reader {
  readonly openedMs = performance.now();
  readonly #own = new AbortController();
  readonly #pictures: AsyncGenerator<Buffer, void, undefined>;
  #next: Promise<IteratorResult<Buffer, void>>;
  #fault: unknown;

  constructor(open: Open, signal: AbortSignal) {
    this.#pictures = open(AbortSignal.any([signal, this.#own.signal]));
    this.#next = this.#ask();
  }

  /** Why it failed, where it has. */
  get fault(): unknown {
    return this.#fault;
  }

  /** Resolves when the next picture, the end or a fault is there. */
  async settled(): Promise<void> {
    await this.#next.catch(() => undefined);
  }

  /** False for one that ended or failed. */
  async hasPicture(): Promise<boolean> {
    return this.#next.then(
      ({ done }) => done !== true,
      () => false,
    );
  }

  /** The next picture; undefined at the end. */
  async take(): Promise<Buffer | undefined> {
    const { value } = await this.#next;
    if (value !== undefined) this.#next = this.#ask();
    return value ?? undefined;
  }

  async stop(): Promise<void> {
    this.#own.abort();
    // What came and nobody took is overwritten as what was taken is.
    const { value } = await this.#next.catch(() => ({ value: undefined }));
    value?.fill(0);
    await this.#pictures.return();
  }

  #ask(): Promise<IteratorResult<Buffer, void>> {
    const next = this.#pictures.next();
    next.catch((error: unknown) => {
      this.#fault = error;
    });
    return next;
  }
}

function noSuccessor(successor: Reader | undefined): HitonamiError {
  return new HitonamiError(
    'UNAVAILABLE',
    'the stream was to be read by a new ffmpeg, since the old one keeps pieces of pictures, and the new one gave no picture in time; does the camera allow two readers for a moment?',
    { canRetry: true, cause: successor?.fault },
  );
}
