import { BoxMotion } from './box-motion.js';
import type { PlaneDetection } from './detection.js';
import { PlaneFilter } from './kalman.js';
import type { TrackerOptions } from './options.js';

/** Someone followed from frame to frame. */
export class Track {
  readonly filter: PlaneFilter;
  readonly kind: number;
  box: BoxMotion | undefined;
  /** Its number once it is believed; 0 before. */
  number = 0;
  hits = 1;
  /** Since its last detection, up to the frame predicted, seconds. */
  unseenS = 0;
  readonly firstSeenUs: number;
  lastSeenUs: number;
  readonly #options: TrackerOptions;

  constructor(options: TrackerOptions, detection: PlaneDetection, capturedUs: number) {
    this.#options = options;
    this.kind = detection.kind;
    this.firstSeenUs = capturedUs;
    this.lastSeenUs = capturedUs;
    if (detection.box !== undefined) this.box = new BoxMotion(detection.box);
    const unit = this.#unit();
    const [rxx, rxy, ryy] = detection.cov ?? [this.positionVariance, 0, this.positionVariance];
    this.filter = new PlaneFilter(detection.x, detection.y, rxx, rxy, ryy, options.speedSd * unit);
  }

  get isBelieved(): boolean {
    return this.number > 0;
  }

  /** Variance of a measured position that brings no covariance of its own, plane units². */
  get positionVariance(): number {
    const sd = this.#options.positionSd * this.#unit();
    return sd * sd;
  }

  predict(dt: number): void {
    const unit = this.#unit();
    this.filter.predict(dt, this.#options.accelerationNoise * unit * unit);
    this.box?.predict(dt);
    this.unseenS += dt;
  }

  update(detection: PlaneDetection, capturedUs: number): void {
    const cov = detection.cov;
    if (cov === undefined) {
      const variance = this.positionVariance;
      this.filter.update(detection.x, detection.y, variance, 0, variance);
    } else {
      this.filter.update(detection.x, detection.y, cov[0], cov[1], cov[2]);
    }
    if (detection.box !== undefined) {
      if (this.box === undefined) this.box = new BoxMotion(detection.box);
      else this.box.update(detection.box);
    }
    this.hits++;
    this.unseenS = 0;
    this.lastSeenUs = capturedUs;
  }

  /** Length of one unit of the options, in plane units. */
  #unit(): number {
    return this.#options.scale === 'boxHeight' ? (this.box?.height ?? 1) : 1;
  }
}
