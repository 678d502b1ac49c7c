import {
  calibrateFromPoints,
  FloorProjection,
  HitonamiError,
  pointErrors,
  polygonContains,
  type Matrix3,
  type PointError,
} from '@hitonami/model';
import {
  withValue,
  type CalibrationPoint,
  type Draft,
  type DraftCalibration,
  type Polygon,
} from './document.js';
import { boxOf, rounded } from './geometry.js';

/** Of a picture whose size nobody has typed yet. */
const SIZE = { imageWidth: 1280, imageHeight: 720 };

/** The residual of each point; nothing is known of any where the matrix is none. */
export function residualsOf(calibration: DraftCalibration): (PointError | undefined)[] {
  const points = calibration.points ?? [];
  return attempt(() => pointErrors(calibration, points)).value ?? points.map(() => undefined);
}

/** Root mean square of the residuals on the floor, metres; undefined where one is not known. */
export function rmsM(residuals: readonly (PointError | undefined)[]): number | undefined {
  const known = residuals.flatMap((each) => (each?.floorM === undefined ? [] : [each.floorM]));
  if (known.length === 0 || known.length < residuals.length) return undefined;
  return Math.sqrt(known.reduce((sum, m) => sum + m * m, 0) / known.length);
}

/** The matrix that fits the points best, as `hitonami calibrate` makes it; or why none follows. */
export function fitted({ points = [], distortion }: DraftCalibration): {
  homography?: Matrix3;
  reason?: string;
} {
  const { value, reason } = attempt(() => calibrateFromPoints(points, distortion));
  return value === undefined
    ? { reason: reason ?? '' }
    : { homography: value.calibration.homography };
}

/** Pixels that are tried, a row of the picture. */
const TRIED = 16;

/**
 * Points of a matrix, to begin with where a plan has none: pixels that show the coverage, as far apart as there are, and one
 * amid them. Empty where the picture shows nothing of it.
 */
export function pointsOf(calibration: DraftCalibration, coverage: Polygon): CalibrationPoint[] {
  const projection = attempt(() => FloorProjection.from(calibration)).value;
  const { imageWidth, imageHeight } = calibration;
  const all: CalibrationPoint[] = [];
  for (let row = 1; row < TRIED; row += 1) {
    for (let column = 1; column < TRIED; column += 1) {
      const u = Math.round((imageWidth * column) / TRIED);
      const v = Math.round((imageHeight * row) / TRIED);
      const place = projection?.toFloor(u, v);
      if (place !== undefined && polygonContains(coverage, place.x, place.y))
        all.push({ u, v, x: rounded(place.x), y: rounded(place.y) });
    }
  }
  const most = (of: (point: CalibrationPoint) => number): CalibrationPoint | undefined =>
    all.reduce<CalibrationPoint | undefined>(
      (best, point) => (best === undefined || of(point) > of(best) ? point : best),
      undefined,
    );
  const corners = [
    most(({ u, v }) => -u - v),
    most(({ u, v }) => u - v),
    most(({ u, v }) => u + v),
    most(({ u, v }) => v - u),
    all[Math.floor(all.length / 2)],
  ];
  return [...new Set(corners)].filter((point) => point !== undefined);
}

/**
 * A calibration to begin with: the picture's corners, a little inside, are the corners of the box around the coverage. Wrong,
 * until its points are typed.
 */
export function firstCalibration(
  corners: readonly (readonly [number, number])[],
): DraftCalibration | undefined {
  const box = boxOf(corners);
  if (box === undefined) return undefined;
  const { imageWidth: w, imageHeight: h } = SIZE;
  // Narrower above: what lies farther away.
  const points = [
    { u: w * 0.3, v: h * 0.3, x: box.minX, y: box.maxY },
    { u: w * 0.7, v: h * 0.3, x: box.maxX, y: box.maxY },
    { u: w * 0.9, v: h * 0.9, x: box.maxX, y: box.minY },
    { u: w * 0.1, v: h * 0.9, x: box.minX, y: box.minY },
  ];
  const { homography } = fitted({ ...SIZE, points, homography: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
  return homography && { ...SIZE, homography, points };
}

export function withCalibration(
  plan: Draft,
  camera: number,
  calibration: DraftCalibration | undefined,
): Draft {
  return withValue(plan, ['cameras', camera, 'calibration'], calibration);
}

/** What is typed may be no calibration yet: that is said, not thrown. */
function attempt<T>(work: () => T): { value?: T; reason?: string } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof HitonamiError) return { reason: error.message };
    throw error;
  }
}
