import { adjugate, type Matrix3 } from '@hitonami/model';

/**
 * A pinhole camera above a flat floor. The floor's origin is the spot below it, y the direction in which it looks,
 * x to its right.
 */
export interface CameraPose {
  /** Above the floor, metres. */
  readonly heightM: number;
  /** Below the horizontal, radians. */
  readonly tiltRad: number;
  /** About the line of sight; positive where the right side hangs lower, radians. */
  readonly rollRad: number;
  /** Focal length and principal point, pixels; pixels are square. */
  readonly focalPx: number;
  readonly cx: number;
  readonly cy: number;
}

/** The homography from picture pixels to the floor below the camera. */
export function homographyOfPose(pose: CameraPose): Matrix3 {
  const { heightM, tiltRad, rollRad, focalPx, cx, cy } = pose;
  const [s, c] = [Math.sin(tiltRad), Math.cos(tiltRad)];
  const [rs, rc] = [Math.sin(rollRad), Math.cos(rollRad)];
  // Floor (x, y, 1) in the camera's axes: right, below, ahead.
  const ahead = [0, c, heightM * s] as const;
  const right = [rc, rs * s, -rs * c * heightM] as const;
  const below = [rs, -rc * s, rc * c * heightM] as const;
  const row = (
    axis: readonly [number, number, number],
    middle: number,
  ): [number, number, number] => [
    focalPx * axis[0] + middle * ahead[0],
    focalPx * axis[1] + middle * ahead[1],
    focalPx * axis[2] + middle * ahead[2],
  ];
  const toPicture: Matrix3 = [...row(right, cx), ...row(below, cy), ...ahead];
  return adjugate(toPicture);
}

/**
 * How high above the floor the point of the picture (u, v) is, metres, if it is straight above the spot of the floor
 * that the picture shows at (footU, footV): the stature of who stands there. Undefined where that spot is no floor.
 */
export function heightAbove(
  pose: CameraPose,
  footU: number,
  footV: number,
  headV: number,
): number | undefined {
  const { heightM, focalPx, cx, cy } = pose;
  const foot = direction(pose, (footU - cx) / focalPx, (footV - cy) / focalPx);
  if (!(foot[2] < 0)) return undefined;
  const reach = heightM / -foot[2];
  const [x, y] = [foot[0] * reach, foot[1] * reach];
  // The head is where the picture's row headV meets the vertical: n · (x, y, z − height) = 0 for the plane of that row.
  const b = (headV - cy) / focalPx;
  const normal = rowPlane(pose, b);
  if (Math.abs(normal[2]) < 1e-9) return undefined;
  return heightM - (normal[0] * x + normal[1] * y) / normal[2];
}

/** The direction in the world (right, ahead on the floor, up) of a point of the normalised picture. */
function direction(
  { tiltRad, rollRad }: CameraPose,
  a: number,
  b: number,
): readonly [number, number, number] {
  const [s, c] = [Math.sin(tiltRad), Math.cos(tiltRad)];
  const [rs, rc] = [Math.sin(rollRad), Math.cos(rollRad)];
  const right = rc * a + rs * b;
  const below = -rs * a + rc * b;
  return [right, c - below * s, -s - below * c];
}

/** The plane through the camera that the picture shows as the row b: all directions d with normal · d = 0. */
function rowPlane(pose: CameraPose, b: number): readonly [number, number, number] {
  const [ax, ay, az] = direction(pose, 0, b);
  const [bx, by, bz] = direction(pose, 1, b);
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}
