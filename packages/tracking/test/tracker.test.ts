import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  floorPlaneOptions,
  imagePlaneOptions,
  Tracker,
  type PlaneDetection,
  type TrackedDetection,
} from '../src/index.js';

const PERIOD_US = 200_000;

const seen = (x: number, y: number, more: Partial<PlaneDetection> = {}): PlaneDetection => ({
  x,
  y,
  confidence: 0.9,
  kind: 0,
  ...more,
});

/** Runs frames at 5 a second and returns what came out of each. */
function follow(
  frames: readonly PlaneDetection[][],
  tracker = new Tracker(),
): TrackedDetection[][] {
  return frames.map((detections, i) => tracker.step(i * PERIOD_US, detections));
}

const numbers = (frame: readonly TrackedDetection[] | undefined): number[] =>
  (frame ?? []).map((t) => t.track);

describe('following people', () => {
  it('gives someone who walks one number, and learns the velocity', () => {
    const frames = follow(Array.from({ length: 25 }, (_, i) => [seen(i * 0.26, 3)]));
    expect(new Set(frames.flatMap(numbers))).toEqual(new Set([1]));
    const last = frames.at(-1)?.[0];
    expect(last?.vx).toBeCloseTo(1.3, 1);
    expect(last?.vy).toBeCloseTo(0, 1);
    expect(last?.x).toBeCloseTo(24 * 0.26, 1);
  });

  it('keeps two people apart who walk through each other', () => {
    const frames = follow(
      Array.from({ length: 41 }, (_, i) => [seen(i * 0.25, 0.1), seen(10 - i * 0.25, -0.1)]),
    );
    for (const frame of frames) {
      const byDetection = [...frame].sort((a, b) => a.detection - b.detection);
      expect(numbers(byDetection)).toEqual([2, 1].sort((a, b) => a - b));
    }
  });

  it('believes those who are there in the first frame at once, later ones after three detections or two 0.15 s apart', () => {
    const later = (periodUs: number): number[] => {
      const tracker = new Tracker();
      const frames = [[seen(0, 0)], ...Array.from({ length: 4 }, () => [seen(0, 0), seen(9, 9)])];
      return frames.map((detections, i) => tracker.step(i * periodUs, detections).length);
    };
    expect(later(40_000)).toEqual([1, 1, 1, 2, 2]);
    expect(later(200_000)).toEqual([1, 1, 2, 2, 2]);
  });

  it('never starts a track from a weak detection, but prolongs one with it', () => {
    const weak = (x: number): PlaneDetection => seen(x, 0, { confidence: 0.2 });
    const strong = seen(0, 0);
    expect(follow(Array.from({ length: 6 }, () => [weak(0)])).flat()).toEqual([]);
    const frames = follow([[strong], [weak(0.01)], [weak(0.02)]]);
    expect(frames.map(numbers)).toEqual([[1], [1], [1]]);
  });

  it('matches confident detections first, although a weak one is nearer', () => {
    const tracker = new Tracker();
    tracker.step(0, [seen(0, 0)]);
    const frame = tracker.step(PERIOD_US, [seen(0, 0, { confidence: 0.3 }), seen(0.3, 0)]);
    expect(frame.map((t) => [t.track, t.detection])).toEqual([[1, 1]]);
  });

  it('does not look at detections below the weak threshold', () => {
    const frames = follow([[seen(0, 0)], [seen(0, 0, { confidence: 0.05 })]]);
    expect(frames.map(numbers)).toEqual([[1], []]);
  });

  it('never mixes kinds', () => {
    const frames = follow([
      [seen(0, 0)],
      ...Array.from({ length: 5 }, () => [seen(0, 0, { kind: 1 })]),
    ]);
    expect(frames.slice(1).flatMap(numbers).includes(1)).toBe(false);
    expect(numbers(frames.at(-1))).toEqual([2]);
  });

  it('never joins what the gate forbids: someone far off is someone else', () => {
    const frames = follow([[seen(0, 0)], [seen(30, 0)], [seen(30, 0)]]);
    expect(frames.map(numbers)).toEqual([[1], [], [2]]);
  });

  it('takes a measured covariance at its word', () => {
    const jump = (cov: readonly [number, number, number]): number => {
      const tracker = new Tracker();
      tracker.step(0, [seen(0, 0, { cov })]);
      return tracker.step(PERIOD_US, [seen(0.3, 0.3, { cov })])[0]?.x ?? NaN;
    };
    // Precise along x: the estimate follows; vague along x: it hardly moves.
    expect(jump([0.001, 0, 0.04])).toBeGreaterThan(0.28);
    expect(jump([4, 0, 0.04])).toBeLessThan(0.2);
  });
});

