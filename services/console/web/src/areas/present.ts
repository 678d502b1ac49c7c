import type { PlanArea } from '@hitonami/model';
import type { LiveSnapshot } from '../../../src/contract/index.js';
import { levelIndex } from '../charts/levels.js';
import { areaM2 } from '../editor/geometry.js';

export interface Present {
  area: PlanArea;
  sizeM2: number;
  people: number | null;
  /** Persons/m²; null where less than half of the area is seen. */
  density: number | null;
  /** Of the densest spot; null where too little is seen. */
  peakDensity: number | null;
  level: string | null;
  coverage: number | null;
  /** The detector was saturated: numbers are lower bounds. */
  atLeast: boolean;
}

/** From this share of saturated detection on, a number is a lower bound. */
const SATURATED = 0.5;

/** An area as it is now, from the live picture. */
export function presentOf(area: PlanArea, snapshot: LiveSnapshot | undefined): Present {
  const sizeM2 = areaM2(area.polygon.coordinates);
  const now = snapshot?.areas.find((each) => each.area === area.id);
  const isSeen = now !== undefined && now.density !== null;
  return {
    area,
    sizeM2,
    people: isSeen ? now.people : null,
    density: isSeen ? now.density : null,
    peakDensity: isSeen ? now.peakDensity : null,
    level: isSeen ? now.los : null,
    coverage: now?.coverage ?? null,
    atLeast: (now?.saturation ?? 0) >= SATURATED,
  };
}

/** The most crowded first; those that are not seen before those that are free: somebody should look. */
export function byUrgency(a: Present, b: Present): number {
  return rank(b) - rank(a);
}

function rank({ area, density }: Present): number {
  return density === null ? 2.5 : levelIndex(area.kind, density) + density / 100;
}
