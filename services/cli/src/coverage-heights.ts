import { personHeightPx, type PlanCamera } from '@hitonami/model';
import { SHIPPED_INPUT, SHIPPED_TALL_PX } from '@hitonami/vision';
import { squaresOf } from './squares.js';

/** How tall people are over a camera's coverage, in the picture that the shipped detector looks at. */
export interface CoverageHeights {
  readonly leastPx: number;
  readonly mostPx: number;
  /** Share of the coverage, 0 to 1, in which they are under `SHIPPED_TALL_PX`. */
  readonly smallShare: number;
}

/** Undefined where the plan does not tell: see `personHeightPx`. */
export function coverageHeights(camera: PlanCamera): CoverageHeights | undefined {
  const { calibration, coverage } = camera;
  if (calibration === undefined) return undefined;
  const scale = Math.min(
    SHIPPED_INPUT.width / calibration.imageWidth,
    SHIPPED_INPUT.height / calibration.imageHeight,
  );
  const heightPx = personHeightPx(camera);
  let [leastPx, mostPx, small, all] = [Infinity, 0, 0, 0];
  for (const [x, y] of squaresOf(coverage.coordinates)) {
    const px = heightPx(x, y);
    if (px === undefined) continue;
    const tallPx = px * scale;
    leastPx = Math.min(leastPx, tallPx);
    mostPx = Math.max(mostPx, tallPx);
    if (tallPx < SHIPPED_TALL_PX) small++;
    all++;
  }
  return all === 0 ? undefined : { leastPx, mostPx, smallShare: small / all };
}
