import { polygonBox, polygonContains, type Polygon } from '../geometry/polygon.js';
import type { PlanIssue } from './check.js';
import { lineOwner } from './ownership.js';
import type { PlanArea, PlanCamera, SitePlan } from './schema.js';

/** An area counts as seen by a camera where one of so many points along each side of their common box lies in both. */
const SAMPLES_A_SIDE = 40;

/**
 * A camera that serves several purposes, or others' too, keeps them apart: what a purpose is about is measured by cameras
 * alone that serve it. Otherwise people filmed for one purpose would be counted for another of which they were not told.
 */
export function cameraPurposeIssues(plan: SitePlan): PlanIssue[] {
  return plan.cameras.flatMap((camera, i) => {
    const serves = camera.governance?.purposes;
    if (serves === undefined) return [];
    return plan.governance.purposes.flatMap(({ id, places }, p) => {
      if (serves.includes(id)) return [];
      const place = placeSeenBy(plan, camera, places);
      if (place === undefined) return [];
      return [
        {
          key: `cameras[${i}].governance.purposes`,
          problem: `'${camera.id}' measures '${place}', which is for '${id}' too, and does not serve it`,
          mend: `add '${id}', once its notice has named this camera, or leave '${place}' out of governance.purposes[${p}].places`,
        },
      ];
    });
  });
}

/** The first of the places that a camera measures; of all places where none are named. */
function placeSeenBy(
  plan: SitePlan,
  camera: PlanCamera,
  places: readonly string[] | undefined,
): string | undefined {
  const isAbout = ({ id }: { id: string }): boolean => places?.includes(id) ?? true;
  const area = plan.areas.find((one) => isAbout(one) && sees(camera, one));
  const line = plan.lines.find((one) => isAbout(one) && lineOwner(plan, one)?.id === camera.id);
  return (area ?? line)?.id;
}

function sees(camera: PlanCamera, area: PlanArea): boolean {
  return (
    camera.floor === area.floor && overlap(camera.coverage.coordinates, area.polygon.coordinates)
  );
}

function overlap(a: Polygon, b: Polygon): boolean {
  const [one, other] = [polygonBox(a), polygonBox(b)];
  const [left, right] = [Math.max(one.minX, other.minX), Math.min(one.maxX, other.maxX)];
  const [bottom, top] = [Math.max(one.minY, other.minY), Math.min(one.maxY, other.maxY)];
  if (left >= right || bottom >= top) return false;
  for (let i = 0; i < SAMPLES_A_SIDE; i++)
    for (let j = 0; j < SAMPLES_A_SIDE; j++) {
      const x = left + ((i + 0.5) / SAMPLES_A_SIDE) * (right - left);
      const y = bottom + ((j + 0.5) / SAMPLES_A_SIDE) * (top - bottom);
      if (polygonContains(a, x, y) && polygonContains(b, x, y)) return true;
    }
  return false;
}
