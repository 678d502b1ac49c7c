import type { Point, Polygon, Ring } from './document.js';

/** Coordinates are kept to the centimetre: finer than any camera measures, and short to read. */
const DECIMALS = 100;

export const rounded = (value: number): number => Math.round(value * DECIMALS) / DECIMALS;
export const roundedPoint = ([x, y]: Point): Point => [rounded(x), rounded(y)];

export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

export const isClosed = (ring: Ring): boolean => {
  const [first, last] = [ring[0], ring.at(-1)];
  return ring.length >= 4 && first?.[0] === last?.[0] && first?.[1] === last?.[1];
};

/** The corners of a ring without the repeated last one. */
export const cornersOf = (ring: Ring): Ring => (isClosed(ring) ? ring.slice(0, -1) : ring);

/** Corners made a ring of GeoJSON: the last is the first again. */
export function ringOf(corners: Ring): Ring {
  const first = corners[0];
  return first ? [...corners, first] : [];
}

/** Enclosed area of an outer ring less its holes, m² (shoelace formula). */
export function areaM2(polygon: Polygon): number {
  return polygon.reduce((sum, ring, i) => sum + (i === 0 ? 1 : -1) * Math.abs(signedArea(ring)), 0);
}

function signedArea(ring: Ring): number {
  let twice = 0;
  ring.forEach(([x0, y0], i) => {
    const next = ring[i + 1];
    if (next) twice += x0 * next[1] - next[0] * y0;
  });
  return twice / 2;
}

/** The point of a segment that is nearest to another, and how far along it lies, 0 to 1. */
export function nearestOnSegment(a: Point, b: Point, p: Point): { point: Point; along: number } {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length2 = dx * dx + dy * dy;
  const along =
    length2 === 0
      ? 0
      : Math.min(1, Math.max(0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2));
  return { point: [a[0] + along * dx, a[1] + along * dy], along };
}

export interface Box {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** The box around points; undefined where there is none. */
export function boxOf(points: Iterable<Point>): Box | undefined {
  let box: Box | undefined;
  for (const [x, y] of points) {
    box ??= { minX: x, minY: y, maxX: x, maxY: y };
    box.minX = Math.min(box.minX, x);
    box.minY = Math.min(box.minY, y);
    box.maxX = Math.max(box.maxX, x);
    box.maxY = Math.max(box.maxY, y);
  }
  return box;
}

/** Where a name is written: the middle of the corners. */
export function middleOf(ring: Ring): Point {
  const corners = cornersOf(ring);
  const n = Math.max(1, corners.length);
  return [
    corners.reduce((sum, [x]) => sum + x, 0) / n,
    corners.reduce((sum, [, y]) => sum + y, 0) / n,
  ];
}
