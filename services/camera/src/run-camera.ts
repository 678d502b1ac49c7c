import { setTimeout as sleep } from 'node:timers/promises';
import { HitonamiError } from '@hitonami/model';
import { createGrpcClient, formatAddress } from '@hitonami/service';
import type { GrpcClient, Logger, Receipt } from '@hitonami/service';
import { Backoff } from './backoff.js';
import { completeConfig, type CameraConfig, type CompleteConfig } from './camera-config.js';
import { capture } from './capture.js';
import { FrameQueue } from './frame-queue.js';
import { hideCredentials } from './hide-credentials.js';
import { isAborted } from './is-aborted.js';
import { FrameLedger, type CameraEvent, type CameraSummary } from './ledger.js';
import { runSession } from './session.js';

export interface CameraRun {
  logger: Logger;
  /** Aborted, the agent stops in order and gives its summary. */
  signal?: AbortSignal;
  onReceipt?: (receipt: Receipt) => void;
  onEvent?: (event: CameraEvent) => void;
}

/** Frames between capture and sending: of what is live, only the newest. */
const LIVE_QUEUE_FRAMES = 1;
const LOSSLESS_QUEUE_FRAMES = 2;

/**
 * Runs one camera agent until its source ends (a file or folder) or it is stopped (a stream never ends by itself), and says
 * what became of the frames.
 *
 * @throws HitonamiError `CONFIG` for a setting or program that cannot be used; `INPUT` for a source that is not what it
 *   should be; `UNAVAILABLE` where a lossless replay got nowhere for `giveUpAfterMs`
 */
export async function runCamera(config: CameraConfig, run: CameraRun): Promise<CameraSummary> {
  const complete = completeConfig(config);
  const { mode, site, camera, limits } = complete;
  const logger = run.logger.child({ site, camera });
  const emit = (event: CameraEvent): void => {
    run.onEvent?.(event);
    if (event.kind === 'receipt') run.onReceipt?.(event.receipt);
  };
  const ledger = new FrameLedger(emit);
  const capacity = mode === 'live' ? LIVE_QUEUE_FRAMES : LOSSLESS_QUEUE_FRAMES;
  const queue = new FrameQueue(mode, capacity, (frame) => {
    ledger.shed(frame);
  });
  const client = createGrpcClient({
    door: 'FrameIngest',
    address: complete.ingestor,
    ...(complete.security === undefined ? {} : { security: complete.security }),
  });
  const failed = new AbortController();
  const stop = AbortSignal.any([failed.signal, ...(run.signal === undefined ? [] : [run.signal])]);
  logger.info(
    { source: hideCredentials(complete.source), mode, ingestor: formatAddress(complete.ingestor) },
    'the camera agent starts',
  );
  const capturing = capture({ config: complete, queue, ledger, logger, emit }, stop)
    .catch((error: unknown) => {
      failed.abort(error);
    })
    .finally(() => {
      queue.close();
    });
  try {
    await deliver(client, { complete, queue, ledger, logger, emit }, stop);
  } catch (error) {
    if (!stop.aborted) failed.abort(error);
  } finally {
    queue.close();
    await capturing;
    queue.clear();
    ledger.abandon();
    client.close();
  }
  const { summary } = ledger;
  logger.info({ ...summary, maxAgeMs: limits.maxAgeMs }, 'the camera agent ends');
  if (failed.signal.aborted) throw failed.signal.reason;
  return summary;
}

interface Delivery {
  complete: CompleteConfig;
  queue: FrameQueue;
  ledger: FrameLedger;
  logger: Logger;
  emit: (event: CameraEvent) => void;
}

/** Stream after stream, until one has delivered everything. */
async function deliver(
  client: GrpcClient<'FrameIngest'>,
  parts: Delivery,
  stop: AbortSignal,
): Promise<void> {
  const { complete, queue, ledger, logger, emit } = parts;
  const { limits, mode } = complete;
  const backoff = new Backoff(limits.backoffFirstMs, limits.backoffMaxMs);
  let streams = 0;
  let lastProgressMs = performance.now();
  const onProgress = (): void => {
    backoff.reset();
    lastProgressMs = performance.now();
  };
  while (!isAborted(stop)) {
    try {
      await connected(client, limits.connectTimeoutMs, stop);
      streams++;
      if (streams > 1) ledger.summary.reconnects++;
      logger.info({ streams, again: ledger.inFlight }, 'connected to the ingestor');
      emit({ kind: 'connected' });
      await runSession(client, { config: complete, queue, ledger, logger, onProgress }, stop);
      return;
    } catch (error) {
      if (isAborted(stop)) return;
      if (!(error instanceof HitonamiError) || !error.canRetry) throw error;
      if (mode === 'live') ledger.abandon();
      else if (performance.now() - lastProgressMs > limits.giveUpAfterMs) {
        const message = `the replay got nowhere for ${limits.giveUpAfterMs} ms: ${error.message}`;
        throw new HitonamiError('UNAVAILABLE', message, { cause: error, canRetry: true });
      }
      const retryInMs = backoff.next();
      logger.warn({ err: error, retryInMs }, 'disconnected from the ingestor; trying again');
      emit({ kind: 'disconnected', error, retryInMs });
      await sleep(retryInMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

async function connected(
  client: GrpcClient<'FrameIngest'>,
  timeoutMs: number,
  stop: AbortSignal,
): Promise<void> {
  let onAbort: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(new HitonamiError('STOPPED', 'stopped while connecting', { cause: stop.reason }));
    };
    stop.addEventListener('abort', onAbort);
  });
  const ready = client.waitUntilConnected(timeoutMs);
  // Where the stop wins, nobody waits for it any more.
  ready.catch(() => undefined);
  try {
    await Promise.race([ready, stopped]);
  } finally {
    if (onAbort !== undefined) stop.removeEventListener('abort', onAbort);
  }
}
