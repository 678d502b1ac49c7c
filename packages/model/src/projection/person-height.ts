import type { PlanCamera } from '../plan/schema.js';
import { placeOfCamera } from './camera-place.js';
import { FloorProjection } from './floor-projection.js';

/** A standing person: as tall as adults are on average, and as wide as their shoulders, metres. */
const STATURE_M = 1.65;
const SHOULDERS_M = 0.45;
/** Of the camera's height: what is projected at most, since what is level with the camera hides no place of the floor. */
const BELOW_CAMERA_MAX = 0.9;

/**
 * How tall the box around a person who stands at (x, y), metres, is in the camera's picture, pixels of
 * `calibration.imageHeight`. Undefined where the plan does not tell: no calibration, no place of the camera (see
 * `placeOfCamera`), or a point that the camera does not look towards.
 */
export function personHeightPx(camera: PlanCamera): (x: number, y: number) => number | undefined {
  const { calibration } = camera;
  const place = placeOfCamera(camera);
  if (calibration === undefined || place === undefined) return () => undefined;
  const floor = FloorProjection.from(calibration);
  const topM = Math.min(STATURE_M, BELOW_CAMERA_MAX * place.heightM);
  // A point above the floor is seen where its line of sight goes on to the floor: homography and place are enough.
  const beyond = place.heightM / (place.heightM - topM);
  const half = SHOULDERS_M / 2;
  return (x, y) => {
    let [top, bottom] = [Infinity, -Infinity];
    for (const by of [1, beyond]) {
      for (const [dx, dy] of [
        [-half, -half],
        [-half, half],
        [half, -half],
        [half, half],
      ] as const) {
        const fromX = x + dx - place.x;
        const fromY = y + dy - place.y;
        const seen = floor.toImage(place.x + fromX * by, place.y + fromY * by);
        if (seen === undefined) return undefined;
        top = Math.min(top, seen.v);
        bottom = Math.max(bottom, seen.v);
      }
    }
    return ((bottom - top) * STATURE_M) / topM;
  };
}
