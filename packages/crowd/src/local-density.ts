import { polygonBox, type Polygon } from '@hitonami/model';
import { KernelShare, LOCAL_RADIUS_M, RADIUS_MM, RADIUS_MM2, SHARE_MIN } from './kernel-share.js';

/** Of a sum of R² − d² (mm²) to persons/m². */
const SCALE = (2 / (Math.PI * LOCAL_RADIUS_M ** 4)) * 1e-6;

/**
 * Where it is less dense than this, persons/m², crowd pressure is not looked at: it is Fruin's bound of level F on walkways.
 * Below it people choose their own speed and direction, so that two streams that pass through each other, of which nobody is
 * pressed, would have many times the pressure of a crush.
 */
export const PRESSURE_DENSITY_MIN = 2.153;
/** From here on the source saw turbulence, in which people fall, 1/s². */
export const PRESSURE_CRITICAL = 0.02;
/** The kernel's weight in pressure is a whole number up to 2,250 (mm² of R² − d² by the thousand), */
const WEIGHT_MM2 = 1_000;
/** and a velocity's component at most this, mm/s: so that the sums over 20,000 people around a place are exact. */
const VELOCITY_MAX_MM_S = 10_000;

/**
 * The highest local density of one area: what the danger bands are about, since a crowd is crushed where it is densest and
 * not where it is on average.
 *
 * The density at a place is ρ(x) = Σ w(|x − xᵢ|) ÷ ∫ w over the floor, over everybody in the area, with the parabolic
 * (Epanechnikov) kernel w(d) = 2 ÷ (πR²) · (1 − d²/R²) and R = 1.5 m; it weighs about as an even patch of 5.3 m² does.
 * The floor is what lies inside the area and is covered by the plan's cameras: people crowd at walls and platform edges,
 * and neither an edge nor the border of what is seen may halve the danger. In corners and narrow places no more than half
 * of the kernel is taken to be cut off, so that two people in a corner are no crush. The result is the highest ρ at the
 * place of anybody in the area; nobody there: 0. One person alone reads 0.28, or at a wall 0.57, persons/m².
 *
 * A kernel that falls off smoothly is chosen over counting within a circle because a count jumps with every step: on an
 * even lattice of 2 to 6 persons/m² this reads within 5 %, a circle of 1 m up to 21 % too much.
 */
export class LocalDensity {
  private readonly minXMm: number;
  private readonly minYMm: number;
  private readonly columns: number;
  private readonly rows: number;
  private readonly share: KernelShare;
  private readonly starts: Int32Array;
  /** Where people are, cell by cell, and what number they have in the caller's lists. */
  private xs = new Int32Array(64);
  private ys = new Int32Array(64);
  private who = new Int32Array(64);

  /**
   * @param polygon the area, metres
   * @param isFloor whether people can stand, and be seen, at a place in millimetres
   */
  constructor(polygon: Polygon, isFloor: (xMm: number, yMm: number) => boolean) {
    const { minX, minY, maxX, maxY } = polygonBox(polygon);
    this.minXMm = Math.floor(minX * 1_000);
    this.minYMm = Math.floor(minY * 1_000);
    const [maxXMm, maxYMm] = [maxX * 1_000, maxY * 1_000];
    this.columns = Math.floor((maxXMm - this.minXMm) / RADIUS_MM) + 1;
    this.rows = Math.floor((maxYMm - this.minYMm) / RADIUS_MM) + 1;
    this.starts = new Int32Array(this.columns * this.rows + 1);
    const box = { minX: this.minXMm, minY: this.minYMm, maxX: maxXMm, maxY: maxYMm };
    this.share = new KernelShare(box, isFloor);
  }

