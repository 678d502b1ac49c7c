import type { PlanCamera, SitePlan } from '@hitonami/model';
import type { DoorHandler, Frame, Logger, PlanFollower, Receipt } from '@hitonami/service';
import type { Detections, InferencePool } from '@hitonami/vision';
import {
  admit,
  brief,
  logRefusal,
  NO_DETECTOR,
  pictureFault,
  refusal,
  undecodableRefusal,
  type Refusal,
} from './admission.js';
import type { Cameras, CameraState } from './cameras.js';
import { nowUs } from './clock.js';
import type { FrameEntry } from './ledger.js';
import { locate } from './locate.js';
import { weakestUseful } from './tracker-options.js';
import { untilStopped } from './messages.js';
import type { IngestorMetrics } from './metrics.js';
import { PositionSource } from './position-source.js';
import type { Publisher } from './publisher.js';
import { Receipts } from './receipts.js';
import type { Sender } from './sequence-guard.js';

export interface FrameDoorParts {
  plans: PlanFollower;
  cameras: Cameras;
  /** Undefined where no model is configured: frames are refused then. */
  pool: InferencePool | undefined;
  publisher: Publisher;
  metrics: IngestorMetrics;
  logger: Logger;
}

/** The only door through which pixels come in. */
export function frameDoor(parts: FrameDoorParts): DoorHandler<'FrameIngest'> {
  return async (stream, stopping) => {
    const receipts = new Receipts<Receipt>(stream);
    const sender: Sender = { open: true };
    const overwrite = (frame: Frame): void => void frame.image.fill(0);
    try {
      for await (const frame of untilStopped<Frame>(stream, stopping, overwrite)) {
        await receipts.owe(`${frame.site}/${frame.camera}`, takeFrame(parts, frame, sender));
      }
      await receipts.settle();
    } finally {
      sender.open = false;
    }
  };
}

/** Never rejects: every frame gets its receipt, and every entry in the ledger its outcome. */
async function takeFrame(parts: FrameDoorParts, frame: Frame, sender: Sender): Promise<Receipt> {
  const receivedUs = nowUs();
  const { plan, camera, refusal: fault } = admit(parts.plans, frame, 'frames', receivedUs);
  const labels = plan && { site: plan.site, camera: camera.id };
  const entry = parts.metrics.frames.enter(frame.image, labels);
  const head = { site: brief(frame.site), camera: brief(frame.camera), sequence: frame.sequence };
  const seen: Seen = { frame, entry, head, receivedUs };
  try {
    if (labels && Number.isSafeInteger(frame.capturedUs))
      parts.metrics.clockSkew.set(labels, (receivedUs - frame.capturedUs) / 1e6);
    if (fault) return reject(parts, seen, fault);
    if (frame.image.length === 0)
      return reject(parts, seen, refusal('REJECT_REASON_MALFORMED', 'the frame has no image'));
    return await orderFrame(parts, seen, plan, camera, sender);
  } catch (error) {
    parts.logger.error({ err: error, ...labels }, 'the ingestor failed on a frame');
    return reject(parts, seen, refusal('REJECT_REASON_INTERNAL', FAILED));
  }
}

const FAILED = 'the ingestor failed on this frame; its log says why';

/** A frame with its account. */
interface Seen {
  frame: Frame;
  entry: FrameEntry;
  head: { site: string; camera: string; sequence: number };
  receivedUs: number;
}

async function orderFrame(
  parts: FrameDoorParts,
  seen: Seen,
  plan: SitePlan,
  camera: PlanCamera,
  sender: Sender,
): Promise<Receipt> {
  const { frame, entry } = seen;
  if (parts.pool === undefined) {
    return reject(parts, seen, refusal('REJECT_REASON_INTERNAL', NO_DETECTOR));
  }
  const state = parts.cameras.of(plan, camera);
  const order = state.guard.check(frame, sender);
  if (order.kind === 'refused') return reject(parts, seen, order.refusal);
  if (order.kind === 'repeat') {
    // Booked as what its receipt says, so that the counters agree with the receipts that were given.
    const receipt = await order.receipt;
    entry.settle(receipt.processed ? 'processed' : receipt.shed ? 'shed' : 'rejected');
    return receipt;
  }
  if (order.kind === 'restart') state.source = new PositionSource(camera);
  const receipt = queueFrame(parts, parts.pool, { ...seen, plan, camera, ...state });
  state.guard.remember(frame, receipt);
  return receipt;
}

