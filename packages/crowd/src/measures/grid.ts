import { HitonamiError, polygonBox, type Polygon } from '@hitonami/model';
import { clipConvex, convexArea } from './convex.js';
import { convexParts } from './convex-parts.js';
import type { Positions } from './positions.js';

/** Side of a cell of the density grid and the heat map, m. */
export const GRID_CELL_M = 0.5;

/** More cells than this are refused: 1 km² at 0.5 m. */
export const GRID_CELLS_MAX = 4_000_000;

/** Square cells over a part of a floor; row by row from its south-west corner. */
export class Grid {
  readonly minX: number;
  readonly minY: number;
  readonly cellM: number;
  readonly columns: number;
  readonly rows: number;
  private readonly perM: number;

  /** @throws HitonamiError `INPUT` where it would have no cells, or more than `GRID_CELLS_MAX` */
  constructor(minX: number, minY: number, columns: number, rows: number, cellM = GRID_CELL_M) {
    const cells = columns * rows;
    if (!(cellM > 0 && cells >= 1 && cells <= GRID_CELLS_MAX)) {
      throw new HitonamiError(
        'INPUT',
        `grid: ${columns} × ${rows} cells of ${cellM} m; give 1 to ${GRID_CELLS_MAX} cells of a positive size`,
      );
    }
    this.minX = minX;
    this.minY = minY;
    this.cellM = cellM;
    this.columns = columns;
    this.rows = rows;
    this.perM = 1 / cellM;
  }

  /** The least grid that covers a polygon, centred on its box. */
  static over(polygon: Polygon, cellM = GRID_CELL_M): Grid {
    const { minX, minY, maxX, maxY } = polygonBox(polygon);
    // What a float adds to a side must not add a column.
    const columns = Math.ceil((maxX - minX) / cellM - 1e-9);
    const rows = Math.ceil((maxY - minY) / cellM - 1e-9);
    return new Grid(
      (minX + maxX - columns * cellM) / 2,
      (minY + maxY - rows * cellM) / 2,
      columns,
      rows,
      cellM,
    );
  }

  get cells(): number {
    return this.columns * this.rows;
  }

  get cellM2(): number {
    return this.cellM * this.cellM;
  }

  /** Index of the cell that a point lies in, −1 for none. */
  cellOf(x: number, y: number): number {
    const column = Math.floor((x - this.minX) * this.perM);
    const row = Math.floor((y - this.minY) * this.perM);
    if (column >= 0 && column < this.columns && row >= 0 && row < this.rows)
      return row * this.columns + column;
    return -1;
  }
}

/**
 * Adds `weight` for every person to the cell they stand in. @returns how many stood on the grid
 * @param into one number a cell
 */
export function addToCells(
  grid: Grid,
  { count, x, y }: Positions,
  weight: number,
  into: Float64Array,
): number {
  let placed = 0;
  for (let i = 0; i < count; i++) {
    const cell = grid.cellOf(x[i] as number, y[i] as number);
    if (cell < 0) continue;
    into[cell] = (into[cell] as number) + weight;
    placed++;
  }
  return placed;
}

/**
 * Grid density of an instant, persons/m²: the people of a cell over the size of the cell, also where a wall cuts it. Its
 * integral over the grid is the count of people on it.
 * Source: PedPy, density profile, `DensityMethod.CLASSIC`.
 * @param into one number a cell, overwritten
 */
export function gridDensity(grid: Grid, positions: Positions, into: Float64Array): number {
  into.fill(0, 0, grid.cells);
  return addToCells(grid, positions, 1 / grid.cellM2, into);
}

/** How much of every cell lies inside a polygon, m². */
export function cellsWithin(grid: Grid, polygon: Polygon): Float64Array {
  const within = new Float64Array(grid.cells);
  const { minX, minY, cellM, columns, rows } = grid;
  for (const triangle of convexParts(polygon).parts) {
    const xs = triangle.filter((_, i) => i % 2 === 0);
    const ys = triangle.filter((_, i) => i % 2 === 1);
    const [first, last] = span(Math.min(...xs), Math.max(...xs), minX, cellM, columns);
    const [bottom, top] = span(Math.min(...ys), Math.max(...ys), minY, cellM, rows);
    for (let row = bottom; row <= top; row++) {
      const y = minY + row * cellM;
      for (let column = first; column <= last; column++) {
        const x = minX + column * cellM;
        const cell = [x, y, x + cellM, y, x + cellM, y + cellM, x, y + cellM];
        const at = row * columns + column;
        within[at] = (within[at] as number) + convexArea(clipConvex(cell, triangle));
      }
    }
  }
  return within;
}

function span(from: number, to: number, origin: number, cellM: number, cells: number) {
  return [
    Math.max(0, Math.floor((from - origin) / cellM)),
    Math.min(cells - 1, Math.floor((to - origin) / cellM)),
  ] as const;
}
