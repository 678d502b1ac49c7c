/** The coefficients of a lens on the normalised plane. */
export interface LensCoefficients {
  readonly k1: number;
  readonly k2: number;
  readonly k3: number;
  readonly p1: number;
  readonly p2: number;
}

/** Farthest that the model is looked at, as tangent of the angle from the axis (about 84°). */
const RADIUS_MAX = 10;
const RADIUS_STEP = 0.01;
/** The model is left before its radial part stops growing, where it would crowd all of the world into one ring. */
const SLOPE_MIN = 0.15;
const NEWTON_STEPS_MAX = 30;
const TOLERANCE = 1e-9;

/**
 * A Brown–Conrady lens (OpenCV's k1, k2, k3, p1, p2) that is one-to-one everywhere: beyond the radius at which its
 * polynomial would fold back it goes on in a straight line, so that what is outside the picture stays outside.
 */
export class Lens {
  /** Squared radius up to which the polynomial holds. */
  readonly radiusSquaredMax: number;
  readonly isPinhole: boolean;
  readonly #c: LensCoefficients;
  readonly #radiusMax: number;
  readonly #shownMax: number;
  readonly #slopeMax: number;
  /** Where the last call put its answer. */
  x = 0;
  y = 0;

  constructor(coefficients: LensCoefficients) {
    const { k1, k2, k3, p1, p2 } = coefficients;
    this.#c = { k1, k2, k3, p1, p2 };
    this.isPinhole = k1 === 0 && k2 === 0 && k3 === 0 && p1 === 0 && p2 === 0;
    let radius = 0;
    while (radius < RADIUS_MAX && this.#slope(radius + RADIUS_STEP) > SLOPE_MIN)
      radius += RADIUS_STEP;
    this.#radiusMax = radius;
    this.radiusSquaredMax = this.isPinhole ? Infinity : radius * radius;
    const s = radius * radius;
    this.#shownMax = radius * (1 + s * (k1 + s * (k2 + s * k3)));
    this.#slopeMax = Math.max(SLOPE_MIN, this.#slope(radius));
  }

  /** Where the lens shows a point of the normalised plane; answers in `x` and `y`. */
  distort(x: number, y: number): void {
    if (this.isPinhole) {
      this.x = x;
      this.y = y;
      return;
    }
    const { k1, k2, k3, p1, p2 } = this.#c;
    const s = x * x + y * y;
    if (s <= this.radiusSquaredMax) {
      const radial = 1 + s * (k1 + s * (k2 + s * k3));
      this.x = x * radial + 2 * p1 * x * y + p2 * (s + 2 * x * x);
      this.y = y * radial + p1 * (s + 2 * y * y) + 2 * p2 * x * y;
      return;
    }
    // The tangential part grows with the square of the radius: it, too, stays as it is at the edge.
    const radius = Math.sqrt(s);
    const ex = (x / radius) * this.#radiusMax;
    const ey = (y / radius) * this.#radiusMax;
    const shown = (this.#shownMax + (radius - this.#radiusMax) * this.#slopeMax) / radius;
    this.x = x * shown + 2 * p1 * ex * ey + p2 * (this.radiusSquaredMax + 2 * ex * ex);
    this.y = y * shown + p1 * (this.radiusSquaredMax + 2 * ey * ey) + 2 * p2 * ex * ey;
  }

  /** The inverse of `distort`, by Newton's method; answers in `x` and `y`, the nearest found where it has no inverse. */
  undistort(xd: number, yd: number): void {
    if (this.isPinhole) {
      this.x = xd;
      this.y = yd;
      return;
    }
    let x = xd;
    let y = yd;
    const h = 1e-5;
    for (let step = 0; step < NEWTON_STEPS_MAX; step++) {
      this.distort(x, y);
      const ex = this.x - xd;
      const ey = this.y - yd;
      if (Math.abs(ex) + Math.abs(ey) < TOLERANCE) break;
      const [px, py] = [this.x, this.y];
      this.distort(x + h, y);
      const a = (this.x - px) / h;
      const c = (this.y - py) / h;
      this.distort(x, y + h);
      const b = (this.x - px) / h;
      const d = (this.y - py) / h;
      const det = a * d - b * c;
      if (!(Math.abs(det) > 1e-6)) break;
      x -= (d * ex - b * ey) / det;
      y -= (a * ey - c * ex) / det;
    }
    this.x = x;
    this.y = y;
  }

  /** Derivative of the shown radius by the true one. */
  #slope(radius: number): number {
    const s = radius * radius;
    const { k1, k2, k3 } = this.#c;
    return 1 + s * (3 * k1 + s * (5 * k2 + s * 7 * k3));
  }
}
