import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrateFromWalkers, type WalkerBox } from '../src/index.js';

const SIZE = { width: 1280, height: 720 };
const STATURE_M = 1.65;
const BOXES = 300;

interface Camera {
  heightM: number;
  tiltRad: number;
  rollRad: number;
  focalPx: number;
}

/** Where a camera above the floor's origin that looks along y shows a point of the room, from the definition. */
function pixel(camera: Camera, x: number, y: number, z: number): [u: number, v: number] {
  const { heightM, tiltRad, rollRad, focalPx } = camera;
  const up = z - heightM;
  const ahead = y * Math.cos(tiltRad) - up * Math.sin(tiltRad);
  const below = (-y * Math.sin(tiltRad) - up * Math.cos(tiltRad)) / ahead;
  const right = x / ahead;
  return [
    SIZE.width / 2 + focalPx * (Math.cos(rollRad) * right - Math.sin(rollRad) * below),
    SIZE.height / 2 + focalPx * (Math.sin(rollRad) * right + Math.cos(rollRad) * below),
  ];
}

/** People of about the stature wherever the camera sees them whole; each tenth box is a thing half as high. */
function boxesOf(camera: Camera, seed: number): WalkerBox[] {
  let state = seed;
  const random = (): number => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) / 2 ** 32;
  const about = (spread: number): number => spread * 2 * (random() + random() + random() - 1.5);
  const boxes: WalkerBox[] = [];
  for (let frame = 0; boxes.length < BOXES && frame < 20_000; frame++) {
    const [x, y] = [30 * (random() - 0.5), 40 * random()];
    const share = boxes.length % 10 === 9 ? 0.5 : 1 + about(0.04);
    const [u, foot] = pixel(camera, x, y, 0);
    const [, head] = pixel(camera, x, y, share * STATURE_M);
    const half = (foot - head) / 6;
    const isWhole = u > 100 && u < SIZE.width - 100 && head > 10 && foot < SIZE.height - 10;
    if (!isWhole || foot - head < 25) continue;
    const edge = (at: number): number => at + about(0.7);
    boxes.push({ x1: u - half, x2: u + half, y1: edge(head), y2: edge(foot), frame });
  }
  return boxes;
}

/** A camera with a lens of that focal length ÷ picture width, and the walkers in front of it. */
function scenes(focalShareMin: number, focalShareMax: number) {
  const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  return fc
    .record({
      heightM: within(2.4, 14),
      tiltRad: within(0.12, 0.9),
      rollRad: within(-0.05, 0.05),
      focalPx: within(focalShareMin * SIZE.width, focalShareMax * SIZE.width),
    })
    .chain((camera) => fc.record({ camera: fc.constant(camera), seed: fc.nat() }))
    .map(({ camera, seed }) => ({ camera, boxes: boxesOf(camera, seed) }))
    .filter(({ camera, boxes }) => boxes.length === BOXES && isDeep(camera, boxes));
}

/** Near and far people are of clearly different heights in the picture; else it is refused. */
function isDeep({ heightM }: Camera, boxes: readonly WalkerBox[]): boolean {
  const heights = boxes.map(({ y1, y2 }) => y2 - y1).sort((a, b) => a - b);
  const at = (share: number): number => heights[Math.floor(share * heights.length)] ?? 0;
  return heightM > 0 && at(0.95) > 2 * at(0.15);
}

describe('a calibration from walkers', () => {
  it('finds any camera above a floor again whose lens is known, among boxes that are nobody’s', () => {
    fc.assert(
      fc.property(scenes(0.5, 1.1), ({ camera, boxes }) => {
        const found = calibrateFromWalkers(boxes, {
          ...{ size: SIZE, statureM: STATURE_M },
          fieldOfViewRad: 2 * Math.atan(SIZE.width / 2 / camera.focalPx),
        });
        expect(Math.abs(found.cameraHeightM.value / camera.heightM - 1)).toBeLessThan(0.1);
        expect(Math.abs(found.tiltRad.value - camera.tiltRad)).toBeLessThan(0.06);
        expect(found.focalPx.value).toBeCloseTo(camera.focalPx, 6);
        expect(found.focalPx.sd).toBeCloseTo(0, 6);
        expect(found.fitting).toBeLessThan(0.95 * BOXES);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('says how far off height and tilt may be where the lens is a guess', () => {
    fc.assert(
      fc.property(scenes(0.65, 1.25), ({ camera, boxes }) => {
        const found = calibrateFromWalkers(boxes, { size: SIZE, statureM: STATURE_M });
        for (const [estimate, truth] of [
          [found.cameraHeightM, camera.heightM],
          [found.tiltRad, camera.tiltRad],
          [found.focalPx, camera.focalPx],
        ] as const)
          expect(Math.abs(estimate.value - truth)).toBeLessThan(4 * estimate.sd);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});
