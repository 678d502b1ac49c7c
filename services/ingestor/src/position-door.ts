import { Kind, type PlanCamera, type SitePlan } from '@hitonami/model';
import type { DoorHandler, Logger, PlanFollower, PositionBatch, Receipt } from '@hitonami/service';
import { admit, brief, logRefusal, refusal, type Refusal } from './admission.js';
import type { Cameras } from './cameras.js';
import { nowUs } from './clock.js';
import { columnFault } from './columns.js';
import { DeviceTracks } from './device-tracks.js';
import { untilStopped } from './messages.js';
import type { IngestorMetrics } from './metrics.js';
import { PositionSource, type PlacedPerson } from './position-source.js';
import type { Publisher } from './publisher.js';
import { Receipts } from './receipts.js';
import type { Sender } from './sequence-guard.js';

const CONFIDENCE_DEFAULT = 1;
/** A device has made its own choice of what to report, so everything it sends may start a track. */
const DEVICE_THRESHOLD = 0.05;

export interface PositionDoorParts {
  plans: PlanFollower;
  cameras: Cameras;
  publisher: Publisher;
  metrics: IngestorMetrics;
  logger: Logger;
}

/** The tracks of each device, as long as its source lives. */
type TracksOf = WeakMap<PositionSource, DeviceTracks>;

/** For cameras and sensors that detect on the device: positions, and no image. */
export function positionDoor(parts: PositionDoorParts): DoorHandler<'PositionIngest'> {
  const tracks: TracksOf = new WeakMap();
  return async (stream, stopping) => {
    const receipts = new Receipts<Receipt>(stream);
    const sender: Sender = { open: true };
    try {
      for await (const batch of untilStopped<PositionBatch>(stream, stopping)) {
        await receipts.owe(
          `${batch.site}/${batch.camera}`,
          takeBatch(parts, tracks, batch, sender),
        );
      }
      await receipts.settle();
    } finally {
      sender.open = false;
    }
  };
}

/** Never rejects: every batch gets its receipt. */
async function takeBatch(
  parts: PositionDoorParts,
  tracks: TracksOf,
  batch: PositionBatch,
  sender: Sender,
): Promise<Receipt> {
  const receivedUs = nowUs();
  const head = { site: brief(batch.site), camera: brief(batch.camera), sequence: batch.sequence };
  const settle = (outcome: Pick<Receipt, 'processed' | 'rejected'>): Receipt => {
    const { rejected } = outcome;
    parts.metrics.batches.inc({ kind: 'positions', outcome: rejected ? 'rejected' : 'processed' });
    if (rejected) parts.metrics.refused.inc({ reason: rejected.reason });
    return { ...head, ...outcome };
  };
  try {
    const { plan, camera, refusal: fault } = admit(parts.plans, batch, 'positions', receivedUs);
    if (camera && Number.isSafeInteger(batch.capturedUs)) {
      const labels = { site: plan.site, camera: camera.id };
      parts.metrics.clockSkew.set(labels, (receivedUs - batch.capturedUs) / 1e6);
    }
    if (fault) return settle({ rejected: fault });
    const columns = columnFault(batch, plan);
    if (columns) return settle({ rejected: refusal('REJECT_REASON_MALFORMED', columns) });
    const state = parts.cameras.of(plan, camera);
    const order = state.guard.check(batch, sender);
    if (order.kind === 'refused') return settle({ rejected: order.refusal });
    if (order.kind === 'repeat') return settle(await order.receipt);
    if (order.kind === 'restart') state.source = new PositionSource(camera);
    const people = publishBatch(parts, tracks, {
      batch,
      plan,
      camera,
      source: state.source,
      receivedUs,
    });
    const receipt = people.then(settle);
    state.guard.remember(batch, receipt);
    return await receipt;
  } catch (error) {
    parts.logger.error({ err: error, ...head }, 'the ingestor failed on a batch of positions');
    const detail = 'the ingestor failed on this batch; its log says why';
    return settle({ rejected: refusal('REJECT_REASON_INTERNAL', detail) });
  }
}

interface AdmittedBatch {
  batch: PositionBatch;
  plan: SitePlan;
  camera: PlanCamera;
  source: PositionSource;
  receivedUs: number;
}

async function publishBatch(
  parts: PositionDoorParts,
  tracks: TracksOf,
  { batch, plan, camera, source, receivedUs }: AdmittedBatch,
): Promise<{ processed: { people: number } } | { rejected: Refusal }> {
  const labels = { site: plan.site, camera: camera.id };
  const { value, people } = source.encode(plan, {
    sequence: batch.sequence,
    capturedUs: batch.capturedUs,
    receivedUs,
    periodUs: batch.periodUs,
    floor: batch.floor === '' ? camera.floor : batch.floor,
    blind: batch.blind,
    saturation: 0,
    people:
      batch.track.length > 0 ? byDeviceTrack(tracks, source, batch) : byOwnTrack(source, batch),
  });
  parts.metrics.people.set(labels, people);
  try {
    await parts.publisher.publish(plan.site, value);
  } catch (error) {
    const { sequence } = batch;
    parts.logger.error({ err: error, ...labels, sequence }, 'a batch of positions was lost');
    return { rejected: logRefusal(error) };
  }
  parts.metrics.endToEnd.observe((nowUs() - receivedUs) / 1e6);
  return { processed: { people } };
}

function byDeviceTrack(
  tracks: TracksOf,
  source: PositionSource,
  batch: PositionBatch,
): PlacedPerson[] {
  const device = tracks.get(source) ?? new DeviceTracks();
  tracks.set(source, device);
  return batch.track.map((track, i) => {
    const [xM, yM] = [batch.xM[i] ?? 0, batch.yM[i] ?? 0];
    const moved = device.step(track, batch.capturedUs, xM, yM);
    return {
      track: moved.number,
      xM,
      yM,
      vxMS: batch.vxMS[i] ?? moved.vxMS,
      vyMS: batch.vyMS[i] ?? moved.vyMS,
      confidence: batch.confidence[i] ?? CONFIDENCE_DEFAULT,
      kind: batch.kind[i] ?? Kind.person,
    };
  });
}

function byOwnTrack(source: PositionSource, batch: PositionBatch): PlacedPerson[] {
  const detections = batch.xM.map((x, i) => ({
    x,
    y: batch.yM[i] ?? 0,
    confidence: batch.confidence[i] ?? CONFIDENCE_DEFAULT,
    kind: batch.kind[i] ?? Kind.person,
  }));
  const { capturedUs, periodUs, vxMS, vyMS } = batch;
  // The device knows its speeds better than a tracker that sees only its places.
  return source.track(capturedUs, periodUs, DEVICE_THRESHOLD, detections).map((person) => ({
    ...person,
    vxMS: vxMS[person.detection] ?? person.vxMS,
    vyMS: vyMS[person.detection] ?? person.vyMS,
  }));
}
