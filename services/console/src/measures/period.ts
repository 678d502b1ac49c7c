import { ProblemError } from '../http/problem.js';

/** A half-open stretch of time in windows of one length. */
export interface Period {
  fromUs: number;
  toUs: number;
  stepS: number;
}

/** Windows of one series: a week of minutes, a hundred days of quarters. */
export const WINDOWS_MAX = 12_000;
/** Points of one answer over all its series. */
export const POINTS_MAX = 200_000;
/** The longest stretch that sums may be asked for, s: a year. */
const SUM_S_MAX = 367 * 86_400;

/** The windows that start in [from, to). @throws ProblemError 400 where they are turned around or too many */
export function readPeriod(query: { from: string; to: string; step: number }, series = 1): Period {
  const stepUs = query.step * 1e6;
  const fromUs = Math.ceil((Date.parse(query.from) * 1000) / stepUs) * stepUs;
  const toUs = Date.parse(query.to) * 1000;
  requireOrder(query);
  const windows = Math.ceil((toUs - fromUs) / stepUs);
  if (windows > WINDOWS_MAX || windows * series > POINTS_MAX) {
    throw new ProblemError(
      400,
      'invalid',
      `That is more than can be answered at once: ask for a shorter time, or a step longer than ${query.step} s.`,
    );
  }
  return { fromUs, toUs, stepS: query.step };
}

/** A stretch for sums, widened to whole minutes. */
export function readSpan(query: { from: string; to: string }): { fromUs: number; toUs: number } {
  requireOrder(query);
  const minute = 60_000;
  const fromMs = Math.floor(Date.parse(query.from) / minute) * minute;
  const toMs = Math.ceil(Date.parse(query.to) / minute) * minute;
  if (toMs - fromMs > SUM_S_MAX * 1000)
    throw new ProblemError(400, 'invalid', 'Ask for a year at most.');
  return { fromUs: fromMs * 1000, toUs: toMs * 1000 };
}

function requireOrder({ from, to }: { from: string; to: string }): void {
  if (Date.parse(from) < Date.parse(to)) return;
  throw new ProblemError(400, 'invalid', 'The time asked for ends before it begins.', [
    { key: 'to', problem: 'it is not after from', mend: 'give a later instant' },
  ]);
}
