import type { PlanArea, PlanLine, SitePlan } from '@hitonami/model';
import type { AreaGeometry, SiteGeometry } from '../geometry.js';
import { LOS_SPECIFIC_FLOW_BOUNDS } from '../measures/level-of-service.js';

/**
 * From this saturation on a detector is taken to undercount: a density that it sees reads "at least", and alerts one
 * danger band earlier. The saturation is how near a frame came to the most people that the detector can tell apart.
 */
export const SATURATED_MIN = 0.9;

/** A share of the planned coverage that may be missing to rounding before an area counts as not fully seen. */
const COVERAGE_SLACK = 0.02;

/** The danger bands of an area, persons/m² of highest local density: its own, else those of the site. */
export function dangerBandsOf(plan: SitePlan, area: PlanArea): SitePlan['dangerBands'] {
  return area.dangerBands ?? plan.dangerBands;
}

/** The specific flow above which a line alerts, persons/m/min: its own, else Fruin's upper bound of E for a walkway. */
export function flowCapacityOf(line: PlanLine): number {
  return line.capacityPerMMin ?? (LOS_SPECIFIC_FLOW_BOUNDS.walkway[4] as number);
}

/** Share of each area that the plan's cameras cover when all of them see, 0 to 1, by the area's index. */
export function plannedCoverage(site: SiteGeometry): Float64Array {
  const covered = new Float64Array(site.areas.length);
  for (const { areas, sharesDm2 } of site.cameras)
    areas.forEach((area, i) => {
      covered[area] = (covered[area] as number) + (sharesDm2[i] as number);
    });
  for (const { index, areaDm2 } of site.areas)
    covered[index] = Math.min(1, (covered[index] as number) / areaDm2);
  return covered;
}

/**
 * The share of an area that must be seen for an alert of it to resolve, and for it not to be unseen: the plan's
 * `coverageMin`; or, where its cameras cover less than that even when all of them see, all that they cover. What the plan
 * leaves out is a matter of the plan, to be mended there: it must not alert for ever. 0 where no camera covers any of it.
 */
export function coverageNeeded(site: SiteGeometry, { index }: AreaGeometry, planned: Float64Array) {
  return Math.min(
    site.plan.alerting.coverageMin,
    (planned[index] as number) * (1 - COVERAGE_SLACK),
  );
}
