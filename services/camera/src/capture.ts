import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { HitonamiError } from '@hitonami/model';
import type { Logger } from '@hitonami/service';
import { Backoff } from './backoff.js';
import { isStreamAddress, type CompleteConfig } from './camera-config.js';
import { ffmpegPictures } from './ffmpeg-source.js';
import { folderPictures } from './folder-source.js';
import type { FrameQueue } from './frame-queue.js';
import { isAborted } from './is-aborted.js';
import type { CameraEvent, FrameLedger } from './ledger.js';
import { inSuccession } from './succession.js';

export interface CaptureParts {
  config: CompleteConfig;
  queue: FrameQueue;
  ledger: FrameLedger;
  logger: Logger;
  emit: (event: CameraEvent) => void;
}

/**
 * Reads the source to its end into the queue, numbering and timing the frames. A live stream has no end: when it breaks it
 * is opened again, with backoff.
 */
export async function capture(parts: CaptureParts, signal: AbortSignal): Promise<void> {
  const { config, queue, ledger, logger, emit } = parts;
  const { limits } = config;
  const isStream = config.pictures === undefined && isStreamAddress(config.source);
  const pictures = await picturesOf(config, signal);
  const backoff = new Backoff(limits.backoffFirstMs, limits.backoffMaxMs);
  const clock = new CaptureClock(config);
  let sequence = 0;
  while (!isAborted(signal)) {
    try {
      for await (const image of pictures()) {
        backoff.reset();
        sequence++;
        ledger.captured(sequence);
        await queue.put({ sequence, capturedUs: clock.next(), image });
      }
      if (!isStream || isAborted(signal)) return;
      throw new HitonamiError('UNAVAILABLE', 'the stream ended', { canRetry: true });
    } catch (error) {
      if (!isStream || !(error instanceof HitonamiError) || !error.canRetry) throw error;
      const retryInMs = backoff.next();
      logger.warn({ err: error, retryInMs }, 'the source failed; it is opened again');
      emit({ kind: 'source failed', error, retryInMs });
      await sleep(retryInMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function picturesOf(
  config: CompleteConfig,
  signal: AbortSignal,
): Promise<() => AsyncIterable<Buffer>> {
  const { source, pictures } = config;
  if (pictures) return () => pictures(signal);
  if (isStreamAddress(source))
    return () => inSuccession((own) => ffmpegPictures(config, own), config.limits, signal);
  const read = (await isFolder(source)) ? folderPictures : ffmpegPictures;
  return () => read(config, signal);
}

/** Start and period for a replay; the clock, never standing still, for what is live. */
class CaptureClock {
  readonly #config: CompleteConfig;
  #index = 0;
  #lastUs = -Infinity;

  constructor(config: CompleteConfig) {
    this.#config = config;
  }

  next(): number {
    const { startUs, framesPerS } = this.#config;
    const index = this.#index++;
    if (startUs !== undefined) return startUs + Math.round((index * 1e6) / framesPerS);
    this.#lastUs = Math.max(Date.now() * 1_000, this.#lastUs + 1);
    return this.#lastUs;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new HitonamiError('INPUT', `the source ${path} cannot be read; is the path right?`, {
      cause,
    });
  }
}
