import type { PlanCamera } from '@hitonami/model';

/** Covariance of a place on the floor, m². */
export type PlaceCovariance = readonly [xx: number, xy: number, yy: number];

/** What the places of a camera err by whose calibration is not known, each axis, m. */
const UNCALIBRATED_SD_M = 0.28;
/** What every place errs by besides: calibration, and where in a person the foot point is, each axis, m. */
const LEAST_SD_M = 0.1;
/** What foot points err by, across and up, as shares of a person's height in the picture: in crowds feet are hidden. */
const FOOT_SD_ACROSS = 0.05;
const FOOT_SD_UP = 0.11;
const STATURE_M = 1.7;
/** No place is less sure than this along the line of sight: the ingestor passes over those that are, m. */
const ALONG_SD_MAX_M = 2.5;
/** Looking straight down, a person still fills so much of the height that it has from the side. */
const UPRIGHT_LEAST = 0.3;

/**
 * How far the places err that a camera measures, from the homography of its calibration alone. With `a` the pixels that a
 * metre of floor has across the line of sight and `l` along it, the camera looks down there under the angle asin(l ÷ a),
 * and a person is stature · a · cos of it pixels high. An error of the foot point by a share of that height is, on the
 * floor, as many metres across as it is of the stature, and a ÷ l times as many along: metres, where the camera looks flat. Exact in the middle
 * of the picture, within a fifth at its sides.
 */
export class PlaceErrors {
  /** Floor (m) to picture (px), row by row, any scale: the adjugate of the homography. */
  private readonly toPicture: Float64Array | undefined;

  constructor({ calibration }: Pick<PlanCamera, 'calibration'>) {
    if (calibration === undefined) return;
    const [a, b, c, d, e, f, g, h, i] = calibration.homography;
    this.toPicture = Float64Array.of(
      ...[e * i - f * h, c * h - b * i, b * f - c * e],
      ...[f * g - d * i, a * i - c * g, c * d - a * f],
      ...[d * h - e * g, b * g - a * h, a * e - b * d],
    );
  }

  /** Of a place, m. */
  at(x: number, y: number): PlaceCovariance {
    const alike: PlaceCovariance = [UNCALIBRATED_SD_M ** 2, 0, UNCALIBRATED_SD_M ** 2];
    if (this.toPicture === undefined) return alike;
    // By index: an array taken apart, of numbers that are no array, costs ten times as much.
    const m = this.toPicture;
    const [m6, m7] = [m[6] as number, m[7] as number];
    const w = m6 * x + m7 * y + (m[8] as number);
    const u = ((m[0] as number) * x + (m[1] as number) * y + (m[2] as number)) / w;
    const v = ((m[3] as number) * x + (m[4] as number) * y + (m[5] as number)) / w;
    const ux = ((m[0] as number) - u * m6) / w;
    const uy = ((m[1] as number) - u * m7) / w;
    const vx = ((m[3] as number) - v * m6) / w;
    const vy = ((m[4] as number) - v * m7) / w;
    // The singular values of the derivatives, and the direction of the smaller, that of the line of sight, by its double angle.
    const p = ux * ux + vx * vx;
    const q = ux * uy + vx * vy;
    const r = uy * uy + vy * vy;
    const half = (p - r) / 2;
    const spread = Math.sqrt(half * half + q * q);
    const across = Math.sqrt((p + r) / 2 + spread);
    const along = Math.sqrt(Math.max(0, (p + r) / 2 - spread));
    if (!(along > 0 && across < Infinity)) return alike;
    const upright = Math.max(UPRIGHT_LEAST, Math.sqrt(1 - (along / across) ** 2));
    const least = LEAST_SD_M ** 2;
    const acrossM2 = (FOOT_SD_ACROSS * STATURE_M * upright) ** 2 + least;
    const alongM = (FOOT_SD_UP * STATURE_M * upright * across) / along;
    const alongM2 = Math.min(ALONG_SD_MAX_M, alongM) ** 2 + least;
    const mean = (alongM2 + acrossM2) / 2;
    // Straight down there is no line of sight.
    const apart = spread > 0 ? (acrossM2 - alongM2) / (2 * spread) : 0;
    return [mean + apart * half, apart * q, mean - apart * half];
  }
}
