import { axesOf, type CameraPose, type Lens, type Vec3 } from './pose.js';

/** Steps in which the lens polynomial is asked whether it still grows. */
const RADIUS_STEPS = 16;

/** Where points of the world are shown in a camera's picture, lens included. */
export class PictureOf {
  readonly pose: CameraPose;
  readonly #right: Vec3;
  readonly #down: Vec3;
  readonly #forward: Vec3;

  constructor(pose: CameraPose) {
    this.pose = pose;
    const { right, down, forward } = axesOf(pose);
    this.#right = right;
    this.#down = down;
    this.#forward = forward;
  }

  /** The pixel of a point, metres; undefined behind the camera and where the lens model has turned back. */
  at(x: number, y: number, z: number): readonly [u: number, v: number] | undefined {
    const d: Vec3 = [x - this.pose.x, y - this.pose.y, z - this.pose.heightM];
    const depth = dot(this.#forward, d);
    if (!(depth > 0)) return undefined;
    return distorted(this.pose.lens, dot(this.#right, d) / depth, dot(this.#down, d) / depth);
  }

  /** Whether a point is in the picture, at least `marginPx` from its edge. */
  shows(x: number, y: number, z: number, marginPx: number): boolean {
    const pixel = this.at(x, y, z);
    if (pixel === undefined) return false;
    const [u, v] = pixel;
    const { imageWidth, imageHeight } = this.pose;
    return (
      u >= marginPx && v >= marginPx && u <= imageWidth - marginPx && v <= imageHeight - marginPx
    );
  }
}

/** OpenCV's model (Brown and Conrady), from the normalised plane to pixels. */
function distorted(lens: Lens, x: number, y: number): readonly [number, number] | undefined {
  const { fx, fy, cx, cy, k1, k2, k3, p1, p2 } = lens;
  const r2 = x * x + y * y;
  const isStraight = k1 === 0 && k2 === 0 && k3 === 0;
  for (let i = 1; i <= RADIUS_STEPS && !isStraight; i++) {
    const s = (r2 * i) / RADIUS_STEPS;
    if (!(1 + s * (3 * k1 + s * (5 * k2 + s * 7 * k3)) > 0)) return undefined;
  }
  const radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  return [
    fx * (x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)) + cx,
    fy * (y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y) + cy,
  ];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
