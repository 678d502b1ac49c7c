import type { PlanCalibration, PlanCamera, SitePlan } from '@hitonami/model';
import { FloorProjection } from '@hitonami/vision';
import type { Detections } from '@hitonami/vision';
import { FrameLane } from './frame-lane.js';
import type { Permits } from './permits.js';
import { PositionSource } from './position-source.js';
import { SequenceGuard } from './sequence-guard.js';

/** What the ingestor keeps of one camera while it runs. */
export interface CameraState {
  guard: SequenceGuard;
  lane: FrameLane<Detections>;
  source: PositionSource;
  /** Present where the camera has a calibration. */
  projection: FloorProjection | undefined;
  planVersion: number;
}

/** The cameras that have sent something; no more than the plans have. */
export class Cameras {
  private readonly states = new Map<string, CameraState>();
  private readonly permits: Permits;
  private readonly queueMax: number;

  constructor(permits: Permits, queueMax: number) {
    this.permits = permits;
    this.queueMax = queueMax;
  }

  /** The camera's state; a new version of the plan starts its tracks afresh, since places may mean something else. */
  of(plan: SitePlan, camera: PlanCamera): CameraState {
    const key = `${plan.site}/${camera.id}`;
    const known = this.states.get(key);
    if (known?.planVersion === plan.version) return known;
    const state: CameraState = {
      guard: known?.guard ?? new SequenceGuard(),
      lane: known?.lane ?? new FrameLane(this.permits, this.queueMax),
      source: new PositionSource(camera),
      projection: camera.calibration && projectionOf(camera.calibration),
      planVersion: plan.version,
    };
    this.states.set(key, state);
    return state;
  }

  async close(): Promise<void> {
    await Promise.all([...this.states.values()].map((state) => state.lane.close()));
  }
}

function projectionOf({ homography, distortion }: PlanCalibration): FloorProjection {
  return FloorProjection.from({ homography, ...(distortion && { distortion }) });
}
