import type { Grid } from './grid.js';
import type { MovingPositions } from './positions.js';

/** Side of a cell of the pressure grid, m: small enough to be local, large enough to hold people to compare. */
export const PRESSURE_CELL_M = 1;

/** Of each cell: person·s, person·s with a known velocity, and the sums over these of vx, vy and |v|². */
const FIELDS = 5;

export interface CellPressure {
  /** Persons/m². */
  density: number;
  /** Of the velocity, both axes together, (m/s)². */
  velocityVariance: number;
  /** 1/s². */
  pressure: number;
}

/**
 * Crowd pressure P = ρ · Var(v), 1/s²: the mean density of a cell over the time added, times the variance of the velocities
 * of everybody seen there about their common mean, both axes together.
 *
 * Source: after Helbing, Johansson and Al-Abideen, Phys. Rev. E 75 (2007) 046109. They weight people with a Gaussian where
 * this counts by cells, so figures are of the same kind but not the paper's; no warning level is stated here for that
 * reason. Two streams that meet in a cell raise it as turbulence does.
 *
 * Noise alone makes pressure: see `velocityNoise`. Below `density · velocityNoise` a figure says nothing, and it must
 * alert nobody.
 */
export class PressureGrid {
  readonly grid: Grid;
  observedS = 0;
  private readonly sums: Float64Array;

  constructor(grid: Grid) {
    this.grid = grid;
    this.sums = new Float64Array(grid.cells * FIELDS);
  }

  /** Adds a frame with the time for which it holds. */
  add({ count, x, y, vx, vy }: MovingPositions, holdS: number): void {
    const { grid, sums } = this;
    for (let i = 0; i < count; i++) {
      const cell = grid.cellOf(x[i] as number, y[i] as number);
      if (cell < 0) continue;
      const at = cell * FIELDS;
      sums[at] = (sums[at] as number) + holdS;
      const u = vx[i] as number;
      const v = vy[i] as number;
      const square = u * u + v * v;
      if (square !== square) continue;
      sums[at + 1] = (sums[at + 1] as number) + holdS;
      sums[at + 2] = (sums[at + 2] as number) + holdS * u;
      sums[at + 3] = (sums[at + 3] as number) + holdS * v;
      sums[at + 4] = (sums[at + 4] as number) + holdS * square;
    }
    this.observedS += holdS;
  }

  /** What is known of a cell; NaN where nothing is. */
  at(cell: number): CellPressure {
    const at = cell * FIELDS;
    const field = (i: number): number => this.sums[at + i] ?? 0;
    const [personS, knownS] = [field(0), field(1)];
    const [u, v, square] = [field(2), field(3), field(4)];
    const density = personS / (this.observedS * this.grid.cellM2);
    // Rounding must not make it negative.
    const velocityVariance = Math.max(0, (square - (u * u + v * v) / knownS) / knownS);
    return { density, velocityVariance, pressure: density * velocityVariance };
  }

  /** The cell of the highest pressure; undefined where none is known. */
  highest(): (CellPressure & { cell: number }) | undefined {
    let highest: (CellPressure & { cell: number }) | undefined;
    for (let cell = 0; cell < this.grid.cells; cell++) {
      const here = this.at(cell);
      if (here.pressure > (highest?.pressure ?? -1)) highest = { ...here, cell };
    }
    return highest;
  }

  clear(): void {
    this.sums.fill(0);
    this.observedS = 0;
  }
}

/**
 * Variance that errors of position put into velocities, (m/s)²: 4 σ² / T² for velocities taken between two positions T
 * seconds apart, each with an independent error of standard deviation σ on each axis. Times the density it is the noise
 * floor of crowd pressure: 0.1 m over 1 s at 4 persons/m² make 0.16 1/s² of a crowd that stands still.
 */
export function velocityNoise(positionErrorM: number, overS: number): number {
  return (4 * positionErrorM * positionErrorM) / (overS * overS);
}
