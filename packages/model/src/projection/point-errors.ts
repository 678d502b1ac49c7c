import type { CalibrationPoint } from './fit-points.js';
import { FloorProjection, type Calibration } from './floor-projection.js';

/** How far a calibration is from one of its points. */
export interface PointError {
  /** Between where the point is on the floor and where its pixel is put, metres; undefined on or above the horizon. */
  readonly floorM: number | undefined;
  /** Between its pixel and where its place on the floor is shown, pixels; undefined where it is not shown. */
  readonly picturePx: number | undefined;
}

/**
 * The residual of each point, on the floor and in the picture (pixels as the picture has them, with the lens's distortion).
 *
 * @throws HitonamiError `PLAN` where the calibration is none
 */
export function pointErrors(
  calibration: Calibration,
  points: readonly CalibrationPoint[],
): PointError[] {
  const projection = FloorProjection.from(calibration);
  return points.map(({ u, v, x, y }) => {
    const [place, shown] = [projection.toFloor(u, v), projection.toImage(x, y)];
    return {
      floorM: place && Math.hypot(place.x - x, place.y - y),
      picturePx: shown && Math.hypot(shown.u - u, shown.v - v),
    };
  });
}
