import { addDays } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { label, testGovernance, testPlan } from '../../../test/support/plans.js';
import type { Report } from '../src/contract/index.js';
import { csvText, type Cell } from '../src/measures/csv.js';
import { historyCsv } from '../src/measures/history.js';
import { AREA_COLUMNS, areaCells } from '../src/measures/points.js';
import { areaRow, headerOf, isTold, lineRow, outsideOf } from '../src/measures/primary.js';
import {
  holidayName,
  plainKindOf,
  serviceDayOf,
  serviceDayStart,
} from '../src/measures/service-day.js';
import { usualDays } from '../src/measures/usual-days.js';
import { reportCsv } from '../src/report/report-csv.js';

const TOKYO = 'Asia/Tokyo';
const BERLIN = 'Europe/Berlin';

describe('a service day', () => {
  it('begins at four in the morning: the last train still belongs to the evening', () => {
    expect(serviceDayOf(Date.parse('2026-11-21T18:59:59Z'), TOKYO)).toBe('2026-11-21');
    expect(serviceDayOf(Date.parse('2026-11-21T19:00:00Z'), TOKYO)).toBe('2026-11-22');
    expect(new Date(serviceDayStart('2026-11-22', TOKYO)).toISOString()).toBe(
      '2026-11-21T19:00:00.000Z',
    );
  });

  it('is found again from its own beginning, also where clocks change', () => {
    const days = fc.integer({ min: 0, max: 8_000 }).map((n) => addDays('2020-01-01', n));
    fc.assert(
      fc.property(days, fc.constantFrom(TOKYO, BERLIN, 'UTC', 'America/St_Johns'), (day, zone) => {
        const start = serviceDayStart(day, zone);
        expect(serviceDayOf(start, zone)).toBe(day);
        expect(serviceDayOf(start - 1, zone)).toBe(addDays(day, -1));
      }),
      { numRuns: 300 },
    );
    const spring = serviceDayStart('2026-03-29', BERLIN) - serviceDayStart('2026-03-28', BERLIN);
    expect(spring).toBe(23 * 3_600_000);
  });

  it('is a weekday, a Saturday, or a Sunday or public holiday of Japan', () => {
    expect(plainKindOf('2026-11-20', TOKYO)).toBe('weekday');
    expect(plainKindOf('2026-11-21', TOKYO)).toBe('saturday');
    expect(plainKindOf('2026-11-22', TOKYO)).toBe('holiday');
    // Labour Thanksgiving Day, a Monday; not kept in Berlin.
    expect(plainKindOf('2026-11-23', TOKYO)).toBe('holiday');
    expect(plainKindOf('2026-11-23', BERLIN)).toBe('weekday');
    expect(holidayName('2026-11-23', TOKYO)).toMatchObject({ ja: '勤労感謝の日' });
  });

  it.each(['2026-02-30', '2026-1-1', 'today', '', '2026-11-22T00:00'])('is not %j', (day) => {
    expect(() => serviceDayStart(day, TOKYO)).toThrow(/not a day/);
  });
});

describe('the days that one is compared with', () => {
  const start = (day: string): number => serviceDayStart(day, TOKYO) * 1000;
  const entry = { id: '1', title: 'x', countsAs: null, isUnusual: false };

  it('are those of its kind in the eight weeks before', () => {
    const { kind, startsUs, note } = usualDays('2026-11-21', TOKYO, []);
    expect([kind, note, startsUs.length]).toEqual(['saturday', null, 8]);
    expect(startsUs[0]).toBe(start('2026-11-14'));
    const holidays = usualDays('2026-11-23', TOKYO, []).startsUs;
    // Eight Sundays, the Day of Culture and Sports Day.
    expect(holidays).toHaveLength(10);
    expect(holidays).toContain(start('2026-11-03'));
  });

  it('are without the unusual, and with what the calendar counts as such a day', () => {
    const { kind, startsUs, note } = usualDays('2026-11-20', TOKYO, [
      { ...entry, day: '2026-11-20', title: 'Saturday timetable', countsAs: 'saturday' },
      { ...entry, day: '2026-11-14', title: 'Fireworks', isUnusual: true },
      { ...entry, day: '2026-11-12', title: 'Founding day', countsAs: 'saturday' },
    ]);
    expect([kind, note]).toEqual(['saturday', 'Saturday timetable']);
    expect(startsUs).not.toContain(start('2026-11-14'));
    expect(startsUs).toContain(start('2026-11-12'));
  });
});

