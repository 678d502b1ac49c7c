import { flatnessOf, placeOfCamera, polygonContains, type SitePlan } from '@hitonami/model';
import { squaresOf } from './squares.js';

/**
 * Seen from farther than so many times the camera's height, four of ten in a crowd are hidden behind others (drawn crowds of
 * level E and F: the shipped detector finds .92 at 0.6 to 1, .86 to 1.3, .74 to 1.6 and .60 beyond).
 */
export const FLAT_FROM = 1.6;

/**
 * Share of an area, 0 to 1, that every camera which sees it looks at as flatly as that. What nobody sees is not among it, nor
 * what a device sees of which the plan does not tell where it hangs: see `placeOfCamera`.
 */
export function flatShare(plan: SitePlan, area: SitePlan['areas'][number]): number {
  const cameras = plan.cameras
    .filter(({ floor }) => floor === area.floor)
    .map((camera) => ({
      coverage: camera.coverage.coordinates,
      flatness: placeOfCamera(camera) === undefined ? () => 0 : flatnessOf(camera),
    }));
  let [flat, all] = [0, 0];
  for (const [x, y] of squaresOf(area.polygon.coordinates)) {
    const seen = cameras.filter(({ coverage }) => polygonContains(coverage, x, y));
    if (seen.length > 0 && seen.every(({ flatness }) => flatness(x, y) > FLAT_FROM)) flat++;
    all++;
  }
  return all === 0 ? 0 : flat / all;
}
