/** What a drag on the drawing does to the plan. Pure: from where it began to where the pointer is. */
import { ringsOf, type Draft, type Point, type ShapeRef } from './document.js';
import { cornersOf, distance } from './geometry.js';
import { insertCorner, moveCorner, moveShape, type CornerRef } from './operations.js';
import { snap, type SnapOptions, type SnapTargets } from './snap.js';

export type Drag =
  | { kind: 'shape'; ref: ShapeRef; from: Point }
  | { kind: 'corner'; ref: CornerRef }
  /** A new corner after this one, from the middle of an edge. */
  | { kind: 'edge'; ref: CornerRef };

export function dragged(
  plan: Draft,
  drag: Drag,
  to: Point,
  targets: SnapTargets,
  options: SnapOptions,
): Draft {
  switch (drag.kind) {
    case 'corner':
      return moveCorner(plan, drag.ref, snap(to, targets, options).point);
    case 'edge':
      return insertCorner(plan, drag.ref, snap(to, targets, options).point);
    case 'shape': {
      const by: Point = [to[0] - drag.from[0], to[1] - drag.from[1]];
      const [dx, dy] = snappedShift(plan, drag.ref, by, targets, options);
      return moveShape(plan, drag.ref, dx, dy);
    }
  }
}

/** The shift that brings one of the shape's corners onto what it catches on; corners and edges before the grid. */
function snappedShift(
  plan: Draft,
  ref: ShapeRef,
  [dx, dy]: Point,
  targets: SnapTargets,
  options: SnapOptions,
): Point {
  const corners = ringsOf(plan, ref).flatMap((ring) => cornersOf(ring));
  let best: { shift: Point; away: number } | undefined;
  for (const corner of corners) {
    const moved: Point = [corner[0] + dx, corner[1] + dy];
    const caught = snap(moved, targets, { ...options, gridM: 0 });
    const away = distance(moved, caught.point);
    if (caught.to !== 'none' && (best === undefined || away < best.away)) {
      best = { shift: [caught.point[0] - corner[0], caught.point[1] - corner[1]], away };
    }
  }
  if (best !== undefined) return best.shift;
  const first = corners[0];
  if (first === undefined) return [dx, dy];
  const { point } = snap([first[0] + dx, first[1] + dy], { corners: [], edges: [] }, options);
  return [point[0] - first[0], point[1] - first[1]];
}
