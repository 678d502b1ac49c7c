import type { PlanArea, PlanLine, SitePlan } from '@hitonami/model';

type Point = readonly [number, number];

/** A line this near to an area is one of its doors, metres: lines are drawn along borders, not exactly on them. */
export const NEAR_M = 1.5;

/** The count lines at which people enter or leave an area: on its floor, and in it or at its border. */
export function linesOf(plan: Pick<SitePlan, 'lines'>, area: PlanArea): PlanLine[] {
  return plan.lines.filter(
    (line) => line.floor === area.floor && awayM(area, middle(line.line.coordinates)) <= NEAR_M,
  );
}

const middle = ([a, b]: readonly [Point, Point]): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** Distance of a point to an area, metres; 0 inside. */
function awayM(area: PlanArea, point: Point): number {
  let isInside = false;
  let nearest = Infinity;
  for (const ring of area.polygon.coordinates) {
    for (const [i, a] of ring.entries()) {
      const b = ring[i + 1];
      if (b === undefined) continue;
      nearest = Math.min(nearest, toSegment(a, b, point));
      const crosses = a[1] > point[1] !== b[1] > point[1];
      const x = ((b[0] - a[0]) * (point[1] - a[1])) / (b[1] - a[1]) + a[0];
      if (crosses && point[0] < x) isInside = !isInside;
    }
  }
  return isInside ? 0 : nearest;
}

function toSegment(a: Point, b: Point, p: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length2 = dx * dx + dy * dy;
  const along =
    length2 === 0
      ? 0
      : Math.min(1, Math.max(0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2));
  return Math.hypot(p[0] - a[0] - along * dx, p[1] - a[1] - along * dy);
}
