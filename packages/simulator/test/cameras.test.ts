import { polygonArea, polygonContains } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calibrationOf,
  coverageOf,
  lensOf,
  poseOf,
  scenario,
  scenarioNames,
  type CameraPose,
} from '../src/index.js';
import { PictureOf } from '../src/cameras/projection.js';

const pose: CameraPose = {
  x: 3,
  y: -2,
  heightM: 4,
  yawDeg: 30,
  tiltDeg: 25,
  rollDeg: 2,
  imageWidth: 640,
  imageHeight: 480,
  lens: lensOf(640, 480, 80, { k1: -0.1, k2: 0.01 }),
};

const anyPose = fc
  .record({
    x: fc.double({ min: -50, max: 50, noNaN: true }),
    y: fc.double({ min: -50, max: 50, noNaN: true }),
    heightM: fc.double({ min: 2, max: 8, noNaN: true }),
    yawDeg: fc.double({ min: -179, max: 179, noNaN: true }),
    tiltDeg: fc.double({ min: 5, max: 80, noNaN: true }),
    rollDeg: fc.double({ min: -20, max: 20, noNaN: true }),
    fieldOfViewDeg: fc.double({ min: 40, max: 110, noNaN: true }),
  })
  .map(({ fieldOfViewDeg, ...rest }): CameraPose => {
    const lens = lensOf(640, 360, fieldOfViewDeg);
    return { ...rest, imageWidth: 640, imageHeight: 360, lens };
  });

/** Floor metres at an undistorted pixel, by a calibration's homography. */
function floorAt(h: readonly number[], u: number, v: number): [number, number] {
  const row = (i: number): number => (h[i] ?? 0) * u + (h[i + 1] ?? 0) * v + (h[i + 2] ?? 0);
  return [row(0) / row(6), row(3) / row(6)];
}