/** A frame in its place, with its camera's source and projection as they were when it came. */
interface Queued extends Seen, Pick<CameraState, 'lane' | 'source' | 'projection'> {
  plan: SitePlan;
  camera: PlanCamera;
}

function queueFrame(parts: FrameDoorParts, pool: InferencePool, queued: Queued): Promise<Receipt> {
  const { entry, head, camera, lane } = queued;
  const threshold = camera.detection.threshold ?? pool.model.thresholdDefault;
  const region = camera.detection.region?.coordinates[0];
  return new Promise((resolve) => {
    lane.push({
      infer: async () => {
        const stop = parts.metrics.inference.startTimer();
        try {
          const options = {
            threshold: weakestUseful(threshold),
            ...(region && { region }),
          };
          return await pool.detect(entry.image, options);
        } finally {
          stop();
        }
      },
      // The order of the log is the order of these calls; waiting for the disk here would make the lane wait too.
      finish: (inferred) => {
        if (inferred.status === 'rejected') {
          resolve(reject(parts, queued, inferenceRefusal(parts, inferred.reason)));
          return;
        }
        const fault = pictureFault(camera, inferred.value);
        if (fault) resolve(reject(parts, queued, fault));
        else resolve(publishFrame(parts, pool, queued, inferred.value, threshold));
      },
      shed: (reason) => {
        entry.settle('shed');
        const why = reason === 'newer' ? 'SHED_REASON_NEWER_FRAME' : 'SHED_REASON_STOPPING';
        resolve({ ...head, shed: { reason: why } });
      },
    });
  });
}

async function publishFrame(
  parts: FrameDoorParts,
  pool: InferencePool,
  queued: Queued,
  detections: Detections,
  threshold: number,
): Promise<Receipt> {
  const { frame, entry, head, plan, camera, source, projection, receivedUs } = queued;
  const labels = { site: plan.site, camera: camera.id };
  try {
    const isBlind = detections.sight !== 'clear';
    if (isBlind) parts.metrics.blind.inc({ ...labels, reason: detections.sight });
    // What a detector believes to see with its eyes closed is nobody; tracks go on over a moment of it.
    const placed = projection && !isBlind ? locate(detections, projection, pool.model.footSd) : [];
    const { value, people } = source.encode(plan, {
      sequence: frame.sequence,
      capturedUs: frame.capturedUs,
      receivedUs,
      periodUs: frame.periodUs,
      floor: camera.floor,
      blind: isBlind,
      saturation: detections.saturation,
      people: source.track(frame.capturedUs, frame.periodUs, threshold, placed),
    });
    parts.metrics.people.set(labels, people);
    parts.metrics.saturation.set(labels, detections.saturation);
    await parts.publisher.publish(plan.site, value);
    entry.settle('processed');
    parts.metrics.endToEnd.observe((nowUs() - receivedUs) / 1e6);
    return { ...head, processed: { people } };
  } catch (error) {
    const { sequence } = frame;
    parts.logger.error({ err: error, ...labels, sequence }, 'the positions of a frame were lost');
    return reject(parts, queued, logRefusal(error));
  }
}

function reject(parts: FrameDoorParts, { entry, head }: Seen, rejected: Refusal): Receipt {
  entry.settle('rejected');
  parts.metrics.refused.inc({ reason: rejected.reason });
  return { ...head, rejected };
}

function inferenceRefusal(parts: FrameDoorParts, error: unknown): Refusal {
  const fault = undecodableRefusal(error);
  if (fault !== undefined) return fault;
  parts.logger.error({ err: error }, 'a frame could not be examined');
  return refusal('REJECT_REASON_INTERNAL', FAILED);
}
