import type { Detections, Region } from '../detections.js';
import type { Placement } from '../picture/placement.js';
import { type Candidates, overlapOf, suppress } from './candidates.js';
import type { BoxDetector } from './family.js';

/** Fewer boxes than this are no crowd, however they overlap. */
const CROWD_COUNT_MIN = 10;
/** The IoU at which exporters usually let the suppression inside a graph act; only the scale of the crowding. */
const OVERLAP_MAX_INSIDE = 0.65;

/** Whether a point lies in a polygon (even–odd rule; the border may fall to either side). */
export function isInside(region: Region, u: number, v: number): boolean {
  let inside = false;
  for (let i = 0, j = region.length - 1; i < region.length; j = i++) {
    const [ui, vi] = region[i] ?? [0, 0];
    const [uj, vj] = region[j] ?? [0, 0];
    if (vi > v !== vj > v && u < ((uj - ui) * (v - vi)) / (vj - vi) + ui) inside = !inside;
  }
  return inside;
}

/** Turns candidates into what is reported: overlaps removed, in the picture's pixels, inside the region. */
export function report(
  found: Candidates,
  detector: BoxDetector,
  placement: Placement,
  region: Region | undefined,
  detectionsMax: number,
): Omit<Detections, 'timing' | 'sight'> {
  const most = Math.min(detectionsMax, detector.boxesMax ?? detectionsMax);
  const strongest = suppress(found, detector.overlapMax, most);
  const { pictureWidth, pictureHeight } = placement;
  const scaleU = pictureWidth / placement.width;
  const scaleV = pictureHeight / placement.height;

  const boxes = new Float32Array(strongest.length * 4);
  const feet = new Float32Array(detector.givesFeet === true ? strongest.length * 2 : 0);
  const kept: number[] = [];
  for (const i of strongest) {
    const u = (k: number): number =>
      clamp(((found.boxes[i * 4 + k] ?? 0) - placement.left) * scaleU, pictureWidth);
    const v = (k: number): number =>
      clamp(((found.boxes[i * 4 + k] ?? 0) - placement.top) * scaleV, pictureHeight);
    const box = [u(0), v(1), u(2), v(3)] as const;
    // A box in the padding alone shows nothing.
    if (!(box[2] > box[0] && box[3] > box[1])) continue;
    let footU = (box[0] + box[2]) / 2;
    let footV = box[3];
    if (detector.givesFeet === true) {
      const u = ((found.feet[i * 2] ?? 0) - placement.left) * scaleU;
      const v = ((found.feet[i * 2 + 1] ?? 0) - placement.top) * scaleV;
      // A model that is at a loss for the foot point still has the box's.
      if (Number.isFinite(u + v)) [footU, footV] = [u, v];
      feet.set([footU, footV], kept.length * 2);
    }
    // Someone cut off by a border stands on its last pixels, as far as the region goes.
    footU = clamp(footU, pictureWidth - 1);
    footV = clamp(footV, pictureHeight - 1);
    if (region !== undefined && !isInside(region, footU, footV)) continue;
    boxes.set(box, kept.length * 4);
    kept.push(i);
  }

  const overlapMax = detector.overlapMax ?? OVERLAP_MAX_INSIDE;
  return {
    width: pictureWidth,
    height: pictureHeight,
    count: kept.length,
    boxes: boxes.slice(0, kept.length * 4),
    ...(detector.givesFeet === true ? { feet: feet.slice(0, kept.length * 2) } : {}),
    scores: Float32Array.from(kept, (i) => found.scores[i] ?? 0),
    kinds: Uint8Array.from(kept, (i) => found.kinds[i] ?? 0),
    saturation: Math.max(Math.min(1, strongest.length / most), crowding(found, kept, overlapMax)),
  };
}

function crowding(found: Candidates, kept: readonly number[], overlapMax: number): number {
  let sum = 0;
  for (const i of kept) {
    let largest = 0;
    for (const k of kept) {
      if (k === i || found.kinds[k] !== found.kinds[i]) continue;
      largest = Math.max(largest, overlapOf(found.boxes, i, k));
    }
    sum += Math.min(1, largest / overlapMax);
  }
  return sum / Math.max(kept.length, CROWD_COUNT_MIN);
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value));
}
