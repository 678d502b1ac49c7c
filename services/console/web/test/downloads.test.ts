import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv, fileName, stamp } from '../src/charts/file-name.js';
import { linesOf } from '../src/areas/lines-of.js';
import { aroundToday } from '../src/people/calendar-days.js';
import { densityOption, levelsOption } from '../src/reports/charts.js';
import { paper } from '../src/charts/palette.js';
import { figure, percent } from '../src/shared/format.js';

describe('names of files', () => {
  it('say what, where and when', () => {
    expect(fileName(['station', 'hall', 'density', stamp('2026-11-22T04:00')], 'csv')).toBe(
      'hitonami_station_hall_density_20261122T0400.csv',
    );
  });

  it('hold nothing that a file system refuses, whatever a place is called', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 6 }), (parts) => {
        const name = fileName(parts, 'png');
        expect(name).toMatch(/^hitonami_[\p{L}\p{N}_-]*\.png$/u);
        expect(name.length).toBeLessThan(200);
      }),
      { numRuns: 100 },
    );
  });
});

describe('CSV', () => {
  it('quotes what must be quoted, and leaves empty what is not known', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['say "x", y', null],
          ['two\nlines', 0.5],
        ],
      ),
    ).toBe('a,b\r\n"say ""x"", y",\r\n"two\nlines",0.5\r\n');
  });

  it('keeps a name that a spreadsheet would run as text', () => {
    expect(csv(['name'], [['=cmd()'], ['@x'], ['-1'], [-1]])).toBe(
      "name\r\n'=cmd()\r\n'@x\r\n'-1\r\n-1\r\n",
    );
  });
});

describe('numbers', () => {
  it('have a dash where they are not known, never a zero', () => {
    expect([figure(null, 2), figure(undefined), figure(Number.NaN), percent(null)]).toEqual([
      '–',
      '–',
      '–',
      '–',
    ]);
    expect([figure(1_234.5, 1), figure(0, 2)]).toEqual(['1,234.5', '0.00']);
    expect(percent(0.825)).toMatch(/^83\s?%$/);
  });
});

describe('the lines of an area', () => {
  const text = { ja: 'a', en: 'a' };
  const area = {
    id: 'hall',
    floor: 'ground',
    name: text,
    kind: 'walkway' as const,
    polygon: {
      type: 'Polygon' as const,
      coordinates: [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [0, 10],
          [0, 0],
        ],
      ] as const,
    },
  };
  const line = (id: string, x: number, floor = 'ground') => ({
    id,
    floor,
    name: text,
    line: {
      type: 'LineString' as const,
      coordinates: [
        [x, 4],
        [x, 6],
      ] as const,
    },
  });

  it('are those in it or at its border, on its floor', () => {
    const lines = [
      line('inside', 5),
      line('door', -0.5),
      line('far', 20),
      line('above', 5, 'upper'),
    ];
    expect(linesOf({ lines }, area).map(({ id }) => id)).toEqual(['inside', 'door']);
  });
});

describe('the calendar', () => {
  it('has what is to come first, the next at the top, then the past from its end', () => {
    const entry = (day: string) => ({ id: day, day, title: day, countsAs: null, isUnusual: true });
    const days = ['2026-12-01', '2026-11-22', '2026-11-01', '2026-11-20'].map(entry);
    const { coming, past } = aroundToday(days, '2026-11-22');
    expect(coming.map(({ day }) => day)).toEqual(['2026-11-22', '2026-12-01']);
    expect(past.map(({ day }) => day)).toEqual(['2026-11-20', '2026-11-01']);
  });
});

describe('the report', () => {
  const from = Date.parse('2026-11-20T19:00:00Z');
  const hour = 3_600_000;
  const area = {
    area: 'hall',
    meanOccupancy: 3,
    occupancyMax: 9,
    occupancyMaxAt: null,
    hoursAtLevel: { A: 20, B: 1 },
    hoursUnseen: 3,
    coverage: 0.9,
    series: {
      area: 'hall',
      stepS: 3_600 as const,
      points: [0, 1, 5].map((i) => ({
        start: new Date(from + i * hour).toISOString(),
        density: 0.5,
        los: 'C',
        occupancy: 5,
        occupancyMax: 6,
        speedMS: 1,
        coverage: 1,
        saturation: 0,
        doubtful: 0,
        ...{ peakDensity: 1.5, pressure: null, pressureMax: null },
      })),
    },
  };

  it('shows the hours that were not seen beside those at each level, not as the best one', () => {
    const { series } = levelsOption([area], String, {}, {}, 'not seen', paper(12)) as unknown as {
      series: { name: string; data: number[] }[];
    };
    expect(series.map(({ name, data }) => [name, data[0]])).toEqual([
      ['A', 20],
      ['B', 1],
      ['C', 0],
      ['D', 0],
      ['E', 0],
      ['F', 0],
      ['not seen', 3],
    ]);
  });

  it('keeps the gaps of a density', () => {
    const { series } = densityOption(
      area,
      'walkway',
      { fromMs: from, toMs: from + 24 * hour, untilMs: from + 6 * hour },
      { unit: '', name: '', unseen: '', clock: String, figure: String },
      paper(12),
    ) as unknown as {
      series: { data: [number, number | null][]; markArea: { data: { xAxis: number }[][] } }[];
    };
    expect(series[0]?.data[2]).toEqual([from + 2 * hour, null]);
    // What was not seen until now; not the hours to come.
    expect(
      series[0]?.markArea.data.map((pair) => pair.map(({ xAxis }) => (xAxis - from) / hour)),
    ).toEqual([[2, 5]]);
  });
});