describe('a table for somebody outside', () => {
  const plan = testPlan({
    governance: {
      ...testGovernance(),
      recipients: [
        { id: 'operator', name: label, role: 'operator' },
        { id: 'upkeep', name: label, role: 'processor', contract: 'A-1' },
        { id: 'city', name: label, role: 'third-party', contract: 'A-2' },
      ],
    },
  });
  const actingFor = (recipient: string | null) =>
    outsideOf({ user: { recipient } } as Parameters<typeof outsideOf>[0], plan);
  const outside = actingFor('city');
  const point = {
    ...{ start: 'now', density: 0.5, los: 'A' as const, occupancy: 6.5, occupancyMax: 9 },
    ...{ speedMS: 1, coverage: 1, saturation: 0, doubtful: 0 },
    ...{ peakDensity: 2, pressure: null, pressureMax: null },
  };

  it('is so for every recipient but the operator and who works for it', () => {
    expect([actingFor(null), actingFor('operator'), actingFor('upkeep')]).toEqual([
      ...[undefined, undefined, undefined],
    ]);
    expect(outside).toEqual({ k: 10, tracksPerPerson: 2 });
    expect(actingFor('gone')).toEqual(outside);
  });

  it('tells nothing of an area in which fewer than k people were at any instant, and says so', () => {
    const text = csvText(headerOf(AREA_COLUMNS, outside), [
      areaRow(point, outside),
      areaRow({ ...point, occupancyMax: 10 }, outside),
      areaRow({ ...point, occupancyMax: 0, occupancy: 0, saturation: 0 }, outside),
      areaRow({ ...point, coverage: 0.3 }, outside),
    ]);
    expect(readCsv(text.slice(1)).map((row) => row.join())).toEqual([
      [...AREA_COLUMNS, 'absent_because'].join(),
      'now,,,,,,1,,0,,,,protected',
      'now,0.5,A,6.5,10,1,1,0,0,2,,,',
      // None and few look the same.
      'now,,,,,,1,,0,,,,protected',
      'now,,,,,,0.3,,0,,,,not-seen',
    ]);
    expect(areaRow(point, undefined)).toEqual(areaCells(point));
  });

  it('never takes passages for people, and counts journeys by those who make them', () => {
    const passages = {
      ...{ start: 'now', forward: 500, backward: 400, forwardPerMin: 8, backwardPerMin: 7 },
      ...{ coverage: 1, doubtful: 0 },
    };
    expect(lineRow(passages, outside)).toEqual(['now', null, null, null, null, 1, 0, 'protected']);
    expect([19, 20].map((journeys) => isTold(journeys, outside))).toEqual([false, true]);
    expect(isTold(1, undefined)).toBe(true);
  });

  it('of a report has areas of few people without their hours', () => {
    const area = {
      ...{ area: 'hall', meanOccupancy: 2, occupancyMax: 9, occupancyMaxAt: 'then', coverage: 1 },
      ...{ hoursAtLevel: { A: 20 }, hoursUnseen: 1 },
    } as unknown as Report['areas'][number];
    const table = (who: typeof outside): string[] =>
      readCsv(reportCsv({ areas: [area, { ...area, occupancyMax: 10 }] }, who).slice(1))
        .slice(1)
        .map((row) => row.join());
    expect(table(outside)).toEqual([
      'hall,,,,1,,,,,,,,protected',
      'hall,2,10,then,1,20,0,0,0,0,0,1,',
    ]);
    expect(table(undefined)[0]).toBe('hall,2,9,then,1,20,0,0,0,0,0,1');
  });

  it('of a history has the reason in a column of its own', () => {
    const { start: _, ...area } = point;
    const history = { starts: ['now'], areas: { hall: [area] }, lines: {} };
    const [header, row] = readCsv(historyCsv(history, outside).slice(1));
    expect(row).toHaveLength(header!.length);
    expect([header!.at(-1), row!.at(-1)]).toEqual(['absent_because', 'protected']);
  });
});

describe('a table for download', () => {
  const cell = fc.oneof(
    fc.string({
      unit: fc.constantFrom('a', '駅', ',', '"', '=', '+', '-', '@', '\t', '\r', '\n', '1'),
    }),
    fc.double({ noNaN: true }),
    fc.constant(null),
  );

  it('is RFC 4180 in UTF-8 with a byte order mark, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }),
        (rows) => {
          const text = csvText(['a', 'b'], rows);
          expect(text.startsWith('\u{feff}a,b\r\n')).toBe(true);
          const read = readCsv(text.slice(1));
          expect(read.slice(1)).toEqual(rows.map((row) => row.map(asRead)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('runs no formula in a spreadsheet', () => {
    const text = csvText(['x'], [['=1+1'], ['+1'], ['-1'], ['@SUM(A1)'], ['\tx'], [-1]]);
    expect(text.slice(1).split('\r\n')).toEqual([
      ...['x', "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", '-1', ''],
    ]);
  });
});

function asRead(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}

/** A reader of RFC 4180, written for the test alone. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      for (at += 1; ; at += 1) {
        if (text[at] === '"' && text[(at += 1)] !== '"') break;
        value += text.charAt(at);
      }
      at -= 1;
      at += 1;
    } else {
      while (text[at] !== ',' && text[at] !== '\r') value += text.charAt(at++);
    }
    row.push(value);
    if (text[at] === ',') at += 1;
    else {
      rows.push(row);
      row = [];
      at += 2;
    }
  }
  return rows;
}
