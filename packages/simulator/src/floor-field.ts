import { HitonamiError, type Point } from '@hitonami/model';
import { squaredDistanceToSegment, type Walls } from './walls.js';

const MAX_CELLS = 4_000_000;
/** Sweeps over the raster; a plan with more bends than this one after another is refused as unreachable. */
const MAX_SWEEPS = 400;
/** Walking close to a wall counts as longer, up to this much at the wall, fading out over `WALL_REACH_M`. */
const WALL_PENALTY = 2;
const WALL_REACH_M = 0.8;

/** A raster over the floor: which cells are walkable and how dear a metre is there. */
export class FloorRaster {
  readonly columns: number;
  readonly rows: number;
  readonly cellM: number;
  readonly minX: number;
  readonly minY: number;
  /** 0 where nobody can walk. */
  readonly slowness: Float64Array;

  constructor(walls: Walls, cellM: number) {
    const { minX, minY, maxX, maxY } = walls.bounds;
    this.cellM = cellM;
    this.minX = minX;
    this.minY = minY;
    this.columns = Math.max(1, Math.ceil((maxX - minX) / cellM));
    this.rows = Math.max(1, Math.ceil((maxY - minY) / cellM));
    const cells = this.columns * this.rows;
    if (cells > MAX_CELLS)
      throw new HitonamiError('CONFIG', `the floor has ${cells} cells; at most ${MAX_CELLS}`);
    this.slowness = new Float64Array(cells);
    for (let cell = 0; cell < cells; cell++) {
      const [x, y] = this.centre(cell);
      if (!walls.isWalkable(x, y)) continue;
      const nearness = Math.max(0, 1 - walls.distanceTo(x, y) / WALL_REACH_M);
      this.slowness[cell] = 1 + WALL_PENALTY * nearness;
    }
  }

  centre(cell: number): [x: number, y: number] {
    const column = cell % this.columns;
    const row = (cell - column) / this.columns;
    return [this.minX + (column + 0.5) * this.cellM, this.minY + (row + 0.5) * this.cellM];
  }
}

/**
 * How far it is on foot from everywhere to an exit, around all corners: the eikonal equation
 * |∇T| = slowness, solved by fast sweeping (Zhao, Mathematics of Computation 74, 2005).
 */
export class FloorField {
  readonly #raster: FloorRaster;
  readonly #walk: Float64Array;
  /** Unit direction towards the exit, after a call of `direct`. */
  directionX = 0;
  directionY = 0;

  constructor(raster: FloorRaster, exit: { readonly from: Point; readonly to: Point }) {
    this.#raster = raster;
    this.#walk = new Float64Array(raster.slowness.length).fill(Infinity);
    const reach = raster.cellM * raster.cellM;
    for (let cell = 0; cell < this.#walk.length; cell++) {
      if (raster.slowness[cell] === 0) continue;
      const [x, y] = raster.centre(cell);
      const d2 = squaredDistanceToSegment(x, y, exit.from, exit.to);
      if (d2 <= reach) this.#walk[cell] = Math.sqrt(d2);
    }
    this.#sweep();
  }

  /** Metres on foot (more beside walls); Infinity where there is no way. */
  walkFrom(x: number, y: number): number {
    const { columns, rows, minX, minY, cellM } = this.#raster;
    const column = Math.min(columns - 1, Math.max(0, Math.floor((x - minX) / cellM)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor((y - minY) / cellM)));
    let least = Infinity;
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
        least = Math.min(least, this.#walk[r * columns + c] as number);
      }
    }
    return least;
  }

  /** Leaves the direction of the shortest way from (x, y) in `directionX`, `directionY`. */
  direct(x: number, y: number): void {
    const { minX, minY, cellM } = this.#raster;
    const u = (x - minX) / cellM - 0.5;
    const v = (y - minY) / cellM - 0.5;
    const column = Math.floor(u);
    const row = Math.floor(v);
    const fx = u - column;
    const fy = v - row;
    // The slope of the plane through the four cells around; a blocked one takes the dearest of the others.
    const raw = [
      this.#at(column, row),
      this.#at(column + 1, row),
      this.#at(column, row + 1),
      this.#at(column + 1, row + 1),
    ];
    let dearest = -Infinity;
    for (const t of raw) if (t < Infinity && t > dearest) dearest = t;
    if (dearest === -Infinity) {
      this.directionX = 0;
      this.directionY = 0;
      return;
    }
    const [a, b, c, d] = raw.map((t) => (t === Infinity ? dearest + cellM : t)) as [
      number,
      number,
      number,
      number,
    ];
    const slopeX = (1 - fy) * (b - a) + fy * (d - c);
    const slopeY = (1 - fx) * (c - a) + fx * (d - b);
    const steepness = Math.sqrt(slopeX * slopeX + slopeY * slopeY) || 1;
    this.directionX = -slopeX / steepness;
    this.directionY = -slopeY / steepness;
  }

  #at(column: number, row: number): number {
    const { columns, rows } = this.#raster;
    if (column < 0 || row < 0 || column >= columns || row >= rows) return Infinity;
    return this.#walk[row * columns + column] as number;
  }

  #sweep(): void {
    const { columns, rows } = this.#raster;
    for (let sweep = 0; sweep < MAX_SWEEPS; sweep += 4) {
      let hasChanged = false;
      for (const [goesRight, goesUp] of [
        [true, true],
        [false, true],
        [false, false],
        [true, false],
      ]) {
        for (let i = 0; i < rows; i++) {
          const row = goesUp === true ? i : rows - 1 - i;
          for (let j = 0; j < columns; j++) {
            const column = goesRight === true ? j : columns - 1 - j;
            if (this.#relax(column, row)) hasChanged = true;
          }
        }
      }
      if (!hasChanged) return;
    }
  }

  #relax(column: number, row: number): boolean {
    const cell = row * this.#raster.columns + column;
    const slowness = this.#raster.slowness[cell] as number;
    if (slowness === 0) return false;
    const a = Math.min(this.#at(column - 1, row), this.#at(column + 1, row));
    const b = Math.min(this.#at(column, row - 1), this.#at(column, row + 1));
    const least = Math.min(a, b);
    if (least === Infinity) return false;
    const step = slowness * this.#raster.cellM;
    const difference = Math.abs(a - b);
    const walk =
      difference >= step
        ? least + step
        : (a + b + Math.sqrt(2 * step * step - difference * difference)) / 2;
    if (walk >= (this.#walk[cell] as number) - 1e-9) return false;
    this.#walk[cell] = walk;
    return true;
  }
}
