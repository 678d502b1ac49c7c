import { describe, expect, it } from 'vitest';
import type { TestFrame, TestPerson } from '../../../test/support/frames.js';
import { label, lineFrom, rectangle, testPlan } from '../../../test/support/plans.js';
import type { ClosedWindow } from '../src/index.js';
import { framesOf, planHistory, runStream, T0 } from './support.js';

// A detector misses somebody for a moment, or a tracker takes somebody for another: nobody is lost or doubled by that.

const area = (id: string, x0: number, x1: number) => ({
  ...{ id, floor: 'f1', name: label, kind: 'walkway' },
  polygon: rectangle(x0, 0, x1, 10),
});
const line = (id: string, x: number) => ({
  ...{ id, floor: 'f1', name: label },
  line: lineFrom([x, 1], [x, 9]),
});
const camera = (id: string, x0: number, x1: number) => ({
  ...{ id, floor: 'f1', coverage: rectangle(x0, 0, x1, 10) },
});

type At = (s: number) => Omit<TestPerson, 'track'> | undefined;

/** Walks along y = 5 through places at times: between them straight on. */
function way(...stops: readonly (readonly [s: number, x: number])[]): At {
  return (s) => {
    const next = stops.findIndex(([at]) => at >= s);
    const [from, to] = [stops[next - 1], stops[next]];
    if (from === undefined || to === undefined) return undefined;
    const vx = (to[1] - from[1]) / (to[0] - from[0]);
    return { x: from[1] + vx * (s - from[0]), y: 5, vx };
  };
}

/** Frames of a camera at a pace, in which a person has the number that `track` gives, or is missed. */
function seen(
  by: string,
  at: At,
  track: (s: number) => number | undefined,
  { untilS = 30, everyMs = 200, fromMs = 0 } = {},
): TestFrame[] {
  return Array.from({ length: Math.floor((untilS * 1000) / everyMs) }, (_, sequence) => {
    const atMs = fromMs + sequence * everyMs;
    const number = track(atMs / 1000);
    const place = at(atMs / 1000);
    const people = number !== undefined && place ? [{ ...place, track: number }] : [];
    return { camera: by, sequence, atMs: T0 + atMs, people };
  });
}

function run(plan: Parameters<typeof testPlan>[0], frames: readonly TestFrame[]): ClosedWindow[] {
  const sorted = [...frames].sort((a, b) => a.atMs - b.atMs);
  return runStream(planHistory({ plan: testPlan(plan) }), framesOf(sorted)).windows;
}

const personS = (windows: readonly ClosedWindow[], id: string): number =>
  windows
    .flatMap(({ areas }) => areas.filter((row) => row.area === id))
    .reduce((sum, row) => sum + row.personUs / 1e6, 0);

const passages = (windows: readonly ClosedWindow[]): [forward: number, backward: number] => {
  const rows = windows.flatMap(({ lines }) => lines);
  return [
    rows.reduce((sum, row) => sum + row.forward, 0),
    rows.reduce((sum, row) => sum + row.backward, 0),
  ];
};

