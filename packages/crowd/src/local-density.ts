import { polygonBox, type Polygon } from '@hitonami/model';

/** Nobody further away than this counts towards the density at a place, m. */
export const LOCAL_RADIUS_M = 1.5;
/** The least share of the kernel that is believed to lie on the floor: that of a straight wall. */
const MASS_MIN = 0.5;
/** Distance between the places at which the kernel's share is known, mm; doubled until there are no more than `NODES_MAX`. */
const NODE_MM = 250;
const NODES_MAX = 250_000;
/** The kernel's share is measured with so many points along its radius. */
const SAMPLES_PER_RADIUS = 8;

const RADIUS_MM = LOCAL_RADIUS_M * 1_000;
const RADIUS_MM2 = RADIUS_MM * RADIUS_MM;
/** Of a sum of R² − d² (mm²) to persons/m². */
const SCALE = (2 / (Math.PI * LOCAL_RADIUS_M ** 4)) * 1e-6;

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
  private readonly isFloor: (xMm: number, yMm: number) => boolean;
  private readonly minXMm: number;
  private readonly minYMm: number;
  private readonly columns: number;
  private readonly rows: number;
  private readonly nodeMm: number;
  private readonly nodeColumns: number;
  /** Share of the kernel on the floor, by node, NaN where nobody has been near yet. */
  private readonly mass: Float32Array;
  private readonly starts: Int32Array;
  private xs = new Int32Array(64);
  private ys = new Int32Array(64);

  /**
   * @param polygon the area, metres
   * @param isFloor whether people can stand, and be seen, at a place in millimetres
   */
  constructor(polygon: Polygon, isFloor: (xMm: number, yMm: number) => boolean) {
    const box = polygonBox(polygon);
    this.isFloor = isFloor;
    this.minXMm = Math.floor(box.minX * 1_000);
    this.minYMm = Math.floor(box.minY * 1_000);
    const [width, height] = [box.maxX * 1_000 - this.minXMm, box.maxY * 1_000 - this.minYMm];
    this.columns = Math.floor(width / RADIUS_MM) + 1;
    this.rows = Math.floor(height / RADIUS_MM) + 1;
    this.starts = new Int32Array(this.columns * this.rows + 1);
    let nodeMm = NODE_MM;
    while ((width / nodeMm + 2) * (height / nodeMm + 2) > NODES_MAX) nodeMm *= 2;
    this.nodeMm = nodeMm;
    this.nodeColumns = Math.floor(width / nodeMm) + 2;
    const nodes = this.nodeColumns * (Math.floor(height / nodeMm) + 2);
    this.mass = new Float32Array(nodes).fill(NaN);
  }

  /**
   * The highest local density, persons/m². Whoever stands outside the area's box is passed over.
   * @param xMm where the people in the area are, millimetres, in any order
   */
  peak(xMm: readonly number[], yMm: readonly number[]): number {
    const count = xMm.length;
    if (count === 0) return 0;
    this.sort(xMm, yMm);
    let best = 0;
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        const from = this.starts[row * this.columns + column] as number;
        const to = this.starts[row * this.columns + column + 1] as number;
        if (to > from) best = this.peakOfCell(row, column, from, to, best);
      }
    }
    return best;
  }

  private peakOfCell(
    row: number,
    column: number,
    from: number,
    to: number,
    bestBefore: number,
  ): number {
    const { starts, columns, xs, ys } = this;
    const [west, east] = [Math.max(0, column - 1), Math.min(columns - 1, column + 1)];
    const [south, north] = [Math.max(0, row - 1), Math.min(this.rows - 1, row + 1)];
    let near = 0;
    for (let r = south; r <= north; r++)
      near += (starts[r * columns + east + 1] as number) - (starts[r * columns + west] as number);
    let best = bestBefore;
    if ((near * RADIUS_MM2 * SCALE) / MASS_MIN <= best) return best;
    for (let i = from; i < to; i++) {
      const [x, y] = [xs[i] as number, ys[i] as number];
      // Whole numbers, so that the order of the people cannot show.
      let sum = 0;
      for (let r = south; r <= north; r++) {
        const end = starts[r * columns + east + 1] as number;
        for (let k = starts[r * columns + west] as number; k < end; k++) {
          const [dx, dy] = [(xs[k] as number) - x, (ys[k] as number) - y];
          const rest = RADIUS_MM2 - dx * dx - dy * dy;
          if (rest > 0) sum += rest;
        }
      }
      const density = sum * SCALE;
      if (density / MASS_MIN <= best) continue;
      best = Math.max(best, density / Math.max(MASS_MIN, this.massAt(x, y)));
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
    }
  }

  private cellOf(xMm: number, yMm: number): number {
    const column = Math.floor((xMm - this.minXMm) / RADIUS_MM);
    const row = Math.floor((yMm - this.minYMm) / RADIUS_MM);
    const isIn = column >= 0 && column < this.columns && row >= 0 && row < this.rows;
    return isIn ? row * this.columns + column : -1;
  }

  /** Share of the kernel around a place that lies on the floor, 0 to 1, between the four nodes around it. */
  private massAt(xMm: number, yMm: number): number {
    const [u, v] = [(xMm - this.minXMm) / this.nodeMm, (yMm - this.minYMm) / this.nodeMm];
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const [s, t] = [u - column, v - row];
    return (
      (1 - t) * ((1 - s) * this.node(column, row) + s * this.node(column + 1, row)) +
      t * ((1 - s) * this.node(column, row + 1) + s * this.node(column + 1, row + 1))
    );
  }

  private node(column: number, row: number): number {
    const at = row * this.nodeColumns + column;
    const known = this.mass[at];
    if (known !== undefined && !Number.isNaN(known)) return known;
    const [x, y] = [this.minXMm + column * this.nodeMm, this.minYMm + row * this.nodeMm];
    let share = 0;
    // Nearly everywhere all of it is: a look around tells, and what is small enough to slip through weighs nothing.
    if (RIM.every(({ dx, dy }) => this.isFloor(x + dx, y + dy))) share = 1;
    else
      for (const { dx, dy, weight } of SAMPLES) if (this.isFloor(x + dx, y + dy)) share += weight;
    // As it is kept, so that whoever asks first is told the same.
    return (this.mass[at] = Math.fround(share));
  }
}

