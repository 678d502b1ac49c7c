import { HitonamiError, type PlanCalibration } from '@hitonami/model';

/** Intrinsics and distortion of a lens: OpenCV's model, pixels. The same shape as a plan's `calibration.distortion`. */
export type Lens = NonNullable<PlanCalibration['distortion']>;

/** Metres, x east, y north, z up. */
export type Vec3 = readonly [x: number, y: number, z: number];

/** Where a camera hangs and how it looks. */
export interface CameraPose {
  /** Above which point of the floor, metres. */
  x: number;
  y: number;
  /** Of the optical centre above the floor. */
  heightM: number;
  /** The direction in which it looks over the floor, counter-clockwise from east (x). */
  yawDeg: number;
  /** How far it looks down: 0 is level, 90 straight down. */
  tiltDeg: number;
  /** How far it is turned clockwise about its line of sight, seen from behind it. */
  rollDeg: number;
  imageWidth: number;
  imageHeight: number;
  lens: Lens;
}

/** The axes of a camera's picture in the world, unit vectors: u runs to the right, v down. */
export interface CameraAxes {
  right: Vec3;
  down: Vec3;
  forward: Vec3;
}

const RAD = Math.PI / 180;

/** A lens with square pixels and its principal point in the middle, by its horizontal field of view (as a pinhole). */
export function lensOf(
  imageWidth: number,
  imageHeight: number,
  fieldOfViewDeg: number,
  bend: Partial<Pick<Lens, 'k1' | 'k2' | 'k3' | 'p1' | 'p2'>> = {},
): Lens {
  const f = imageWidth / 2 / Math.tan((fieldOfViewDeg * RAD) / 2);
  const centre = { cx: imageWidth / 2, cy: imageHeight / 2 };
  return { fx: f, fy: f, ...centre, k1: 0, k2: 0, k3: 0, p1: 0, p2: 0, ...bend };
}

/** Where right, down and forward of a camera point in the world. */
export function axesOf(pose: Pick<CameraPose, 'yawDeg' | 'tiltDeg' | 'rollDeg'>): CameraAxes {
  const [cy, sy] = [Math.cos(pose.yawDeg * RAD), Math.sin(pose.yawDeg * RAD)];
  const [ct, st] = [Math.cos(pose.tiltDeg * RAD), Math.sin(pose.tiltDeg * RAD)];
  const [cr, sr] = [Math.cos(pose.rollDeg * RAD), Math.sin(pose.rollDeg * RAD)];
  const right: Vec3 = [sy, -cy, 0];
  const down: Vec3 = [-cy * st, -sy * st, -ct];
  return {
    right: mix(right, cr, down, sr),
    down: mix(down, cr, right, -sr),
    forward: [cy * ct, sy * ct, -st],
  };
}

/**
 * A camera's calibration as a site plan holds it: the homography from undistorted pixels to metres of the floor z = 0,
 * and the lens. With the optical centre C and the picture's axes as rows of R, a point X of the floor is shown at
 * K R (X − C) (Hartley and Zisserman, Multiple View Geometry, ch. 8); the homography is the inverse of that.
 */
export function calibrationOf(pose: CameraPose): PlanCalibration {
  if (!(pose.heightM > 0))
    throw new HitonamiError('CONFIG', 'camera pose: heightM must be above 0');
  const { right, down, forward } = axesOf(pose);
  const { fx, fy, cx, cy } = pose.lens;
  const c: Vec3 = [pose.x, pose.y, pose.heightM];
  const rows = [mix(right, fx, forward, cx), mix(down, fy, forward, cy), forward] as const;
  const toPicture = rows.flatMap((row) => [row[0], row[1], -dot(row, c)]) as unknown as Matrix3;
  const h = inverse(toPicture);
  const scale = Math.hypot(...h);
  return {
    imageWidth: pose.imageWidth,
    imageHeight: pose.imageHeight,
    homography: h.map((value) => value / scale) as unknown as PlanCalibration['homography'],
    distortion: { ...pose.lens },
  };
}

/**
 * The pose that a calibration says: the inverse of `calibrationOf`. Without `distortion` the lens is taken to have
 * square pixels and its principal point in the middle; the focal length then follows from the two constraints that the
 * homography's axes are orthogonal and equally long (Zhang, IEEE PAMI 22, 2000, section 3).
 *
 * @throws HitonamiError `PLAN` where the homography shows no floor from above, or leaves the focal length open
 */
