/** A convex polygon: x, y of its corners after one another, counter-clockwise, the first not repeated. */
export type Convex = readonly number[];

/** Corners nearer than this are one, m. */
const SAME_CORNER_M = 1e-9;

/** What is left of a convex polygon where `nx·x + ny·y ≤ d` (Sutherland and Hodgman, one edge). */
export function clipHalfPlane(ring: Convex, nx: number, ny: number, d: number): Convex {
  const { length } = ring;
  const out: number[] = [];
  if (length === 0) return out;
  let x0 = ring[length - 2] as number;
  let y0 = ring[length - 1] as number;
  let s0 = nx * x0 + ny * y0 - d;
  let cut = false;
  for (let i = 0; i < length; i += 2) {
    const x1 = ring[i] as number;
    const y1 = ring[i + 1] as number;
    const s1 = nx * x1 + ny * y1 - d;
    if (s1 > 0 !== s0 > 0) {
      const t = s0 / (s0 - s1);
      out.push(x0 + t * (x1 - x0), y0 + t * (y1 - y0));
    }
    if (s1 <= 0) out.push(x1, y1);
    else cut = true;
    x0 = x1;
    y0 = y1;
    s0 = s1;
  }
  return cut ? out : ring;
}

/** What two convex polygons have in common; fewer than three corners where that is nothing. */
export function clipConvex(ring: Convex, by: Convex): Convex {
  let left = ring;
  const { length } = by;
  let x0 = by[length - 2] as number;
  let y0 = by[length - 1] as number;
  for (let i = 0; i < length && left.length > 0; i += 2) {
    const x1 = by[i] as number;
    const y1 = by[i + 1] as number;
    // The inside is left of each edge.
    const nx = y1 - y0;
    const ny = x0 - x1;
    left = clipHalfPlane(left, nx, ny, nx * x0 + ny * y0);
    x0 = x1;
    y0 = y1;
  }
  return left;
}

/** Area, m². */
export function convexArea(ring: Convex): number {
  const x0 = ring[0] ?? 0;
  const y0 = ring[1] ?? 0;
  let twice = 0;
  // From a corner of its own, so that a place far from the origin costs no digits.
  for (let i = 2; i + 3 < ring.length; i += 2) {
    const ax = (ring[i] as number) - x0;
    const ay = (ring[i + 1] as number) - y0;
    const bx = (ring[i + 2] as number) - x0;
    const by = (ring[i + 3] as number) - y0;
    twice += ax * by - bx * ay;
  }
  return Math.max(0, twice / 2);
}

/** Length of the part of a segment that lies inside, m. */
export function lengthInside(ring: Convex, ax: number, ay: number, bx: number, by: number): number {
  let from = 0;
  let to = 1;
  let x0 = ring[ring.length - 2] as number;
  let y0 = ring[ring.length - 1] as number;
  for (let i = 0; i < ring.length; i += 2) {
    const x1 = ring[i] as number;
    const y1 = ring[i + 1] as number;
    const nx = y1 - y0;
    const ny = x0 - x1;
    x0 = x1;
    y0 = y1;
    // Two corners in one place, as cutting leaves them, have a direction of rounding only.
    if (Math.abs(nx) + Math.abs(ny) < SAME_CORNER_M) continue;
    const sa = nx * (ax - x1) + ny * (ay - y1);
    const sb = nx * (bx - x1) + ny * (by - y1);
    if (sa > 0 && sb > 0) return 0;
    if (sa > 0) from = Math.max(from, sa / (sa - sb));
    else if (sb > 0) to = Math.min(to, sa / (sa - sb));
  }
  return Math.max(0, to - from) * Math.hypot(bx - ax, by - ay);
}

/** Whether a point lies in a convex polygon, edges included. */
export function convexContains(ring: Convex, x: number, y: number): boolean {
  let x0 = ring[ring.length - 2] as number;
  let y0 = ring[ring.length - 1] as number;
  for (let i = 0; i < ring.length; i += 2) {
    const x1 = ring[i] as number;
    const y1 = ring[i + 1] as number;
    if ((y1 - y0) * (x - x0) + (x0 - x1) * (y - y0) > 0) return false;
    x0 = x1;
    y0 = y1;
  }
  return ring.length > 0;
}
