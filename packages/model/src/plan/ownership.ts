import type { Point } from '../geometry/point.js';
import { polygonCentroid, polygonContains } from '../geometry/polygon.js';
import { placeOfCamera } from '../projection/camera-place.js';
import type { PlanCamera, PlanLine, SitePlan } from './schema.js';

/** Half the width of the band around a count line that a passage must complete, metres. */
export const LINE_BAND_M = 0.5;

/** Steps in which the band is sampled when asking whether a camera covers it. */
const BAND_SAMPLES = 8;

/** Of a camera of which the plan does not tell, m. */
const USUAL_HEIGHT_M = 3;

/** Just inside, so that a line drawn exactly as long as the coverage is wide still counts as covered. */
const EDGE_M = 0.001;

export interface LineOwner {
  id: string;
  /** `counter`: a sensor that only counts. */
  kind: 'camera' | 'counter';
}

/**
 * Who counts a line: the counter that the plan names for it, else of the cameras that cover its band on both sides the
 * one that looks least flat at its middle. Undefined where nobody does, which `check` refuses.
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
  const best = leastFlat(seeing, middle[0], middle[1]);
  return best && { id: best.id, kind: 'camera' };
}

/**
 * How flat a camera looks at a place of the floor: the distance from below the camera over its height. The flatter, the
 * more of the people are hidden behind others and the smaller they are, so that of several cameras the one that looks
 * least flat knows best. Where the plan does not tell where it hangs, it is taken to hang above the middle of its
 * coverage, as a counting sensor does.
 */
export function flatnessOf(camera: PlanCamera): (x: number, y: number) => number {
  const [cx, cy] = polygonCentroid(camera.coverage.coordinates);
  const { x, y, heightM } = placeOfCamera(camera) ?? { x: cx, y: cy, heightM: USUAL_HEIGHT_M };
  return (atX, atY) => Math.hypot(atX - x, atY - y) / heightM;
}

/** The camera that looks least flat at a point; the earlier in the plan of two that are equal. */
function leastFlat(cameras: readonly PlanCamera[], x: number, y: number): PlanCamera | undefined {
  let best: PlanCamera | undefined;
  let least = Infinity;
  for (const camera of cameras) {
    const flatness = flatnessOf(camera)(x, y);
    if (flatness < least) {
      best = camera;
      least = flatness;
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