describe('time', () => {
  const walk = (t: number): PlaneDetection => seen(1.3 * t, 0);

  it('coasts for seconds, not for frames', () => {
    const options = floorPlaneOptions({ coastS: 1.5 });
    for (const empties of [1, 30]) {
      const tracker = new Tracker(options);
      for (let i = 0; i < 10; i++) tracker.step(i * 100_000, [walk(i / 10)]);
      for (let k = 1; k <= empties; k++)
        tracker.step(900_000 + (k * 1_400_000) / (empties + 1), []);
      expect(numbers(tracker.step(2_300_000, [walk(2.3)]))).toEqual([1]);
    }
  });

  it('gives a track up when it was unseen for longer, and says whose number ended', () => {
    const tracker = new Tracker(floorPlaneOptions({ coastS: 1.5 }));
    tracker.step(0, [seen(0, 0)]);
    tracker.step(1_500_000, []);
    expect([tracker.ended, tracker.size]).toEqual([[], 1]);
    tracker.step(1_500_001, []);
    expect([tracker.ended, tracker.size]).toEqual([[1], 0]);
    tracker.step(1_600_000, []);
    expect(tracker.ended).toEqual([]);
  });

  it('follows through irregular frames, as when some were shed', () => {
    const times = [0, 0.2, 0.3, 0.9, 1.0, 1.7, 1.8, 2.9, 3.0];
    const tracker = new Tracker();
    const found = times.map((t) => numbers(tracker.step(t * 1e6, [walk(t)])));
    expect(found).toEqual(times.map(() => [1]));
  });

  it('refuses a time that does not rise, and goes on as if it had not come', () => {
    const tracker = new Tracker();
    tracker.step(10, [seen(0, 0)]);
    expect(() => tracker.step(10, [])).toThrow(
      'the capture time must rise: 10 µs came after 10 µs',
    );
    expect(() => tracker.step(NaN, [])).toThrow(/finite/);
    expect(numbers(tracker.step(11, [seen(0, 0)]))).toEqual([1]);
  });
});

describe('the bare image as the plane', () => {
  const person = (x: number, foot: number, height: number, confidence = 0.9): PlaneDetection => ({
    x,
    y: foot,
    confidence,
    kind: 0,
    box: [x - height / 6, foot - height, x + height / 6, foot],
  });

  it('measures in box heights: the same walk near and far is followed alike', () => {
    for (const height of [40, 400]) {
      const frames = Array.from({ length: 20 }, (_, i) => [
        person(100 + i * 0.05 * height, 450, height),
      ]);
      const found = follow(frames, new Tracker(imagePlaneOptions()));
      expect(new Set(found.flatMap(numbers))).toEqual(new Set([1]));
      expect((found.at(-1)?.[0]?.vx ?? NaN) / height).toBeCloseTo(0.25, 2);
    }
  });

  it('refuses a detection without a box, naming it', () => {
    const tracker = new Tracker(imagePlaneOptions());
    expect(() => tracker.step(0, [person(0, 0, 10), seen(0, 0)])).toThrow(
      'detection 1: a box is needed',
    );
  });
});