describe('a person missed for a moment', () => {
  it.each([
    ['as fast as it says', 200],
    ['more slowly, since frames are shed', 300],
    ['faster', 150],
  ])('is there all the time for a camera that sends %s', (_, everyMs) => {
    let k = 0;
    const frames = seen(
      'c1',
      () => ({ x: 5, y: 5 }),
      () => (k++ % 2 === 0 ? 1 : undefined),
      {
        untilS: 60,
        everyMs,
      },
    );
    const windows = run({}, frames);
    expect(Math.abs(personS(windows, 'hall') - 60)).toBeLessThan(1.5);
  });

  it('was where it is found again, not where it has gone until that is known', () => {
    const plan = {
      areas: [area('west', 0, 10), area('east', 10, 30)],
      ...{ lines: [], cameras: [camera('a', 0, 30)] },
    };
    const walk = way([1, 1.5], [18, 27]);
    const cut = (s: number) => (s < 5.2 ? 1 : s < 6.2 ? undefined : 2);
    const windows = run(plan, seen('a', walk, cut));
    const whole = run(
      plan,
      seen('a', walk, () => 1),
    );
    for (const id of ['west', 'east'])
      expect(personS(windows, id)).toBeCloseTo(personS(whole, id), 0);
  });

  it('is not made up for while the camera could not see', () => {
    const plan = { areas: [area('hall', 0, 10)], lines: [], cameras: [camera('a', 0, 10)] };
    const frames = seen(
      'a',
      () => ({ x: 5, y: 5 }),
      (s) => (s < 5 ? 1 : 2),
      { untilS: 10 },
    ).map((frame) => {
      const s = (frame.atMs - T0) / 1000;
      return s >= 5 && s < 6 ? { ...frame, people: [], blind: true } : frame;
    });
    expect(personS(run(plan, frames), 'hall')).toBeCloseTo(9, 0);
  });

  it('is made up for where another camera then speaks for the person', () => {
    const plan = {
      ...{ areas: [area('hall', 0, 20)], lines: [] },
      cameras: [camera('a', 0, 20), camera('b', 0, 20)],
    };
    const places = [1, 4, 7, 9.5];
    const of = (by: string, i: number, isMissed: (s: number) => boolean): TestFrame[] =>
      Array.from({ length: 50 }, (_, sequence) => {
        const s = sequence / 5 + i / 20;
        const people = places.map((y, k) => ({ x: 10, y, track: 10 * i + k + 1 }));
        return {
          ...{ camera: by, sequence, atMs: T0 + 1000 * s },
          people: isMissed(s) ? [] : people,
        };
      });
    const [window] = run(plan, [
      ...of('a', 0, (s) => s >= 5),
      ...of('b', 1, (s) => s >= 5 && s < 5.4),
    ]);
    expect(window && personS([window], 'hall')).toBeCloseTo(4 * 10, 6);
  });

  it('takes its speed along wherever it is counted: everybody walks at 1 m/s, and so does their mean', () => {
    const plan = {
      ...{ areas: [area('west', 0, 10), area('east', 10, 20)], lines: [] },
      cameras: [camera('a', 0, 12), camera('b', 8, 20)],
    };
    // Along the border of what they own, and each puts the person on its own side.
    const frames = (['a', 'b'] as const).flatMap((by, i) =>
      seen(
        by,
        (s) => ({ x: 10 + (i === 0 ? -0.2 : 0.2), y: 1 + (s % 8), vx: 0, vy: 1 }),
        (s) => (s % 4 < 0.3 ? undefined : 10 * i + Math.floor(s / 8) + 1),
        { fromMs: 50 * i },
      ),
    );
    const rows = run(plan, frames).flatMap(({ areas }) => areas);
    expect(rows.some(({ personUs }) => personUs > 0)).toBe(true);
    for (const { personUs, speedMmUs } of rows) expect(speedMmUs).toBe(1000 * personUs);
  });
});

