import {
  ringsOf,
  SHAPE_LISTS,
  shapeAt,
  type Draft,
  type Point,
  type ShapeRef,
  sameShape,
} from './document.js';
import { distance, nearestOnSegment, roundedPoint } from './geometry.js';

/** What a point may catch on: corners first, then edges, then the grid. */
export interface SnapTargets {
  corners: readonly Point[];
  edges: readonly (readonly [Point, Point])[];
}

export interface SnapOptions {
  /** How near is near, metres on the floor. */
  reachM: number;
  /** Spacing of the grid, metres; 0: none. */
  gridM: number;
  isOn: boolean;
}

export interface Snapped {
  point: Point;
  to: 'corner' | 'edge' | 'grid' | 'none';
}

/** The corners and edges of a floor, but for the shape that is being moved. */
export function snapTargets(plan: Draft, floor: string, except?: ShapeRef): SnapTargets {
  const corners: Point[] = [];
  const edges: (readonly [Point, Point])[] = [];
  for (const list of SHAPE_LISTS) {
    plan[list].forEach((_, index) => {
      const ref = { list, index };
      if (sameShape(ref, except) || shapeAt(plan, ref)?.floor !== floor) return;
      for (const ring of ringsOf(plan, ref)) {
        ring.forEach((point, i) => {
          corners.push(point);
          const next = ring[i + 1];
          if (next) edges.push([point, next]);
        });
      }
    });
  }
  return { corners, edges };
}

/** Where a point goes: to the nearest corner in reach, else the nearest edge, else the grid. */
export function snap(point: Point, targets: SnapTargets, options: SnapOptions): Snapped {
  if (!options.isOn) return { point: roundedPoint(point), to: 'none' };
  const corner = nearest(point, targets.corners, options.reachM);
  if (corner) return { point: corner, to: 'corner' };
  const edge = nearest(
    point,
    targets.edges.map(([a, b]) => nearestOnSegment(a, b, point).point),
    options.reachM,
  );
  if (edge) return { point: roundedPoint(edge), to: 'edge' };
  if (options.gridM > 0) {
    const on = (value: number): number => Math.round(value / options.gridM) * options.gridM;
    return { point: roundedPoint([on(point[0]), on(point[1])]), to: 'grid' };
  }
  return { point: roundedPoint(point), to: 'none' };
}

function nearest(point: Point, candidates: readonly Point[], reachM: number): Point | undefined {
  let best: Point | undefined;
  let bestM = reachM;
  for (const candidate of candidates) {
    const away = distance(point, candidate);
    if (away <= bestM) {
      best = candidate;
      bestM = away;
    }
  }
  return best;
}