describe('limits and malformed input', () => {
  it.each([
    [{ x: NaN }, 'x and y must be finite'],
    [{ confidence: 1.2 }, 'confidence must be within 0 and 1'],
    [{ kind: 0.5 }, 'kind must be an integer'],
    [{ cov: [1, 2, 1] as const }, 'cov must be positive definite'],
    [{ box: [5, 0, 4, 9] as const }, 'box must have its right after its left'],
  ])('refuses %j and stays usable', (fault, message) => {
    const tracker = new Tracker();
    tracker.step(0, [seen(0, 0)]);
    expect(() => tracker.step(1, [seen(0, 0, fault)])).toThrow(message);
    expect(numbers(tracker.step(1, [seen(0, 0)]))).toEqual([1]);
  });

  it('refuses more detections than the limit, and starts no more tracks than the limit', () => {
    const tracker = new Tracker(floorPlaneOptions({ maxDetections: 5, maxTracks: 3 }));
    const crowd = (n: number): PlaneDetection[] =>
      Array.from({ length: n }, (_, i) => seen(i * 5, 0));
    expect(() => tracker.step(0, crowd(6))).toThrow(
      '6 detections in a frame are more than the limit of 5',
    );
    tracker.step(0, crowd(5));
    expect(tracker.size).toBe(3);
  });

  it('refuses options that make no sense, naming the key', () => {
    expect(() => floorPlaneOptions({ coastS: NaN })).toThrow('tracker: coastS');
    expect(() => floorPlaneOptions({ gate: 0 })).toThrow('tracker: gate');
    expect(() => floorPlaneOptions({ weakFrom: 0.9 })).toThrow(
      'weakFrom must not be above confidentFrom',
    );
    expect(() => imagePlaneOptions({ boxShare: 2 })).toThrow('boxShare');
  });
});

describe('determinism', () => {
  const detection = fc
    .record({
      // A coarse raster makes detections that tie in most respects.
      x: fc.integer({ min: 0, max: 12 }).map((v) => v / 4),
      y: fc.integer({ min: 0, max: 12 }).map((v) => v / 4),
      confidence: fc.constantFrom(0.05, 0.3, 0.6, 0.9),
      kind: fc.constantFrom(0, 0, 0, 1),
      width: fc.constantFrom(undefined, 20, 30),
    })
    .map(({ width, ...d }): PlaneDetection => {
      if (width === undefined) return d;
      return { ...d, box: [d.x * 50, 0, d.x * 50 + width, 100] };
    });
  const shuffledFrames = fc.array(
    fc
      .array(detection, { maxLength: 8 })
      .chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray([...list.keys()], { minLength: list.length }),
        ),
      ),
    { minLength: 2, maxLength: 12 },
  );
  /** Everything but the index, which names a place in the input's own order; there, what stood at that place. */
  const content = (frames: TrackedDetection[][], inputs: PlaneDetection[][]): string =>
    JSON.stringify(
      frames.map((f, i) => f.map((t) => ({ ...t, detection: inputs[i]?.[t.detection] }))),
    );

  it('gives the same tracks, byte for byte, in whatever order a frame lists its detections', () => {
    fc.assert(
      fc.property(shuffledFrames, (pairs) => {
        const plain = pairs.map(([list]) => list);
        const shuffled = pairs.map(([list, order]) => order.map((i) => list[i] ?? expect.fail()));
        expect(content(follow(shuffled), shuffled)).toBe(content(follow(plain), plain));
      }),
      { numRuns: 200 },
    );
  });

  it('gives each number to one detection a frame, each detection to one number, in rising order', () => {
    fc.assert(
      fc.property(shuffledFrames, (pairs) => {
        for (const frame of follow(pairs.map(([list]) => list))) {
          const given = numbers(frame);
          expect(given).toEqual([...new Set(given)].sort((a, b) => a - b));
          expect(new Set(frame.map((t) => t.detection)).size).toBe(frame.length);
          for (const t of frame) expect([t.x, t.y, t.vx, t.vy].every(Number.isFinite)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});
