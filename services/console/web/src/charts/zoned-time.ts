/**
 * Days of a site in its own time zone. The service day begins at 04:00 local time (the contract's `usualPoint.sinceS` counts
 * from there), so a train after midnight belongs to the evening before.
 */
export const SERVICE_DAY_STARTS_HOUR = 4;
export const MS_PER_MIN = 60_000;
export const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 24 * MS_PER_HOUR;

/** ISO date, such as `2026-11-22`. */
export type IsoDate = string;

export interface Period {
  /** Milliseconds since 1970, UTC; half open. */
  fromMs: number;
  toMs: number;
}

interface LocalParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timeZone, made);
  return made;
}

function localParts(ms: number, timeZone: string): LocalParts {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}

/** Local time less UTC at an instant, milliseconds. */
export function offsetMs(ms: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = localParts(ms, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000;
}

/** The instant at which clocks in a zone show a time; where they are put forward over it, the instant they jump. */
export function instantOf(date: IsoDate, timeZone: string, hour = 0, minute = 0): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + hour * MS_PER_HOUR + minute * MS_PER_MIN;
  // The offset before may be another than the one at the time itself: the second look settles it.
  const guess = wall - offsetMs(wall, timeZone);
  return wall - offsetMs(guess, timeZone);
}

export function localDate(ms: number, timeZone: string): IsoDate {
  const { year, month, day } = localParts(ms, timeZone);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** Hours and minutes that a clock in the zone shows. */
export function localClock(ms: number, timeZone: string): { hour: number; minute: number } {
  const { hour, minute } = localParts(ms, timeZone);
  return { hour, minute };
}

/** The service day to which an instant belongs. */
export function serviceDayOf(ms: number, timeZone: string): IsoDate {
  const { hour } = localParts(ms, timeZone);
  const date = localDate(ms, timeZone);
  return hour < SERVICE_DAY_STARTS_HOUR ? addDays(date, -1) : date;
}

export function serviceDay(day: IsoDate, timeZone: string): Period {
  return {
    fromMs: instantOf(day, timeZone, SERVICE_DAY_STARTS_HOUR),
    toMs: instantOf(addDays(day, 1), timeZone, SERVICE_DAY_STARTS_HOUR),
  };
}

/** From the beginning of one service day to the end of another, both included. */
export function serviceDays(first: IsoDate, last: IsoDate, timeZone: string): Period {
  const [a, b] = first <= last ? [first, last] : [last, first];
  return { fromMs: serviceDay(a, timeZone).fromMs, toMs: serviceDay(b, timeZone).toMs };
}

export function addDays(day: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * MS_PER_DAY).toISOString().slice(0, 10);
}

export const iso = (ms: number): string => new Date(ms).toISOString();

/** The value of an `<input type="datetime-local">` for an instant, in the site's zone. */
export function toLocalInput(ms: number, timeZone: string): string {
  return new Date(ms + offsetMs(ms, timeZone)).toISOString().slice(0, 16);
}

/** The instant of an `<input type="datetime-local">`, in the site's zone; undefined where it is not one. */
export function fromLocalInput(value: string, timeZone: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/.exec(value);
  if (!match || Number.isNaN(Date.parse(`${match[1] ?? ''}T00:00:00Z`))) return undefined;
  return instantOf(match[1] ?? '', timeZone, Number(match[2]), Number(match[3]));
}
