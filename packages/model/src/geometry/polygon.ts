import type { Point } from './point.js';
import { segmentsCross } from './segment.js';

/** A closed ring of points: the last equals the first (GeoJSON, RFC 7946). */
export type Ring = readonly Point[];

/** An outer ring, then holes. */
export type Polygon = readonly Ring[];

export interface Box {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** Signed area of a ring, m², positive when it runs counter-clockwise (shoelace formula). */
export function ringArea(ring: Ring): number {
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x0, y0] = ring[i] as Point;
    const [x1, y1] = ring[i + 1] as Point;
    twice += x0 * y1 - x1 * y0;
  }
  return twice / 2;
}

/** Area of a polygon less its holes, m². */
export function polygonArea(polygon: Polygon): number {
  return polygon.reduce((sum, ring, i) => sum + (i === 0 ? 1 : -1) * Math.abs(ringArea(ring)), 0);
}

/** Whether a point lies inside, holes excluded (even–odd rule; each edge owns its lower end, so no point counts twice). */
export function polygonContains(polygon: Polygon, x: number, y: number): boolean {
  let inside = false;
  for (const ring of polygon) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const a = ring[i] as Point;
      const b = ring[j] as Point;
      // Most edges end here; taken apart only where needed, for this is asked of thousands of people a second.
      if (a[1] > y === b[1] > y) continue;
      if (x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
    }
  }
  return inside;
}

/** The box around a polygon's outer ring. */
export function polygonBox(polygon: Polygon): Box {
  const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (const [x, y] of polygon[0] ?? []) {
    box.minX = Math.min(box.minX, x);
    box.minY = Math.min(box.minY, y);
    box.maxX = Math.max(box.maxX, x);
    box.maxY = Math.max(box.maxY, y);
  }
  return box;
}

/** Centroid of a polygon's outer ring. */
export function polygonCentroid(polygon: Polygon): Point {
  const ring = polygon[0] ?? [];
  const area = ringArea(ring);
  let cx = 0;
  let cy = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x0, y0] = ring[i] as Point;
    const [x1, y1] = ring[i + 1] as Point;
    const cross = x0 * y1 - x1 * y0;
    cx += (x0 + x1) * cross;
    cy += (y0 + y1) * cross;
  }
  return [cx / (6 * area), cy / (6 * area)];
}

/** The first two edges of a ring that cross or touch without being neighbours, by index; undefined where it is simple. */
export function findSelfCrossing(ring: Ring): readonly [number, number] | undefined {
  const edges = ring.length - 1;
  for (let i = 0; i < edges; i++) {
    const a = ring[i] as Point;
    const b = ring[i + 1] as Point;
    const [minX, maxX] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
    for (let j = i + 1; j < edges; j++) {
      const neighbours = j === i + 1 || (i === 0 && j === edges - 1);
      if (neighbours) continue;
      const c = ring[j] as Point;
      const d = ring[j + 1] as Point;
      // Most edges are far apart: the boxes tell, and a ring of a thousand corners has half a million pairs.
      if (Math.max(c[0], d[0]) < minX || Math.min(c[0], d[0]) > maxX) continue;
      if (segmentsCross(a, b, c, d)) return [i, j];
    }
  }
  return undefined;
}
