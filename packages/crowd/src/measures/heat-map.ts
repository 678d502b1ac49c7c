import { addToCells, type Grid } from './grid.js';
import type { Positions } from './positions.js';

/** Side of the block that local density is taken over, cells: 1.5 m at the usual 0.5 m. */
export const LOCAL_BLOCK_CELLS = 3;

/** Blocks of which less than this share is walkable say nothing: one person at a corner would look like a crush. */
const WALKABLE_SHARE_MIN = 0.5;

/**
 * Heat map: how many people stood in each cell, on the mean over the time observed. Frames are added with the time for
 * which they hold; what nobody observed is not counted as empty.
 *
 * The integral of `densities` over the grid is the mean number of people on it.
 */
export class HeatMap {
  readonly grid: Grid;
  /** Σ persons × time of each cell, person·s. */
  readonly personS: Float64Array;
  /** Time observed, s. */
  observedS = 0;

  constructor(grid: Grid) {
    this.grid = grid;
    this.personS = new Float64Array(grid.cells);
  }

  add(positions: Positions, holdS: number): void {
    addToCells(this.grid, positions, holdS, this.personS);
    this.observedS += holdS;
  }

  /** Mean density of each cell, persons/m²; NaN where nothing was observed. */
  densities(): Float64Array {
    const per = 1 / (this.observedS * this.grid.cellM2);
    return this.personS.map((value) => (this.observedS > 0 ? value * per : NaN));
  }

  /** Mean number of people in each cell. */
  people(): Float64Array {
    return this.personS.map((value) => (this.observedS > 0 ? value / this.observedS : NaN));
  }

  clear(): void {
    this.personS.fill(0);
    this.observedS = 0;
  }
}

/** The densest spot: its centre, metres, and its density, persons/m². */
export interface DensestSpot {
  density: number;
  x: number;
  y: number;
}

/**
 * Highest local density: of all square blocks of cells, the one with the most people for its walkable size. Danger is about
 * the densest spot and not about the mean of a hall; a single cell of 0.5 m would read 4 persons/m² for one person, so the
 * block is 1.5 m wide.
 *
 * @param people people in each cell, at an instant or on the mean of a time
 * @param walkableM2 what of each cell can be walked on, as `cellsWithin` says
 * @returns undefined where no block is walkable for the better part, or where nothing is known
 */
export function highestLocalDensity(
  grid: Grid,
  people: Float64Array,
  walkableM2: Float64Array,
  blockCells = LOCAL_BLOCK_CELLS,
): DensestSpot | undefined {
  const least = WALKABLE_SHARE_MIN * blockCells * blockCells * grid.cellM2;
  let densest: DensestSpot | undefined;
  // Blocks that stick out over the grid's edge are looked at too: what is outside is not walkable.
  for (let top = 1 - blockCells; top < grid.rows; top++) {
    for (let left = 1 - blockCells; left < grid.columns; left++) {
      let sum = 0;
      let walkable = 0;
      for (let row = Math.max(0, top); row < Math.min(grid.rows, top + blockCells); row++) {
        const end = row * grid.columns + Math.min(grid.columns, left + blockCells);
        for (let at = row * grid.columns + Math.max(0, left); at < end; at++) {
          sum += people[at] as number;
          walkable += walkableM2[at] as number;
        }
      }
      const density = sum / walkable;
      if (walkable < least || !(density > (densest?.density ?? -1))) continue;
      densest = {
        density,
        x: grid.minX + (left + blockCells / 2) * grid.cellM,
        y: grid.minY + (top + blockCells / 2) * grid.cellM,
      };
    }
  }
  return densest;
}
