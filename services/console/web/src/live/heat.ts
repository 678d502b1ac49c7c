import type { People } from './people.js';

export interface Grid {
  readonly left: number;
  readonly bottom: number;
  readonly cellM: number;
  readonly columns: number;
  readonly rows: number;
  /** Persons/m², row by row from the south. */
  readonly density: Float32Array;
}

/** Cells of a grid at most: 256 × 256. */
const CELLS_MAX = 65_536;
const CELL_MIN_M = 0.5;
/** Radius within which a person counts, metres: the local density of a place, not the spot one stands on. */
const RADIUS_M = 1.5;
/** Share of the newest picture in the smoothed one, so that a flicker of the detector is no flicker of the map. */
const NEWEST_SHARE = 0.4;

export function makeGrid(left: number, bottom: number, right: number, top: number): Grid {
  const [width, height] = [Math.max(1, right - left), Math.max(1, top - bottom)];
  const cellM = Math.max(CELL_MIN_M, Math.sqrt((width * height) / CELLS_MAX) * 1.01);
  const columns = Math.max(1, Math.floor(width / cellM));
  const rows = Math.max(1, Math.floor(height / cellM));
  return { left, bottom, cellM, columns, rows, density: new Float32Array(columns * rows) };
}

/**
 * Adds a picture to a grid: each person spread over a cone of `RADIUS_M` that sums to one person, so that the sum over the
 * grid stays the number of people in it.
 *
 * @param isShown whether the person at an index counts (its floor)
 * @param offset metres from the floor's plane to the grid's
 */
export function addPicture(
  grid: Grid,
  people: People,
  place: (i: number) => readonly [number, number] | undefined,
): void {
  const { columns, rows, cellM, density } = grid;
  const fresh = new Float32Array(density.length);
  const reach = Math.max(1, Math.ceil(RADIUS_M / cellM));
  const radiusM = Math.max(RADIUS_M, cellM);
  for (let i = 0; i < people.count; i += 1) {
    const at = place(i);
    if (at === undefined) continue;
    const [cx, cy] = [(at[0] - grid.left) / cellM, (at[1] - grid.bottom) / cellM];
    const [column, row] = [Math.floor(cx), Math.floor(cy)];
    if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
    spread(fresh, grid, { cx, cy, column, row, reach, radiusM });
  }
  for (let i = 0; i < density.length; i += 1)
    density[i] = (density[i] ?? 0) * (1 - NEWEST_SHARE) + (fresh[i] ?? 0) * NEWEST_SHARE;
}

interface Spot {
  readonly cx: number;
  readonly cy: number;
  readonly column: number;
  readonly row: number;
  readonly reach: number;
  readonly radiusM: number;
}

function spread(fresh: Float32Array, grid: Grid, spot: Spot): void {
  const { columns, rows, cellM } = grid;
  const weight = (column: number, row: number) =>
    Math.max(
      0,
      1 - (Math.hypot(column + 0.5 - spot.cx, row + 0.5 - spot.cy) * cellM) / spot.radiusM,
    );
  const columnEnd = Math.min(columns - 1, spot.column + spot.reach);
  const rowEnd = Math.min(rows - 1, spot.row + spot.reach);
  let sum = 0;
  for (let pass = 0; pass < 2; pass += 1) {
    for (let row = Math.max(0, spot.row - spot.reach); row <= rowEnd; row += 1) {
      for (let column = Math.max(0, spot.column - spot.reach); column <= columnEnd; column += 1) {
        const w = weight(column, row);
        if (pass === 0) sum += w;
        else {
          const i = row * columns + column;
          fresh[i] = (fresh[i] ?? 0) + w / sum / (cellM * cellM);
        }
      }
    }
    if (sum === 0) return;
  }
}

/** Local density from which on the ramp is at its end: Still's band "congested", persons/m². */
export const HEAT_END = 5;
/** Ramp from nothing (see-through) over yellow to dark red, lightness falling: red, green, blue, opacity; 0 to 1 of the way. */
const RAMP: readonly (readonly [number, number, number, number])[] = [
  [255, 245, 160, 0],
  [255, 230, 110, 0.55],
  [250, 170, 50, 0.75],
  [225, 80, 40, 0.85],
  [150, 15, 60, 0.92],
  [80, 0, 60, 0.95],
];

/** Writes the grid as picture rows from the north, RGBA not premultiplied. */
export function paintGrid(grid: Grid, pixels: Uint8ClampedArray): void {
  const { columns, rows, density } = grid;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const share = Math.min(1, (density[row * columns + column] ?? 0) / HEAT_END);
      const way = share * (RAMP.length - 1);
      const low = Math.min(RAMP.length - 2, Math.floor(way));
      const part = way - low;
      const [from, to] = [RAMP[low], RAMP[low + 1]];
      const at = ((rows - 1 - row) * columns + column) * 4;
      for (let c = 0; c < 4; c += 1) {
        const value = (from?.[c] ?? 0) * (1 - part) + (to?.[c] ?? 0) * part;
        pixels[at + c] = c === 3 ? value * 255 : value;
      }
    }
  }
}
