import type { BothLanguages, SitePlan } from '@hitonami/model';
import type { PublishedFolder, TravellerNow } from '@hitonami/releases';

/** A place that travellers are told of; without `now` there is no data. */
export interface PlaceNow {
  readonly area: string;
  readonly title: BothLanguages;
  readonly now: TravellerNow | undefined;
}

/** The places of the plan in its order, each with what may be shown at this instant: never what is over. */
export async function placesNow(
  plan: SitePlan,
  folder: Pick<PublishedFolder, 'travellers'>,
  nowMs: number,
): Promise<PlaceNow[]> {
  const all = new Map((await folder.travellers(plan.site)).map((now) => [now.area, now]));
  return plan.travellers.map(({ area, title }) => {
    const now = all.get(area);
    const isTold = now?.isAvailable === true && now.untilMs > nowMs;
    return { area, title, now: isTold ? now : undefined };
  });
}

/** A place as Transport for London's crowding feed tells of a station: shares of the usual peak. */
export function feedPlace(
  { area, title, now }: PlaceNow,
  timeZone: string,
  nowMs: number,
): Record<string, unknown> {
  const atMs = now?.atMs ?? nowMs;
  return {
    area,
    title,
    dataAvailable: now !== undefined,
    percentageOfBaseline: now?.percentageOfBaseline ?? null,
    usualPercentageOfBaseline: now?.usualPercentageOfBaseline ?? null,
    level: now?.level ?? null,
    timeUtc: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
    timeLocal: localTime(atMs, timeZone),
    validUntilUtc:
      now === undefined ? null : `${new Date(now.untilMs).toISOString().slice(0, 19)}Z`,
  };
}

/** As the clock there shows it, without its offset, as in that feed. */
function localTime(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    .format(ms)
    .replace(' ', 'T');
}
