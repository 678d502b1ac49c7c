import { personHeightPx, polygonBox, polygonContains, type PlanCamera } from '@hitonami/model';
import { SHIPPED_INPUT, SHIPPED_TALL_PX } from '@hitonami/vision';

/** How tall people are over a camera's coverage, in the picture that the shipped detector looks at. */
export interface CoverageHeights {
  readonly leastPx: number;
  readonly mostPx: number;
  /** Share of the coverage, 0 to 1, in which they are under `SHIPPED_TALL_PX`. */
  readonly smallShare: number;
}

/** Looked at in the middle of every square of so many metres, or of larger ones, as many each way at most. */
const STEP_M = 0.25;
const STEPS_MAX = 200;

/** Undefined where the plan does not tell: see `personHeightPx`. */
export function coverageHeights(camera: PlanCamera): CoverageHeights | undefined {
  const { calibration, coverage } = camera;
  if (calibration === undefined) return undefined;
  const scale = Math.min(
    SHIPPED_INPUT.width / calibration.imageWidth,
    SHIPPED_INPUT.height / calibration.imageHeight,
  );
  const heightPx = personHeightPx(camera);
  const { minX, minY, maxX, maxY } = polygonBox(coverage.coordinates);
  const stepM = Math.max(STEP_M, (maxX - minX) / STEPS_MAX, (maxY - minY) / STEPS_MAX);
  let [leastPx, mostPx, small, all] = [Infinity, 0, 0, 0];
  for (let x = minX + stepM / 2; x < maxX; x += stepM) {
    for (let y = minY + stepM / 2; y < maxY; y += stepM) {
      if (!polygonContains(coverage.coordinates, x, y)) continue;
      const px = heightPx(x, y);
      if (px === undefined) continue;
      const tallPx = px * scale;
      leastPx = Math.min(leastPx, tallPx);
      mostPx = Math.max(mostPx, tallPx);
      if (tallPx < SHIPPED_TALL_PX) small++;
      all++;
    }
  }
  return all === 0 ? undefined : { leastPx, mostPx, smallShare: small / all };
}
