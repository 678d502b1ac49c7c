import { polygonContains, type Box, type Point, type Polygon } from '@hitonami/model';
import type { Grid } from './raster.js';

/** A cell cut by the edge of an area is weighed by this many points along each side. */
const SAMPLES_PER_SIDE = 8;

/** A hair wider than the cell, so that no edge slips between two; m. */
const SLACK_M = 1e-6;

/** The cells that the edges of a polygon run through. */
export function cutByEdges(grid: Grid, polygon: Polygon): Set<number> {
  const cut = new Set<number>();
  for (const ring of polygon) {
    for (let i = 0; i + 1 < ring.length; i++) {
      cutByEdge(grid, ring[i] as Point, ring[i + 1] as Point, cut);
    }
  }
  return cut;
}

/** Share of a cell inside a polygon, by a grid of points; x and y are its middle. */
export function shareInside(polygon: Polygon, x: number, y: number, cellM: number): number {
  let hits = 0;
  for (let i = 0; i < SAMPLES_PER_SIDE; i++) {
    for (let j = 0; j < SAMPLES_PER_SIDE; j++) {
      const px = x + ((i + 0.5) / SAMPLES_PER_SIDE - 0.5) * cellM;
      const py = y + ((j + 0.5) / SAMPLES_PER_SIDE - 0.5) * cellM;
      if (polygonContains(polygon, px, py)) hits++;
    }
  }
  return hits / SAMPLES_PER_SIDE ** 2;
}

/** How far a point is from the nearest edge of a polygon, m. */
export function distanceToEdge(polygon: Polygon, x: number, y: number): number {
  let nearest = Infinity;
  for (const ring of polygon) {
    for (let i = 0; i + 1 < ring.length; i++) {
      const [ax, ay] = ring[i] as Point;
      const [bx, by] = ring[i + 1] as Point;
      const [dx, dy] = [bx - ax, by - ay];
      const length2 = dx * dx + dy * dy || 1;
      const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2));
      nearest = Math.min(nearest, (ax + t * dx - x) ** 2 + (ay + t * dy - y) ** 2);
    }
  }
  return Math.sqrt(nearest);
}

/** Row by row, only the cells that the edge can reach there, so that a long edge costs its length and not its box. */
function cutByEdge(grid: Grid, a: Point, b: Point, cut: Set<number>): void {
  const cellM = grid.cellMm / 1000;
  const [minX, minY] = [grid.minXMm / 1000, grid.minYMm / 1000];
  const row = (y: number): number => Math.floor((y - minY) / cellM);
  const firstRow = Math.max(0, row(Math.min(a[1], b[1]) - SLACK_M));
  const lastRow = Math.min(grid.rows - 1, row(Math.max(a[1], b[1]) + SLACK_M));
  for (let r = firstRow; r <= lastRow; r++) {
    const band = {
      minY: minY + r * cellM - SLACK_M,
      maxY: minY + (r + 1) * cellM + SLACK_M,
    };
    const span = clipToRow(a, b, band);
    if (span === undefined) continue;
    const first = Math.max(0, Math.floor((span[0] - SLACK_M - minX) / cellM));
    const last = Math.min(grid.columns - 1, Math.floor((span[1] + SLACK_M - minX) / cellM));
    for (let column = first; column <= last; column++) cut.add(r * grid.columns + column);
  }
}

/** The least and the greatest x of the part of a segment that lies in a band of y; undefined where none does. */
function clipToRow(
  a: Point,
  b: Point,
  band: Pick<Box, 'minY' | 'maxY'>,
): readonly [number, number] | undefined {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  let enter = 0;
  let leave = 1;
  if (dy === 0) {
    if (a[1] < band.minY || a[1] > band.maxY) return undefined;
  } else {
    const [t0, t1] = [(band.minY - a[1]) / dy, (band.maxY - a[1]) / dy];
    enter = Math.max(enter, Math.min(t0, t1));
    leave = Math.min(leave, Math.max(t0, t1));
    if (enter > leave) return undefined;
  }
  const [x0, x1] = [a[0] + enter * dx, a[0] + leave * dx];
  return [Math.min(x0, x1), Math.max(x0, x1)];
}
