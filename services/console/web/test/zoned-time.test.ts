import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chosenPeriod } from '../src/charts/period.js';
import {
  addDays,
  fromLocalInput,
  instantOf,
  localClock,
  localDate,
  serviceDay,
  serviceDayOf,
  toLocalInput,
} from '../src/charts/zoned-time.js';

const TOKYO = 'Asia/Tokyo';
const ZONES = [TOKYO, 'UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
const iso = (ms: number): string => new Date(ms).toISOString();
const instants = fc.integer({
  min: Date.parse('2020-01-01T00:00:00Z'),
  max: Date.parse('2035-01-01T00:00:00Z'),
});

describe('service days', () => {
  it('begin at 04:00 local time and are 24 hours long in Japan', () => {
    const { fromMs, toMs } = serviceDay('2026-11-22', TOKYO);
    expect([iso(fromMs), iso(toMs)]).toEqual([
      '2026-11-21T19:00:00.000Z',
      '2026-11-22T19:00:00.000Z',
    ]);
  });

  it('hold the last train after midnight, which belongs to the evening before', () => {
    expect(serviceDayOf(Date.parse('2026-11-22T16:30:00Z'), TOKYO)).toBe('2026-11-22');
    expect(serviceDayOf(Date.parse('2026-11-22T19:00:00Z'), TOKYO)).toBe('2026-11-23');
  });

  it('are an hour shorter or longer where clocks are changed', () => {
    const hours = (day: string): number => {
      const { fromMs, toMs } = serviceDay(day, 'Europe/Berlin');
      return (toMs - fromMs) / 3_600_000;
    };
    expect([hours('2026-03-28'), hours('2026-10-24'), hours('2026-06-01')]).toEqual([23, 25, 24]);
  });

  it('hold every instant exactly once, in every zone', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (ms, zone) => {
        const { fromMs, toMs } = serviceDay(serviceDayOf(ms, zone), zone);
        expect(fromMs).toBeLessThanOrEqual(ms);
        expect(ms).toBeLessThan(toMs);
      }),
      { numRuns: 60 },
    );
  });
});

describe('local times', () => {
  it('come back from the field they are shown in', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(TOKYO, 'UTC'), (ms, zone) => {
        const minute = Math.floor(ms / 60_000) * 60_000;
        expect(fromLocalInput(toLocalInput(minute, zone), zone)).toBe(minute);
      }),
      { numRuns: 60 },
    );
  });

  it('are what clocks in the zone show', () => {
    const ms = instantOf('2026-11-22', TOKYO, 8, 15);
    expect(localClock(ms, TOKYO)).toEqual({ hour: 8, minute: 15 });
    expect(localDate(ms, TOKYO)).toBe('2026-11-22');
  });

  it('refuse what is no time', () => {
    expect(fromLocalInput('yesterday', TOKYO)).toBeUndefined();
    expect(fromLocalInput('2026-99-99T10:00', TOKYO)).toBeUndefined();
  });

  it('step over the end of a month', () => {
    expect([addDays('2026-11-30', 1), addDays('2026-03-01', -1)]).toEqual([
      '2026-12-01',
      '2026-02-28',
    ]);
  });
});

describe('the period of an address', () => {
  const now = Date.parse('2026-11-22T05:00:00Z');
  const of = (query: string) => chosenPeriod(new URLSearchParams(query), TOKYO, now);

  it('is the service day of now where it names none', () => {
    expect(of('')).toMatchObject({ day: '2026-11-22', stepS: 60, fault: undefined });
  });

  it('is what it names, in the site’s own time', () => {
    const { fromMs, toMs, day } = of('from=2026-11-20T06:00&to=2026-11-20T10:00');
    expect([iso(fromMs), iso(toMs), day]).toEqual([
      '2026-11-19T21:00:00.000Z',
      '2026-11-20T01:00:00.000Z',
      undefined,
    ]);
  });

  it('says when it ends before it begins, and when it is too long for its step', () => {
    expect(of('from=2026-11-20T06:00&to=2026-11-20T06:00').fault).toBe('order');
    expect(of('from=2026-11-01T06:00&to=2026-11-20T06:00&step=10').fault).toBe('long');
    expect(of('from=2026-11-01T06:00&to=2026-11-20T06:00&step=900').fault).toBeUndefined();
  });

  it('takes nothing that is not offered', () => {
    expect(of('day=2026-13-45&step=7')).toMatchObject({ day: '2026-11-22', stepS: 60 });
  });
});
