import {
  cameraStart,
  type CameraStart,
  HitonamiError,
  PERIOD_US_MAX,
  type PlanCamera,
  type SitePlan,
  whyRefused,
} from '@hitonami/model';
import type { PlanFollower, RejectReason } from '@hitonami/service';

/** A capture further ahead of this machine's clock than this is refused, µs. */
export const FUTURE_MAX_US = 1_000_000;

const PERIOD_MIN_US = 10_000;

export interface Refusal {
  reason: RejectReason;
  detail: string;
}

/** What every message of a camera says about itself. */
export interface CameraMessage {
  site: string;
  camera: string;
  sequence: number;
  capturedUs: number;
  periodUs: number;
  /** Of frames: recorded before, for something else. */
  recorded?: boolean;
}

/** The camera is named also where its message is refused, so that the refusal is booked under it. */
export type Admitted =
  | { plan: SitePlan; camera: PlanCamera; refusal: undefined }
  | { plan: SitePlan; camera: PlanCamera; refusal: Refusal }
  | { plan?: undefined; camera?: undefined; refusal: Refusal };

/**
 * Whether a message may come in: its site and camera are in the plan in force, it uses the door meant for that camera,
 * the camera may have started, and its numbers make sense.
 */
export function admit(
  plans: PlanFollower,
  message: CameraMessage,
  door: 'frames' | 'positions',
  nowUs: number,
): Admitted {
  const plan = plans.at(message.site, message.capturedUs) ?? plans.at(message.site, nowUs);
  if (plan === undefined) {
    return refuse(
      'REJECT_REASON_UNKNOWN_SITE',
      `no plan of site '${brief(message.site)}' is on the log; publish it first`,
    );
  }
  const camera = plan.cameras.find((item) => item.id === message.camera);
  if (camera === undefined) {
    return { refusal: unknownRefusal(plans, plan, 'camera', message.camera) };
  }
  return {
    plan,
    camera,
    refusal:
      doorFault(camera, door) ??
      startFault(plan, camera, nowUs) ??
      recordedFault(camera, message) ??
      numberFault(message, nowUs),
  };
}

/** Whoever sends before the version that brings it is in force is told from when on it may. */
export function unknownRefusal(
  plans: PlanFollower,
  { site, version }: SitePlan,
  kind: 'camera' | 'counter',
  id: string,
): Refusal {
  const later = plans
    .versions(site)
    .find(({ plan }) => plan.version > version && plan[`${kind}s`].some((item) => item.id === id));
  const from = later && new Date(later.inForceFromUs / 1000).toISOString();
  const when = later ? `; version ${later.plan.version} has it, in force from ${from}` : '';
  return refusal(
    'REJECT_REASON_UNKNOWN_CAMERA',
    `${kind} '${brief(id)}' is not in version ${version} of the plan of '${site}'${when}`,
  );
}

function doorFault(camera: PlanCamera, door: 'frames' | 'positions'): Refusal | undefined {
  const takesFrames = camera.calibration !== undefined;
  if (takesFrames === (door === 'frames')) return undefined;
  return refusal(
    'REJECT_REASON_WRONG_DOOR',
    takesFrames
      ? `camera '${camera.id}' has a calibration, so it sends frames (FrameIngest)`
      : `camera '${camera.id}' has no calibration, so it sends positions (PositionIngest)`,
  );
}

/** Made once for each version of a plan, for frames come by the thousand. */
const starts = new WeakMap<PlanCamera, CameraStart>();

/** What the public was promised before a camera starts is kept here, where its frames come in. */
function startFault(plan: SitePlan, camera: PlanCamera, nowUs: number): Refusal | undefined {
  let start = starts.get(camera);
  if (start === undefined) starts.set(camera, (start = cameraStart(plan, camera)));
  if (start.fromMs !== undefined && start.fromMs * 1000 <= nowUs) return undefined;
  return refusal('REJECT_REASON_NOT_STARTED', start.because);
}

function recordedFault(
  { id, governance }: PlanCamera,
  { recorded }: CameraMessage,
): Refusal | undefined {
  if (recorded !== true || governance?.recordedBasis !== undefined) return undefined;
  return refusal(
    'REJECT_REASON_RECORDED',
    `${whyRefused('recorded-footage').en}. Where they were, say so in the plan (cameras[].governance.recordedBasis of '${id}'); to try a recording out, hitonami replay needs no site`,
  );
}

function numberFault(
  { sequence, capturedUs, periodUs }: CameraMessage,
  nowUs: number,
): Refusal | undefined {
  if (!Number.isSafeInteger(sequence) || sequence < 0) {
    return refusal('REJECT_REASON_MALFORMED', 'sequence must be a whole number below 2^53');
  }
  if (!Number.isSafeInteger(capturedUs) || capturedUs <= 0) {
    return refusal(
      'REJECT_REASON_MALFORMED',
      'captured_us must be microseconds since 1970, above 0',
    );
  }
  if (!(periodUs >= PERIOD_MIN_US && periodUs <= PERIOD_US_MAX)) {
    return refusal(
      'REJECT_REASON_MALFORMED',
      `period_us must be from ${PERIOD_MIN_US} to ${PERIOD_US_MAX}, not ${periodUs}`,
    );
  }
  if (capturedUs > nowUs + FUTURE_MAX_US) {
    const aheadS = ((capturedUs - nowUs) / 1e6).toFixed(1);
    return refusal(
      'REJECT_REASON_FUTURE',
      `it was captured ${aheadS} s ahead of the ingestor's clock (at most ${FUTURE_MAX_US / 1e6} s is taken); set the camera's clock`,
    );
  }
  return undefined;
}

/** Whether a picture is of the size that its camera's homography was made for: on another it would put people elsewhere. */
export function pictureFault(
  { id, calibration }: PlanCamera,
  { width, height }: { width: number; height: number },
): Refusal | undefined {
  if (!calibration) return undefined;
  const { imageWidth, imageHeight } = calibration;
  if (width === imageWidth && height === imageHeight) return undefined;
  return refusal(
    'REJECT_REASON_MALFORMED',
    `the picture has ${width}×${height} pixels and camera '${id}' was calibrated with ${imageWidth}×${imageHeight}; send that size, or calibrate anew`,
  );
}

/** What a sender is told of a picture that could not be examined, where that is the picture's own fault. */
export function undecodableRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof HitonamiError) || error.code !== 'INPUT') return undefined;
  const reason =
    error.detail === 'TOO_LARGE' ? 'REJECT_REASON_TOO_LARGE' : 'REJECT_REASON_UNDECODABLE';
  return refusal(reason, error.message);
}

/** Why an ingestor without a detector takes no picture. */
export const NO_DETECTOR = 'this ingestor was started without a detector: HITONAMI_MODEL is none';

export function refusal(reason: RejectReason, detail: string): Refusal {
  return { reason, detail };
}

/** What a sender is told when the event log did not take its message. */
export function logRefusal(error: unknown): Refusal {
  const known = error instanceof HitonamiError ? error.message : 'an unexpected fault';
  return refusal('REJECT_REASON_INTERNAL', `the event log did not take it: ${known}`);
}

function refuse(reason: RejectReason, detail: string): { refusal: Refusal } {
  return { refusal: refusal(reason, detail) };
}

const SHOWN_ID_LENGTH = 64;

/** An id from outside, cut to what a message can show. */
export function brief(id: string): string {
  return id.length <= SHOWN_ID_LENGTH ? id : `${id.slice(0, SHOWN_ID_LENGTH)}…`;
}
