import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTruth, sharedPath } from '../../../test/support/pictures.js';
import { lentOrSkip } from '../../../test/support/require.js';
import { type Calibration, type Distortion, FloorProjection } from '../src/index.js';

type Matrix = Calibration['homography'];

/**
 * The homography of a pinhole camera `height` metres above the floor's origin, looking north, tilted `down` from the
 * horizontal and rolled about its axis: 640 × 480 pixels.
 */
function cameraAt(height: number, down: number, roll = 0, focal = 600): Matrix {
  const [s, c] = [Math.sin(down), Math.cos(down)];
  const right = [1, 0, 0] as const;
  const below = [0, -s, -c] as const;
  const ahead = [0, c, -s] as const;
  const [rs, rc] = [Math.sin(roll), Math.cos(roll)];
  const turn = (k: 0 | 1 | 2, a: number, b: number): number => a * right[k] + b * below[k];
  const u = ([0, 1, 2] as const).map((k) => turn(k, rc, rs));
  const v = ([0, 1, 2] as const).map((k) => turn(k, -rs, rc));
  const row = (axis: readonly number[], principal: number): [number, number, number] => {
    const [ax = 0, ay = 0, az = 0] = axis.map(
      (value, k) => focal * value + principal * (ahead[k] ?? 0),
    );
    return [ax, ay, -az * height];
  };
  // Floor (x, y, 1) to picture; its inverse is what a calibration holds.
  const forward = [...row(u, 320), ...row(v, 240), ahead[0], ahead[1], -ahead[2] * height];
  return inverse(forward);
}

function inverse(m: readonly number[]): Matrix {
  const at = (row: number, column: number): number => m[(row % 3) * 3 + (column % 3)] ?? 0;
  const cofactor = (row: number, column: number): number =>
    at(row + 1, column + 1) * at(row + 2, column + 2) -
    at(row + 1, column + 2) * at(row + 2, column + 1);
  const det = [0, 1, 2].reduce((sum, column) => sum + at(0, column) * cofactor(0, column), 0);
  const entry = (i: number): number => cofactor(i % 3, Math.floor(i / 3)) / det;
  return [entry(0), entry(1), entry(2), entry(3), entry(4), entry(5), entry(6), entry(7), entry(8)];
}

/** A wide lens, as a calibration with a chessboard gives it. */
const LENS: Distortion = {
  fx: 610,
  fy: 605,
  cx: 318,
  cy: 243,
  k1: -0.28,
  k2: 0.09,
  k3: -0.01,
  p1: 0.0008,
  p2: -0.0005,
};

const anyCamera = fc.record({
  height: fc.double({ min: 2, max: 12, noNaN: true }),
  down: fc.double({ min: 0.15, max: Math.PI / 2, noNaN: true }),
  roll: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
  scale: fc.constantFrom(1, -1, 37, -0.001),
});
const anyLens = fc.option(
  fc.record({
    fx: fc.double({ min: 400, max: 900, noNaN: true }),
    fy: fc.double({ min: 400, max: 900, noNaN: true }),
    cx: fc.double({ min: 300, max: 340, noNaN: true }),
    cy: fc.double({ min: 220, max: 260, noNaN: true }),
    k1: fc.double({ min: -0.3, max: 0.2, noNaN: true }),
    k2: fc.double({ min: -0.05, max: 0.1, noNaN: true }),
    k3: fc.double({ min: -0.02, max: 0.02, noNaN: true }),
    p1: fc.double({ min: -0.002, max: 0.002, noNaN: true }),
    p2: fc.double({ min: -0.002, max: 0.002, noNaN: true }),
  }),
  { nil: undefined },
);
const anyPixel = fc.record({
  u: fc.double({ min: 0, max: 640, noNaN: true }),
  v: fc.double({ min: 0, max: 480, noNaN: true }),
});

function projectionOf(
  { height, down, roll, scale }: { height: number; down: number; roll: number; scale: number },
  distortion?: Distortion,
): FloorProjection {
  const [a, b, c, d, e, f, g, h, i] = cameraAt(height, down, roll);
  const s = scale;
  const homography: Matrix = [a * s, b * s, c * s, d * s, e * s, f * s, g * s, h * s, i * s];
  return FloorProjection.from(
    distortion === undefined ? { homography } : { homography, distortion },
  );
}

