/** Which part of the past a view shows: kept in its address, so that a link shows the same. */
import {
  fromLocalInput,
  MS_PER_DAY,
  serviceDay,
  serviceDayOf,
  type IsoDate,
  type Period,
} from './zoned-time.js';

export const STEPS = [10, 60, 900, 3_600] as const;
export type StepS = (typeof STEPS)[number];

/** Windows that the server answers at once. */
export const WINDOWS_MAX = 12_000;

export interface Chosen extends Period {
  stepS: StepS;
  /** The service day, where it is one. */
  day: IsoDate | undefined;
  /** The fields hold no period, or one that is too long for the step. */
  fault: 'order' | 'long' | undefined;
}

/** Days that a step allows. */
export const daysMax = (stepS: StepS): number =>
  Math.max(1, Math.floor((WINDOWS_MAX * stepS * 1_000) / MS_PER_DAY));

export const isDate = (text: string | null): text is IsoDate =>
  text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** From the address: `from` and `to` as local times, else `day`, else the service day of `nowMs`. */
export function chosenPeriod(
  search: { get: (name: string) => string | null },
  timeZone: string,
  nowMs: number,
  defaultStepS: StepS = 60,
): Chosen {
  const stepS = STEPS.find((step) => String(step) === search.get('step')) ?? defaultStepS;
  const from = fromLocalInput(search.get('from') ?? '', timeZone);
  const to = fromLocalInput(search.get('to') ?? '', timeZone);
  if (from !== undefined && to !== undefined) {
    const fault =
      to <= from ? 'order' : to - from > daysMax(stepS) * MS_PER_DAY ? 'long' : undefined;
    return { fromMs: from, toMs: to, stepS, day: undefined, fault };
  }
  const asked = search.get('day');
  const day = isDate(asked) ? asked : serviceDayOf(nowMs, timeZone);
  return { ...serviceDay(day, timeZone), stepS, day, fault: undefined };
}
