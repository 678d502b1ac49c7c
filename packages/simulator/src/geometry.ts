import type { Point } from '@hitonami/model';

/** Ends a ring with its first point, as GeoJSON has it. */
export function closedRing(polygon: readonly Point[]): readonly Point[] {
  return [...polygon, ...polygon.slice(0, 1)];
}
