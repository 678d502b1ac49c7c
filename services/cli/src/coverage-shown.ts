import { FloorProjection, type PlanCamera, type PlanIssue } from '@hitonami/model';
import { squaresOf } from './squares.js';

/** Share of a camera's coverage, 0 to 1, … */
export interface CoverageShown {
  /** …that its calibration puts into its picture. */
  readonly shown: number;
  /** …that would be there if the floor were seen from below: of a right calibration that is behind the camera. */
  readonly mirrored: number;
}

/** Undefined where the plan does not tell: without a calibration. */
export function coverageShown({ calibration, coverage }: PlanCamera): CoverageShown | undefined {
  if (calibration === undefined) return undefined;
  const { imageWidth, imageHeight, homography, distortion } = calibration;
  const [a, b, c, d, e, f, g, h, i] = homography;
  const above = FloorProjection.from(calibration);
  // With y to the south the same pixels are of the same places, seen from the other side of the floor.
  const below = FloorProjection.from({ homography: [a, b, c, -d, -e, -f, g, h, i], distortion });
  const isInPicture = (at: { u: number; v: number } | undefined): boolean =>
    at !== undefined && at.u >= 0 && at.u <= imageWidth && at.v >= 0 && at.v <= imageHeight;
  let [all, shown, mirrored] = [0, 0, 0];
  for (const [x, y] of squaresOf(coverage.coordinates)) {
    all++;
    if (isInPicture(above.toImage(x, y))) shown++;
    else if (isInPicture(below.toImage(x, -y))) mirrored++;
  }
  return all === 0 ? undefined : { shown: shown / all, mirrored: mirrored / all };
}

/** What is certainly wrong with where the cameras of a plan look. */
export function coverageIssues(cameras: readonly PlanCamera[]): PlanIssue[] {
  return cameras.flatMap((camera, at) => {
    const { shown, mirrored } = coverageShown(camera) ?? { shown: 1, mirrored: 0 };
    if (mirrored > shown) {
      return [
        {
          key: `cameras[${at}].calibration.homography`,
          problem: 'it puts the coverage behind the camera, or shows the floor mirrored',
          mend: 'calibrate again with x to the east and y to the north, as on a map seen from above',
        },
      ];
    }
    if (shown > 0) return [];
    return [
      {
        key: `cameras[${at}].coverage`,
        problem: 'none of it is in the camera’s picture, as the calibration has it',
        mend: 'draw it where the camera looks, or calibrate again',
      },
    ];
  });
}
