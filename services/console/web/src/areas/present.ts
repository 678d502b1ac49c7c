import { LOS_DENSITY_BOUNDS, levelOfService, type LevelOfService } from '@hitonami/crowd';
import { polygonArea, type PlanArea } from '@hitonami/model';
import type { Headcount } from '../../../src/contract/index.js';

/** Under this share of an area seen, its number says nothing about the whole (as in the live snapshot). */
export const SEEN_MIN = 0.5;

export interface Present {
  area: PlanArea;
  sizeM2: number;
  people: number | null;
  /** Persons/m² of the part that is seen; null where too little is. */
  density: number | null;
  level: LevelOfService | null;
  coverage: number | null;
  atLeast: boolean;
}

/** An area as it is now, from the headcount. */
export function presentOf(area: PlanArea, headcount: Headcount | undefined): Present {
  const sizeM2 = polygonArea(area.polygon.coordinates);
  const now = headcount?.areas.find((each) => each.area === area.id);
  const coverage = now?.coverage ?? null;
  const people = now?.people ?? null;
  const isSeen = people !== null && coverage !== null && coverage >= SEEN_MIN;
  const density = isSeen ? people / (sizeM2 * coverage) : null;
  return {
    area,
    sizeM2,
    people,
    density,
    level: density === null ? null : levelOfService(area.kind, density),
    coverage,
    atLeast: now?.atLeast ?? false,
  };
}

/** The most crowded first; those that are not seen before those that are free: somebody should look. */
export function byUrgency(a: Present, b: Present): number {
  return rank(b) - rank(a);
}

function rank({ area, density }: Present): number {
  if (density === null) return 2.5;
  const bounds = LOS_DENSITY_BOUNDS[area.kind];
  const above = bounds.findIndex((bound) => density <= bound);
  return (above === -1 ? bounds.length : above) + density / 100;
}
