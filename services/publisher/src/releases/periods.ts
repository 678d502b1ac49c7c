import {
  addDays,
  HitonamiError,
  localDay,
  localInstantMs,
  type PlanDataset,
} from '@hitonami/model';

/** A local day, from its midnight to the next: 23 or 25 hours where a clock changes. */
export interface LocalDay {
  /** `YYYY-MM-DD` */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What one release is about. */
export interface ReleasePeriod {
  /** `2026-10-05`, or `2026-10`. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly days: readonly LocalDay[];
}

/** A step of time: half-open, and not longer than the rest of its day. */
export interface Step {
  readonly startMs: number;
  readonly lengthMs: number;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const DAYS_OF_MONTH_MAX = 31;

/**
 * The period of a dataset by its name.
 *
 * @throws HitonamiError `INPUT` for what is no local day, or no month
 */
export function periodOf(
  { id, period }: Pick<PlanDataset, 'id' | 'period'>,
  name: string,
  timeZone: string,
): ReleasePeriod {
  if (!(period === 'day' ? DAY : MONTH).test(name))
    throw new HitonamiError(
      'INPUT',
      `'${name}' is no period of '${id}': it is released by the ${period}, as ${period === 'day' ? '2026-10-05' : '2026-10'}`,
    );
  const names = period === 'day' ? [name] : daysOf(name);
  const days = names.map((day): LocalDay => {
    const [fromMs, toMs] = [day, addDays(day, 1)].map((one) => localInstantMs(one, 0, timeZone));
    return { name: day, fromMs: fromMs ?? 0, toMs: toMs ?? 0 };
  });
  return { name, fromMs: days[0]?.fromMs ?? 0, toMs: days.at(-1)?.toMs ?? 0, days };
}

function daysOf(month: string): string[] {
  const days: string[] = [];
  for (let day = `${month}-01`; day.startsWith(month); day = addDays(day, 1)) {
    days.push(day);
    if (days.length > DAYS_OF_MONTH_MAX) break;
  }
  return days;
}

/** The names of the periods that hold some of these days and begin on the first day of the dataset or later, the newest first. */
export function periodsWith(
  { period, startsOn }: Pick<PlanDataset, 'period' | 'startsOn'>,
  days: readonly string[],
): string[] {
  const names = days
    .filter((day) => day >= startsOn)
    .map((day) => (period === 'day' ? day : day.slice(0, 7)));
  // A month of which the dataset has only a part is not whole, and never released.
  const whole = period === 'day' ? names : names.filter((month) => `${month}-01` >= startsOn);
  return [...new Set(whole)].sort().reverse();
}

/** The steps of a day, from midnight; the last is shorter where the length of the day is no multiple. */
export function stepsOf({ fromMs, toMs }: LocalDay, stepS: number): Step[] {
  const steps: Step[] = [];
  const stepMs = stepS * 1000;
  // A day of 25 hours is one step of a day, and not two.
  if (stepS === 86_400) return [{ startMs: fromMs, lengthMs: toMs - fromMs }];
  for (let startMs = fromMs; startMs < toMs; startMs += stepMs)
    steps.push({ startMs, lengthMs: Math.min(stepMs, toMs - startMs) });
  return steps;
}

/** The longest rollups that begin and end with the steps, s; undefined where there are none. */
export function baseOf(steps: readonly Step[]): 900 | 3_600 | undefined {
  const fits = (lengthS: number): boolean =>
    steps.every(({ startMs, lengthMs }) =>
      [startMs, startMs + lengthMs].every((ms) => ms % (lengthS * 1000) === 0),
    );
  if (fits(3_600)) return 3_600;
  return fits(900) ? 900 : undefined;
}

/** The local day of an instant. */
export function dayOf(ms: number, timeZone: string): string {
  return localDay(ms, timeZone);
}