export function poseOf(calibration: PlanCalibration): CameraPose {
  const { imageWidth, imageHeight } = calibration;
  const toPicture = inverse(calibration.homography);
  const lens = calibration.distortion ?? guessLens(toPicture, imageWidth, imageHeight);
  const column = (i: number): Vec3 => [
    ((toPicture[i] ?? NaN) - lens.cx * (toPicture[i + 6] ?? NaN)) / lens.fx,
    ((toPicture[i + 3] ?? NaN) - lens.cy * (toPicture[i + 6] ?? NaN)) / lens.fy,
    toPicture[i + 6] ?? NaN,
  ];
  const [a, b, t] = [column(0), column(1), column(2)];
  const size = Math.sqrt(Math.hypot(...a) * Math.hypot(...b));
  // Of the two signs the one that has the camera above the floor: z = a × b points up, and C = −Rᵀ t.
  const z = cross(a, b).map((value) => value / (size * size)) as unknown as Vec3;
  const heightBySign = -dot(z, t) / size;
  const s = (heightBySign < 0 ? -1 : 1) / size;
  const x: Vec3 = [a[0] * s, a[1] * s, a[2] * s];
  const y: Vec3 = [b[0] * s, b[1] * s, b[2] * s];
  const c: Vec3 = [t[0] * s, t[1] * s, t[2] * s];
  const forward: Vec3 = [x[2], y[2], z[2]];
  const right: Vec3 = [x[0], y[0], z[0]];
  const tilt = Math.asin(Math.max(-1, Math.min(1, -forward[2])));
  // Straight down there is no direction over the floor: the top of the picture takes its place.
  const isDown = Math.hypot(forward[0], forward[1]) < 1e-9;
  const yaw = isDown ? Math.atan2(right[0], -right[1]) : Math.atan2(forward[1], forward[0]);
  const level: Vec3 = [Math.sin(yaw), -Math.cos(yaw), 0];
  const levelDown = cross(forward, level);
  const pose = {
    x: -dot(x, c),
    y: -dot(y, c),
    heightM: -dot(z, c),
    yawDeg: yaw / RAD,
    tiltDeg: tilt / RAD,
    rollDeg: Math.atan2(dot(right, levelDown), dot(right, level)) / RAD,
  };
  if (!Object.values(pose).every(Number.isFinite) || !(pose.heightM > 0)) {
    throw new HitonamiError(
      'PLAN',
      'calibration.homography is not that of a camera above its floor; calibrate again',
    );
  }
  return { ...pose, imageWidth, imageHeight, lens: { ...lens } };
}

type Matrix3 = PlanCalibration['homography'];

function guessLens(h: Matrix3, width: number, height: number): Lens {
  const [cx, cy] = [width / 2, height / 2];
  const at = (i: number): Vec3 => [
    (h[i] ?? NaN) - cx * (h[i + 6] ?? NaN),
    (h[i + 3] ?? NaN) - cy * (h[i + 6] ?? NaN),
    h[i + 6] ?? NaN,
  ];
  const [a, b] = [at(0), at(1)];
  // (a0 b0 + a1 b1)/f² + a2 b2 = 0 and |a|² = |b|² with the same f: the least-squares 1/f² of the two.
  const rows = [
    [a[0] * b[0] + a[1] * b[1], -a[2] * b[2]],
    [a[0] * a[0] + a[1] * a[1] - b[0] * b[0] - b[1] * b[1], b[2] * b[2] - a[2] * a[2]],
  ] as const;
  const inverseSquare =
    rows.reduce((sum, [p, q]) => sum + p * q, 0) / rows.reduce((sum, [p]) => sum + p * p, 0);
  if (!(inverseSquare > 0)) {
    throw new HitonamiError(
      'PLAN',
      'calibration: the homography alone does not say the focal length; add distortion with fx, fy, cx, cy',
    );
  }
  const f = 1 / Math.sqrt(inverseSquare);
  return { fx: f, fy: f, cx, cy, k1: 0, k2: 0, k3: 0, p1: 0, p2: 0 };
}

function mix(a: Vec3, s: number, b: Vec3, t: number): Vec3 {
  return [a[0] * s + b[0] * t, a[1] * s + b[1] * t, a[2] * s + b[2] * t];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function inverse([a, b, c, d, e, f, g, h, i]: Matrix3): Matrix3 {
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const k = 1 / det;
  return [
    (e * i - f * h) * k,
    (c * h - b * i) * k,
    (b * f - c * e) * k,
    (f * g - d * i) * k,
    (a * i - c * g) * k,
    (c * d - a * f) * k,
    (d * h - e * g) * k,
    (b * g - a * h) * k,
    (a * e - b * d) * k,
  ];
}
