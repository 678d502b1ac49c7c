import {
  KIND_MAX,
  Kind,
  PEOPLE_PER_FRAME_MAX,
  type PlanCamera,
  type SitePlan,
} from '@hitonami/model';
import type { DoorHandler, Logger, PlanFollower, PositionBatch, Receipt } from '@hitonami/service';
import { admit, brief, refusal, type Refusal } from './admission.js';
import type { Cameras, CameraState } from './cameras.js';
import { nowUs } from './clock.js';
import { DeviceTracks } from './device-tracks.js';
import { logRefusal } from './frame-door.js';
import type { IngestorMetrics } from './metrics.js';
import { PositionSource, type PlacedPerson } from './position-source.js';
import type { Publisher } from './publisher.js';
import { Receipts, untilStopped } from './receipts.js';

/** Farthest from the origin that a position is believed, m. */
const POSITION_MAX_M = 100_000;
/** Fastest that anything here moves, m/s. */
const SPEED_MAX_M_S = 100;
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

/** For cameras and sensors that detect on the device: positions, and no image. */
export function positionDoor(parts: PositionDoorParts): DoorHandler<'PositionIngest'> {
  const tracks = new WeakMap<PositionSource, DeviceTracks>();
  return async (stream, stopping) => {
    const receipts = new Receipts<Receipt>(stream);
    for await (const batch of untilStopped<PositionBatch>(stream, stopping)) {
      await receipts.owe(takeBatch(parts, tracks, batch, stream));
    }
    await receipts.settle();
  };
}

async function takeBatch(
  parts: PositionDoorParts,
  tracks: WeakMap<PositionSource, DeviceTracks>,
  batch: PositionBatch,
  stream: unknown,
): Promise<Receipt> {
  const receivedUs = nowUs();
  const head = { site: brief(batch.site), camera: brief(batch.camera), sequence: batch.sequence };
  const admitted = admit(parts.plans, batch, 'positions', receivedUs);
  if (admitted.refusal) return reject(parts, head, admitted.refusal);
  const { plan, camera } = admitted;
  const fault = columnFault(batch, plan);
  if (fault) return reject(parts, head, refusal('REJECT_REASON_MALFORMED', fault));
  const state = parts.cameras.of(plan, camera);
  const order = state.guard.check(batch, stream);
  if (order.kind === 'refused') return reject(parts, head, order.refusal);
  if (order.kind === 'repeat') return order.receipt;
  if (order.kind === 'restart') state.source = new PositionSource(camera);
  const receipt = publishBatch(parts, tracks, { batch, plan, camera, state, receivedUs });
  state.guard.remember(batch, receipt);
  return receipt;
}

interface AdmittedBatch {
  batch: PositionBatch;
  plan: SitePlan;
  camera: PlanCamera;
  state: CameraState;
  receivedUs: number;
}

async function publishBatch(
  parts: PositionDoorParts,
  tracks: WeakMap<PositionSource, DeviceTracks>,
  { batch, plan, camera, state, receivedUs }: AdmittedBatch,
): Promise<Receipt> {
  const head = { site: plan.site, camera: camera.id, sequence: batch.sequence };
  const labels = { site: plan.site, camera: camera.id };
  const { source } = state;
  parts.metrics.clockSkew.set(labels, (receivedUs - batch.capturedUs) / 1e6);
  try {
    const people =
      batch.track.length > 0 ? byDeviceTrack(tracks, source, batch) : byOwnTrack(source, batch);
    const { value, people: count } = source.encode(plan, {
      sequence: batch.sequence,
      capturedUs: batch.capturedUs,
      receivedUs,
      periodUs: batch.periodUs,
      floor: batch.floor === '' ? camera.floor : batch.floor,
      blind: batch.blind,
      saturation: 0,
      people,
    });
    parts.metrics.people.set(labels, count);
    await parts.publisher.publish(plan.site, value);
    parts.metrics.endToEnd.observe((nowUs() - receivedUs) / 1e6);
    parts.metrics.batches.inc({ kind: 'positions', outcome: 'processed' });
    return { ...head, processed: { people: count } };
  } catch (error) {
    parts.logger.error(
      { err: error, ...labels, sequence: batch.sequence },
      'a batch of positions was lost',
    );
    return reject(parts, head, logRefusal(error));
  }
}

function byDeviceTrack(
  tracks: WeakMap<PositionSource, DeviceTracks>,
  source: PositionSource,
  batch: PositionBatch,
): PlacedPerson[] {
  let known = tracks.get(source);
  if (known === undefined) tracks.set(source, (known = new DeviceTracks()));
  const device = known;
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
  return source.track(batch.capturedUs, batch.periodUs, DEVICE_THRESHOLD, detections);
}

function columnFault(batch: PositionBatch, plan: SitePlan): string | undefined {
  const count = batch.xM.length;
  if (batch.yM.length !== count) return `x_m has ${count} entries and y_m ${batch.yM.length}`;
  if (count > PEOPLE_PER_FRAME_MAX)
    return `${count} entries are over the limit of ${PEOPLE_PER_FRAME_MAX}`;
  if (batch.blind && count > 0) return 'a blind batch must have no entries';
  const optional = ['vxMS', 'vyMS', 'confidence', 'kind', 'track'] as const;
  for (const column of optional) {
    const { length } = batch[column];
    if (length !== 0 && length !== count)
      return `column ${column} has ${length} entries, and x_m ${count}`;
  }
  if (batch.vxMS.length !== batch.vyMS.length)
    return 'vx_m_s and vy_m_s come together or not at all';
  const within = (values: readonly number[], limit: number): boolean =>
    values.every((value) => Math.abs(value) <= limit);
  if (!within(batch.xM, POSITION_MAX_M) || !within(batch.yM, POSITION_MAX_M)) {
    return `positions must be numbers of metres within ±${POSITION_MAX_M}`;
  }
  if (!within(batch.vxMS, SPEED_MAX_M_S) || !within(batch.vyMS, SPEED_MAX_M_S)) {
    return `velocities must be numbers of m/s within ±${SPEED_MAX_M_S}`;
  }
  if (!batch.confidence.every((value) => value >= 0 && value <= 1))
    return 'confidence must be from 0 to 1';
  if (!batch.kind.every((value) => Number.isInteger(value) && value >= 0 && value <= KIND_MAX)) {
    return `kind must be from 0 to ${KIND_MAX}`;
  }
  if (new Set(batch.track).size !== batch.track.length) return 'a track number stands twice';
  if (batch.floor !== '' && !plan.floors.some((floor) => floor.id === batch.floor)) {
    return `floor '${brief(batch.floor)}' is not in the plan`;
  }
  return undefined;
}

function reject(
  parts: PositionDoorParts,
  head: { site: string; camera: string; sequence: number },
  rejected: Refusal,
): Receipt {
  parts.metrics.batches.inc({ kind: 'positions', outcome: 'rejected' });
  parts.metrics.refused.inc({ reason: rejected.reason });
  return { ...head, rejected };
}
