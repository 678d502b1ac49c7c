import { HitonamiError } from '../errors.js';
import { distort, type Distortion, undistort } from './distortion.js';
import { adjugate, determinant, independence, type Matrix3 } from './matrix.js';

/** How a camera sees its floor. */
export interface Calibration {
  /**
   * Picture pixels (u right, v down; without the lens's distortion, where one is given) to floor metres (x east,
   * y north), row by row; any scale.
   */
  readonly homography: Matrix3;
  readonly distortion?: Distortion | undefined;
}

export interface FloorPoint {
  /** Metres. */
  readonly x: number;
  readonly y: number;
}

export interface UncertainFloorPoint extends FloorPoint {
  /** Covariance, m². */
  readonly cov: readonly [xx: number, xy: number, yy: number];
}

export interface PicturePoint {
  /** Pixels. */
  readonly u: number;
  readonly v: number;
}

/** Pixels in which a picture is measured when a homography is judged; only the order of magnitude matters. */
const PICTURE_SCALE_PX = 1000;
/** Below this the rows of a homography are one plane but for rounding: it shows the floor edge-on, or not at all. */
const INDEPENDENCE_MIN = 1e-7;
/** Share of its largest possible value under which a point's third coordinate counts as on the horizon. */
const HORIZON_MARGIN = 1e-9;

/**
 * Between a camera's picture and its floor, both ways. Pure; immutable.
 *
 * Which side of the horizon is floor follows from the axes: a floor (x east, y north) seen from above is mirrored
 * against a picture (u right, v down), so there the derivative's determinant, det H ÷ w³, is negative, however the
 * camera is mounted. (The sign of w alone says nothing: OpenCV scales h33 to 1, and pixel (0, 0) is often sky.)
 */
export class FloorProjection {
  readonly #toFloor: Matrix3;
  readonly #toPicture: Matrix3;
  readonly #lens: Distortion | undefined;
  readonly #determinant: number;

  private constructor(homography: Matrix3, lens: Distortion | undefined) {
    // Scaled so that w is positive on the floor.
    const scale = determinant(homography) > 0 ? -1 : 1;
    const [a, b, c, d, e, f, g, h, i] = homography;
    const s = scale / Math.hypot(g * PICTURE_SCALE_PX, h * PICTURE_SCALE_PX, i);
    this.#toFloor = [a * s, b * s, c * s, d * s, e * s, f * s, g * s, h * s, i * s];
    this.#toPicture = adjugate(this.#toFloor);
    this.#determinant = determinant(this.#toFloor);
    this.#lens = lens;
  }

  /** Throws `PLAN` where the numbers cannot be a calibration; the message names the key. */
  static from(calibration: Calibration): FloorProjection {
    const { homography, distortion } = calibration;
    // A plan comes from a file: its types are only a promise.
    const numbers: readonly number[] = homography;
    if (numbers.length !== 9 || !numbers.every(Number.isFinite)) {
      throw new HitonamiError('PLAN', 'calibration.homography must be nine finite numbers.');
    }
    const [a, b, c, d, e, f, g, h, i] = homography;
    const p = PICTURE_SCALE_PX;
    const scaled: Matrix3 = [a * p, b * p, c, d * p, e * p, f, g * p, h * p, i];
    if (!(independence(scaled) > INDEPENDENCE_MIN)) {
      throw new HitonamiError(
        'PLAN',
        'calibration.homography is singular: it shows no floor. Calibrate again, with four or more points of which ' +
          'no three are on one line.',
      );
    }
    if (distortion !== undefined) {
      for (const [key, value] of Object.entries(distortion)) {
        if (Number.isFinite(value)) continue;
        throw new HitonamiError('PLAN', `calibration.distortion.${key} must be a finite number.`);
      }
      if (!(distortion.fx > 0 && distortion.fy > 0)) {
        throw new HitonamiError(
          'PLAN',
          'calibration.distortion.fx and fy must be above 0 (pixels).',
        );
      }
    }
    return new FloorProjection(homography, distortion);
  }

  /** The floor at a pixel; undefined on and above the horizon, and where the lens model does not hold. */
  toFloor(u: number, v: number): FloorPoint | undefined {
    const pinhole = this.#lens === undefined ? { u, v } : undistort(this.#lens, u, v);
    return pinhole === undefined ? undefined : this.#floorAt(pinhole.u, pinhole.v);
  }

  /** The derivatives of `toFloor`, metres per pixel: [dx/du, dx/dv, dy/du, dy/dv]. Undefined where `toFloor` is. */
  jacobian(u: number, v: number): readonly [number, number, number, number] | undefined {
    const lens = this.#lens === undefined ? undefined : undistort(this.#lens, u, v);
    if (this.#lens !== undefined && lens === undefined) return undefined;
    const pinhole = lens ?? { u, v };
    const floor = this.#floorAt(pinhole.u, pinhole.v);
    if (floor === undefined) return undefined;
    const [a, b, , d, e, , g, h, i] = this.#toFloor;
    const w = g * pinhole.u + h * pinhole.v + i;
    const xu = (a - floor.x * g) / w;
    const xv = (b - floor.x * h) / w;
    const yu = (d - floor.y * g) / w;
    const yv = (e - floor.y * h) / w;
    if (lens === undefined) return [xu, xv, yu, yv];
    const [uu, uv, vu, vv] = lens.jacobian;
    return [xu * uu + xv * vu, xu * uv + xv * vv, yu * uu + yv * vu, yu * uv + yv * vv];
  }

  /**
   * As `toFloor`, with what independent errors of `sigmaUPx` and `sigmaVPx` pixels (standard deviations) are on the
   * floor: J · diag(σu², σv²) · Jᵀ, first order. Far away one pixel is metres along the line of sight.
   */
  toFloorWithCovariance(
    u: number,
    v: number,
    sigmaUPx: number,
    sigmaVPx: number,
  ): UncertainFloorPoint | undefined {
    const floor = this.toFloor(u, v);
    const jacobian = this.jacobian(u, v);
    if (floor === undefined || jacobian === undefined) return undefined;
    const [xu, xv, yu, yv] = jacobian;
    const uu = sigmaUPx * sigmaUPx;
    const vv = sigmaVPx * sigmaVPx;
    return {
      ...floor,
      cov: [xu * xu * uu + xv * xv * vv, xu * yu * uu + xv * yv * vv, yu * yu * uu + yv * yv * vv],
    };
  }

  /** The pixel that shows a point of the floor; undefined behind the camera and where the lens model does not hold. */
  toImage(x: number, y: number): PicturePoint | undefined {
    const [a, b, c, d, e, f, g, h, i] = this.#toPicture;
    const w = g * x + h * y + i;
    // adj(H) · H = det H: in front of the camera w has the sign of the determinant.
    if (!(w * this.#determinant > 0)) return undefined;
    const u = (a * x + b * y + c) / w;
    const v = (d * x + e * y + f) / w;
    if (this.#lens === undefined) return { u, v };
    const shown = distort(this.#lens, u, v);
    return shown === undefined ? undefined : { u: shown.u, v: shown.v };
  }

  #floorAt(u: number, v: number): FloorPoint | undefined {
    const [a, b, c, d, e, f, g, h, i] = this.#toFloor;
    const w = g * u + h * v + i;
    if (!(w > HORIZON_MARGIN * (Math.abs(g * u) + Math.abs(h * v) + Math.abs(i)))) return undefined;
    return { x: (a * u + b * v + c) / w, y: (d * u + e * v + f) / w };
  }
}