describe('a camera’s pose and its calibration', () => {
  it('are two ways to say the same', () => {
    fc.assert(
      fc.property(anyPose, (any) => {
        const back = poseOf(calibrationOf(any));
        for (const key of ['x', 'y', 'heightM', 'tiltDeg', 'rollDeg', 'yawDeg'] as const) {
          expect(back[key]).toBeCloseTo(any[key], 6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('without a lens the focal length follows from the homography, if the camera is tilted', () => {
    fc.assert(
      fc.property(anyPose, (any) => {
        const { distortion: _, ...bare } = calibrationOf(any);
        const back = poseOf(bare);
        expect(back.lens.fx / any.lens.fx).toBeCloseTo(1, 5);
        expect(back.heightM).toBeCloseTo(any.heightM, 4);
      }),
      { numRuns: 60 },
    );
  });

  it('the homography shows the floor point that the middle of the picture looks at', () => {
    const straight = { ...pose, rollDeg: 0 };
    const [x, y] = floorAt(calibrationOf(straight).homography, 320, 240);
    const ahead = 4 / Math.tan((25 * Math.PI) / 180);
    expect(x).toBeCloseTo(3 + ahead * Math.cos(Math.PI / 6), 6);
    expect(y).toBeCloseTo(-2 + ahead * Math.sin(Math.PI / 6), 6);
  });

  it('a point to the right of the line of sight is to the right in the picture, a nearer one below', () => {
    const level = { ...pose, yawDeg: 0, rollDeg: 0 };
    const picture = new PictureOf(level);
    const [u, v] = picture.at(13, -3, 0) ?? expect.fail();
    expect(u).toBeGreaterThan(320);
    const [, nearer] = picture.at(9, -3, 0) ?? expect.fail();
    expect(nearer).toBeGreaterThan(v);
    expect(picture.at(-5, -2, 0)).toBeUndefined();
  });

  it('what is no camera above its floor is refused', () => {
    const { distortion: _, ...bare } = calibrationOf(pose);
    expect(() => poseOf({ ...bare, homography: [1, 0, 0, 0, 1, 0, 0, 0, 1] })).toThrow(
      'focal length',
    );
    expect(() => calibrationOf({ ...pose, heightM: 0 })).toThrow('heightM');
  });
});

describe('the coverage of a camera', () => {
  it('is floor that is in its picture, with whoever stands there from feet to head', () => {
    for (const name of ['quiet-morning', 'train-surge', 'eight-cameras']) {
      const { plan, world, cameras } = scenario(name);
      for (const { id, pose: own } of cameras) {
        const camera = plan.cameras.find((one) => one.id === id) ?? expect.fail();
        const picture = new PictureOf(own);
        for (const [x, y] of camera.coverage.coordinates[0] ?? []) {
          expect(polygonContains(world.walkable, x, y), `${id} at ${x}, ${y}`).toBe(true);
          expect(picture.shows(x, y, 0, 0) && picture.shows(x, y, 1.7, 0)).toBe(true);
        }
      }
    }
  });

  it('ends at the distance asked for, and behind what is tall', () => {
    const { world } = scenario('bottleneck');
    const at = { ...pose, x: 0.5, y: 5, yawDeg: 0, rollDeg: 0 };
    const near = coverageOf(at, world, { maxDistanceM: 6 });
    expect(Math.max(...(near[0] ?? []).map(([x]) => x))).toBeLessThan(6.6);
    const wall = {
      id: 'w',
      polygon: [
        [4, 0],
        [4.2, 0],
        [4.2, 10],
        [4, 10],
      ],
      kind: 'wall',
    } as const;
    const walled = { ...world, obstacles: [{ ...wall, heightM: 3 }] };
    const fenced = { ...world, obstacles: [{ ...wall, heightM: 1 }] };
    const reach = { maxDistanceM: 10 };
    expect(Math.max(...(coverageOf(at, walled, reach)[0] ?? []).map(([x]) => x))).toBeLessThan(4);
    expect(polygonArea(coverageOf(at, fenced, reach))).toBeGreaterThan(40);
  });

  it('of a camera that sees no floor is an error that says where', () => {
    const { world } = scenario('bottleneck');
    const away = { ...pose, x: 0.2, y: 5, yawDeg: 180 };
    expect(() => coverageOf(away, world, { maxDistanceM: 9 })).toThrow('it sees no walkable floor');
  });

  it('leaves two blind stretches of 2 to 4 m in the corridor of eight-cameras, and overlaps elsewhere', () => {
    const { plan } = scenario('eight-cameras');
    expect(plan.cameras).toHaveLength(8);
    const seenBy = (x: number): number =>
      plan.cameras.filter(({ coverage }) =>
        [1, 2, 3].every((y) => polygonContains(coverage.coordinates, x, y)),
      ).length;
    const gaps: number[] = [];
    let blind = 0;
    for (let x = 5; x < 44; x += 0.1) {
      if (seenBy(x) === 0) blind += 0.1;
      else if (blind > 0) gaps.push(blind);
      if (seenBy(x) > 0) blind = 0;
    }
    expect(gaps).toHaveLength(2);
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(2);
      expect(gap).toBeLessThanOrEqual(4);
    }
    expect(seenBy(25)).toBeGreaterThanOrEqual(2);
  });

  it('covers most of every area, in every scenario', () => {
    for (const name of scenarioNames) {
      const { plan } = scenario(name);
      for (const { id, polygon } of plan.areas) {
        let [inside, seen] = [0, 0];
        const xs = (polygon.coordinates[0] ?? []).map(([x]) => x);
        const ys = (polygon.coordinates[0] ?? []).map(([, y]) => y);
        for (let x = Math.min(...xs) + 0.1; x < Math.max(...xs); x += 0.4) {
          for (let y = Math.min(...ys) + 0.1; y < Math.max(...ys); y += 0.4) {
            if (!polygonContains(polygon.coordinates, x, y)) continue;
            inside++;
            if (plan.cameras.some((c) => polygonContains(c.coverage.coordinates, x, y))) seen++;
          }
        }
        expect(seen / inside, `${name}: ${id}`).toBeGreaterThan(0.6);
      }
    }
  });
});
