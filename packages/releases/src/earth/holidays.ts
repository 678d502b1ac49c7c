import { addDays, weekdayOf } from '@hitonami/model';

/** Years for which the rules below hold: the Act on National Holidays as of 2022, and its formulas for the equinoxes. */
const YEARS = [2022, 2099] as const;

/**
 * Whether a day is a Saturday, a Sunday or a national holiday of Japan (Act on National Holidays, articles 2 and 3: the days, the
 * day instead of one on a Sunday, and a day between two).
 *
 * @param day `YYYY-MM-DD`; undefined outside 2022 to 2099, where the law says something else or nothing yet
 */
export function isDayOffInJapan(day: string): boolean | undefined {
  const year = Number(day.slice(0, 4));
  if (year < YEARS[0] || year > YEARS[1]) return undefined;
  const weekday = weekdayOf(day);
  if (weekday === 0 || weekday === 6 || isNamed(day)) return true;
  // Article 3 (2): the first day after a holiday on a Sunday that is none itself.
  for (let before = addDays(day, -1); isNamed(before); before = addDays(before, -1))
    if (weekdayOf(before) === 0) return true;
  return isNamed(addDays(day, -1)) && isNamed(addDays(day, 1));
}

const FIXED = new Set([
  '01-01',
  '02-11',
  '02-23',
  '04-29',
  '05-03',
  '05-04',
  '05-05',
  '08-11',
  '11-03',
  '11-23',
]);

/** Month, and which of its Mondays. */
const MONDAYS: Readonly<Record<string, number>> = { '01': 2, '07': 3, '09': 3, '10': 2 };

function isNamed(day: string): boolean {
  const [year = '', month = '', date = ''] = day.split('-');
  if (FIXED.has(`${month}-${date}`)) return true;
  const n = Number(date);
  if (weekdayOf(day) === 1 && MONDAYS[month] === Math.ceil(n / 7)) return true;
  // The usual approximation of the equinoxes for 1980 to 2099; the almanac of the year before decides.
  const y = Number(year) - 1980;
  const equinox = { '03': 20.8431, '09': 23.2488 }[month];
  return equinox !== undefined && n === Math.floor(equinox + 0.242194 * y - Math.floor(y / 4));
}
