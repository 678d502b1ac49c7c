/** Intrinsics and distortion of a lens, as OpenCV's `calibrateCamera` reports them. */
export interface Distortion {
  /** Focal lengths and principal point, pixels. */
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  /** Radial coefficients. */
  readonly k1: number;
  readonly k2: number;
  readonly k3?: number;
  /** Tangential coefficients. */
  readonly p1: number;
  readonly p2: number;
}

/** A point and the matrix of its derivatives: [du/du', du/dv', dv/du', dv/dv']. */
export interface Mapped {
  readonly u: number;
  readonly v: number;
  readonly jacobian: readonly [number, number, number, number];
}

const ITERATIONS_MAX = 30;
/** On the normalised plane; a ten-millionth of a pixel for usual focal lengths. */
const TOLERANCE = 1e-10;

/**
 * Where a lens shows the point that a pinhole would show at (u, v), pixels. Brown–Conrady model:
 * x' = x (1 + k1 r² + k2 r⁴ + k3 r⁶) + 2 p1 x y + p2 (r² + 2 x²), and y' with p1 and p2 exchanged.
 * Source: OpenCV, "Camera Calibration and 3D Reconstruction"; Brown, "Close-range camera calibration", 1971.
 *
 * Undefined outside the part of the picture where the model is one-to-one: there the polynomial has turned back and
 * shows nothing that a lens does.
 */
export function distort(lens: Distortion, u: number, v: number): Mapped | undefined {
  const x = (u - lens.cx) / lens.fx;
  const y = (v - lens.cy) / lens.fy;
  if (!isOneToOne(lens, x * x + y * y)) return undefined;
  const { x: xd, y: yd, j } = bend(lens, x, y);
  if (!(j[0] * j[3] - j[1] * j[2] > 0)) return undefined;
  return {
    u: xd * lens.fx + lens.cx,
    v: yd * lens.fy + lens.cy,
    jacobian: [j[0], (j[1] * lens.fx) / lens.fy, (j[2] * lens.fy) / lens.fx, j[3]],
  };
}

/**
 * The inverse of `distort`, by Newton's method from the distorted point on, at most 30 steps. Undefined where it does
 * not converge, or converges on a point outside the part where the model is one-to-one.
 */
export function undistort(lens: Distortion, u: number, v: number): Mapped | undefined {
  const xd = (u - lens.cx) / lens.fx;
  const yd = (v - lens.cy) / lens.fy;
  let x = xd;
  let y = yd;
  for (let step = 0; step < ITERATIONS_MAX; step++) {
    const bent = bend(lens, x, y);
    const [a, b, c, d] = bent.j;
    const det = a * d - b * c;
    const ex = bent.x - xd;
    const ey = bent.y - yd;
    if (Math.abs(ex) + Math.abs(ey) < TOLERANCE) {
      if (!(det > 0) || !isOneToOne(lens, x * x + y * y)) return undefined;
      return {
        u: x * lens.fx + lens.cx,
        v: y * lens.fy + lens.cy,
        jacobian: [
          d / det,
          (-b / det) * (lens.fx / lens.fy),
          (-c / det) * (lens.fy / lens.fx),
          a / det,
        ],
      };
    }
    // Past the fold of a barrel the derivative turns: half the way back towards the centre lies before it.
    if (!(det > 0)) {
      x /= 2;
      y /= 2;
    } else {
      x -= (d * ex - b * ey) / det;
      y -= (a * ey - c * ex) / det;
    }
  }
  return undefined;
}

/** The distortion on the normalised plane, and its derivatives. */
function bend(
  { k1, k2, k3 = 0, p1, p2 }: Distortion,
  x: number,
  y: number,
): { x: number; y: number; j: readonly [number, number, number, number] } {
  const r2 = x * x + y * y;
  const radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  const slope = k1 + r2 * (2 * k2 + r2 * 3 * k3);
  const across = 2 * x * y * slope + 2 * p1 * x + 2 * p2 * y;
  return {
    x: x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x),
    y: y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y,
    j: [
      radial + 2 * x * x * slope + 2 * p1 * y + 6 * p2 * x,
      across,
      across,
      radial + 2 * y * y * slope + 6 * p1 * y + 2 * p2 * x,
    ],
  };
}

const RADIUS_STEPS = 32;

/** Whether the radial part still grows everywhere from the centre to this radius. */
function isOneToOne({ k1, k2, k3 = 0 }: Distortion, r2: number): boolean {
  for (let i = 1; i <= RADIUS_STEPS; i++) {
    const s = (r2 * i) / RADIUS_STEPS;
    if (!(1 + s * (3 * k1 + s * (5 * k2 + s * 7 * k3)) > 0)) return false;
  }
  return true;
}
