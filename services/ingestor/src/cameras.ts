import type { PlanCalibration, PlanCamera, SitePlan } from '@hitonami/model';
import { FloorProjection } from '@hitonami/vision';
import type { Receipt } from '@hitonami/service';
import type { Detections } from '@hitonami/vision';
import { FrameLane } from './frame-lane.js';
import type { Permits } from './permits.js';
import { PositionSource } from './position-source.js';
import { SequenceGuard } from './sequence-guard.js';

/** What the ingestor keeps of one camera while it runs. */
export interface CameraState {
  guard: SequenceGuard<Receipt>;
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
  private closed = false;

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
      lane: known?.lane ?? this.openLane(),
      source: new PositionSource(camera),
      projection: camera.calibration && projectionOf(camera.calibration),
      planVersion: plan.version,
    };
    this.states.set(key, state);
    return state;
  }

  /** Sheds the frames that wait and all that are still to come; waits for those being inferred. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.states.values()].map((state) => state.lane.close()));
  }

  private openLane(): FrameLane<Detections> {
    const lane = new FrameLane<Detections>(this.permits, this.queueMax);
    if (this.closed) void lane.close();
    return lane;
  }
}

function projectionOf({ homography, distortion }: PlanCalibration): FloorProjection {
  return FloorProjection.from({ homography, ...(distortion && { distortion }) });
}