/** Points of the kernel with their weights, whose sum is 1. */
const SAMPLES = kernelSamples();

/** Points around the kernel's edge, and half way to it. */
const RIM = [...ring(1, 16), ...ring(0.5, 8)];

function ring(share: number, points: number): { dx: number; dy: number }[] {
  return Array.from({ length: points }, (_, i) => {
    const angle = ((i + 0.5) * 2 * Math.PI) / points;
    return { dx: share * RADIUS_MM * Math.cos(angle), dy: share * RADIUS_MM * Math.sin(angle) };
  });
}

function kernelSamples(): { dx: number; dy: number; weight: number }[] {
  const step = RADIUS_MM / SAMPLES_PER_RADIUS;
  const samples: { dx: number; dy: number; weight: number }[] = [];
  for (let i = -SAMPLES_PER_RADIUS; i < SAMPLES_PER_RADIUS; i++) {
    for (let j = -SAMPLES_PER_RADIUS; j < SAMPLES_PER_RADIUS; j++) {
      const [dx, dy] = [(i + 0.5) * step, (j + 0.5) * step];
      const weight = RADIUS_MM2 - dx * dx - dy * dy;
      if (weight > 0) samples.push({ dx, dy, weight });
    }
  }
  const sum = samples.reduce((total, { weight }) => total + weight, 0);
  return samples.map(({ dx, dy, weight }) => ({ dx, dy, weight: weight / sum }));
}
