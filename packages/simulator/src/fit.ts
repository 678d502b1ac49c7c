import {
  HitonamiError,
  LINE_BAND_M,
  polygonBox,
  polygonContains,
  type Point,
  type Polygon,
  type SitePlan,
} from '@hitonami/model';
import { poseOf, type CameraPose } from './cameras/pose.js';
import type { Scenario } from './scenario.js';

/** Side of the raster on which areas and coverage are compared with the floor, metres. */
const SAMPLE_M = 0.25;
const MAX_SAMPLES = 200_000;
/** Share of an area or coverage that must be floor; a wall is not drawn to the centimetre. */
const ON_FLOOR_MIN = 0.9;
const LINE_SAMPLES = 16;

/**
 * Whether a plan can measure a scenario: its areas, lines and cameras lie on the scenario's floor.
 *
 * @returns the poses of the plan's cameras
 * @throws HitonamiError `PLAN` that lists everything that does not fit, and what to do
 */
export function checkFit(
  { name, world }: Pick<Scenario, 'name' | 'world'>,
  plan: SitePlan,
): { id: string; pose: CameraPose }[] {
  const issues: string[] = [];
  const floors = new Set([...plan.areas, ...plan.lines, ...plan.cameras].map((item) => item.floor));
  if (floors.size > 1) {
    issues.push(`the scenario has one floor, the plan uses ${[...floors].join(', ')}; leave one`);
  }
  for (const { id, polygon } of plan.areas) {
    const share = shareOnFloor(polygon.coordinates, world.walkable);
    if (share < ON_FLOOR_MIN) {
      issues.push(`area '${id}': ${off(share)}; move it onto the floor (${where(world.walkable)})`);
    }
  }
  for (const { id, line } of plan.lines) {
    if (isLineOnFloor(line.coordinates, world.walkable)) continue;
    issues.push(
      `line '${id}': it does not lie on the walkable floor with a side to cross to; move it (${where(world.walkable)})`,
    );
  }
  const cameras: { id: string; pose: CameraPose }[] = [];
  for (const { id, coverage, calibration } of plan.cameras) {
    const share = shareOnFloor(coverage.coordinates, world.walkable);
    if (share < ON_FLOOR_MIN) {
      issues.push(`camera '${id}': ${off(share)} of its coverage; draw what it sees of the floor`);
    }
    if (calibration === undefined) continue;
    try {
      cameras.push({ id, pose: poseOf(calibration) });
    } catch (error) {
      issues.push(`camera '${id}': ${(error as Error).message}`);
    }
  }
  if (issues.length === 0) return cameras;
  throw new HitonamiError('PLAN', `the plan does not fit scenario ${name}:\n${issues.join('\n')}`);
}

function off(share: number): string {
  return `only ${Math.floor(100 * share)} % is walkable floor`;
}

function where(walkable: Polygon): string {
  const { minX, minY, maxX, maxY } = polygonBox(walkable);
  return `x ${minX} to ${maxX}, y ${minY} to ${maxY} m`;
}

function shareOnFloor(polygon: Polygon, walkable: Polygon): number {
  const { minX, minY, maxX, maxY } = polygonBox(polygon);
  const step = Math.max(SAMPLE_M, Math.sqrt(((maxX - minX) * (maxY - minY)) / MAX_SAMPLES));
  let inside = 0;
  let onFloor = 0;
  for (let x = minX + step / 2; x < maxX; x += step) {
    for (let y = minY + step / 2; y < maxY; y += step) {
      if (!polygonContains(polygon, x, y)) continue;
      inside++;
      if (polygonContains(walkable, x, y)) onFloor++;
    }
  }
  // Too thin for the raster: its corners say.
  if (inside === 0) {
    return (polygon[0] ?? []).every(([x, y]) => polygonContains(walkable, x, y)) ? 1 : 0;
  }
  return onFloor / inside;
}

/** The line and both edges of its band, but for its very ends, which may touch walls. */
function isLineOnFloor([a, b]: readonly [Point, Point], walkable: Polygon): boolean {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  for (let i = 1; i < LINE_SAMPLES; i++) {
    const along = (length * i) / LINE_SAMPLES;
    for (const across of [-LINE_BAND_M, 0, LINE_BAND_M]) {
      const x = a[0] + ux * along - uy * across;
      const y = a[1] + uy * along + ux * across;
      if (!polygonContains(walkable, x, y)) return false;
    }
  }
  return true;
}
