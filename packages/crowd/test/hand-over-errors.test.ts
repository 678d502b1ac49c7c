import { describe, expect, it } from 'vitest';
import { type TestFrame } from '../../../test/support/frames.js';
import { label, rectangle, testPlan } from '../../../test/support/plans.js';
import { PlaceErrors } from '../src/hand-over/place-error.js';
import { framesOf, planHistory, runStream, T0 } from './support.js';

const HEIGHT_M = 3;

/** The calibration of a camera at (x, y), 3 m high, that looks east (or west, `way` −1) under a tilt of 25°. */
function calibration(x: number, y: number, way: 1 | -1) {
  const [s, c] = [Math.sin((25 * Math.PI) / 180), Math.cos((25 * Math.PI) / 180)];
  const [f, cx, cy] = [400, 320, 240];
  // Floor to picture, for a floor whose origin is below the camera and whose x axis is the way it looks.
  const own = [
    [cx * c, -f, cx * HEIGHT_M * s],
    [-f * s + cy * c, 0, f * HEIGHT_M * c + cy * HEIGHT_M * s],
    [c, 0, HEIGHT_M * s],
  ] as const;
  const [a, b, p, d, e, q, g, h, r] = own.flatMap(([u, v, w]) => [
    way * u,
    way * v,
    w - way * (u * x + v * y),
  ]) as [number, number, number, number, number, number, number, number, number];
  const homography = [
    ...[e * r - q * h, p * h - b * r, b * q - p * e],
    ...[q * g - d * r, a * r - p * g, p * d - a * q],
    ...[d * h - e * g, b * g - a * h, a * e - b * d],
  ] as unknown as [number, number, number, number, number, number, number, number, number];
  return { imageWidth: 640, imageHeight: 480, homography };
}

describe('how far the places of a calibrated camera err', () => {
  it('is metres along the line of sight where it looks flat, and little across', () => {
    const errors = new PlaceErrors({ calibration: calibration(0, 0, 1) });
    for (const distance of [4, 8, 12]) {
      const [xx, xy, yy] = errors.at(distance, 0);
      // A foot 0.11 × 1.7 m too high is seen distance ÷ height times as far.
      const along = Math.sqrt(xx) / Math.hypot((0.187 * distance) / HEIGHT_M, 0.1);
      expect(Math.abs(along - 1)).toBeLessThan(0.05);
      expect(xy).toBeCloseTo(0, 9);
      expect(Math.sqrt(yy)).toBeLessThan(0.135);
    }
  });

  it('turns with the line of sight, and says the same from the other side', () => {
    const east = new PlaceErrors({ calibration: calibration(0, 0, 1) });
    const west = new PlaceErrors({ calibration: calibration(20, 0, -1) });
    const [xx, xy, yy] = east.at(6, 6);
    // Beside the middle of the picture the shape is only nearly that.
    expect(Math.abs(xx / yy - 1)).toBeLessThan(0.2);
    expect(xy).toBeGreaterThan(0.5 * xx);
    west.at(14, -6).forEach((value, i) => {
      expect(value).toBeCloseTo([xx, xy, yy][i] ?? NaN, 6);
    });
  });
});

describe('people who walk side by side past two cameras that look at each other', () => {
  const corner = (id: string, x: number, y: number) => ({
    ...{ id, floor: 'f1', name: label, kind: 'walkway' },
    polygon: rectangle(x, y, x + 5, y + 2.5),
  });
  const plan = testPlan({
    areas: [
      corner('south-west', 0, 0),
      corner('north-west', 0, 2.5),
      corner('south-east', 15, 0),
      corner('north-east', 15, 2.5),
    ],
    lines: [],
    cameras: [
      { id: 'a', coverage: rectangle(0, 0, 14, 5), calibration: calibration(-1, 2.5, 1) },
      { id: 'b', coverage: rectangle(6, 0, 20, 5), calibration: calibration(21, 2.5, -1) },
    ].map((camera) => ({ ...camera, floor: 'f1' })),
  });
  const SEEN = { a: [0, 14], b: [6, 20] } as const;

  /** Pairs from west to east, 0.9 m apart; each camera puts one of a pair too far off, and the other too near. */
  function frames(pairs: number): TestFrame[] {
    const all: TestFrame[] = [];
    for (let tick = 0; tick < 5 * (20 + 6 * pairs); tick++) {
      for (const camera of ['a', 'b'] as const) {
        const people = Array.from({ length: 2 * pairs }, (_, i) => {
          const x = 1.25 * (tick / 5 - 6 * (i >> 1));
          const sign = i % 2 === 0 ? 1 : -1;
          const [from, to] = SEEN[camera];
          if (x < from || x > to) return [];
          const wrong = sign * (camera === 'a' ? 0.75 : -0.75);
          const y = i % 2 === 0 ? 2.05 : 2.95;
          return [{ x: x + wrong, y, vx: 1.25, track: 10 * i + (camera === 'a' ? 1 : 2) }];
        }).flat();
        all.push({ camera, sequence: tick, atMs: T0 + 200 * tick, people });
      }
    }
    return all;
  }

  it('stay apart: who of one camera is who of the other is decided across the line of sight', () => {
    const { windows } = runStream(planHistory({ plan }), framesOf(frames(8)));
    const trips = windows
      .flatMap(({ journeys }) => journeys)
      .map(({ fromPlace, toPlace, journeys }) => `${journeys} ${fromPlace} to ${toPlace}`)
      .reduce((sums, trip) => {
        const [count, ...way] = trip.split(' ');
        return sums.set(way.join(' '), (sums.get(way.join(' ')) ?? 0) + Number(count));
      }, new Map<string, number>());
    expect(Object.fromEntries(trips)).toEqual({
      'south-west to south-east': 8,
      'north-west to north-east': 8,
    });
  });
});
