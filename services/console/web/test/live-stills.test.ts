import { describe, expect, it } from 'vitest';
import { FloorProjection, type PlanCamera } from '@hitonami/model';
import { CameraPicture, countIn } from '../src/live/stills/project.js';
import type { Picture } from '../src/live/store.js';

/** A camera over a floor of 20 m: `test/plans/tud-stadtmitte.site.json`. */
const CALIBRATION = {
  imageWidth: 640,
  imageHeight: 480,
  homography: [
    -0.0050801424958974465, 0.09889610753235328, -38.57150638156266, 0.013731971749239475,
    0.060858692475973274, -30.50113767009212, -0.00020861557584817824, -0.008503290941203296, 1,
  ],
} as const;
const toFloor = (u: number, v: number) => {
  const place = FloorProjection.from(CALIBRATION).toFloor(u, v);
  if (place === undefined) throw new Error('no floor there');
  return place;
};
const NEAR = toFloor(320, 470);
const FAR = toFloor(320, 420);
const corners = [toFloor(100, 479), toFloor(540, 479), toFloor(540, 400), toFloor(100, 400)];
const ring = [...corners, corners[0] ?? NEAR].map(({ x, y }) => [x, y] as const);
const CAMERA: PlanCamera = {
  id: 'c1',
  floor: 'f1',
  coverage: { type: 'Polygon', coordinates: [ring] },
  calibration: CALIBRATION,
  detection: {},
};
const picture = CameraPicture.of(CAMERA);

describe('people in the picture of a camera', () => {
  it('stand where the camera would see their feet, larger when they are near', () => {
    const [near, far] = [NEAR, FAR].map(({ x, y }) => picture?.place(x, y, 0, 0));
    expect(near?.u).toBeCloseTo(320, 6);
    expect(near?.v).toBeCloseTo(470, 6);
    expect(far?.v).toBeCloseTo(420, 6);
    expect(near?.pxPerM).toBeGreaterThan(far?.pxPerM ?? Infinity);
  });

  it('who walk have the way that the picture shows, who stand have none', () => {
    const [dx, dy] = [NEAR.x - FAR.x, NEAR.y - FAR.y];
    const length = Math.hypot(dx, dy);
    const towards = picture?.place(FAR.x, FAR.y, dx / length, dy / length);
    // Down the picture: towards the camera.
    expect(towards?.rad).toBeCloseTo(Math.PI / 2, 3);
    expect(picture?.place(FAR.x, FAR.y, -dx / length, -dy / length)?.rad).toBeCloseTo(
      -Math.PI / 2,
      3,
    );
    expect(picture?.place(FAR.x, FAR.y, 0.05, 0)?.rad).toBeUndefined();
  });

  it('who are not where the camera measures are not in it', () => {
    const outside = toFloor(20, 470);
    expect(picture?.place(outside.x, outside.y, 0, 0)).toBeUndefined();
    expect(picture?.place(-500, -500, 0, 0)).toBeUndefined();
  });

  it('are counted as the page says it: those of its floor, people alone', () => {
    const columns = { x: [NEAR.x, FAR.x, FAR.x, NEAR.x], y: [NEAR.y, FAR.y, FAR.y, NEAR.y] };
    const shown = {
      snapshot: { floors: ['f1', 'f2'] },
      people: {
        count: 4,
        x: Float32Array.from(columns.x),
        y: Float32Array.from(columns.y),
        vx: Float32Array.of(1, 0, 0, 0),
        vy: new Float32Array(4),
        floor: Uint8Array.of(0, 0, 1, 0),
        kind: Uint8Array.of(0, 0, 0, 2),
      },
    } as unknown as Picture;
    expect(picture && countIn(picture, 'f1', shown)).toEqual({ all: 2, walking: 1 });
  });

  it('need a calibration that is one', () => {
    const { calibration: _, ...sensor } = CAMERA;
    expect(CameraPicture.of(sensor)).toBeUndefined();
    const flat = { ...CALIBRATION, homography: [1, 0, 0, 1, 0, 0, 1, 0, 0] as const };
    expect(CameraPicture.of({ ...CAMERA, calibration: flat })).toBeUndefined();
  });

  it('and what the camera measures is outlined in it', () => {
    const [outline = []] = picture?.outline() ?? [];
    const us = outline.map(([u]) => u);
    expect(Math.min(...us)).toBeCloseTo(100, 3);
    expect(Math.max(...us)).toBeCloseTo(540, 3);
  });
});
