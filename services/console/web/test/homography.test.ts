import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitHomography,
  inverse,
  mapped,
  pointsOf,
  residualsM,
  rms,
  type CalibrationPoint,
} from '../src/editor/homography.js';

/** A camera over a floor of 20 m: `test/plans/tud-stadtmitte.site.json`. */
const MATRIX = [
  -0.0050801424958974465, 0.09889610753235328, -38.57150638156266, 0.013731971749239475,
  0.060858692475973274, -30.50113767009212, -0.00020861557584817824, -0.008503290941203296, 1,
];
const FLOOR = [
  [1, 3],
  [15, 3],
  [14, 11],
  [2, 10],
  [8, 6],
  [5, 8],
] as const;
const points = (): CalibrationPoint[] => pointsOf(MATRIX, FLOOR);

describe('calibration points', () => {
  it('made from a matrix lie where it puts them, to the tenth of a pixel', () => {
    expect(points()).toHaveLength(6);
    expect(rms(residualsM(MATRIX, points()))).toBeLessThan(0.01);
  });

  it('give their matrix back', () => {
    const fitted = fitHomography(points());
    expect(fitted).toBeDefined();
    for (const { u, v } of points()) {
      const [x, y] = mapped(fitted ?? [], u, v) ?? [NaN, NaN];
      const [trueX, trueY] = mapped(MATRIX, u, v) ?? [NaN, NaN];
      expect(Math.hypot(x - trueX, y - trueY)).toBeLessThan(0.02);
    }
  });

  it('fit exactly when there are four', () => {
    const four = points().slice(0, 4);
    expect(rms(residualsM(fitHomography(four) ?? [], four))).toBeLessThan(1e-6);
  });

  it('show by their residual which of them was moved wrongly', () => {
    const wrong = points().map((point, i) => (i === 4 ? { ...point, x: point.x + 1 } : point));
    const before = residualsM(MATRIX, wrong);
    expect(before[4]).toBeCloseTo(1, 1);
    expect(rms(residualsM(fitHomography(wrong) ?? [], wrong))).toBeGreaterThan(0.1);
  });

  it('fix nothing on one line, twice the same, or fewer than four', () => {
    const line = [0, 1, 2, 3].map((i) => ({ u: 10 * i, v: 20 * i, x: i, y: i }));
    expect(fitHomography(line)).toBeUndefined();
    expect(fitHomography(points().slice(0, 3))).toBeUndefined();
    expect(
      fitHomography(new Array<CalibrationPoint>(5).fill({ u: 1, v: 1, x: 1, y: 1 })),
    ).toBeUndefined();
  });

  it('go to the floor and back', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 15, noNaN: true }),
        fc.double({ min: 3, max: 11, noNaN: true }),
        (x, y) => {
          const pixel = mapped(inverse(MATRIX), x, y);
          const back = pixel && mapped(MATRIX, ...pixel);
          expect(Math.hypot((back?.[0] ?? NaN) - x, (back?.[1] ?? NaN) - y)).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 50 },
    );
  });
});
