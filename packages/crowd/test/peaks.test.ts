import { polygonContains } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestFrame, TestPerson } from '../../../test/support/frames.js';
import { rectangle, testPlan } from '../../../test/support/plans.js';
import {
  LocalDensity,
  LOS_DENSITY_BOUNDS,
  PRESSURE_DENSITY_MIN,
  type AreaRow,
} from '../src/index.js';
import { framesOf, planHistory, runStream, T0 } from './support.js';

// The densest spot of an area over time, and how hard a crowd presses there.

interface Walker {
  x: number;
  y: number;
  vx: number;
  vy: number;
}

const hall = rectangle(0, 0, 10, 10).coordinates;

/** People in rows of 0.5 m (4 persons/m²) around the middle of the hall, each with a velocity of their own. */
function block(side: number, velocity: (i: number) => readonly [number, number]): Walker[] {
  return Array.from({ length: side * side }, (_, i) => {
    const [vx, vy] = velocity(i);
    const at = (n: number): number => 5 + (n - (side - 1) / 2) * 0.5;
    return { x: at(i % side), y: at(Math.floor(i / side)), vx, vy };
  });
}

function pressure(walkers: readonly Walker[]): number | undefined {
  const local = new LocalDensity(hall, (x, y) => polygonContains(hall, x / 1000, y / 1000));
  const mm = (of: (walker: Walker) => number): number[] =>
    walkers.map((walker) => Math.round(1000 * of(walker)));
  return local.pressure(
    mm(({ x }) => x),
    mm(({ y }) => y),
    mm(({ vx }) => vx),
    mm(({ vy }) => vy),
  );
}

