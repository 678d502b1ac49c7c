/** A ring of a polygon, metres, closed or not. */
type Ring = readonly (readonly [number, number])[];
type Rings = readonly Ring[];
export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** A strip so narrow is how two borders were drawn, no place where somebody stands; metres along the hatching. */
const SLIVER_M = 0.5;

/** No more lines than this, whatever the size of a floor. */
const LINES_MAX = 4_000;

/**
 * Where the line y = x + offset runs inside the rings (even-odd, so that holes are out), as sorted pairs of x.
 * A vertex that lies on the line counts once: the half-open rule.
 */
function inside(rings: Rings, offset: number): number[] {
  const crossings: number[] = [];
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [ax = 0, ay = 0] = ring[j] ?? [];
      const [bx = 0, by = 0] = ring[i] ?? [];
      const [a, b] = [ay - ax - offset, by - bx - offset];
      if (a < 0 === b < 0) continue;
      crossings.push(ax + ((bx - ax) * a) / (a - b));
    }
  }
  return crossings.sort((a, b) => a - b);
}

/** What is left of the intervals (sorted pairs) after taking others away. */
export function without(intervals: readonly number[], taken: readonly number[]): number[] {
  let left = [...intervals];
  for (let t = 0; t + 1 < taken.length; t += 2) {
    const [from = 0, to = 0] = [taken[t], taken[t + 1]];
    const next: number[] = [];
    for (let i = 0; i + 1 < left.length; i += 2) {
      const [a = 0, b = 0] = [left[i], left[i + 1]];
      if (to <= a || from >= b) next.push(a, b);
      else {
        if (from > a) next.push(a, from);
        if (to < b) next.push(to, b);
      }
    }
    left = next;
  }
  return left;
}

/**
 * Hatching of the part of a polygon that none of `seen` covers: lines at 45°, `spacingM` apart. Lines of neighbouring polygons
 * meet, since all count from the same origin.
 */
export function hatch(polygon: Rings, seen: readonly Rings[], spacingM: number): Segment[] {
  const offsets = polygon.flat().map(([x, y]) => y - x);
  const step = spacingM * Math.SQRT2;
  const first = Math.ceil(Math.min(...offsets) / step);
  const last = Math.min(first + LINES_MAX, Math.floor(Math.max(...offsets) / step));
  const segments: Segment[] = [];
  for (let k = first; k <= last; k += 1) {
    const offset = k * step;
    let open = inside(polygon, offset);
    for (const rings of seen) {
      if (open.length === 0) break;
      open = without(open, inside(rings, offset));
    }
    for (let i = 0; i + 1 < open.length; i += 2) {
      const [x1 = 0, x2 = 0] = [open[i], open[i + 1]];
      if (x2 - x1 > SLIVER_M) segments.push({ x1, y1: x1 + offset, x2, y2: x2 + offset });
    }
  }
  return segments;
}