describe('a person within the band of a line', () => {
  const plan = {
    ...{ areas: [area('hall', 0, 20)], lines: [line('gate', 10)] },
    cameras: [camera('a', 0, 14), camera('b', 6, 20)],
  };
  const walk = way([0, 7], [13, 13.5]);

  describe.each([
    ['is seen by another camera too', true],
    ['is seen by the camera of the line alone', false],
  ])('who %s', (_, isSeenByBoth) => {
    it.each<[string, (s: number) => number | undefined]>([
      ['followed all the way', () => 1],
      ['missed for a second', (s) => (s >= 5.4 && s < 6.4 ? undefined : 1)],
      ['given a new number', (s) => (s < 6 ? 1 : 2)],
      ['lost, and found under a new number', (s) => (s < 5.8 ? 1 : s < 6.2 ? undefined : 2)],
    ])('is counted once: %s', (__, track) => {
      const frames = [
        ...seen('a', walk, track),
        ...(isSeenByBoth ? seen('b', walk, () => 100, { fromMs: 50 }) : []),
      ];
      expect(passages(run(plan, frames))).toEqual([0, 1]);
    });
  });

  it('is not counted who turns back, whoever else sees it and whatever number it is given', () => {
    const back = way([0, 7], [6, 10], [12, 7]);
    for (const track of [(s: number) => (s < 6 ? 1 : 2), (s: number) => (s < 5.4 ? 1 : 2)]) {
      const frames = [...seen('a', back, track), ...seen('b', back, () => 100, { fromMs: 50 })];
      expect(passages(run(plan, frames))).toEqual([0, 0]);
    }
  });

  it('is counted where it was cut, stepped out on the other side and back in before that was known', () => {
    const hesitant = way([0, 7], [6, 10], [6.8, 10.8], [7.4, 10.4], [8.6, 10.4], [13, 15]);
    const alone = { ...plan, cameras: [camera('a', 0, 20)] };
    for (const cutS of [5.8, 6, 6.2]) {
      const frames = seen('a', hesitant, (s) => (s < cutS ? 1 : 2));
      expect(passages(run(alone, frames)), `cut at ${cutS} s`).toEqual([0, 1]);
    }
  });

  /** What both cameras see of two people: A and B, each with the numbers that camera a gives, and their own of camera b. */
  const ofTwo = (
    [a, b]: readonly [At, At],
    [trackA, trackB]: readonly [
      (s: number) => number | undefined,
      (s: number) => number | undefined,
    ],
  ): TestFrame[] => {
    const shifted: At = (s) => {
      const place = b(s);
      return place && { ...place, y: 5.7 };
    };
    const both = (first: TestFrame[], second: TestFrame[]) =>
      first.map((frame, k) => ({
        ...frame,
        people: [...(frame.people ?? []), ...(second[k]?.people ?? [])],
      }));
    const late = { fromMs: 50 };
    return [
      ...both(seen('a', a, trackA), seen('a', shifted, trackB)),
      ...both(
        seen('b', a, () => 100, late),
        seen('b', shifted, () => 101, late),
      ),
    ];
  };

  it('goes on in one track alone: whoever is found beside it later did not pass as well', () => {
    // Lost before the band, found beyond it; the other is seen there first.
    const frames = ofTwo(
      [walk, walk],
      [(s) => (s < 4.6 ? 1 : s < 7.4 ? undefined : 2), (s) => (s < 8 ? undefined : 3)],
    );
    expect(passages(run(plan, frames))).toEqual([0, 1]);
  });

  it('is nobody who appears there while the other is still seen elsewhere', () => {
    const appears = way([6, 10.2], [13, 13.7]);
    const frames = ofTwo([walk, appears], [(s) => (s < 5.6 ? 1 : undefined), () => 3]);
    expect(passages(run(plan, frames))).toEqual([0, 0]);
  });

  it('is two where one goes out and another comes in, both under the eyes of two cameras', () => {
    const out = way([0, 7], [6, 13]);
    const into = way([7, 13], [13, 7]);
    const frames = (['a', 'b'] as const).flatMap((by, i) => {
      const [one, two] = [out, into].map((at, k) =>
        seen(by, at, () => 10 * i + k + 1, { fromMs: 50 * i }),
      );
      return (one ?? []).map((frame, k) => ({
        ...frame,
        people: [...(frame.people ?? []), ...(two?.[k]?.people ?? [])],
      }));
    });
    expect(passages(run(plan, frames))).toEqual([1, 1]);
  });
});

describe('people beyond all coverage', () => {
  it('are in no area, however many cameras see them: that floor is not observed', () => {
    const plan = {
      ...{ areas: [area('half', 16, 24)], lines: [] },
      cameras: [camera('a', 0, 20), camera('b', 4, 20)],
    };
    const stand: At = () => ({ x: 20.4, y: 5 });
    const frames = ['a', 'b'].flatMap((by, i) => seen(by, stand, () => i + 1, { fromMs: 50 * i }));
    expect(personS(run(plan, frames), 'half')).toBe(0);
  });
});
