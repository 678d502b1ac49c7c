import { HitonamiError } from '../errors.js';
import type { Point } from '../geometry/point.js';
import { checkPoints, POINTS_MIN } from '../projection/point-checks.js';
import { determinant } from '../projection/matrix.js';
import { pointErrors } from '../projection/point-errors.js';
import type { PlanIssue } from './check.js';
import type { PlanCalibration, SitePlan } from './schema.js';

/** A camera hangs, and a calibration point lies, no farther than this outside the box around all that is on its floor; m. */
export const FLOOR_MARGIN_M = 10;
/**
 * A calibration agrees with a point that it puts within so many metres, or, since far away a pixel is metres, that it shows
 * within such a share of the picture's width from its pixel.
 */
export const POINT_RESIDUAL_MAX_M = 0.5;
export const POINT_RESIDUAL_MAX_SHARE = 0.01;

/** What is wrong with where cameras hang, with their calibrations, and with the points that these were made from. */
export function cameraIssues(plan: SitePlan): PlanIssue[] {
  return plan.cameras.flatMap((camera, i) => {
    const key = `cameras[${i}]`;
    const isOutside = outsideOf(plan, camera.floor);
    return [
      ...positionIssues(`${key}.position`, camera.position, isOutside),
      ...(camera.calibration
        ? calibrationIssues(`${key}.calibration`, camera.calibration, isOutside)
        : []),
    ];
  });
}

/** Whether a point lies outside the box around what is drawn on a floor, and its margin; nothing there: nothing is outside. */
function outsideOf(plan: SitePlan, floor: string): (point: Point) => boolean {
  const points = [
    ...plan.areas.filter((area) => area.floor === floor).flatMap((a) => a.polygon.coordinates),
    ...plan.cameras.filter((one) => one.floor === floor).flatMap((c) => c.coverage.coordinates),
    ...plan.lines.filter((line) => line.floor === floor).map((l) => l.line.coordinates),
  ].flat();
  if (points.length === 0) return () => false;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b)) - FLOOR_MARGIN_M;
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b)) + FLOOR_MARGIN_M;
  const [left, right, bottom, top] = [least(xs), most(xs), least(ys), most(ys)];
  return ([x, y]) => !(x >= left && x <= right && y >= bottom && y <= top);
}

function positionIssues(
  key: string,
  position: SitePlan['cameras'][number]['position'],
  isOutside: (point: Point) => boolean,
): PlanIssue[] {
  if (position === undefined || !isOutside([position.x, position.y])) return [];
  const problem = `(${position.x}, ${position.y}) is over ${FLOOR_MARGIN_M} m outside its floor`;
  return [{ key, problem, mend: 'give its place in metres on the plane of its floor' }];
}

function calibrationIssues(
  key: string,
  calibration: PlanCalibration,
  isOutside: (point: Point) => boolean,
): PlanIssue[] {
  const { homography, points } = calibration;
  const scale = Math.hypot(...homography) || 1;
  if (!(Math.abs(determinant(homography)) > 1e-12 * scale ** 3)) {
    return [
      {
        key: `${key}.homography`,
        problem: 'it maps the picture onto a line or a point',
        mend: 'calibrate again from points that do not lie on one line',
      },
    ];
  }
  if (points === undefined) return [];
  return [
    ...placeIssues(`${key}.points`, calibration, points, isOutside),
    ...degenerate(`${key}.points`, points),
    ...disagreement(`${key}.points`, calibration, points),
  ];
}

type Points = NonNullable<PlanCalibration['points']>;

function placeIssues(
  key: string,
  { imageWidth, imageHeight }: PlanCalibration,
  points: Points,
  isOutside: (point: Point) => boolean,
): PlanIssue[] {
  return points.flatMap(({ u, v, x, y }, i) => {
    const isInPicture = u >= 0 && u <= imageWidth && v >= 0 && v <= imageHeight;
    return [
      ...(isInPicture
        ? []
        : [
            {
              key: `${key}[${i}]`,
              problem: `pixel (${u}, ${v}) is not in the picture of ${imageWidth} × ${imageHeight}`,
              mend: 'take it from a picture of that size',
            },
          ]),
      ...(isOutside([x, y])
        ? [
            {
              key: `${key}[${i}]`,
              problem: `(${x}, ${y}) is over ${FLOOR_MARGIN_M} m outside its floor`,
              mend: 'give its place in metres on the plane of the camera’s floor',
            },
          ]
        : []),
    ];
  });
}

/** Points on one line, or fewer than four different ones, fix no homography. */
function degenerate(key: string, points: Points): PlanIssue[] {
  try {
    checkPoints(points);
    return [];
  } catch (error) {
    if (!(error instanceof HitonamiError)) throw error;
    const mend = `give at least ${POINTS_MIN} points of which no three are on one line`;
    return [{ key, problem: error.message.replace(/\.$/, ''), mend }];
  }
}

function disagreement(key: string, calibration: PlanCalibration, points: Points): PlanIssue[] {
  const mostPx = POINT_RESIDUAL_MAX_SHARE * calibration.imageWidth;
  try {
    return pointErrors(calibration, points).flatMap(({ floorM, picturePx }, i) => {
      if ((floorM ?? Infinity) <= POINT_RESIDUAL_MAX_M || (picturePx ?? Infinity) <= mostPx)
        return [];
      const off = floorM === undefined ? 'on no floor' : `${floorM.toFixed(2)} m off`;
      return [
        {
          key: `${key}[${i}]`,
          problem: `the homography puts it ${off}; ${POINT_RESIDUAL_MAX_M} m, or ${mostPx} pixels in the picture, are allowed`,
          mend: 'mend the point, or fit the homography to the points again',
        },
      ];
    });
  } catch (error) {
    if (!(error instanceof HitonamiError)) throw error;
    const problem = error.message.replace(/^calibration\./, '').replace(/\.$/, '');
    return [{ key: key.replace(/\.points$/, ''), problem, mend: 'calibrate again' }];
  }
}
