import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../test/support/pictures.js';
import { lentOrSkip } from '../../../test/support/require.js';
import {
  calibrateFromPoints,
  type CalibrationPoint,
  type Distortion,
  FloorProjection,
} from '../src/index.js';
import { type CameraPose, homographyOfPose } from '../src/projection/camera-pose.js';

const POSE: CameraPose = {
  ...{ heightM: 3.4, tiltRad: 0.42, rollRad: 0.02 },
  ...{ focalPx: 560, cx: 320, cy: 240 },
};
const LENS: Distortion = {
  ...{ fx: 560, fy: 560, cx: 320, cy: 240 },
  ...{ k1: -0.22, k2: 0.05, p1: 0.0005, p2: -0.0004 },
};

/** Where a camera shows places of the floor, give or take `error` pixels that differ from point to point. */
function clicked(
  places: readonly (readonly [x: number, y: number])[],
  pose = POSE,
  lens?: Distortion,
  error = 0,
): CalibrationPoint[] {
  const homography = homographyOfPose(pose);
  const projection = FloorProjection.from(
    lens === undefined ? { homography } : { homography, distortion: lens },
  );
  return places.map(([x, y], i) => {
    const { u, v } = projection.toImage(x, y) ?? expect.fail(`(${x}, ${y}) is not seen`);
    return { u: u + error * Math.sin(7 * i), v: v + error * Math.cos(11 * i), x, y };
  });
}

const CORNERS = [
  [-3, 4],
  [3, 4],
  [4, 12],
  [-4, 12],
] as const;
const MORE = [...CORNERS, [0, 6], [-1, 9], [2, 10], [1, 5]] as const;