describe('crowd pressure', () => {
  it('is the local density times the variance of the velocities there', () => {
    // Every second goes 0.5 m/s one way, the others as fast the other way: a variance of 0.25 m²/s² about a mean of nothing.
    const streams = block(9, (i) => [i % 2 === 0 ? 0.5 : -0.5, 0]);
    expect(pressure(streams)).toBeGreaterThan(0.98 * 4 * 0.25);
    expect(pressure(streams)).toBeLessThan(1.05 * 4 * 0.25);
    // A crowd that goes one way together does not press, however fast it goes.
    expect(pressure(block(9, () => [1.2, 0.3]))).toBeCloseTo(0, 6);
  });

  it('is what its definition says, person by person', () => {
    const place = fc.integer({ min: 3_500, max: 6_500 });
    const speed = fc.integer({ min: -2_000, max: 2_000 });
    const person = fc.record({ x: place, y: place, vx: speed, vy: speed });
    const byDefinition = (people: readonly Walker[]): number | undefined => {
      const values = people.map(({ x, y }) => {
        const near = people.map((one) => {
          const d2 = ((one.x - x) / 1000) ** 2 + ((one.y - y) / 1000) ** 2;
          return { ...one, w: (2 / (Math.PI * 1.5 ** 2)) * Math.max(0, 1 - d2 / 1.5 ** 2) };
        });
        const density = near.reduce((sum, { w }) => sum + w, 0);
        const mean = (of: (one: Walker) => number): number =>
          near.reduce((sum, one) => sum + (one.w * of(one)) / 1000, 0) / density;
        const [u, v] = [mean(({ vx }) => vx), mean(({ vy }) => vy)];
        const variance = near.reduce(
          (sum, { w, vx, vy }) => sum + w * ((vx / 1000 - u) ** 2 + (vy / 1000 - v) ** 2),
          0,
        );
        return { density, pressure: variance };
      });
      const dense = values.filter(({ density }) => density >= PRESSURE_DENSITY_MIN);
      return dense.length === 0 ? undefined : Math.max(...dense.map((one) => one.pressure));
    };
    fc.assert(
      fc.property(fc.array(person, { minLength: 1, maxLength: 60 }), (people) => {
        const metres = people.map(({ x, y, vx, vy }) => ({
          ...{ x: x / 1000, y: y / 1000, vx: vx / 1000, vy: vy / 1000 },
        }));
        const expected = byDefinition(people);
        const found = pressure(metres);
        expect(found === undefined).toBe(expected === undefined);
        // Its weights are whole numbers of 2,250.
        if (found !== undefined) expect(found / (expected ?? NaN)).toBeCloseTo(1, 2);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same whatever the order of the people, to the last bit', () => {
    const number = fc.integer({ min: -100_000, max: 100_000 });
    const place = fc.integer({ min: 4_000, max: 6_000 });
    const people = fc.array(fc.tuple(place, place, number, number), { maxLength: 80 });
    fc.assert(
      fc.property(people, fc.nat(), (list, seed) => {
        const of = (order: typeof list): number | undefined =>
          pressure(
            order.map(([x, y, vx, vy]) => ({ x: x / 1000, y: y / 1000, vx: vx / 7, vy: vy / 7 })),
          );
        const shuffled = list
          .map((one, i) => ({ one, key: Math.imul(i + 1, seed | 1) }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(of(shuffled)).toBe(of(list));
      }),
      { numRuns: 60 },
    );
  });

  it('is none where nobody is crowded: two who meet would else press as a crush does', () => {
    expect(pressure([])).toBeUndefined();
    const meeting = [
      { x: 5, y: 5, vx: 1.3, vy: 0 },
      { x: 5.5, y: 5, vx: -1.3, vy: 0 },
    ];
    expect(pressure(meeting)).toBeUndefined();
    expect(PRESSURE_DENSITY_MIN).toBe(LOS_DENSITY_BOUNDS.walkway[4]);
  });
});

/** Frames of one camera or two, five a second. */
function frames(
  toMs: number,
  people: (ms: number) => readonly Walker[],
  rest: Partial<TestFrame> = {},
): TestFrame[] {
  return Array.from({ length: toMs / 200 }, (_, i) => ({
    sequence: i,
    atMs: T0 + 200 * i,
    people: people(200 * i).map((walker, track): TestPerson => ({ track: track + 1, ...walker })),
    ...rest,
  }));
}

function rows(list: readonly TestFrame[], plan = testPlan()): AreaRow[] {
  const sorted = [...list].sort((a, b) => a.atMs - b.atMs);
  return runStream(planHistory({ plan }), framesOf(sorted)).windows.flatMap(({ areas }) => areas);
}

const nobody = (): Walker[] => [];
const still = (side: number): Walker[] => block(side, () => [0, 0]);

describe('a window of an area', () => {
  it('has its highest local density at the beginning of any second', () => {
    const [first, second] = rows(
      frames(20_000, (ms) => (ms >= 2_800 && ms < 3_400 ? still(9) : still(1))),
    );
    expect(first).toMatchObject({ peakSamples: 10, pressureSamples: 1, pressureMicroSum: 0 });
    expect(first?.peakPer1000M2).toBeGreaterThan(3_800);
    expect(first?.peakPer1000M2).toBeLessThan(4_200);
    // One person alone reads 0.28; what was dense before is over.
    expect(second).toMatchObject({ peakSamples: 10, peakPer1000M2: 283, pressureSamples: 0 });
  });

  it('sees also the crowd of a frame that was captured on the second itself', () => {
    const crowd = block(5, () => [0, 0]).map((walker, i) => ({ ...walker, track: i + 1 }));
    const frames = Array.from({ length: 20 }, (_, k): TestFrame => ({
      ...{ sequence: k, atMs: T0 + 500 * k, periodMs: 500 },
      people: k === 6 ? crowd : [],
    }));
    const [window] = runStream(planHistory({ plan: testPlan() }), framesOf(frames)).windows;
    expect(window?.areas[0]?.peakSamples).toBe(10);
    expect(window?.areas[0]?.peakPer1000M2).toBeGreaterThan(2_000);
  });

  it('has the pressure of its crowd, summed over the seconds that had one', () => {
    const [row] = rows(
      frames(10_000, (ms) =>
        ms < 5_000 ? block(9, (i) => [i % 2 === 0 ? 0.1 : -0.1, 0]) : still(2),
      ),
    );
    // The instants from the first frame on, at 0 to 4 s.
    expect(row?.pressureSamples).toBe(5);
    expect((row?.pressureMicroSum ?? 0) / 5).toBeCloseTo(row?.pressureMicroMax ?? 0, -1);
    expect(row?.pressureMicroMax).toBeGreaterThan(0.98 * 40_000);
    expect(row?.pressureMicroMax).toBeLessThan(1.05 * 40_000);
  });

  it('knows no peak where nobody sees: that is not a peak of nothing', () => {
    expect(rows(frames(10_000, nobody, { blind: true }))[0]).toMatchObject({ peakSamples: 0 });
    expect(rows(frames(10_000, nobody))[0]).toMatchObject({ peakSamples: 10, peakPer1000M2: 0 });
    // A frame holds for two periods at most: after 4.8 s and 400 ms nothing is known.
    expect(rows(frames(5_000, () => still(1)))[0]).toMatchObject({ peakSamples: 6 });
  });

  it('has everybody in it once, also whom two cameras see', () => {
    const plan = testPlan({
      cameras: [
        { id: 'west', floor: 'f1', coverage: rectangle(0, 0, 6, 10) },
        { id: 'east', floor: 'f1', coverage: rectangle(4, 0, 10, 10) },
      ],
      lines: [],
    });
    // Three of them on the border, which the cameras see 20 cm apart.
    const line = (dx: number): Walker[] => [2, 5, 8].map((y) => ({ x: 5 + dx, y, vx: 0, vy: 0 }));
    const west = frames(30_000, () => line(-0.1), { camera: 'west' });
    const east = frames(30_000, () => line(0.1), { camera: 'east' }).map((frame) => ({
      ...frame,
      people: frame.people?.map((one) => ({ ...one, track: one.track + 100 })) ?? [],
    }));
    const after = rows([...west, ...east], plan).slice(1, 3);
    expect(after.map(({ peopleMax, peakPer1000M2 }) => [peopleMax, peakPer1000M2])).toEqual([
      [3, 283],
      [3, 283],
    ]);
  });
});