  /**
   * The highest local density, persons/m². Whoever stands outside the area's box is passed over.
   * @param xMm where the people in the area are, millimetres, in any order
   */
  peak(xMm: readonly number[], yMm: readonly number[]): number {
    if (xMm.length === 0) return 0;
    this.sort(xMm, yMm);
    const { starts, columns, rows } = this;
    let best = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const cell = row * columns + column;
        if (starts[cell] === starts[cell + 1]) continue;
        // The most that anybody in the cell can have.
        const most = (this.near(row, column) * RADIUS_MM2 * SCALE) / SHARE_MIN;
        if (most > best) best = this.peakOfCell(row, column, best);
      }
    }
    return best;
  }

  /**
   * The highest crowd pressure P = ρ · Var(v), 1/s², at the places where the local density is `PRESSURE_DENSITY_MIN` or more;
   * undefined where that is nowhere, for then there is no crowd that could press.
   *
   * At a person's place ρ is the local density as above, and Var(v) = Σ w |vᵢ − v̄|² ÷ Σ w the variance of the velocities of
   * everybody within the same kernel about their mean v̄ = Σ w vᵢ ÷ Σ w, both axes together.
   *
   * Source: Helbing, Johansson and Al-Abideen, Phys. Rev. E 75 (2007) 046109, with this kernel in place of their Gaussian.
   * Errors of position make pressure of their own: see `velocityNoise`.
   *
   * @param xMm where the people in the area are, millimetres, in any order
   * @param vxMmS how they move, mm/s, in the same order
   */
  pressure(
    xMm: readonly number[],
    yMm: readonly number[],
    vxMmS: readonly number[],
    vyMmS: readonly number[],
  ): number | undefined {
    this.sort(xMm, yMm);
    const { starts, columns, rows } = this;
    let best = -1;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const cell = row * columns + column;
        if (starts[cell] === starts[cell + 1]) continue;
        const most = (this.near(row, column) * RADIUS_MM2 * SCALE) / SHARE_MIN;
        if (most >= PRESSURE_DENSITY_MIN)
          best = this.pressureOfCell(row, column, vxMmS, vyMmS, best);
      }
    }
    return best < 0 ? undefined : best;
  }

  /** How many people are in a cell and those around it. */
  private near(row: number, column: number): number {
    const { starts, columns } = this;
    const west = Math.max(0, column - 1);
    const past = Math.min(columns - 1, column + 1) + 1;
    const north = Math.min(this.rows - 1, row + 1);
    let near = 0;
    for (let r = Math.max(0, row - 1); r <= north; r++)
      near += (starts[r * columns + past] as number) - (starts[r * columns + west] as number);
    return near;
  }

  private peakOfCell(row: number, column: number, bestBefore: number): number {
    const { starts, columns, xs, ys } = this;
    const west = Math.max(0, column - 1);
    const past = Math.min(columns - 1, column + 1) + 1;
    const south = Math.max(0, row - 1);
    const north = Math.min(this.rows - 1, row + 1);
    const to = starts[row * columns + column + 1] as number;
    let best = bestBefore;
    for (let i = starts[row * columns + column] as number; i < to; i++) {
      const x = xs[i] as number;
      const y = ys[i] as number;
      // Whole numbers, so that the order of the people cannot show.
      let sum = 0;
      for (let r = south; r <= north; r++) {
        const end = starts[r * columns + past] as number;
        for (let k = starts[r * columns + west] as number; k < end; k++) {
          const dx = (xs[k] as number) - x;
          const dy = (ys[k] as number) - y;
          const rest = RADIUS_MM2 - dx * dx - dy * dy;
          if (rest > 0) sum += rest;
        }
      }
      const density = sum * SCALE;
      if (density / SHARE_MIN > best) best = Math.max(best, density / this.share.at(x, y));
    }
    return best;
  }

  private pressureOfCell(
    row: number,
    column: number,
    vxMmS: readonly number[],
    vyMmS: readonly number[],
    bestBefore: number,
  ): number {
    const { starts, columns, xs, ys, who } = this;
    const west = Math.max(0, column - 1);
    const past = Math.min(columns - 1, column + 1) + 1;
    const south = Math.max(0, row - 1);
    const north = Math.min(this.rows - 1, row + 1);
    const to = starts[row * columns + column + 1] as number;
    let best = bestBefore;
    for (let i = starts[row * columns + column] as number; i < to; i++) {
      const x = xs[i] as number;
      const y = ys[i] as number;
      let sum = 0;
      let weights = 0;
      let u = 0;
      let v = 0;
      let squares = 0;
      for (let r = south; r <= north; r++) {
        const end = starts[r * columns + past] as number;
        for (let k = starts[r * columns + west] as number; k < end; k++) {
          const dx = (xs[k] as number) - x;
          const dy = (ys[k] as number) - y;
          const rest = RADIUS_MM2 - dx * dx - dy * dy;
          if (rest <= 0) continue;
          sum += rest;
          const weight = Math.trunc(rest / WEIGHT_MM2);
          const vx = within(vxMmS[who[k] as number] as number);
          const vy = within(vyMmS[who[k] as number] as number);
          weights += weight;
          u += weight * vx;
          v += weight * vy;
          squares += weight * (vx * vx + vy * vy);
        }
      }
      if ((sum * SCALE) / SHARE_MIN < PRESSURE_DENSITY_MIN) continue;
      const density = (sum * SCALE) / this.share.at(x, y);
      if (density < PRESSURE_DENSITY_MIN) continue;
      // Rounding must not make it negative.
      const variance = Math.max(0, (squares - (u * u + v * v) / weights) / weights) * 1e-6;
      best = Math.max(best, density * variance);
    }
    return best;
  }

  /** Puts the people into cells of the kernel's radius, row by row. */
  private sort(xMm: readonly number[], yMm: readonly number[]): void {
    const { starts } = this;
    const count = xMm.length;
    if (this.xs.length < count) {
      this.xs = new Int32Array(2 * count);
      this.ys = new Int32Array(2 * count);
      this.who = new Int32Array(2 * count);
    }
    starts.fill(0);
    for (let i = 0; i < count; i++) {
      const cell = this.cellOf(xMm[i] as number, yMm[i] as number);
      if (cell >= 0) starts[cell] = (starts[cell] as number) + 1;
    }
    // Each start is first the end of its cell, and moves back with everybody who is put there.
    for (let cell = 1; cell < starts.length; cell++)
      starts[cell] = (starts[cell] as number) + (starts[cell - 1] as number);
    for (let i = 0; i < count; i++) {
      const cell = this.cellOf(xMm[i] as number, yMm[i] as number);
      if (cell < 0) continue;
      const at = (starts[cell] as number) - 1;
      starts[cell] = at;
      this.xs[at] = xMm[i] as number;
      this.ys[at] = yMm[i] as number;
      this.who[at] = i;
    }
  }

  private cellOf(xMm: number, yMm: number): number {
    const column = Math.floor((xMm - this.minXMm) / RADIUS_MM);
    const row = Math.floor((yMm - this.minYMm) / RADIUS_MM);
    const isIn = column >= 0 && column < this.columns && row >= 0 && row < this.rows;
    return isIn ? row * this.columns + column : -1;
  }
}

function within(mmS: number): number {
  return Math.max(-VELOCITY_MAX_MM_S, Math.min(VELOCITY_MAX_MM_S, mmS));
}
