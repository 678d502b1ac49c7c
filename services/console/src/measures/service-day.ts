import holidayJp from '@holiday-jp/holiday_jp';
import { localDay, localInstantMs, weekdayOf } from '@hitonami/model';

/** A service day begins at this local hour: the night's last train still belongs to the evening. */
export const SERVICE_DAY_HOUR = 4;
export type DayKind = 'weekday' | 'saturday' | 'holiday';

/** Where Japanese public holidays are kept. */
const JAPAN = 'Asia/Tokyo';

/** The service day of an instant, `YYYY-MM-DD`. */
export function serviceDayOf(ms: number, timeZone: string): string {
  return localDay(ms, timeZone, SERVICE_DAY_HOUR);
}

/** When a service day begins, ms since 1970. @throws HitonamiError `INPUT` for what is no day */
export function serviceDayStart(day: string, timeZone: string): number {
  return localInstantMs(day, SERVICE_DAY_HOUR, timeZone);
}

/** Weekday, Saturday, or Sunday and public holiday, before a calendar says otherwise. */
export function plainKindOf(day: string, timeZone: string): DayKind {
  const weekday = weekdayOf(day);
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
