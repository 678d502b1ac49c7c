import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  besideUsual,
  flowLines,
  seenShare,
  shadesOf,
  thresholdsOf,
  usualLines,
} from '../src/areas/area-charts.js';
import { heatCalendar, heatCalendarOption } from '../src/areas/heat-calendar.js';
import { byHour } from '../src/areas/hourly.js';
import { peak, samples, stretches, unseenStretches } from '../src/charts/gaps.js';
import {
  LEVEL_BOUNDS,
  levelIndex,
  PRESSURE_CRITICAL,
  PRESSURE_DENSITY_MIN,
} from '../src/charts/levels.js';
import { paper } from '../src/charts/palette.js';
import {
  axisTop,
  legible,
  nice,
  timeChartOption,
  type TimeChart,
} from '../src/charts/time-chart.js';
// A room of the server is not for the browser; here it says whether the browser has the same numbers.
// eslint-disable-next-line @typescript-eslint/no-restricted-imports
import * as crowd from '@hitonami/crowd';

const MINUTE = 60_000;
const T0 = Date.parse('2026-11-21T19:00:00Z');
const at = (i: number): string => new Date(T0 + i * MINUTE).toISOString();

const point = (i: number, density: number | null, more: object = {}) => ({
  start: at(i),
  density,
  los: density === null ? null : 'A',
  occupancy: density === null ? null : density * 10,
  occupancyMax: density === null ? null : Math.ceil(density * 10),
  speedMS: 1,
  coverage: 1,
  saturation: 0,
  doubtful: 0,
  peakDensity: density === null ? null : density * 3,
  pressure: null,
  pressureMax: null,
  ...more,
});

interface Drawn {
  series: {
    data: [number, number | null][];
    connectNulls: boolean;
    name: string;
    stack?: string;
  }[];
}
const chartOf = (lines: TimeChart['lines'], more: Partial<TimeChart> = {}): TimeChart => ({
  fromMs: T0,
  toMs: T0 + 60 * MINUTE,
  unit: 'persons/m²',
  lines,
  clock: String,
  figure: String,
  ...more,
});

describe('a series with gaps', () => {
  it('has a break where windows are missing: nothing is drawn over them', () => {
    const values = samples([point(0, 0.1), point(1, 0.2), point(5, 0.3)], 60, (p) => p.density);
    expect(values).toEqual([
      [T0, 0.1],
      [T0 + MINUTE, 0.2],
      [T0 + 2 * MINUTE, null],
      [T0 + 5 * MINUTE, 0.3],
    ]);
  });

  it('keeps a value that is not known as a break, never as zero', () => {
    expect(samples([point(0, 0.1), point(1, null)], 60, (p) => p.density)[1]).toEqual([
      T0 + MINUTE,
      null,
    ]);
  });

  it('has between two neighbouring values always a window or a break, however the answer is ordered', () => {
    const starts = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(starts, (minutes) => {
        const values = samples(
          minutes.map((i) => point(i, 1)),
          60,
          (p) => p.density,
        );
        expect(values.filter(([, value]) => value !== null)).toHaveLength(minutes.length);
        values.forEach(([ms, value], i) => {
          const next = values[i + 1];
          if (next === undefined || value === null || next[1] === null) return;
          expect(next[0] - ms).toBe(MINUTE);
        });
      }),
      { numRuns: 80 },
    );
  });

  it('is drawn without joining over its breaks', () => {
    const values = samples([point(0, 0.1), point(5, 0.3)], 60, (p) => p.density);
    const option = timeChartOption(
      chartOf([{ name: 'a', values, colour: 0 }]),
      paper(12),
    ) as unknown as Drawn;
    expect(option.series).toHaveLength(1);
    expect(option.series[0]?.connectNulls).toBe(false);
    expect(option.series[0]?.data[1]).toEqual([T0 + MINUTE, null]);
  });
});

