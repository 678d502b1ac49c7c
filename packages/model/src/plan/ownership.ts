import type { Point } from '../geometry/point.js';
import { polygonCentroid, polygonContains } from '../geometry/polygon.js';
import type { PlanCamera, PlanLine, SitePlan } from './schema.js';

/** Half the width of the band around a count line that a passage must complete, metres. */
export const LINE_BAND_M = 0.5;

/** Steps in which the band is sampled when asking whether a camera covers it. */
const BAND_SAMPLES = 8;

/** Just inside, so that a line drawn exactly as long as the coverage is wide still counts as covered. */
const EDGE_M = 0.001;

export interface LineOwner {
  id: string;
  /** `counter`: a sensor that only counts. */
  kind: 'camera' | 'counter';
}

/**
 * Who counts a line: the counter that the plan names for it, else the nearest of the cameras that cover its band on both
 * sides. Undefined where nobody does, which `check` refuses.
 */
export function lineOwner(plan: SitePlan, line: PlanLine): LineOwner | undefined {
  const counter = plan.counters.find((item) => item.line === line.id);
  if (counter) return { id: counter.id, kind: 'counter' };
  const [a, b] = line.line.coordinates;
  const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const samples = bandSamples(a, b);
  const seeing = plan.cameras.filter(
    (camera) =>
      camera.floor === line.floor &&
      samples.every(([x, y]) => polygonContains(camera.coverage.coordinates, x, y)),
  );
  const nearest = nearestCamera(seeing, middle[0], middle[1]);
  return nearest && { id: nearest.id, kind: 'camera' };
}

/** The camera whose coverage has its centroid nearest to a point; the earlier in the plan where two are equally near. */
export function nearestCamera(
  cameras: readonly PlanCamera[],
  x: number,
  y: number,
): PlanCamera | undefined {
  let best: PlanCamera | undefined;
  let bestDistance = Infinity;
  for (const camera of cameras) {
    const [cx, cy] = polygonCentroid(camera.coverage.coordinates);
    const distance = (cx - x) ** 2 + (cy - y) ** 2;
    if (distance < bestDistance) {
      best = camera;
      bestDistance = distance;
    }
  }
  return best;
}

function bandSamples(a: Point, b: Point): Point[] {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const half = LINE_BAND_M - EDGE_M;
  const samples: Point[] = [];
  for (let i = 0; i <= BAND_SAMPLES; i++) {
    const along = EDGE_M + ((length - 2 * EDGE_M) * i) / BAND_SAMPLES;
    for (const across of [-half, 0, half]) {
      samples.push([a[0] + ux * along - uy * across, a[1] + uy * along + ux * across]);
    }
  }
  return samples;
}
