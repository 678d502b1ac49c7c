import type { Point } from '@hitonami/model';

/**
 * Cuts a simple polygon into triangles by clipping ears; indices of its corners, three a triangle. Open or closed ring,
 * either way round. Source: Meisters, "Polygons have ears", 1975.
 */
export function triangulate(ring: readonly Point[]): number[] {
  const last = ring.length - 1;
  const [a, z] = [ring[0], ring[last]];
  const count =
    a !== undefined && z !== undefined && a[0] === z[0] && a[1] === z[1] ? last : last + 1;
  const left = Array.from({ length: count }, (_, i) => i);
  if (signedArea(ring, count) < 0) left.reverse();
  const at = (i: number): Point => ring[left[(i + left.length) % left.length] ?? 0] ?? [0, 0];
  const triangles: number[] = [];
  // Each round clips one ear; a polygon that crosses itself may have none left.
  while (left.length > 2) {
    const ear = left.findIndex((_, i) => isEar(at, i, left.length));
    if (ear < 0) break;
    const before = left[(ear + left.length - 1) % left.length] ?? 0;
    const after = left[(ear + 1) % left.length] ?? 0;
    triangles.push(before, left[ear] ?? 0, after);
    left.splice(ear, 1);
  }
  return triangles;
}

function isEar(at: (i: number) => Point, i: number, count: number): boolean {
  const [a, b, c] = [at(i - 1), at(i), at(i + 1)];
  const turn = cross(a, b, c);
  if (turn <= 0) return turn === 0;
  for (let k = 2; k < count - 1; k++) {
    const p = at(i + k);
    if (
      cross(a, b, p) >= 0 &&
      cross(b, c, p) >= 0 &&
      cross(c, a, p) >= 0 &&
      !isSame(p, a) &&
      !isSame(p, c)
    )
      return false;
  }
  return true;
}

function cross([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

function isSame([ax, ay]: Point, [bx, by]: Point): boolean {
  return ax === bx && ay === by;
}

/** Above 0: counter-clockwise. */
export function signedArea(ring: readonly Point[], count = ring.length): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const [ax, ay] = ring[i] ?? [0, 0];
    const [bx, by] = ring[(i + 1) % count] ?? [0, 0];
    sum += ax * by - bx * ay;
  }
  return sum / 2;
}
