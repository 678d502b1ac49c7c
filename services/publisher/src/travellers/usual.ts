import holidayJp from '@holiday-jp/holiday_jp';
import { addDays, localDay, localInstantMs, weekdayOf } from '@hitonami/model';
import type { CalendarEntry } from '@hitonami/records';
import type { UsualPoint } from '@hitonami/warehouse';

/** How many people are in an area on a usual day. */
export interface Usual {
  /** The highest median over the day, persons/m². */
  readonly peakDensity: number | undefined;
  /** The median of a time of today's kind of day, persons/m². */
  densityAt(ms: number): number | undefined;
}

export const USUAL_DAYS_BACK = 56;
export const USUAL_STEP_S = 900;
/** Of fewer days nothing is usual. */
const DAYS_MIN = 3;
const KINDS = ['weekday', 'saturday', 'holiday'] as const;
type Kind = (typeof KINDS)[number];
/** Where Japanese public holidays are kept. */
const JAPAN = 'Asia/Tokyo';

export interface UsualInput {
  readonly nowMs: number;
  readonly timeZone: string;
  /** Of all days from `USUAL_DAYS_BACK` before today to today. */
  readonly entries: readonly CalendarEntry[];
  /** Days that begin before it are not for this purpose. */
  readonly fromMs: number;
  readonly read: (dayStartsUs: readonly number[]) => Promise<readonly UsualPoint[]>;
}

/** What is usual, from the days of each kind before today. */
export async function usualOf(input: UsualInput): Promise<Usual> {
  const { nowMs, timeZone, entries, fromMs, read } = input;
  const today = localDay(nowMs, timeZone);
  const startsOf: Record<Kind, number[]> = { weekday: [], saturday: [], holiday: [] };
  for (let back = 1; back <= USUAL_DAYS_BACK; back += 1) {
    const day = addDays(today, -back);
    const startMs = localInstantMs(day, 0, timeZone);
    const isUnusual = entries.some((entry) => entry.day === day && entry.isUnusual);
    if (!isUnusual && startMs >= fromMs)
      startsOf[kindOf(day, timeZone, entries)].push(startMs * 1000);
  }
  const points = new Map<Kind, readonly UsualPoint[]>();
  for (const kind of KINDS)
    points.set(
      kind,
      (await read(startsOf[kind])).filter(({ days }) => days >= DAYS_MIN),
    );
  const densities = [...points.values()].flat().flatMap(({ density }) => density ?? []);
  const startMs = localInstantMs(today, 0, timeZone);
  const ofToday = points.get(kindOf(today, timeZone, entries)) ?? [];
  return {
    peakDensity: densities.length > 0 ? Math.max(...densities) : undefined,
    densityAt: (ms) => {
      const sinceS = Math.floor((ms - startMs) / 1000 / USUAL_STEP_S) * USUAL_STEP_S;
      return ofToday.find((point) => point.sinceS === sinceS)?.density ?? undefined;
    },
  };
}

function kindOf(day: string, timeZone: string, entries: readonly CalendarEntry[]): Kind {
  const own = entries.findLast((entry) => entry.day === day && entry.countsAs !== null)?.countsAs;
  if (own) return own;
  const weekday = weekdayOf(day);
  const holidays: Readonly<Record<string, unknown>> = holidayJp.holidays;
  if (weekday === 0 || (timeZone === JAPAN && holidays[day] !== undefined)) return 'holiday';
  return weekday === 6 ? 'saturday' : 'weekday';
}
