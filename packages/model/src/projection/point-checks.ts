import { HitonamiError } from '../errors.js';
import type { CalibrationPoint } from './fit-points.js';

/** Fewer points than this leave a homography open. */
export const POINTS_MIN = 4;
export const POINTS_MAX = 2_000;
/** Points nearer than this are the same one, pixels and metres. */
const SAME_PX = 1;
const SAME_M = 0.02;
/** What is one on the one side is two on the other from here on: no error of a click or of a tape is so large. */
const APART_PX = 20;
const APART_M = 0.5;
/** Points are on one line where they spread across it by less than this share of their spread along it. */
const LINE_SHARE = 0.01;

/** Throws `INPUT` with the reason where no homography follows from the points. */
export function checkPoints(points: readonly CalibrationPoint[]): void {
  if (points.length < POINTS_MIN) {
    refuse(`${points.length} points do not make a homography: it takes at least ${POINTS_MIN}`);
  }
  if (points.length > POINTS_MAX) {
    refuse(`${points.length} points are more than the limit of ${POINTS_MAX}`);
  }
  points.forEach((point, i) => {
    for (const [key, value] of Object.entries(point) as [string, number][]) {
      if (!Number.isFinite(value)) refuse(`point ${i + 1}: ${key} is not a number`);
    }
  });
  checkDifferent(points);
  checkSpread(points, 'in the picture', ({ u, v }) => [u, v]);
  checkSpread(points, 'on the floor', ({ x, y }) => [x, y]);
}

/** A point given twice is one point; a pixel that is two places, or a place that is two pixels, is a mistake. */
function checkDifferent(points: readonly CalibrationPoint[]): void {
  let different = points.length;
  let twice = '';
  points.forEach((a, i) => {
    let isRepeated = false;
    for (let j = 0; j < i; j++) {
      const b = points[j];
      if (!b) continue;
      const apartPx = Math.hypot(a.u - b.u, a.v - b.v);
      const apartM = Math.hypot(a.x - b.x, a.y - b.y);
      const which = `points ${j + 1} and ${i + 1}`;
      if (apartPx < SAME_PX && apartM > APART_M)
        refuse(`${which} are one pixel but two places on the floor: one of them is wrong`);
      if (apartM < SAME_M && apartPx > APART_PX)
        refuse(`${which} are one place on the floor but two pixels: one of them is wrong`);
      if (apartPx < SAME_PX && apartM < SAME_M) {
        isRepeated = true;
        twice ||= which;
      }
    }
    if (isRepeated) different--;
  });
  if (different < POINTS_MIN)
    refuse(`${twice} are the same: give at least ${POINTS_MIN} different ones`);
}

/** A homography needs four points of which no three are on one line; a line through all points but one leaves it open. */
function checkSpread(
  points: readonly CalibrationPoint[],
  where: string,
  of: (point: CalibrationPoint) => readonly [number, number],
): void {
  const places = points.map(of);
  if (isLine(places)) {
    refuse(
      `all ${points.length} points are on one line ${where}: the floor beside it stays unknown`,
    );
  }
  places.forEach((_, i) => {
    if (!isLine(places.filter((__, j) => j !== i))) return;
    const others = points.map((__, j) => j + 1).filter((n) => n !== i + 1);
    refuse(
      `points ${listed(others)} are on one line ${where}, and only point ${i + 1} is beside it: ` +
        'give points of which no three are on one line, at best the corners of a large rectangle',
    );
  });
}

/** Whether the least spread of the places is nothing against the largest (principal axes). */
function isLine(places: readonly (readonly [number, number])[]): boolean {
  const n = places.length;
  const mx = places.reduce((sum, [x]) => sum + x, 0) / n;
  const my = places.reduce((sum, [, y]) => sum + y, 0) / n;
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of places) {
    xx += (x - mx) ** 2;
    xy += (x - mx) * (y - my);
    yy += (y - my) ** 2;
  }
  const middle = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  return Math.max(0, middle - half) <= LINE_SHARE ** 2 * (middle + half);
}

const LISTED_MAX = 6;

function listed(numbers: readonly number[]): string {
  if (numbers.length > LISTED_MAX) return `${numbers.slice(0, LISTED_MAX).join(', ')} and so on`;
  return `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

function refuse(reason: string): never {
  throw new HitonamiError('INPUT', `no calibration follows from these points: ${reason}.`);
}
