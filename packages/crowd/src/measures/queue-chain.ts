import type { Point } from '@hitonami/model';

/**
 * How far each person is from a server point along the chain of people, m: the shortest way of steps no longer than a link
 * (Dijkstra). `Infinity` for who is not connected; 0 for everybody where there are no server points.
 */
export function queueDistances(
  { x, y }: { x: Float64Array; y: Float64Array },
  rows: Int32Array,
  servers: readonly Point[],
  linkM: number,
): Float64Array {
  const count = rows.length;
  const distances = new Float64Array(count).fill(servers.length === 0 ? 0 : Infinity);
  if (servers.length === 0) return distances;
  const px = (i: number): number => x[rows[i] as number] as number;
  const py = (i: number): number => y[rows[i] as number] as number;
  for (let i = 0; i < count; i++) {
    for (const [sx, sy] of servers) {
      const step = Math.hypot(px(i) - sx, py(i) - sy);
      if (step <= linkM && step < (distances[i] as number)) distances[i] = step;
    }
  }
  const isDone = new Uint8Array(count);
  for (let round = 0; round < count; round++) {
    let nearest = -1;
    for (let i = 0; i < count; i++) {
      if (isDone[i] === 0 && (distances[i] as number) < (distances[nearest] ?? Infinity))
        nearest = i;
    }
    if (nearest === -1) break;
    isDone[nearest] = 1;
    for (let i = 0; i < count; i++) {
      if (isDone[i] === 1) continue;
      const step = Math.hypot(px(i) - px(nearest), py(i) - py(nearest));
      const way = (distances[nearest] as number) + step;
      if (step <= linkM && way < (distances[i] as number)) distances[i] = way;
    }
  }
  return distances;
}