describe('a projection between a picture and the floor', () => {
  it('puts the point that the camera looks at where geometry says it is', () => {
    const projection = FloorProjection.from({ homography: cameraAt(4, Math.PI / 4) });
    const seen = projection.toFloor(320, 240);
    expect(seen?.x).toBeCloseTo(0, 9);
    expect(seen?.y).toBeCloseTo(4, 9);
    const east = projection.toFloor(400, 240);
    expect(east?.x).toBeGreaterThan(0.5);
    const nearer = projection.toFloor(320, 400);
    expect(nearer?.y).toBeLessThan(3.5);
  });

  it('has no floor on the horizon or above it, however the camera is mounted', () => {
    // Tilted by 20°, the horizon of a 600 px lens is 600 · tan 20° above the middle.
    const horizon = 240 - 600 * Math.tan(Math.PI / 9);
    const upright = FloorProjection.from({ homography: cameraAt(3, Math.PI / 9) });
    expect(upright.toFloor(100, horizon + 1)?.y).toBeGreaterThan(100);
    expect(upright.toFloor(100, horizon)).toBeUndefined();
    expect(upright.toFloor(100, horizon - 50)).toBeUndefined();
    expect(upright.jacobian(100, horizon - 50)).toBeUndefined();
    expect(upright.toFloorWithCovariance(100, horizon - 50, 1, 1)).toBeUndefined();
    // Hung upside down, the sky is at the bottom.
    const hung = FloorProjection.from({ homography: cameraAt(3, Math.PI / 9, Math.PI) });
    expect(hung.toFloor(320, 10)).toBeDefined();
    expect(hung.toFloor(320, 480 - horizon + 50)).toBeUndefined();
  });

  it('shows nothing of the floor behind the camera', () => {
    const projection = FloorProjection.from({ homography: cameraAt(3, Math.PI / 9) });
    expect(projection.toImage(0, 10)).toBeDefined();
    expect(projection.toImage(0, -20)).toBeUndefined();
  });

  it('goes to the floor and back, for any camera, scale and lens', () => {
    let seen = 0;
    fc.assert(
      fc.property(anyCamera, anyLens, anyPixel, (camera, lens, { u, v }) => {
        const projection = projectionOf(camera, lens);
        const floor = projection.toFloor(u, v);
        // Within 100 m: beyond, a rounding error is many pixels.
        if (floor === undefined || Math.hypot(floor.x, floor.y) > 100) return;
        seen++;
        const back = projection.toImage(floor.x, floor.y);
        expect(back?.u).toBeCloseTo(u, 4);
        expect(back?.v).toBeCloseTo(v, 4);
      }),
      { numRuns: 400 },
    );
    expect(seen).toBeGreaterThan(150);
  });

  it('has the derivatives that small steps show', () => {
    fc.assert(
      fc.property(anyCamera, anyLens, anyPixel, (camera, lens, { u, v }) => {
        const projection = projectionOf(camera, lens);
        const jacobian = projection.jacobian(u, v);
        const floor = projection.toFloor(u, v);
        if (jacobian === undefined || floor === undefined || Math.hypot(floor.x, floor.y) > 40)
          return;
        const step = 1e-3;
        const difference = (du: number, dv: number): [number, number] => {
          const after = projection.toFloor(u + du, v + dv);
          const before = projection.toFloor(u - du, v - dv);
          if (after === undefined || before === undefined) return [NaN, NaN];
          return [(after.x - before.x) / (2 * step), (after.y - before.y) / (2 * step)];
        };
        const [xu, yu] = difference(step, 0);
        const [xv, yv] = difference(0, step);
        [xu, xv, yu, yv].forEach((slope, i) => {
          if (Number.isNaN(slope)) return;
          expect(Math.abs(slope - (jacobian[i] ?? NaN))).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('tells how far an error of some pixels reaches on the floor', () => {
    const projection = FloorProjection.from({
      homography: cameraAt(4, Math.PI / 9),
      distortion: LENS,
    });
    const near = projection.toFloorWithCovariance(320, 440, 2, 3);
    const far = projection.toFloorWithCovariance(320, 120, 2, 3);
    expect(near).toMatchObject(projection.toFloor(320, 440) ?? {});
    // A sample of erring pixels spreads as the covariance says.
    let [xx, yy, n] = [0, 0, 0];
    for (let i = 0; i < 400; i++) {
      const angle = (i / 400) * 2 * Math.PI;
      const at = projection.toFloor(
        320 + 2 * Math.SQRT2 * Math.cos(angle),
        440 + 3 * Math.SQRT2 * Math.sin(angle),
      );
      if (at === undefined || near === undefined) continue;
      xx += (at.x - near.x) ** 2;
      yy += (at.y - near.y) ** 2;
      n++;
    }
    expect(xx / n / (near?.cov[0] ?? NaN)).toBeCloseTo(1, 1);
    expect(yy / n / (near?.cov[2] ?? NaN)).toBeCloseTo(1, 1);
    expect((far?.cov[2] ?? 0) / (near?.cov[2] ?? NaN)).toBeGreaterThan(20);
  });

  it('bends a straight wall as the lens does, and straightens it again', () => {
    const homography = cameraAt(4, Math.PI / 4);
    const plain = FloorProjection.from({ homography });
    const wide = FloorProjection.from({ homography, distortion: LENS });
    const pinhole = plain.toImage(2, 5);
    const shown = wide.toImage(2, 5);
    // A barrel pulls towards the centre.
    const radius = (p?: { u: number; v: number }): number =>
      Math.hypot((p?.u ?? 0) - 318, (p?.v ?? 0) - 243);
    expect(radius(pinhole) - radius(shown)).toBeGreaterThan(5);
    const back = wide.toFloor(shown?.u ?? NaN, shown?.v ?? NaN);
    expect(back?.x).toBeCloseTo(2, 7);
    expect(back?.y).toBeCloseTo(5, 7);
  });

  it('agrees with the published formula on a distorted point', () => {
    // Worked out by hand from the published formula: x = 0.5, y = 0.25, r² = 0.3125.
    const lens = {
      fx: 500,
      fy: 500,
      cx: 320,
      cy: 240,
      k1: -0.2,
      k2: 0.05,
      k3: 0.01,
      p1: 0.001,
      p2: -0.002,
    };
    const homography = [1, 0, 0, 0, -1, 0, 0, 0, 1] as const;
    const r2 = 0.3125;
    const radial = 1 - 0.2 * r2 + 0.05 * r2 ** 2 + 0.01 * r2 ** 3;
    const u = 320 + 500 * (0.5 * radial + 2 * 0.001 * 0.125 - 0.002 * (r2 + 0.5));
    const v = 240 + 500 * (0.25 * radial + 0.001 * (r2 + 0.125) + 2 * -0.002 * 0.125);
    const floor = FloorProjection.from({ homography, distortion: lens }).toFloor(u, v);
    expect(floor?.x).toBeCloseTo(320 + 250, 6);
    expect(floor?.y).toBeCloseTo(-(240 + 125), 6);
  });

  it('has no floor where the lens model turns back on itself', () => {
    const distortion = { ...LENS, k1: -0.6, k2: 0, k3: 0 };
    const projection = FloorProjection.from({ homography: cameraAt(4, Math.PI / 4), distortion });
    expect(projection.toFloor(320, 300)).toBeDefined();
    // The fold is at r² = 1 / 1.8, where the picture's radius is at most 0.497 of the focal length.
    expect(projection.toFloor(318 + 0.52 * 610, 243)).toBeUndefined();
    // Straight to the side, far outside the folded part.
    expect(projection.toImage(12, 4)).toBeUndefined();
  });

  it('refuses what cannot be a calibration, naming the key', () => {
    const from = (homography: readonly number[], distortion?: Distortion) => () =>
      FloorProjection.from({
        homography,
        ...(distortion && { distortion }),
      } as unknown as Calibration);
    const good = cameraAt(4, 1);
    expect(from(good)).not.toThrow();
    expect(from([1, 2, 3])).toThrow(/nine finite numbers/);
    expect(from([...good.slice(0, 8), NaN])).toThrow(/nine finite numbers/);
    expect(from([1, 2, 3, 2, 4, 6, 0, 0, 1])).toThrow(/singular/);
    expect(from([0, 0, 0, 0, 0, 0, 0, 0, 0])).toThrow(/singular/);
    expect(from([1, 2, 3, 4, 5, 6, 5, 7, 9 + 1e-9])).toThrow(/singular/);
    expect(from(good, { ...LENS, fx: 0 })).toThrow(/fx and fy/);
    expect(from(good, { ...LENS, k2: NaN })).toThrow(/distortion\.k2/);
  });
});

const homographyPath = sharedPath('data', 'tud-stadtmitte', 'homography.json');
describe.skipIf(
  !lentOrSkip('a measured homography', existsSync(homographyPath), 'needs ../shared/data'),
)('a measured homography of a street', () => {
  it('puts the foot points of the truth 0.08 m (rms) from where they were measured', () => {
    const { H_640x480: rows } = JSON.parse(readFileSync(homographyPath, 'utf8')) as {
      H_640x480: number[][];
    };
    const projection = FloorProjection.from({ homography: rows.flat() as unknown as Matrix });
    let squares = 0;
    const truth = readTruth(sharedPath('data', 'tud-stadtmitte', 'gt.txt'));
    for (const { box, x, y } of truth) {
      const floor = projection.toFloor((box[0] + box[2]) / 2, box[3]);
      squares += ((floor?.x ?? NaN) - x) ** 2 + ((floor?.y ?? NaN) - y) ** 2;
    }
    expect(truth).toHaveLength(1156);
    expect(Math.sqrt(squares / truth.length)).toBeCloseTo(0.0791, 3);
    // The sky of that street is no floor.
    expect(projection.toFloor(320, 60)).toBeUndefined();
  });
});
