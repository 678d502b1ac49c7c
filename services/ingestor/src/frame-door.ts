import { HitonamiError, type PlanCamera, type SitePlan } from '@hitonami/model';
import type { DoorHandler, Frame, Logger, PlanFollower, Receipt } from '@hitonami/service';
import type { Detections, InferencePool } from '@hitonami/vision';
import { admit, brief, refusal, type Refusal } from './admission.js';
import type { Cameras, CameraState } from './cameras.js';
import { nowUs } from './clock.js';
import type { FrameEntry } from './ledger.js';
import { locate } from './locate.js';
import type { IngestorMetrics } from './metrics.js';
import { PositionSource } from './position-source.js';
import type { Publisher } from './publisher.js';
import { Receipts, untilStopped } from './receipts.js';

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
    for await (const frame of untilStopped<Frame>(stream, stopping)) {
      await receipts.owe(takeFrame(parts, frame, stream));
    }
    await receipts.settle();
  };
}

async function takeFrame(parts: FrameDoorParts, frame: Frame, stream: unknown): Promise<Receipt> {
  const receivedUs = nowUs();
  const { site, camera: cameraId, sequence } = frame;
  const head = { site: brief(site), camera: brief(cameraId), sequence };
  const admitted = admit(parts.plans, frame, 'frames', receivedUs);
  if (admitted.refusal) {
    return reject(parts, parts.metrics.frames.enter(frame.image), head, admitted.refusal);
  }
  const { plan, camera } = admitted;
  const entry = parts.metrics.frames.enter(frame.image, { site, camera: camera.id });
  if (frame.image.length === 0) {
    return reject(parts, entry, head, refusal('REJECT_REASON_MALFORMED', 'the frame has no image'));
  }
  if (parts.pool === undefined) {
    return reject(
      parts,
      entry,
      head,
      refusal('REJECT_REASON_INTERNAL', 'this ingestor has no model; set HITONAMI_MODEL'),
    );
  }
  const state = parts.cameras.of(plan, camera);
  const order = state.guard.check(frame, stream);
  if (order.kind === 'refused') return reject(parts, entry, head, order.refusal);
  if (order.kind === 'repeat') {
    entry.settle('shed');
    return order.receipt;
  }
  if (order.kind === 'restart') state.source = new PositionSource(camera);
  parts.metrics.clockSkew.set({ site, camera: camera.id }, (receivedUs - frame.capturedUs) / 1e6);
  const receipt = queueFrame(parts, parts.pool, { frame, entry, plan, camera, state, receivedUs });
  state.guard.remember(frame, receipt);
  return receipt;
}

interface Admitted {
  frame: Frame;
  entry: FrameEntry;
  plan: SitePlan;
  camera: PlanCamera;
  state: CameraState;
  receivedUs: number;
}

function queueFrame(
  parts: FrameDoorParts,
  pool: InferencePool,
  admitted: Admitted,
): Promise<Receipt> {
  const { frame, entry, camera, state } = admitted;
  const head = { site: frame.site, camera: frame.camera, sequence: frame.sequence };
  const threshold = camera.detection.threshold ?? pool.model.thresholdDefault;
  const region = camera.detection.region?.coordinates[0];
  return new Promise((resolve) => {
    state.lane.push({
      infer: async () => {
        const stop = parts.metrics.inference.startTimer();
        try {
          const options = {
            threshold: PositionSource.weakest(threshold),
            ...(region && { region }),
          };
          return await pool.detect(entry.image, options);
        } finally {
          stop();
        }
      },
      finish: async (inferred) => {
        if (inferred.status === 'rejected') {
          resolve(reject(parts, entry, head, inferenceRefusal(parts, inferred.reason)));
          return;
        }
        // The order of the log is the order of these calls; waiting for the disk here would make the lane wait too.
        resolve(publishFrame(parts, admitted, inferred.value, threshold));
        await Promise.resolve();
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
  { frame, entry, plan, camera, state, receivedUs }: Admitted,
  detections: Detections,
  threshold: number,
): Promise<Receipt> {
  const head = { site: frame.site, camera: frame.camera, sequence: frame.sequence };
  const labels = { site: plan.site, camera: camera.id };
  try {
    const placed = state.projection ? locate(detections, state.projection) : [];
    const { value, people } = state.source.encode(plan, {
      sequence: frame.sequence,
      capturedUs: frame.capturedUs,
      receivedUs,
      periodUs: frame.periodUs,
      floor: camera.floor,
      blind: false,
      saturation: detections.saturation,
      people: state.source.track(frame.capturedUs, frame.periodUs, threshold, placed),
    });
    parts.metrics.people.set(labels, people);
    parts.metrics.saturation.set(labels, detections.saturation);
    await parts.publisher.publish(plan.site, value);
    entry.settle('processed');
    parts.metrics.endToEnd.observe((nowUs() - receivedUs) / 1e6);
    return { ...head, processed: { people } };
  } catch (error) {
    parts.logger.error(
      { err: error, ...labels, sequence: frame.sequence },
      'the positions of a frame were lost',
    );
    return reject(parts, entry, head, logRefusal(error));
  }
}

function reject(
  parts: FrameDoorParts,
  entry: FrameEntry,
  head: { site: string; camera: string; sequence: number },
  rejected: Refusal,
): Receipt {
  entry.settle('rejected');
  parts.metrics.refused.inc({ reason: rejected.reason });
  return { ...head, rejected };
}

function inferenceRefusal(parts: FrameDoorParts, error: unknown): Refusal {
  if (error instanceof HitonamiError && error.code === 'INPUT') {
    const reason =
      error.detail === 'TOO_LARGE' ? 'REJECT_REASON_TOO_LARGE' : 'REJECT_REASON_UNDECODABLE';
    return refusal(reason, error.message);
  }
  parts.logger.error({ err: error }, 'a frame could not be examined');
  return refusal('REJECT_REASON_INTERNAL', 'the ingestor failed on this frame; its log says why');
}

/** What a sender is told when the event log did not take its positions. */
export function logRefusal(error: unknown): Refusal {
  const known = error instanceof HitonamiError ? error.message : 'an unexpected fault';
  return refusal('REJECT_REASON_INTERNAL', `the event log did not take the positions: ${known}`);
}
