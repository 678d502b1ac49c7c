import { addDays } from '@hitonami/model';
import { ProblemError } from '../http/problem.js';
import { serviceDayStart } from '../measures/service-day.js';

/** What a report is about. */
export interface ReportPeriod {
  fromUs: number;
  toUs: number;
  /** Where it reaches into the future: now, as the end of what can have been measured. */
  untilUs: number;
  /** Length of the windows that are counted, s; and of those that are drawn. */
  windowS: number;
  seriesS: 900 | 3600;
}

/** @throws ProblemError 400 for a day that has not begun */
export function periodOf(
  period: 'day' | 'month',
  date: string,
  timeZone: string,
  nowMs: number,
): ReportPeriod {
  const first = period === 'day' ? date : `${date.slice(0, 7)}-01`;
  const after = period === 'day' ? addDays(date, 1) : `${addDays(first, 31).slice(0, 7)}-01`;
  const fromUs = serviceDayStart(first, timeZone) * 1000;
  const toUs = serviceDayStart(after, timeZone) * 1000;
  if (fromUs / 1000 > nowMs)
    throw new ProblemError(400, 'invalid', `The service day ${first} has not begun.`);
  const windowS = period === 'day' ? 60 : 900;
  const nowUs = Math.floor(nowMs / (windowS * 1000)) * windowS * 1e6;
  const seriesS = period === 'day' ? 900 : 3600;
  return { fromUs, toUs, untilUs: Math.min(toUs, nowUs), windowS, seriesS };
}
