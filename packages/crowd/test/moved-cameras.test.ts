import { describe, expect, it } from 'vitest';
import { type TestFrame, type TestPerson } from '../../../test/support/frames.js';
import { label, rectangle, testPlan } from '../../../test/support/plans.js';
import { framesOf, planHistory, runStream, T0 } from './support.js';

// Two cameras of which one was moved or turned, from the tracks that they send: what is noticed, and what is not.

const plan = testPlan({
  areas: [
    { id: 'hall', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(0, 0, 30, 10) },
  ],
  lines: [],
  cameras: [
    { id: 'a', floor: 'f1', coverage: rectangle(0, 0, 20, 10) },
    { id: 'b', floor: 'f1', coverage: rectangle(10, 0, 30, 10) },
  ],
});

interface Scene {
  /** How far camera b puts everybody off, m. */
  readonly off?: readonly [x: number, y: number];
  /** Where people walk, and how long one comes after the other, s. */
  readonly lanesY?: readonly number[];
  readonly everyS?: number;
  readonly seconds?: number;
  /** What the cameras see of their coverage in truth: up to here a, and from here b, m. */
  readonly seen?: readonly [aToX: number, bFromX: number];
}

/** Walkers from west to east. @returns the cameras that were believed moved in any window */
function suspects({
  off = [0, 0],
  lanesY = [4],
  everyS = 8,
  seconds = 420,
  seen = [20, 10],
}: Scene): string[] {
  const frames: TestFrame[] = [];
  for (let tick = 0; tick < 5 * seconds; tick++) {
    (['a', 'b'] as const).forEach((camera, i) => {
      const ms = 200 * tick + 50 * i;
      const people = lanesY.flatMap((y, lane) =>
        Array.from({ length: Math.ceil(seconds / everyS) }, (_, n): TestPerson[] => {
          // Nobody walks just as another does, and nobody keeps the same distance.
          const speed = 1.1 + 0.3 * chance(17 * n + lane);
          const x = speed * (ms / 1000 - everyS * (n + 0.6 * chance(31 * n + lane)));
          const isSeen = x >= 0 && x <= 30 && (camera === 'a' ? x <= seen[0] : x >= seen[1]);
          const [dx, dy] = camera === 'b' ? off : [0, 0];
          const track = 1000 * lane + 2 * n + 1 + i;
          return isSeen ? [{ x: x + dx, y: y + dy, vx: speed, track }] : [];
        }).flat(),
      );
      frames.push({ camera, sequence: tick, atMs: T0 + ms, people });
    });
  }
  const { windows } = runStream(planHistory({ plan }), framesOf(frames));
  const moved = windows.flatMap(({ cameras }) => cameras.filter((row) => row.movedSinceUs > 0));
  return [...new Set(moved.map(({ camera }) => camera))].sort();
}

/** 0 to 1, without a rule that one could see. */
const chance = (n: number): number => Math.abs(43_758.5453 * Math.sin(12.9898 * n)) % 1;

describe('a camera whose places are off, where one after another walks through the overlap', () => {
  for (const metres of [0.7, 1, 1.75, 2, 2.5, 3, 4, 5])
    it(`is noticed where that is ${metres} m`, () => {
      expect(suspects({ off: [0, metres] })).toEqual(['a', 'b']);
      expect(suspects({ off: [-0.8 * metres, 0.6 * metres] })).toEqual(['a', 'b']);
    });

  it('is not where that is 0.5 m: places without calibration err as far by themselves', () => {
    expect(suspects({ off: [0, 0.5] })).toEqual([]);
  });

  it('is not where it is right', () => {
    expect(suspects({})).toEqual([]);
  });
});

describe('two cameras that are right', () => {
  it('are not believed moved where several walk side by side and behind each other', () => {
    expect(suspects({ lanesY: [1, 3, 5, 7, 9], everyS: 3, seconds: 150 })).toEqual([]);
  });

  it('are not where neither sees to the end of its coverage, and who walks ahead is seen by the other alone', () => {
    for (const everyS of [3, 4, 5]) expect(suspects({ seen: [14, 16], everyS })).toEqual([]);
  });
});

describe('a camera whose places are off, in a crowd', () => {
  it('is not noticed: nobody is alone, and who is who is not known', () => {
    expect(
      suspects({ off: [0, 1], lanesY: [1, 2.2, 3.4, 4.6, 5.8, 7], everyS: 1.5, seconds: 120 }),
    ).toEqual([]);
  });
});
