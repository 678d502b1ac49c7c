import { addDays } from '@hitonami/model';
import type { CalendarEntry } from '@hitonami/records';
import { holidayName, plainKindOf, serviceDayStart, type DayKind } from './service-day.js';

/** How far back days are looked for, days: eight weeks, so that there are eight Saturdays. */
export const USUAL_DAYS_BACK = 56;

export interface UsualDays {
  kind: DayKind;
  /** What the calendar, or the public holidays, say of the day asked for. */
  note: string | null;
  /** When the days begin that it is compared with, µs since 1970. */
  startsUs: number[];
}

/**
 * Which days before one are of its kind. An entry of the calendar may make a day count as another kind, or leave it out of
 * what is usual.
 *
 * @param entries of all days from `USUAL_DAYS_BACK` before the day to the day itself
 */
export function usualDays(
  day: string,
  timeZone: string,
  entries: readonly CalendarEntry[],
): UsualDays {
  const of = (other: string) => entries.filter((entry) => entry.day === other);
  const kindOf = (other: string): DayKind =>
    of(other).findLast((entry) => entry.countsAs !== null)?.countsAs ??
    plainKindOf(other, timeZone);
  const kind = kindOf(day);
  const startsUs: number[] = [];
  for (let back = 1; back <= USUAL_DAYS_BACK; back += 1) {
    const other = addDays(day, -back);
    const isUnusual = of(other).some((entry) => entry.isUnusual);
    if (!isUnusual && kindOf(other) === kind)
      startsUs.push(serviceDayStart(other, timeZone) * 1000);
  }
  const titles = of(day).map(({ title }) => title);
  const holiday = holidayName(day, timeZone);
  if (holiday) titles.unshift(`${holiday.ja} / ${holiday.en}`);
  return { kind, note: titles.length > 0 ? titles.join(', ') : null, startsUs };
}
