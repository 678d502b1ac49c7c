import type { Calibration } from './floor-projection.js';
import { adjugate, type Matrix3 } from './matrix.js';

/** Where a camera hangs: above which point of the floor, and how high above it, metres. */
export interface CameraPlace {
  readonly x: number;
  readonly y: number;
  readonly heightM: number;
}

/** No camera that sees people hangs lower or higher; what a fit says beyond is noise. Metres. */
const HEIGHT_MIN_M = 0.5;
const HEIGHT_MAX_M = 100;

type Vector = readonly [number, number, number];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/**
 * Where the camera of a calibration hangs: the columns of K⁻¹ H are the floor's axes and its origin in the axes of the
 * camera (Zhang, IEEE PAMI 22, 2000, section 3.1). Without the lens's parameters its principal point is taken for the
 * middle of the picture and its pixels for squares; the focal length then follows from the axes being perpendicular and
 * equally long. Undefined where it does not follow: a camera that looks straight down, or no camera above a floor.
 */
export function cameraPlace(
  calibration: Calibration & { readonly imageWidth: number; readonly imageHeight: number },
): CameraPlace | undefined {
  const toPicture = adjugate(calibration.homography);
  const lens = calibration.distortion ?? pinhole(toPicture, calibration);
  if (lens === undefined) return undefined;
  const { fx, fy, cx, cy } = lens;
  const column = (i: 0 | 1 | 2): Vector => {
    const [u, v, w] = [toPicture[i], toPicture[i + 3] ?? NaN, toPicture[i + 6] ?? NaN];
    return [(u - cx * w) / fx, (v - cy * w) / fy, w];
  };
  const [a, b, origin] = [column(0), column(1), column(2)];
  const size = Math.sqrt(Math.hypot(...a) * Math.hypot(...b));
  // A homography has either sign. It turns axes and origin alike, so that their products keep theirs, but not the height's.
  const [x, y] = [-dot(a, origin) / size ** 2, -dot(b, origin) / size ** 2];
  const heightM = Math.abs(dot(cross(a, b), origin)) / size ** 3;
  const isUsual = heightM >= HEIGHT_MIN_M && heightM <= HEIGHT_MAX_M;
  return Number.isFinite(x + y) && isUsual ? { x, y, heightM } : undefined;
}

/** Where a camera of a plan hangs: as it is stated, else as its calibration says; undefined where neither does. */
export function placeOfCamera(camera: {
  readonly position?: CameraPlace | undefined;
  readonly calibration?: Parameters<typeof cameraPlace>[0] | undefined;
}): CameraPlace | undefined {
  return camera.position ?? (camera.calibration && cameraPlace(camera.calibration));
}

function pinhole(
  toPicture: Matrix3,
  { imageWidth, imageHeight }: { readonly imageWidth: number; readonly imageHeight: number },
): { fx: number; fy: number; cx: number; cy: number } | undefined {
  const [cx, cy] = [imageWidth / 2, imageHeight / 2];
  const [a, b, , d, e, , g, h] = toPicture;
  const [au, av, bu, bv] = [a - cx * g, d - cy * g, b - cx * h, e - cy * h];
  // a·b = 0 and |a| = |b|, linear in 1/f²: the least-squares solution of the two.
  const rows = [
    [au * bu + av * bv, -g * h],
    [au * au + av * av - bu * bu - bv * bv, h * h - g * g],
  ] as const;
  const inverseSquare =
    rows.reduce((sum, [p, q]) => sum + p * q, 0) / rows.reduce((sum, [p]) => sum + p * p, 0);
  if (!(inverseSquare > 0)) return undefined;
  const f = 1 / Math.sqrt(inverseSquare);
  return { fx: f, fy: f, cx, cy };
}
