import type { Point } from '@hitonami/model';

/** Edges near a cell are looked up in a raster of this side, metres. */
const CELL_M = 1;

/** The edges that nobody walks through, and which side of them is walkable. */
export class Walls {
  /** x1, y1, x2, y2 of each edge. */
  readonly #edges: Float64Array;
  /** Where in `#edges` each outline ends; the first is the walkable one. */
  readonly #ends: number[] = [];
  readonly bounds: { minX: number; minY: number; maxX: number; maxY: number };
  /** Where the nearest point is, after a call of `distanceTo`. */
  nearestX = 0;
  nearestY = 0;

  /** Per reach: the edges within it of each cell, made when first asked for. */
  readonly #near = new Map<number, Map<number, Float64Array>>();

  constructor(walkable: readonly Point[], obstacles: readonly (readonly Point[])[]) {
    const coordinates: number[] = [];
    for (const outline of [walkable, ...obstacles]) {
      outline.forEach(([x, y], i) => {
        const next = outline[(i + 1) % outline.length] ?? [x, y];
        coordinates.push(x, y, next[0], next[1]);
      });
      this.#ends.push(coordinates.length);
    }
    this.#edges = Float64Array.from(coordinates);
    const xs = walkable.map(([x]) => x);
    const ys = walkable.map(([, y]) => y);
    this.bounds = {
      minX: Math.min(...xs),
      minY: Math.min(...ys),
      maxX: Math.max(...xs),
      maxY: Math.max(...ys),
    };
  }

  /** Inside the walkable outline and outside every obstacle, each by the even-odd rule. */
  isWalkable(x: number, y: number): boolean {
    if (!this.#isInside(0, x, y)) return false;
    for (let outline = 1; outline < this.#ends.length; outline++) {
      if (this.#isInside(outline, x, y)) return false;
    }
    return true;
  }

  #isInside(outline: number, x: number, y: number): boolean {
    const e = this.#edges;
    const end = this.#ends[outline] as number;
    let isInside = false;
    for (let i = this.#ends[outline - 1] ?? 0; i < end; i += 4) {
      const y1 = e[i + 1] as number;
      const y2 = e[i + 3] as number;
      if (y1 > y === y2 > y) continue;
      const x1 = e[i] as number;
      if (x < x1 + (((e[i + 2] as number) - x1) * (y - y1)) / (y2 - y1)) isInside = !isInside;
    }
    return isInside;
  }

  /** Distance to the nearest wall, metres; its nearest point is left in `nearestX`, `nearestY`. */
  distanceTo(x: number, y: number): number {
    const e = this.#edges;
    let least = Infinity;
    for (let i = 0; i < e.length; i += 4) {
      const x1 = e[i] as number;
      const y1 = e[i + 1] as number;
      const dx = (e[i + 2] as number) - x1;
      const dy = (e[i + 3] as number) - y1;
      const along = clamp01(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1));
      const px = x1 + along * dx;
      const py = y1 + along * dy;
      const d2 = (x - px) * (x - px) + (y - py) * (y - py);
      if (d2 >= least) continue;
      least = d2;
      this.nearestX = px;
      this.nearestY = py;
    }
    return Math.sqrt(least);
  }

  /**
   * The edges, x1, y1, x2, y2 of each, that may be within `reachM` of (x, y); few reaches, since each has its own raster.
   */
  near(x: number, y: number, reachM: number): Float64Array {
    let cells = this.#near.get(reachM);
    if (cells === undefined) this.#near.set(reachM, (cells = new Map<number, Float64Array>()));
    const column = Math.floor((x - this.bounds.minX) / CELL_M);
    const row = Math.floor((y - this.bounds.minY) / CELL_M);
    const cell = row * 65_536 + column;
    const known = cells.get(cell);
    if (known !== undefined) return known;
    const cx = this.bounds.minX + (column + 0.5) * CELL_M;
    const cy = this.bounds.minY + (row + 0.5) * CELL_M;
    const reach = reachM + CELL_M * Math.SQRT1_2;
    const e = this.#edges;
    const found: number[] = [];
    for (let i = 0; i < e.length; i += 4) {
      const [x1, y1, x2, y2] = e.subarray(i, i + 4) as unknown as [number, number, number, number];
      if (squaredDistanceToSegment(cx, cy, [x1, y1], [x2, y2]) <= reach * reach)
        found.push(x1, y1, x2, y2);
    }
    const edges = Float64Array.from(found);
    cells.set(cell, edges);
    return edges;
  }

  /** Does the way from a to b touch or cross a wall? */
  blocks(ax: number, ay: number, bx: number, by: number, edges = this.#edges): boolean {
    const e = edges;
    for (let i = 0; i < e.length; i += 4) {
      const x1 = e[i] as number;
      const y1 = e[i + 1] as number;
      const x2 = e[i + 2] as number;
      const y2 = e[i + 3] as number;
      const a = side(x1, y1, x2, y2, ax, ay);
      const b = side(x1, y1, x2, y2, bx, by);
      if (a > 0 === b > 0 && a !== 0 && b !== 0) continue;
      const c = side(ax, ay, bx, by, x1, y1);
      const d = side(ax, ay, bx, by, x2, y2);
      if (c > 0 !== d > 0 || c === 0 || d === 0) return true;
    }
    return false;
  }
}

/** Metres from (x, y) in the unit direction (ux, uy) to the first of some edges, at most `most`. */
export function clearance(
  edges: Float64Array,
  x: number,
  y: number,
  ux: number,
  uy: number,
  most: number,
): number {
  let least = most;
  for (let i = 0; i < edges.length; i += 4) {
    const ax = (edges[i] as number) - x;
    const ay = (edges[i + 1] as number) - y;
    const dx = (edges[i + 2] as number) - x - ax;
    const dy = (edges[i + 3] as number) - y - ay;
    const across = ux * dy - uy * dx;
    if (across === 0) continue;
    const along = (ax * dy - ay * dx) / across;
    if (along < 0 || along >= least) continue;
    const share = (ax * uy - ay * ux) / across;
    if (share >= 0 && share <= 1) least = along;
  }
  return least;
}

function clamp01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** Above 0 where p is to the left of the way from a to b. */
function side(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  return (bx - ax) * (py - ay) - (by - ay) * (px - ax);
}

/** Squared distance from a point to a segment, m². */
export function squaredDistanceToSegment(x: number, y: number, a: Point, b: Point): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const along = clamp01(((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy || 1));
  const ex = x - a[0] - along * dx;
  const ey = y - a[1] - along * dy;
  return ex * ex + ey * ey;
}
