import { HitonamiError } from '../errors.js';
import { type Distortion, undistort } from './distortion.js';
import { type Calibration, FloorProjection } from './floor-projection.js';
import { leastSquares } from './least-squares.js';
import { adjugate, determinant, type Matrix3, product } from './matrix.js';
import { checkPoints, POINTS_MIN } from './point-checks.js';
import { eigenvectors } from './symmetric.js';

/** A point of the picture, pixels, of which the place on the floor is known, metres (x east, y north). */
export interface CalibrationPoint {
  readonly u: number;
  readonly v: number;
  readonly x: number;
  readonly y: number;
}

/** Distances on the floor between where points are and where the calibration puts them, metres. */
export interface FloorErrors {
  readonly rmsM: number;
  readonly worstM: number;
  /** Which point is the worst, from 0. */
  readonly worst: number;
}

export interface PointCalibration {
  readonly calibration: Calibration;
  /** Of the points that it was made from; four points always fit exactly. */
  readonly residual: FloorErrors;
  /** The same in the picture, pixels (without the lens's distortion). */
  readonly residualPx: number;
  /**
   * Of points left out in turn and predicted by the others: what a place not measured may be off. Absent with four
   * points. A point without which the others would be degenerate is passed over.
   */
  readonly leaveOneOut?: FloorErrors;
  /** The point, from 0, without which the others fit far better: it is probably mistyped. */
  readonly suspect?: number;
}

/** Of many points so many, evenly, are left out in turn. */
const LEFT_OUT_MAX = 100;
/** A point is suspect where the others fit so much better without it, and the whole is worse than this, metres. */
const SUSPECT_SHARE = 0.4;
const SUSPECT_MIN_M = 0.1;

/**
 * The homography of points by least squares of the distances in the picture (clicks err by pixels): the normalised
 * direct linear transformation, refined (Hartley and Zisserman, Multiple View Geometry, 4.1, 4.4, 4.5).
 *
 * @param lens of the pixels; without one the picture is taken for a pinhole's
 * @throws HitonamiError `INPUT` with the reason where the points are degenerate
 */
export function calibrateFromPoints(
  points: readonly CalibrationPoint[],
  lens?: Distortion,
): PointCalibration {
  checkPoints(points);
  const straight = points.map((point, i) => withoutLens(point, i, lens));
  const homography = fit(straight);
  const projection = FloorProjection.from({ homography });
  const errors = floorErrors(straight, projection);
  const left = points.length > POINTS_MIN ? leaveEachOut(straight) : [];
  const suspect = suspectAmong(left, errors.rmsM);
  if (suspect && suspect.error === undefined) refuseHidden([suspect.i + 1], points.length);
  const predicted = left.flatMap(({ i, error }) => (error === undefined ? [] : [{ i, error }]));
  return {
    calibration: lens === undefined ? { homography } : { homography, distortion: lens },
    residual: errors,
    residualPx: pictureError(straight, projection),
    ...(predicted.length > 0 && { leaveOneOut: summary(predicted) }),
    ...(suspect && { suspect: suspect.i }),
  };
}

function withoutLens(point: CalibrationPoint, i: number, lens?: Distortion): CalibrationPoint {
  if (lens === undefined) return point;
  const straight = undistort(lens, point.u, point.v);
  if (straight === undefined) {
    refuse(`point ${i + 1} lies where the lens parameters do not hold: it or they are wrong`);
  }
  return { ...point, u: straight.u, v: straight.v };
}

function fit(points: readonly CalibrationPoint[]): Matrix3 {
  const picture = normalisation(points.map(({ u, v }) => [u, v]));
  const floor = normalisation(points.map(({ x, y }) => [x, y]));
  const pairs = points.map(({ u, v, x, y }) => ({
    p: applied(picture, u, v),
    q: applied(floor, x, y),
  }));
  const linear = directLinear(pairs);
  const refined = leastSquares(linear, (g) => {
    const residuals = new Float64Array(2 * pairs.length);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, h = 0, i = 0, j = 0] = g;
    for (let k = 0; k < pairs.length; k++) {
      const pair = pairs[k];
      if (!pair) continue;
      const { p, q } = pair;
      const w = h * q[0] + i * q[1] + j;
      if (w === 0) return undefined;
      residuals[2 * k] = (a * q[0] + b * q[1] + c) / w - p[0];
      residuals[2 * k + 1] = (d * q[0] + e * q[1] + f) / w - p[1];
    }
    return residuals;
  });
  const toPicture = (refined?.parameters ?? linear) as unknown as Matrix3;
  // Pixels → normalised → floor normalised → metres.
  const h = product(adjugate(floor), product(adjugate(toPicture), picture));
  const largest = Math.max(...h.map(Math.abs));
  if (!(largest > 0 && Math.abs(determinant(toPicture)) > 1e-12)) {
    refuse('the floor and the picture do not fit together: one of the points is wrong');
  }
  return scaled(h, 1 / (Math.abs(h[8]) > 1e-6 * largest ? h[8] : largest));
}

