import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planText, rectangle } from '../../../test/support/plans.js';
import {
  calibrateFromPoints,
  cameraPlace,
  formatIssue,
  parsePlan,
  personHeightPx,
  pointErrors,
  readPlan,
  type Matrix3,
} from '../src/index.js';

/** A camera of 1000 × 800 pixels above (3, −4), 6 m high, that looks north and 30° down; focal length 900 pixels. */
const PLACE = { x: 3, y: -4, heightM: 6 };
const LENS = { fx: 900, fy: 900, cx: 500, cy: 400, k1: 0, k2: 0, p1: 0, p2: 0 };
const [SIN, COS] = [Math.sin(Math.PI / 6), Math.cos(Math.PI / 6)];

function pixelOf(x: number, y: number, z = 0): { u: number; v: number } {
  const [right, ahead, below] = [x - PLACE.x, y - PLACE.y, PLACE.heightM - z];
  const depth = ahead * COS + below * SIN;
  const down = below * COS - ahead * SIN;
  return { u: 500 + (900 * right) / depth, v: 400 + (900 * down) / depth };
}

const points = (
  [
    [0, 2],
    [6, 2],
    [7, 9],
    [1, 9],
    [3, 5],
  ] as const
).map(([x, y]) => ({ ...pixelOf(x, y), x, y }));
const { homography } = calibrateFromPoints(points).calibration;
const size = { imageWidth: 1000, imageHeight: 800 };

const issuesOf = (camera: Record<string, unknown>): string[] => {
  const coverage = {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
        [0, 0],
      ],
    ],
  };
  return readPlan(
    planText({ cameras: [{ id: 'c1', floor: 'f1', coverage, ...camera }] }),
  ).issues.map(formatIssue);
};

describe('where a camera hangs', () => {
  it('follows from its calibration, with the lens or without it, whatever the homography is scaled by', () => {
    for (const scale of [1, -3, 1e-4]) {
      const scaled = homography.map((value) => value * scale) as unknown as Matrix3;
      for (const distortion of [LENS, undefined]) {
        const place = cameraPlace({ ...size, homography: scaled, distortion });
        expect(place?.x).toBeCloseTo(PLACE.x, 5);
        expect(place?.y).toBeCloseTo(PLACE.y, 5);
        expect(place?.heightM).toBeCloseTo(PLACE.heightM, 5);
      }
    }
  });

  it('is not known of a camera that looks straight down without its lens, nor of a matrix that is no camera', () => {
    expect(
      cameraPlace({ ...size, homography: [0.01, 0, 0, 0, -0.01, 0, 0, 0, 1] }),
    ).toBeUndefined();
    expect(cameraPlace({ ...size, homography: [1, 0, 0, 1, 0, 0, 1, 0, 0] })).toBeUndefined();
  });

  it('can be stated, above its floor or near it', () => {
    expect(issuesOf({ position: { x: -2, y: 3, heightM: 2.8 } })).toEqual([]);
    expect(issuesOf({ position: { x: -200, y: 3, heightM: 2.8 } })).toEqual([
      'cameras[0].position: (-200, 3) is over 10 m outside its floor; give its place in metres on the plane of its floor',
    ]);
    expect(issuesOf({ position: { x: 0, y: 3, heightM: 0 } })[0]).toMatch(
      /^cameras\[0\]\.position\.heightM: /,
    );
  });
});

describe('how tall people are in the picture', () => {
  const camera = parsePlan(
    planText({
      cameras: [
        {
          id: 'c1',
          floor: 'f1',
          coverage: rectangle(0, 0, 10, 10),
          calibration: { ...size, homography },
        },
      ],
    }),
  ).cameras[0]!;

  it('follows from the calibration alone: as the box around the corners of what they take up', () => {
    const heightPx = personHeightPx(camera);
    const coordinate = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, (x, y) => {
        const rows = [-0.225, 0.225].flatMap((dx) =>
          [-0.225, 0.225].flatMap((dy) => [0, 1.65].map((z) => pixelOf(x + dx, y + dy, z).v)),
        );
        expect(heightPx(x, y)).toBeCloseTo(Math.max(...rows) - Math.min(...rows), 4);
      }),
    );
  });

  it('is told of a camera below their heads too, as if they went on as they begin', () => {
    const low = personHeightPx({ ...camera, position: { ...PLACE, heightM: 1.5 } });
    expect(low(5, 10)).toBeGreaterThan(0);
    expect(low(5, 10)).toBeGreaterThan(low(5, 20) ?? NaN);
  });

  it('is not known behind the camera, nor without a calibration', () => {
    expect(personHeightPx(camera)(3, -30)).toBeUndefined();
    expect(personHeightPx({ ...camera, calibration: undefined })(5, 10)).toBeUndefined();
  });
});

describe('calibration points', () => {
  const calibration = { ...size, homography };
  const issues = (changed: unknown, more = {}): string[] =>
    issuesOf({ calibration: { ...calibration, points: changed, ...more } });

  it('stand in the plan beside the homography that agrees with them', () => {
    expect(issues(points)).toEqual([]);
    const [first] = pointErrors(calibration, [{ ...points[0]!, x: points[0]!.x + 0.25 }]);
    expect(first?.floorM).toBeCloseTo(0.25, 6);
  });

  it('are refused where it does not', () => {
    const moved = points.map((point, i) => (i === 2 ? { ...point, x: point.x + 2 } : point));
    expect(issues(moved)).toEqual([
      'cameras[0].calibration.points[2]: the homography puts it 2.00 m off; 0.5 m, or 10 pixels in the picture, are allowed; mend the point, or fit the homography to the points again',
    ]);
    const mirrored = { homography: homography.map((h, i) => (i < 3 ? -h : h)) };
    expect(issues(points, mirrored)).toHaveLength(points.length);
  });

  it('far away may be metres off, where that is a few pixels', () => {
    const far = { ...pixelOf(5, 19.5), x: 5, y: 19.5 };
    expect(issues([...points, { ...far, v: far.v + 8 }])).toEqual([]);
    expect(pointErrors(calibration, [{ ...far, v: far.v + 8 }])[0]?.floorM).toBeGreaterThan(0.6);
  });

  it('are four at least, not on one line, in the picture and on the floor', () => {
    expect(issues(points.slice(0, 3))[0]).toMatch(/^cameras\[0\]\.calibration\.points: /);
    const line = [0, 2, 4, 6].map((x) => ({ ...pixelOf(x, 3), x, y: 3 }));
    expect(issues(line)).toEqual([
      expect.stringMatching(/calibration\.points: .*all 4 points are on one line in the picture/),
    ]);
    expect(issues([...points, { u: 1_200, v: 10, x: 3, y: 3 }])[0]).toContain(
      'pixel (1200, 10) is not in the picture of 1000 × 800',
    );
    expect(issues([...points, { u: 500, v: 10, x: 300, y: 3 }])[0]).toContain(
      'points[5]: (300, 3) is over 10 m outside its floor',
    );
  });
});