describe('stretches of the time axis', () => {
  it('join neighbours', () => {
    const points = [0, 1, 2, 7].map((i) => point(i, 1, { coverage: 0.5 }));
    expect(stretches(points, 60, (p) => p.coverage < 0.8)).toEqual([
      { fromMs: T0, toMs: T0 + 3 * MINUTE },
      { fromMs: T0 + 7 * MINUTE, toMs: T0 + 8 * MINUTE },
    ]);
  });

  it('of the unseen and the seen together are the whole period', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 40 });
    fc.assert(
      fc.property(minutes, (seen) => {
        const unseen = unseenStretches(
          seen.map((i) => point(i, 1)),
          60,
          { fromMs: T0, toMs: T0 + 60 * MINUTE },
          (p) => p.density !== null,
        );
        const length = unseen.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
        expect(length).toBe((60 - seen.length) * MINUTE);
      }),
      { numRuns: 80 },
    );
  });

  it('leave what is yet to come unmarked, and mark what must not be trusted', () => {
    const series = {
      stepS: 60 as const,
      points: [
        point(0, 1),
        point(1, 1, { doubtful: 1 }),
        point(2, 1, { coverage: 0.5 }),
        point(3, null),
      ],
    };
    const period = { fromMs: T0, toMs: T0 + 60 * MINUTE };
    const [unseen, doubtful] = shadesOf(series, period, T0 + 5 * MINUTE, 0.8, {
      unseen: 'u',
      doubtful: 'd',
    });
    expect(unseen?.stretches).toEqual([{ fromMs: T0 + 3 * MINUTE, toMs: T0 + 5 * MINUTE }]);
    expect(doubtful?.stretches).toEqual([{ fromMs: T0 + MINUTE, toMs: T0 + 3 * MINUTE }]);
  });
});

describe('today beside the usual', () => {
  const usual = {
    area: 'a',
    day: '2026-11-22',
    kind: 'holiday' as const,
    note: null,
    stepS: 900 as const,
    points: [
      { sinceS: 0, density: 0.5, densityLow: 0.4, densityHigh: 0.7, days: 9 },
      { sinceS: 900, density: null, densityLow: null, densityHigh: null, days: 0 },
      { sinceS: 1_800, density: 0.6, densityLow: 0.5, densityHigh: 0.9, days: 9 },
    ],
  };

  it('lays the usual over the day, with its gaps', () => {
    const { line, band } = usualLines(usual, T0, { median: 'm', band: 'b' });
    expect(line.values[1]).toEqual([T0 + 15 * MINUTE, null]);
    const option = timeChartOption(
      chartOf([{ name: 'now', values: [], colour: 0 }, line], { band }),
      paper(12),
    ) as unknown as Drawn;
    const [low, width] = option.series;
    expect(low?.stack).toBe(width?.stack);
    expect(width?.data.map(([, value]) => value === null || Number(value.toFixed(6)))).toEqual([
      0.3,
      true,
      0.4,
    ]);
    expect(low?.data[1]?.[1]).toBeNull();
  });

  it('says busier only above the range of nine days in ten', () => {
    const of = (density: number) => besideUsual([point(3, density), point(4, null)], usual, T0)?.is;
    expect([of(0.71), of(0.7), of(0.4), of(0.39)]).toEqual(['higher', 'same', 'same', 'lower']);
  });

  it('says nothing where either is not known', () => {
    expect(besideUsual([point(16, 0.5)], usual, T0)).toBeUndefined();
    expect(besideUsual([point(1, null)], usual, T0)).toBeUndefined();
  });
});

describe('thresholds', () => {
  it('of the browser are Fruin’s, as the server measures by', () => {
    expect(LEVEL_BOUNDS).toEqual(crowd.LOS_DENSITY_BOUNDS);
    expect([PRESSURE_CRITICAL, PRESSURE_DENSITY_MIN]).toEqual([
      crowd.PRESSURE_CRITICAL,
      crowd.PRESSURE_DENSITY_MIN,
    ]);
    for (const kind of ['walkway', 'stairs', 'queue'] as const) {
      for (const density of [0, 0.308, 0.309, 1.076, 2.7, 9]) {
        expect('ABCDEF'[levelIndex(kind, density)]).toBe(crowd.levelOfService(kind, density));
      }
    }
  });

  it('are the five bounds of the kind and the four bands, named', () => {
    const bands = { stable: 1, capacity: 2.5, unstable: 3.5, congested: 5 };
    const all = thresholdsOf(LEVEL_BOUNDS.stairs, bands, (band) => band);
    expect(all.map(({ value }) => value)).toEqual([
      0.538, 0.718, 1.076, 1.538, 2.691, 1, 2.5, 3.5, 5,
    ]);
    expect(all[0]?.label).toBe('A | B');
  });

  it('are written where the labels do not lie on each other', () => {
    const all = [0.308, 0.431, 2.153].map((value) => ({
      value,
      label: '',
      kind: 'level' as const,
    }));
    expect([...legible(all, 3)].map(({ value }) => value)).toEqual([2.153, 0.431]);
    expect(legible(all, 1).size).toBe(2);
  });
});

