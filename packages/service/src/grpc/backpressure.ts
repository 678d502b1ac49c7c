import type { Writable } from 'node:stream';
import { HitonamiError } from '@hitonami/model';

/**
 * Writes one message and resolves once the stream has room for another; a caller that awaits it never fills the memory
 * with what the other side is too slow to take.
 *
 * @throws HitonamiError `UNAVAILABLE`, to be tried again on a new stream, where the stream ended or failed; `STOPPED`
 *   where the signal was aborted.
 */
export async function writeWithBackpressure<T>(
  stream: Pick<Writable, 'writableEnded' | 'destroyed' | 'on' | 'off'> & {
    write(message: T): boolean;
  },
  message: T,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted === true) throw stopped(signal);
  if (stream.writableEnded || stream.destroyed) throw broken();
  if (stream.write(message)) return;
  await new Promise<void>((resolve, reject) => {
    const onDrain = (): void => {
      settle(resolve);
    };
    const onError = (cause: unknown): void => {
      settle(() => {
        reject(broken(cause));
      });
    };
    const onEnd = (): void => {
      onError(undefined);
    };
    const onAbort = (): void => {
      settle(() => {
        reject(stopped(signal));
      });
    };
    const settle = (finish: () => void): void => {
      stream.off('drain', onDrain).off('error', onError);
      for (const event of ENDS) stream.off(event, onEnd);
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    stream.on('drain', onDrain).on('error', onError);
    for (const event of ENDS) stream.on(event, onEnd);
    signal?.addEventListener('abort', onAbort);
  });
}

/** What the streams of grpc-js emit where nothing will be drained any more. */
const ENDS = ['close', 'cancelled', 'status'] as const;

function broken(cause?: unknown): HitonamiError {
  const reason = cause instanceof Error ? `: ${cause.message}` : '.';
  return new HitonamiError(
    'UNAVAILABLE',
    `The stream ended before the message was taken${reason}`,
    {
      canRetry: true,
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

function stopped(signal: AbortSignal | undefined): HitonamiError {
  return new HitonamiError('STOPPED', 'Stopped while waiting for room in the stream.', {
    cause: signal?.reason,
  });
}
