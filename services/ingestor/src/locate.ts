import type { PlaneDetection } from '@hitonami/tracking';
import type { Detections, FloorProjection, FootSd } from '@hitonami/vision';

/** A foot point errs by at least this many pixels. */
const FOOT_SD_MIN_PX = 1.5;

/** A foot point whose place is less certain than this lies too near the horizon to be used, m. */
const PLACE_SD_MAX_M = 5;

/**
 * Puts the foot point of every box on the floor: the one that the model gives, else the middle of the box's lower
 * side, with the error that the model's foot points have and the camera's perspective makes of it.
 */
export function locate(
  detections: Detections,
  projection: FloorProjection,
  footSd: FootSd,
): PlaneDetection[] {
  const placed: PlaneDetection[] = [];
  const { boxes, feet, scores, kinds } = detections;
  for (let i = 0; i < detections.count; i++) {
    const x1 = boxes[4 * i] ?? 0;
    const y1 = boxes[4 * i + 1] ?? 0;
    const x2 = boxes[4 * i + 2] ?? 0;
    const y2 = boxes[4 * i + 3] ?? 0;
    const [sdU, sdV] = footSd.map((share) => Math.max(FOOT_SD_MIN_PX, share * (y2 - y1)));
    const [u, v] = [feet?.[2 * i] ?? (x1 + x2) / 2, feet?.[2 * i + 1] ?? y2];
    const place = projection.toFloorWithCovariance(u, v, sdU ?? 0, sdV ?? 0);
    if (place === undefined) continue;
    const [xx, , yy] = place.cov;
    if (!(xx + yy < 2 * PLACE_SD_MAX_M ** 2)) continue;
    placed.push({
      x: place.x,
      y: place.y,
      cov: place.cov,
      confidence: scores[i] ?? 0,
      kind: kinds[i] ?? 0,
      box: [x1, y1, x2, y2],
    });
  }
  return placed;
}