describe('the value axis', () => {
  it('ends above what is drawn, at a round number', () => {
    expect(axisTop(chartOf([{ name: 'a', values: [[T0, 0.93]], colour: 0 }]))).toBe(1.5);
    expect(axisTop(chartOf([{ name: 'a', values: [[T0, null]], colour: 0 }], { least: 0.4 }))).toBe(
      0.4,
    );
    expect(axisTop(chartOf([], { most: 100 }))).toBe(100);
  });

  it('is never below its values', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (value) => {
        expect(nice(value)).toBeGreaterThanOrEqual(value * (1 - 1e-9));
        expect(nice(value)).toBeLessThanOrEqual(value * 2);
      }),
      { numRuns: 100 },
    );
  });
});

describe('an area in numbers', () => {
  it('finds the highest window and the share that was seen', () => {
    const points = [point(0, 0.2), point(1, 0.9), point(2, null)];
    expect(peak(samples(points, 60, (p) => p.density))).toEqual({ ms: T0 + MINUTE, value: 0.9 });
    expect(seenShare(points, 60, T0, T0 + 4 * MINUTE)).toBe(0.5);
  });

  it('tells hours without a window as not known', () => {
    const [first, second] = byHour([point(0, 0.2), point(1, 0.4)], 60, T0, T0 + 120 * MINUTE);
    expect(first).toMatchObject({ windows: 2, expected: 60 });
    expect(first?.density).toBeCloseTo(0.3);
    expect(second).toMatchObject({ windows: 0, density: null, occupancyMax: null });
  });

  it('draws both directions of a line in one colour, one of them dashed', () => {
    const data = {
      line: 'l',
      stepS: 60 as const,
      points: [
        {
          start: at(0),
          forward: 3,
          backward: 1,
          forwardPerMin: 3,
          backwardPerMin: null,
          coverage: 1,
          doubtful: 0,
        },
      ],
    };
    const [forward, backward] = flowLines([{ name: 'Gate', data }], {
      forward: '→',
      backward: '←',
    });
    expect(forward).toMatchObject({ name: 'Gate →', values: [[T0, 3]], colour: 0 });
    expect(backward).toMatchObject({ values: [[T0, null]], colour: 0, isDashed: true });
  });
});

describe('the calendar of hours and days', () => {
  const calendar = heatCalendar(
    [point(0, 0.2), point(60 * 21, 0.5)],
    '2026-11-22',
    2,
    'Asia/Tokyo',
  );

  it('puts an hour after midnight into the service day before', () => {
    expect(calendar.cells[0]?.[0]?.density).toBe(0.2);
    expect(calendar.cells[0]?.[21]?.density).toBe(0.5);
    expect(calendar.cells[1]?.every((cell) => cell === null)).toBe(true);
  });

  it('has no cell for what is yet to come', () => {
    const { cells } = heatCalendar([], '2026-11-22', 2, 'Asia/Tokyo', T0 + 150 * MINUTE);
    expect(cells[0]?.slice(0, 4)).toEqual([null, null, undefined, undefined]);
    expect(cells[1]?.every((cell) => cell === undefined)).toBe(true);
  });

  it('colours only what was seen; the rest is drawn as not seen', () => {
    const option = heatCalendarOption(calendar, LEVEL_BOUNDS.walkway, ['a'], ['A'], paper(12), {
      dayName: String,
      figure: String,
      unit: '',
      unseen: '',
    }) as unknown as { series: { data: unknown[] }[] };
    expect(option.series.map(({ data }) => data.length)).toEqual([2, 46]);
  });
});
