import { HitonamiError } from './errors.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The local time of an instant, as if it were UTC, ms. */
function localMs(ms: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    const two = '2-digit';
    const time = { hour: two, minute: two, second: two, hourCycle: 'h23' } as const;
    const day = { year: 'numeric', month: two, day: two } as const;
    format = new Intl.DateTimeFormat('en-GB', { timeZone, ...day, ...time });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return (
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) +
    part('second') * 1000
  );
}

/** When an hour of a local day is, ms since 1970. @throws HitonamiError `INPUT` for what is no day */
export function localInstantMs(day: string, hour: number, timeZone: string): number {
  const wanted = midnight(day) + hour * HOUR_MS;
  // Twice, so that a clock that changed in between is taken as it is then.
  let ms = wanted;
  for (let i = 0; i < 2; i += 1) ms += wanted - localMs(ms, timeZone);
  return ms;
}

/** The local day of an instant, `YYYY-MM-DD`, where a day begins at that hour. */
export function localDay(ms: number, timeZone: string, startHour = 0): string {
  return isoDay(localMs(ms, timeZone) - startHour * HOUR_MS);
}

/** @param day `YYYY-MM-DD` */
export function addDays(day: string, days: number): string {
  return isoDay(midnight(day) + days * DAY_MS);
}

/** 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(midnight(day)).getUTCDay();
}

function midnight(day: string): number {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(ms) || isoDay(ms) !== day)
    throw new HitonamiError('INPUT', `'${day}' is not a day: give it as YYYY-MM-DD`);
  return ms;
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
