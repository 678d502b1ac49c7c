/**
 * A constant-velocity Kalman filter in the plane: state (x, y, vx, vy), driven by white noise on the
 * acceleration (Bar-Shalom, Li, Kirubarajan, Estimation with Applications to Tracking and Navigation, 6.2.2:
 * process noise q·[dt³/3, dt²/2; dt²/2, dt] on each axis, q in plane units²/s³).
 *
 * The covariance is held as its ten different entries, named by what they join: `xx`, `xy`, `yy` of the
 * position, `xu` and so on of position with velocity (u, v), `uu`, `uv`, `vv` of the velocity.
 */
export class PlaneFilter {
  x: number;
  y: number;
  vx = 0;
  vy = 0;
  xx: number;
  xy: number;
  yy: number;
  xu = 0;
  xv = 0;
  yu = 0;
  yv = 0;
  uu: number;
  uv = 0;
  vv: number;

  /** Starts at a measured position with its covariance, at rest give or take `speedSd` units/s. */
  constructor(x: number, y: number, rxx: number, rxy: number, ryy: number, speedSd: number) {
    this.x = x;
    this.y = y;
    this.xx = rxx;
    this.xy = rxy;
    this.yy = ryy;
    this.uu = speedSd * speedSd;
    this.vv = speedSd * speedSd;
  }

  /** Moves the state `dt` seconds on; `q` is the strength of the noise on the acceleration, units²/s³. */
  predict(dt: number, q: number): void {
    this.x += this.vx * dt;
    this.y += this.vy * dt;
    const dt2 = dt * dt;
    const positionNoise = (q * dt2 * dt) / 3;
    const crossNoise = (q * dt2) / 2;
    this.xx += 2 * dt * this.xu + dt2 * this.uu + positionNoise;
    this.xy += dt * (this.xv + this.yu) + dt2 * this.uv;
    this.yy += 2 * dt * this.yv + dt2 * this.vv + positionNoise;
    this.xu += dt * this.uu + crossNoise;
    this.xv += dt * this.uv;
    this.yu += dt * this.uv;
    this.yv += dt * this.vv + crossNoise;
    this.uu += q * dt;
    this.vv += q * dt;
  }

  /** Takes in a measured position (x, y) with covariance (rxx, rxy, ryy), units². */
  update(x: number, y: number, rxx: number, rxy: number, ryy: number): void {
    const sxx = this.xx + rxx;
    const sxy = this.xy + rxy;
    const syy = this.yy + ryy;
    const determinant = sxx * syy - sxy * sxy;
    const ixx = syy / determinant;
    const ixy = -sxy / determinant;
    const iyy = sxx / determinant;
    const { xx, xy, yy, xu, xv, yu, yv } = this;
    // Gain = P Hᵀ S⁻¹: one row for each of x, y, vx, vy.
    const kxx = xx * ixx + xy * ixy;
    const kxy = xx * ixy + xy * iyy;
    const kyx = xy * ixx + yy * ixy;
    const kyy = xy * ixy + yy * iyy;
    const kux = xu * ixx + yu * ixy;
    const kuy = xu * ixy + yu * iyy;
    const kvx = xv * ixx + yv * ixy;
    const kvy = xv * ixy + yv * iyy;
    const dx = x - this.x;
    const dy = y - this.y;
    this.x += kxx * dx + kxy * dy;
    this.y += kyx * dx + kyy * dy;
    this.vx += kux * dx + kuy * dy;
    this.vy += kvx * dx + kvy * dy;
    this.xx = xx - kxx * xx - kxy * xy;
    this.xy = xy - kxx * xy - kxy * yy;
    this.yy = yy - kyx * xy - kyy * yy;
    this.xu = xu - kxx * xu - kxy * yu;
    this.xv = xv - kxx * xv - kxy * yv;
    this.yu = yu - kyx * xu - kyy * yu;
    this.yv = yv - kyx * xv - kyy * yv;
    this.uu -= kux * xu + kuy * yu;
    this.uv -= kux * xv + kuy * yv;
    this.vv -= kvx * xv + kvy * yv;
  }
}
