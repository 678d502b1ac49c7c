import type { Polygon } from '@hitonami/model';
import earcut, { flatten } from 'earcut';
import { convexArea, type Convex } from './convex.js';

/** Two points nearer than this are one, m; far below what any camera sees. */
const SAME_M = 1e-9;

/** A stretch of border that two parts have in common. */
export interface Seam {
  a: number;
  b: number;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface ConvexParts {
  /** Triangles without overlap that together are the polygon. */
  parts: readonly Convex[];
  seams: readonly Seam[];
}

/** Cuts a polygon, holes included, into triangles (earcut), and says which of them lie side by side. */
export function convexParts(polygon: Polygon): ConvexParts {
  const { vertices, holes } = flatten(polygon.map((ring) => ring.slice(0, -1)));
  const corners = earcut(vertices, holes);
  const parts: Convex[] = [];
  for (let i = 0; i < corners.length; i += 3) {
    const at = (k: number): [number, number] => {
      const corner = 2 * (corners[i + k] as number);
      return [vertices[corner] as number, vertices[corner + 1] as number];
    };
    const [a, b, c] = [at(0), at(1), at(2)];
    const part = [...a, ...b, ...c];
    const counterClockwise = convexArea(part) > 0 ? part : [...a, ...c, ...b];
    if (convexArea(counterClockwise) > 0) parts.push(counterClockwise);
  }
  const seams: Seam[] = [];
  for (let a = 0; a < parts.length; a++) {
    for (let b = a + 1; b < parts.length; b++) {
      seams.push(...seamsOf(parts[a] as Convex, parts[b] as Convex, a, b));
    }
  }
  return { parts, seams };
}

/** Edges are compared by what they overlap, not by their ends: earcut drops corners that lie on a straight line. */
function seamsOf(ring: Convex, other: Convex, a: number, b: number): Seam[] {
  const found: Seam[] = [];
  for (const [x0, y0, x1, y1] of edgesOf(ring)) {
    const length = Math.hypot(x1 - x0, y1 - y0);
    const ux = (x1 - x0) / length;
    const uy = (y1 - y0) / length;
    for (const [x2, y2, x3, y3] of edgesOf(other)) {
      const offLine = (x: number, y: number): number => Math.abs((y - y0) * ux - (x - x0) * uy);
      if (offLine(x2, y2) > SAME_M || offLine(x3, y3) > SAME_M) continue;
      const s = (x2 - x0) * ux + (y2 - y0) * uy;
      const t = (x3 - x0) * ux + (y3 - y0) * uy;
      const from = Math.max(0, Math.min(s, t));
      const to = Math.min(length, Math.max(s, t));
      if (to - from <= SAME_M) continue;
      const [ax, ay] = [x0 + from * ux, y0 + from * uy];
      found.push({ a, b, x0: ax, y0: ay, x1: x0 + to * ux, y1: y0 + to * uy });
    }
  }
  return found;
}

function* edgesOf(ring: Convex): Generator<readonly [number, number, number, number]> {
  let x0 = ring[ring.length - 2] as number;
  let y0 = ring[ring.length - 1] as number;
  for (let i = 0; i < ring.length; i += 2) {
    const x1 = ring[i] as number;
    const y1 = ring[i + 1] as number;
    yield [x0, y0, x1, y1];
    x0 = x1;
    y0 = y1;
  }
}
