import holidayJp from '@holiday-jp/holiday_jp';
import { HitonamiError } from '@hitonami/model';

/** A service day begins at this local hour: the night's last train still belongs to the evening. */
export const SERVICE_DAY_HOUR = 4;
export type DayKind = 'weekday' | 'saturday' | 'holiday';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Where Japanese public holidays are kept. */
const JAPAN = 'Asia/Tokyo';

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

/** The service day of an instant, `YYYY-MM-DD`. */
export function serviceDayOf(ms: number, timeZone: string): string {
  return isoDay(localMs(ms, timeZone) - SERVICE_DAY_HOUR * HOUR_MS);
}

/** When a service day begins, ms since 1970. @throws HitonamiError `INPUT` for what is no day */
export function serviceDayStart(day: string, timeZone: string): number {
  const wanted = midnight(day) + SERVICE_DAY_HOUR * HOUR_MS;
  // Twice, so that a clock that changed in between is taken as it is then.
  let ms = wanted;
  for (let i = 0; i < 2; i += 1) ms += wanted - localMs(ms, timeZone);
  return ms;
}

export function addDays(day: string, days: number): string {
  return isoDay(midnight(day) + days * DAY_MS);
}

/** Weekday, Saturday, or Sunday and public holiday, before a calendar says otherwise. */
export function plainKindOf(day: string, timeZone: string): DayKind {
  const weekday = new Date(midnight(day)).getUTCDay();
  if (weekday === 0 || holidayName(day, timeZone) !== undefined) return 'holiday';
  return weekday === 6 ? 'saturday' : 'weekday';
}

/** The public holiday on a day, where there is one. */
export function holidayName(day: string, timeZone: string): { ja: string; en: string } | undefined {
  if (timeZone !== JAPAN) return undefined;
  const holidays: Readonly<Record<string, { name: string; name_en: string } | undefined>> =
    holidayJp.holidays;
  const holiday = holidays[day];
  return holiday && { ja: holiday.name, en: holiday.name_en };
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
