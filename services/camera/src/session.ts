import { HitonamiError } from '@hitonami/model';
import { writeWithBackpressure } from '@hitonami/service';
import type { Frame, GrpcClient, Logger, Receipt } from '@hitonami/service';
import type { CompleteConfig } from './camera-config.js';
import type { CapturedFrame, FrameQueue } from './frame-queue.js';
import type { FrameLedger } from './ledger.js';

/** How often it is looked whether answers have stopped coming, ms. */
const SILENCE_CHECK_MS = 500;

export interface SessionParts {
  config: CompleteConfig;
  queue: FrameQueue;
  ledger: FrameLedger;
  logger: Logger;
  /** A frame of this stream was answered. */
  onProgress: () => void;
}

/**
 * Sends frames over one stream until the queue is closed and empty and everything is answered, or `stop` is aborted, which
 * gives the answers still due a short time.
 *
 * @throws HitonamiError where the stream breaks first: `UNAVAILABLE` if another stream may do better
 */
export async function runSession(
  client: GrpcClient<'FrameIngest'>,
  parts: SessionParts,
  stop: AbortSignal,
): Promise<void> {
  const { config, queue, ledger } = parts;
  const stream = client.stream();
  const broken = new AbortController();
  const breakOff = (error: Error): void => {
    if (!broken.signal.aborted) broken.abort(error);
  };
  stream.on('error', (error: Error & { code?: number }) => {
    breakOff(streamFault(error, config));
  });
  stream.on('end', () => {
    breakOff(new HitonamiError('UNAVAILABLE', 'the ingestor ended the stream', { canRetry: true }));
  });
  const sent = new Map<number, Frame>();
  stream.on('data', (receipt: Receipt) => {
    const message = sent.get(receipt.sequence);
    sent.delete(receipt.sequence);
    if (message !== undefined) client.overwriteSent(message);
    takeReceipt(parts, receipt, breakOff);
  });
  const silence = watchSilence(parts, breakOff);
  const halt = AbortSignal.any([stop, broken.signal]);
  let isDrained = false;
  try {
    for (const frame of ledger.unansweredFrames()) await send(frame);
    for (;;) {
      await ledger.room(config.limits.inFlightMax, halt);
      const frame = halt.aborted ? undefined : await queue.take(halt);
      if (frame === undefined) {
        isDrained = !halt.aborted;
        break;
      }
      if (isTooOld(frame, config)) ledger.shed(frame);
      else await send(frame);
    }
    if (!broken.signal.aborted) {
      const patience = stop.aborted ? [AbortSignal.timeout(config.limits.drainMs)] : [stop];
      await ledger.room(1, AbortSignal.any([broken.signal, ...patience]));
    }
    if (!stop.aborted && (!isDrained || ledger.inFlight > 0)) throw broken.signal.reason;
  } catch (error) {
    // Where the stream broke, that is the reason, whatever it broke first.
    throw broken.signal.aborted ? broken.signal.reason : error;
  } finally {
    clearInterval(silence);
    if (ledger.inFlight === 0 && !broken.signal.aborted) stream.end();
    else stream.cancel();
  }

  async function send(frame: CapturedFrame): Promise<void> {
    ledger.sent(frame);
    const message: Frame = {
      site: config.site,
      camera: config.camera,
      sequence: frame.sequence,
      capturedUs: frame.capturedUs,
      periodUs: config.periodUs,
      image: frame.image,
      recorded: config.isRecorded ?? false,
    };
    sent.set(frame.sequence, message);
    await writeWithBackpressure(stream, message, halt).catch((error: unknown) => {
      // Stopped while the stream was full: the frame is with the transport, its answer may still come.
      if (!stop.aborted || broken.signal.aborted) throw error;
    });
  }
}

function isTooOld({ capturedUs }: CapturedFrame, { mode, limits }: CompleteConfig): boolean {
  return mode === 'live' && Date.now() - capturedUs / 1_000 > limits.maxAgeMs;
}

function takeReceipt(
  { config, ledger, logger, onProgress }: SessionParts,
  receipt: Receipt,
  breakOff: (error: Error) => void,
): void {
  const shedReason = config.mode === 'lossless' ? receipt.shed?.reason : undefined;
  if (shedReason === 'SHED_REASON_STOPPING') {
    // Not answered in earnest: it is sent again to the ingestor that comes next.
    breakOff(new HitonamiError('UNAVAILABLE', 'the ingestor is stopping', { canRetry: true }));
    return;
  }
  if (!ledger.answered(receipt)) {
    logger.warn(
      { sequence: receipt.sequence },
      'a receipt came for a frame that does not wait for one',
    );
    return;
  }
  onProgress();
  if (receipt.rejected !== undefined) {
    const { reason, detail } = receipt.rejected;
    logger.warn({ sequence: receipt.sequence, reason, detail }, 'a frame was rejected');
  }
  if (shedReason !== undefined) {
    const message = `the ingestor shed frame ${receipt.sequence} of a lossless replay; lower inFlightMax (${config.limits.inFlightMax}) to its queue of a camera`;
    breakOff(new HitonamiError('INPUT', message, { detail: shedReason }));
  }
}

function watchSilence(
  { config, ledger }: SessionParts,
  breakOff: (error: Error) => void,
): NodeJS.Timeout {
  const { receiptTimeoutMs } = config.limits;
  ledger.lastProgressMs = performance.now();
  return setInterval(() => {
    if (ledger.inFlight === 0 || performance.now() - ledger.lastProgressMs < receiptTimeoutMs)
      return;
    const message = `the ingestor answered nothing for ${receiptTimeoutMs} ms`;
    breakOff(new HitonamiError('UNAVAILABLE', message, { canRetry: true }));
  }, SILENCE_CHECK_MS);
}

/** gRPC's status codes (grpc.github.io/grpc/core/md_doc_statuscodes.html), those that matter here. */
const STATUS = {
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  UNAUTHENTICATED: 16,
};

/** Codes after which the same frames over another stream would meet the same end. */
const FINAL_CODES: ReadonlySet<number | undefined> = new Set([
  STATUS.UNIMPLEMENTED,
  STATUS.UNAUTHENTICATED,
  STATUS.PERMISSION_DENIED,
]);

function streamFault(cause: Error & { code?: number }, { mode }: CompleteConfig): HitonamiError {
  const { code } = cause;
  // A frame too large for the ingestor would be sent again for ever where none may be given up.
  const isFinal =
    FINAL_CODES.has(code) || (code === STATUS.RESOURCE_EXHAUSTED && mode === 'lossless');
  return new HitonamiError(
    isFinal ? 'CONFIG' : 'UNAVAILABLE',
    `the stream to the ingestor broke: ${cause.message}`,
    { cause, canRetry: !isFinal, detail: String(code) },
  );
}
