import { HitonamiError } from '@hitonami/model';
import type { Box } from './box-motion.js';

/** Someone or something seen in one frame, placed on the plane. */
export interface PlaneDetection {
  /** Plane units: metres on a floor, pixels of the foot point on a bare image. */
  x: number;
  y: number;
  /** 0 to 1. */
  confidence: number;
  /** A value of the wire contract's `Kind`; kinds never mix within a track. */
  kind: number;
  /** Covariance of (x, y), plane units². */
  cov?: readonly [xx: number, xy: number, yy: number];
  /** Its box in the image, pixels; makes the association better where given. */
  box?: Box;
}

/** Throws HitonamiError `INPUT` that names the detection and what is wrong with it. */
export function checkDetection(d: PlaneDetection, index: number, needsBox: boolean): void {
  if (!Number.isFinite(d.x) || !Number.isFinite(d.y)) fail(index, 'x and y must be finite numbers');
  if (!(d.confidence >= 0 && d.confidence <= 1)) fail(index, 'confidence must be within 0 and 1');
  if (!Number.isInteger(d.kind)) fail(index, 'kind must be an integer');
  const { cov, box } = d;
  if (cov !== undefined) {
    const [xx, xy, yy] = cov;
    const isCovariance = xx > 0 && yy > 0 && xx * yy - xy * xy > 0 && Number.isFinite(xx * yy);
    if (!isCovariance) fail(index, 'cov must be positive definite');
  }
  if (box === undefined) {
    if (needsBox) fail(index, 'a box is needed where lengths are measured in box heights');
    return;
  }
  const [x1, y1, x2, y2] = box;
  if (!(x2 > x1 && y2 > y1 && Number.isFinite((x2 - x1) * (y2 - y1)))) {
    fail(index, 'box must have its right after its left and its bottom below its top');
  }
}

function fail(index: number, what: string): never {
  throw new HitonamiError('INPUT', `detection ${index}: ${what}`);
}

/**
 * A total order by content alone, most confident first, so that a frame's outcome does not depend on the
 * order in which the detector listed it. Two detections that compare 0 are the same in every respect.
 */
export function compareDetections(a: PlaneDetection, b: PlaneDetection): number {
  return (
    b.confidence - a.confidence ||
    a.kind - b.kind ||
    a.x - b.x ||
    a.y - b.y ||
    compareTuples(a.box, b.box) ||
    compareTuples(a.cov, b.cov)
  );
}

function compareTuples(a: readonly number[] | undefined, b: readonly number[] | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
