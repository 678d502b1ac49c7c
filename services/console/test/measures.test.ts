import { addDays } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText, type Cell } from '../src/measures/csv.js';
import {
  holidayName,
  plainKindOf,
  serviceDayOf,
  serviceDayStart,
} from '../src/measures/service-day.js';
import { usualDays } from '../src/measures/usual-days.js';

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
