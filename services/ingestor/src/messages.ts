/** What was sent before the sender could know of a stop is still taken for this long, ms. */
export const STOP_GRACE_MS = 300;

/**
 * The messages of a stream until its sender ends it, or until a little after the server began to stop.
 * @param dropped told of a message that came too late to be handed out
 */
export async function* untilStopped<T>(
  stream: AsyncIterable<T>,
  stopping: AbortSignal,
  dropped: (message: T) => void = () => undefined,
): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]();
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onStop = (): void => {
    timer = setTimeout(() => {
      over.abort();
    }, STOP_GRACE_MS);
  };
  if (stopping.aborted) onStop();
  stopping.addEventListener('abort', onStop, { once: true });
  try {
    for (;;) {
      const next = iterator.next();
      const result = await unlessAborted(next, over.signal);
      if (result === undefined) {
        next.then(
          ({ value, done }) => {
            if (!done) dropped(value);
          },
          () => undefined,
        );
        return;
      }
      if (result.done) return;
      yield result.value;
    }
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', onStop);
  }
}

/** Not Promise.race: that would keep every message in memory for as long as the signal lives. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      resolve(undefined);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settled = (): void => {
      signal.removeEventListener('abort', onAbort);
    };
    work.finally(settled).then(resolve, reject);
  });
}
