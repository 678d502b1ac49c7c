import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changeSpeed,
  fitted,
  pass,
  replayClock,
  seek,
  SPEEDS,
  toggle,
  withSpeed,
  type ReplayClock,
} from '../src/history/clock.js';
import {
  areaSamples,
  compareMeans,
  differences,
  lineSamples,
  shifted,
} from '../src/history/comparison.js';
import { areasAt, linesAt } from '../src/history/state.js';

describe('the replay clock', () => {
  const day = (): ReplayClock => replayClock(1_440, 60);

  it('shows a minute for a second at 60 times', () => {
    const clock = pass(pass(withSpeed(toggle(day()), 60), 600), 600);
    expect([clock.index, clock.intoS]).toEqual([1, 12]);
  });

  it('stands while it is paused, and at the end', () => {
    expect(pass(day(), 5_000).index).toBe(0);
    const end = pass(withSpeed(seek(toggle(day()), 1_438), 900), 1_000);
    expect(end).toMatchObject({ index: 1_439, isPlaying: false });
    expect(toggle(end)).toMatchObject({ index: 0, isPlaying: true });
  });

  it('does not leap after a pause of the picture', () => {
    expect(pass(withSpeed(toggle(day()), 60), 3_600_000).index).toBe(1);
  });

  it('never leaves its windows, whatever is done', () => {
    const doing = fc.oneof(
      fc.integer({ min: -50, max: 2_000 }).map((i) => (c: ReplayClock) => seek(c, i)),
      fc.integer({ min: 0, max: 5_000 }).map((ms) => (c: ReplayClock) => pass(c, ms)),
      fc.constantFrom(
        toggle,
        (c: ReplayClock) => changeSpeed(c, 1),
        (c: ReplayClock) => changeSpeed(c, -1),
      ),
      fc.integer({ min: 1, max: 300 }).map((n) => (c: ReplayClock) => fitted(c, n, 900)),
    );
    fc.assert(
      fc.property(fc.array(doing, { maxLength: 40 }), (steps) => {
        const clock = steps.reduce((c, step) => step(c), day());
        expect(clock.index).toBeGreaterThanOrEqual(0);
        expect(clock.index).toBeLessThan(clock.count);
        expect(SPEEDS).toContain(clock.speed);
      }),
      { numRuns: 80 },
    );
  });

  it('goes on at the same share of the way in other data', () => {
    expect(fitted(seek(day(), 720), 97, 900).index).toBe(48);
    expect(fitted(day(), 0, 900).index).toBe(0);
  });
});

const START = '2026-11-22T00:00:00.000Z';
const T0 = Date.parse(START);
const area = (density: number | null) => ({
  density,
  los: 'C',
  occupancy: null,
  occupancyMax: null,
  speedMS: null,
  coverage: 1,
  saturation: 0,
  doubtful: 0,
  ...{ peakDensity: null, pressure: null, pressureMax: null },
});
const line = (forwardPerMin: number, backwardPerMin: number | null) => ({
  forward: 1,
  backward: 1,
  forwardPerMin,
  backwardPerMin,
  coverage: 1,
  doubtful: 0,
});
const history = {
  stepS: 60 as const,
  starts: [START, '2026-11-22T00:01:00.000Z'],
  areas: { hall: [area(0.5), null], dark: [area(null), area(null)] },
  lines: { gate: [line(3, 2), line(3, null)] },
};

describe('a window of the replay', () => {
  it('has what was seen, and nothing for what was not', () => {
    const areas = areasAt(history, 0, 0.8, (level, density) => `${level ?? ''} ${density}`);
    expect([...areas.keys()]).toEqual(['hall']);
    expect(areas.get('hall')?.text).toBe('C 0.5');
    expect(areasAt(history, 1, 0.8, String).size).toBe(0);
    expect(linesAt(history, 0).get('gate')?.forwardPerMin).toBe(3);
  });
});

describe('two periods compared', () => {
  const week = 7 * 86_400_000;
  const run = (values: (number | null)[], fromMs: number) => ({
    fromMs,
    values: values.map((value, i): [number, number | null] => [fromMs + i * 60_000, value]),
  });
  const compared = (a: (number | null)[], b: (number | null)[], untilMs = Infinity) =>
    compareMeans(run(a, T0), run(b, T0 + week), untilMs, 'hall');

  it('have no difference where either is not known', () => {
    expect(compared([2], [null])).toMatchObject({
      first: null,
      second: null,
      difference: null,
      known: 0,
    });
    expect(compared([2], [3])).toMatchObject({ difference: 1, share: 0.5, known: 1 });
    expect(compared([0], [3]).share).toBeNull();
  });

  it('are compared by the times that were measured in both', () => {
    expect(compared([1, 9, null, 3], [2, null, 7, 4])).toMatchObject({
      first: 2,
      second: 3,
      known: 0.5,
    });
  });

  it('lack nothing for what is yet to come', () => {
    const sofar = compared([1, 1, 1, 1], [2, 2, null, null], T0 + week + 120_000);
    expect(sofar).toMatchObject({ first: 1, second: 2, known: 1 });
  });

  it('meet by the time since each began', () => {
    const first = areaSamples(history, 'hall', 'density');
    expect(differences(first, T0, shifted(first, week), T0 + week)).toEqual([
      [T0, 0],
      [T0 + 60_000, null],
    ]);
  });

  it('count a line both ways, where both are known', () => {
    expect(lineSamples(history, 'gate').map(([, value]) => value)).toEqual([5, null]);
    expect(lineSamples(history, 'none').map(([, value]) => value)).toEqual([null, null]);
  });
});