describe('a calibration from points', () => {
  it('of four exact points is the camera itself', () => {
    const { calibration, residual, leaveOneOut } = calibrateFromPoints(clicked(CORNERS));
    const made = FloorProjection.from(calibration);
    const truth = FloorProjection.from({ homography: homographyOfPose(POSE) });
    for (const [u, v] of [
      [320, 240],
      [50, 400],
      [600, 300],
    ] as const) {
      const [a, b] = [made.toFloor(u, v), truth.toFloor(u, v)];
      expect(Math.hypot((a?.x ?? NaN) - (b?.x ?? 0), (a?.y ?? NaN) - (b?.y ?? 0))).toBeLessThan(
        1e-6,
      );
    }
    expect(residual.worstM).toBeLessThan(1e-6);
    // Four points always fit: nothing is left to check them by.
    expect(leaveOneOut).toBeUndefined();
  });

  it('of more points says in metres how far they are off, and how far a place not measured may be', () => {
    const { residual, residualPx, leaveOneOut } = calibrateFromPoints(
      clicked(MORE, POSE, undefined, 1.5),
    );
    expect(residualPx).toBeLessThan(1.5);
    expect(residual.rmsM).toBeGreaterThan(0.005);
    expect(residual.worstM).toBeLessThan(0.15);
    expect(leaveOneOut?.rmsM).toBeGreaterThan(residual.rmsM);
  });

  it('names the point that the others contradict', () => {
    const points = clicked(MORE);
    const { suspect } = calibrateFromPoints(
      points.map((point, i) => (i === 5 ? { ...point, x: point.x + 2 } : point)),
    );
    expect(suspect).toBe(5);
    expect(calibrateFromPoints(points)).not.toHaveProperty('suspect');
  });

  it('takes the lens out first', () => {
    const points = clicked(MORE, POSE, LENS);
    expect(calibrateFromPoints(points, LENS).residual.worstM).toBeLessThan(1e-5);
    expect(calibrateFromPoints(points).residual.worstM).toBeGreaterThan(0.05);
    expect(calibrateFromPoints(points, LENS).calibration.distortion).toEqual(LENS);
  });

  it('finds any camera above a floor again, however it is mounted', () => {
    const anyPose = fc.record({
      heightM: fc.double({ min: 2, max: 10, noNaN: true }),
      tiltRad: fc.double({ min: 0.2, max: 1.5, noNaN: true }),
      rollRad: fc.double({ min: -3, max: 3, noNaN: true }),
      focalPx: fc.double({ min: 300, max: 1500, noNaN: true }),
      cx: fc.constant(320),
      cy: fc.constant(240),
    });
    fc.assert(
      fc.property(anyPose, (pose) => {
        const floor = FloorProjection.from({ homography: homographyOfPose(pose) });
        const pixels = [
          [60, 450],
          [580, 440],
          [520, 260],
          [110, 250],
          [300, 350],
        ] as const;
        const points = pixels.flatMap(([u, v]) => {
          const place = floor.toFloor(u, v);
          return place ? [{ u, v, ...place }] : [];
        });
        fc.pre(points.length === 5 && points.every(({ x, y }) => Math.hypot(x, y) < 100));
        const { residual } = calibrateFromPoints(points);
        expect(residual.worstM).toBeLessThan(1e-3);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a degenerate set is refused with its reason', () => {
  const good = clicked(CORNERS);
  const [a, b, c, d] = good as [
    CalibrationPoint,
    CalibrationPoint,
    CalibrationPoint,
    CalibrationPoint,
  ];
  const middle = clicked([[0, 4]])[0] ?? expect.fail();
  const cases: [string, CalibrationPoint[], RegExp][] = [
    ['fewer than four', [a, b, c], /3 points do not make a homography: it takes at least 4/],
    [
      'one given twice',
      [a, b, c, c],
      /points 3 and 4 are the same: give at least 4 different ones/,
    ],
    [
      'one pixel, two places',
      [a, b, c, { ...d, u: a.u, v: a.v }],
      /points 1 and 4 are one pixel but two places on the floor/,
    ],
    [
      'one place, two pixels',
      [a, b, c, { ...d, x: a.x, y: a.y }],
      /points 1 and 4 are one place on the floor but two pixels/,
    ],
    [
      'three collinear among four',
      [a, b, middle, c],
      /points 1, 2 and 3 are on one line in the picture, and only point 4 is beside it/,
    ],
    [
      'all on a line',
      clicked([
        [-3, 6],
        [-1, 6],
        [1, 6],
        [3, 6],
        [4, 6],
      ]),
      /all 5 points are on one line in the picture/,
    ],
    [
      'collinear on the floor alone: a mistyped coordinate',
      [a, b, middle, { ...c, u: 50 }].map((p, i) => (i === 2 ? { ...p, v: p.v - 60 } : p)),
      /points 1, 2 and 3 are on one line on the floor/,
    ],
    [
      'two interchanged',
      [a, { ...b, x: c.x, y: c.y }, { ...c, x: b.x, y: b.y }, d],
      /would be behind the horizon|comes out mirrored/,
    ],
    [
      'a mirrored floor',
      [...good, middle].map((point) => ({ ...point, x: -point.x })),
      /the floor comes out mirrored: x must go east and y north/,
    ],
    ['not a number', [a, b, c, { ...d, x: NaN }], /point 4: x is not a number/],
  ];
  it.each(cases)('%s', (_, points, reason) => {
    expect(() => calibrateFromPoints(points)).toThrow(reason);
    expect(() => calibrateFromPoints(points)).toThrow(/^no calibration follows from these points/);
  });

  it('a point above the horizon that many others make', () => {
    // The horizon of a camera tilted so little is at v = 126.
    const flat = { ...POSE, tiltRad: 0.2 };
    const points = [...clicked(MORE, flat), { u: 320, v: 60, x: 0, y: 40 }];
    expect(() => calibrateFromPoints(points)).toThrow(
      /point 9 of 9 would be behind the horizon that the others make/,
    );
  });
});

const stadtmitte = 'data/tud-stadtmitte';
const hasTruth = lentOrSkip(
  'the surveyed street (tud-stadtmitte)',
  existsSync(sharedPath(`${stadtmitte}/gt.txt`)),
  'put it at ../shared/data to check calibration on it',
);

describe.skipIf(!hasTruth)('a real street', () => {
  it('is calibrated from some of its surveyed places as its reference homography has it', () => {
    const rows = readFileSync(sharedPath(`${stadtmitte}/gt.txt`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(',').map(Number));
    const places = rows.map(([, , left = 0, top = 0, width = 0, height = 0, , x = 0, y = 0]) => ({
      ...{ u: left + width / 2, v: top + height, x, y },
    }));
    const { calibration, residual, leaveOneOut } = calibrateFromPoints(
      places.filter((_, i) => i % 24 === 0),
    );
    expect(residual.rmsM).toBeLessThan(0.08);
    expect(leaveOneOut?.rmsM).toBeLessThan(0.1);
    const { H_640x480 } = JSON.parse(
      readFileSync(sharedPath(`${stadtmitte}/homography.json`), 'utf8'),
    ) as { H_640x480: number[][] };
    const reference = FloorProjection.from({
      homography: H_640x480.flat() as unknown as typeof calibration.homography,
    });
    const made = FloorProjection.from(calibration);
    let squares = 0;
    for (const { u, v } of places) {
      const [p, q] = [made.toFloor(u, v), reference.toFloor(u, v)];
      squares += ((p?.x ?? NaN) - (q?.x ?? 0)) ** 2 + ((p?.y ?? NaN) - (q?.y ?? 0)) ** 2;
    }
    expect(Math.sqrt(squares / places.length)).toBeLessThan(0.12);
  });
});