function floorErrors(
  points: readonly CalibrationPoint[],
  projection: FloorProjection,
): FloorErrors {
  const places = points.map(({ u, v }) => projection.toFloor(u, v));
  const lost = places.flatMap((place, i) => (place === undefined ? [i + 1] : []));
  if (lost.length === points.length) {
    refuse(
      'the floor comes out mirrored: x must go east and y north as on a map, seen from above; ' +
        'exchange x and y, or turn the sign of one',
    );
  }
  if (lost.length > 0) {
    refuseHidden(lost, points.length);
  }
  return summary(
    places.map((place, i) => ({
      i,
      error: Math.hypot(
        (place?.x ?? 0) - (points[i]?.x ?? 0),
        (place?.y ?? 0) - (points[i]?.y ?? 0),
      ),
    })),
  );
}

interface LeftOut {
  readonly i: number;
  /** Of the point left out; undefined where the others see it behind their horizon. */
  readonly error: number | undefined;
  /** How well the others fit among themselves, root mean square, metres. */
  readonly othersRmsM: number;
}

function leaveEachOut(points: readonly CalibrationPoint[]): LeftOut[] {
  const stride = Math.max(1, points.length / LEFT_OUT_MAX);
  const left: LeftOut[] = [];
  for (let step = 0; Math.floor(step) < points.length; step += stride) {
    const i = Math.floor(step);
    const point = points[i];
    if (!point) continue;
    const others = points.filter((_, j) => j !== i);
    try {
      checkPoints(others);
      const projection = FloorProjection.from({ homography: fit(others) });
      const place = projection.toFloor(point.u, point.v);
      const error = place && Math.hypot(place.x - point.x, place.y - point.y);
      left.push({ i, error, othersRmsM: floorErrors(others, projection).rmsM });
    } catch (error) {
      if (!(error instanceof HitonamiError)) throw error;
    }
  }
  return left;
}

/** The point without which the others fit far better than with it. */
function suspectAmong(left: readonly LeftOut[], rmsM: number): LeftOut | undefined {
  const best = left.reduce<LeftOut | undefined>(
    (least, next) => (least && least.othersRmsM <= next.othersRmsM ? least : next),
    undefined,
  );
  const isFar = rmsM > SUSPECT_MIN_M && best && best.othersRmsM < SUSPECT_SHARE * rmsM;
  return isFar ? best : undefined;
}

function summary(errors: readonly { i: number; error: number }[]): FloorErrors {
  const worst = errors.reduce((most, next) => (next.error > most.error ? next : most), {
    i: 0,
    error: -1,
  });
  const squares = errors.reduce((sum, { error }) => sum + error * error, 0);
  return { rmsM: Math.sqrt(squares / errors.length), worstM: worst.error, worst: worst.i };
}

function pictureError(points: readonly CalibrationPoint[], projection: FloorProjection): number {
  const squares = points.reduce((sum, { u, v, x, y }) => {
    const shown = projection.toImage(x, y);
    return sum + (shown ? (shown.u - u) ** 2 + (shown.v - v) ** 2 : Infinity);
  }, 0);
  return Math.sqrt(squares / points.length);
}

type Pair = { p: readonly [number, number]; q: readonly [number, number] };

/** The nine entries, floor to picture, that fit best algebraically. */
function directLinear(pairs: readonly Pair[]): number[] {
  const values = new Float64Array(81);
  for (const { p, q } of pairs) {
    for (const row of [
      [q[0], q[1], 1, 0, 0, 0, -p[0] * q[0], -p[0] * q[1], -p[0]],
      [0, 0, 0, q[0], q[1], 1, -p[1] * q[0], -p[1] * q[1], -p[1]],
    ]) {
      row.forEach((a, i) => {
        row.forEach((b, j) => {
          values[i * 9 + j] = (values[i * 9 + j] ?? 0) + a * b;
        });
      });
    }
  }
  return eigenvectors({ size: 9, values })[0]?.vector ?? [];
}

/** Moves the middle of the places to the origin and their mean distance from it to √2. */
function normalisation(places: readonly (readonly [number, number])[]): Matrix3 {
  const n = places.length;
  const mx = places.reduce((sum, [x]) => sum + x, 0) / n;
  const my = places.reduce((sum, [, y]) => sum + y, 0) / n;
  const distance = places.reduce((sum, [x, y]) => sum + Math.hypot(x - mx, y - my), 0) / n;
  const s = Math.SQRT2 / distance;
  return [s, 0, -s * mx, 0, s, -s * my, 0, 0, 1];
}

function applied(m: Matrix3, x: number, y: number): readonly [number, number] {
  return [m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]];
}

function scaled(m: Matrix3, s: number): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = m;
  return [a * s, b * s, c * s, d * s, e * s, f * s, g * s, h * s, i * s];
}

function refuseHidden(lost: readonly number[], of: number): never {
  refuse(
    `point${lost.length > 1 ? 's' : ''} ${lost.join(', ')} of ${of} would be behind the horizon that the others ` +
      'make: points are interchanged or mistyped',
  );
}

function refuse(reason: string): never {
  throw new HitonamiError('INPUT', `no calibration follows from these points: ${reason}.`);
}
