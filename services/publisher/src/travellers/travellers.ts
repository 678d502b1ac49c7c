import { randomInt } from 'node:crypto';
import { levelOfService } from '@hitonami/crowd';
import {
  addDays,
  isPeople,
  localDay,
  polygonArea,
  polygonCentroid,
  polygonContains,
  type PlanArea,
  type PlanCamera,
  type PlanTravellerPlace,
  type SitePlan,
} from '@hitonami/model';
import { COVERAGE_MIN, mayRead, type PlanVersionInForce } from '@hitonami/privacy';
import type { Records } from '@hitonami/records';
import type { PublicFolder } from '@hitonami/releases';
import type { LiveSnapshot, Logger, PlanFollower } from '@hitonami/service';
import type { Warehouse } from '@hitonami/warehouse';
import type { PublisherMetrics } from '../metrics.js';
import type { LiveNow } from './live.js';
import { ICON_STEP, iconsOf, picture, words, type Standing } from './picture.js';
import { boundsOf, tell } from './tell.js';
import type { ToldNow, ToldTravellers } from './told.js';
import { USUAL_DAYS_BACK, USUAL_STEP_S, usualOf, type Usual } from './usual.js';

export interface TravellerParts {
  readonly plans: Pick<PlanFollower, 'versions' | 'at' | 'sites'>;
  readonly live: Pick<LiveNow, 'of'>;
  readonly warehouse: Pick<Warehouse, 'usualDensity'>;
  readonly records: Pick<Records, 'calendar' | 'stills'>;
  readonly folder: Pick<PublicFolder, 'writeTraveller' | 'removeTraveller'>;
  readonly told: Pick<ToldTravellers, 'keep'>;
  readonly metrics: PublisherMetrics;
  readonly logger: Logger;
  readonly everyMs: number;
}

/** Slower than this somebody stands, m/s. */
const STANDING_BELOW_M_S = 0.2;
/** What is usual is read anew after this, ms. */
const USUAL_KEPT_MS = 3_600_000;
const USUAL_NONE_KEPT_MS = 5 * 60_000;
/** What was told may be shown for so many renewals. */
const SHOWN_TURNS = 2.5;

const TOO_FEW = { ja: '人が少ないため、表示しません', en: 'Too few people to be shown' };
const NOT_SEEN = { ja: '現在は見えていません', en: 'Not seen just now' };

/** Tells travellers how crowded each place of the plan is, each turn anew; nothing of one turn is in the next. */
export class Travellers {
  readonly #parts: TravellerParts;
  /** Sites and areas that are told of. */
  readonly #places = new Map<string, { site: string; area: string }>();
  readonly #usual = new Map<string, { usual: Usual | undefined; untilMs: number }>();
  readonly #refused = new Set<string>();

  constructor(parts: TravellerParts) {
    this.#parts = parts;
  }

  /** One renewal of every place. What fails of one place is told, and keeps no other from being renewed. */
  async turn(nowMs: number): Promise<void> {
    const { plans, live, logger } = this.#parts;
    const shown = new Set<string>();
    for (const site of plans.sites()) {
      const plan = plans.at(site, nowMs * 1000);
      if (plan === undefined || plan.travellers.length === 0) continue;
      const snapshot = live.of(site);
      const told: ToldNow[] = [];
      for (const place of plan.travellers) {
        try {
          const bounds = await this.#renew(plan, place, snapshot, nowMs);
          if (bounds === 'refused') continue;
          shown.add(`${site}/${place.area}`);
          if (bounds) told.push({ ...bounds, atMs: nowMs, area: place.area });
        } catch (error) {
          logger.warn({ err: error, site, area: place.area }, 'travellers could not be told');
        }
      }
      await this.#parts.told.keep(site, localDay(nowMs, plan.timeZone), told);
    }
    for (const [key, { site, area }] of this.#places)
      if (!shown.has(key)) await this.#drop(key, site, area);
  }

  /** Nothing is shown any more, and every picture destroyed. */
  async stop(): Promise<void> {
    for (const [key, { site, area }] of this.#places) await this.#drop(key, site, area);
  }

  async #drop(key: string, site: string, area: string): Promise<void> {
    await this.#parts.folder.removeTraveller(site, area);
    this.#parts.metrics.noTraveller(site, area);
    this.#places.delete(key);
  }

  async #renew(
    plan: SitePlan,
    { area: id, title }: PlanTravellerPlace,
    snapshot: LiveSnapshot | undefined,
    nowMs: number,
  ): Promise<{ low: number; high: number } | 'refused' | undefined> {
    const { folder, metrics, records, everyMs } = this.#parts;
    const area = plan.areas.find((one) => one.id === id);
    const purpose = this.#purpose(plan, id, nowMs);
    if (area === undefined || purpose === undefined) return 'refused';
    const k = plan.governance.smallestGroup;
    const areaM2 = polygonArea(area.polygon.coordinates);
    const seen = snapshot?.areas.find((one) => one.area === id);
    const people = seen !== undefined && seen.coverage >= COVERAGE_MIN ? seen.people : undefined;
    const usual = await this.#usualOf(plan, id, purpose, nowMs);
    const density = usual?.densityAt(nowMs);
    const now = {
      people,
      usualPeak: usual?.peakDensity === undefined ? undefined : usual.peakDensity * areaM2,
      usual: density === undefined ? undefined : density * areaM2,
      los: levelOfService(area.kind, (people ?? 0) / areaM2),
    };
    const told = tell(now, k);
    const everybody =
      snapshot === undefined || people === undefined || people < k ? [] : peopleIn(area, snapshot);
    // As many as are counted, and as can be drawn: of the two that which tells less.
    const drawn = everybody.length < k ? [] : everybody;
    const camera =
      drawn.length === 0 ? undefined : cameraOf(plan, area, await records.stills.list(plan.site));
    const still = camera && (await records.stills.read(plan.site, camera.id));
    const svg =
      drawn.length > 0
        ? picture(area, drawn, still && camera, (below) => randomInt(below))
        : people === undefined
          ? words(area, NOT_SEEN.ja, NOT_SEEN.en)
          : words(area, TOO_FEW.ja, TOO_FEW.en);
    await folder.writeTraveller(
      {
        ...{ site: plan.site, area: id, title, ...told, atMs: nowMs },
        untilMs: nowMs + SHOWN_TURNS * everyMs,
      },
      { svg, ...(still && { still: still.bytes }) },
    );
    this.#places.set(`${plan.site}/${id}`, { site: plan.site, area: id });
    metrics.traveller(plan.site, id, nowMs);
    return boundsOf(told, now, iconsOf(drawn.length), ICON_STEP, k);
  }

  /** A purpose that shows the public where people are there now; undefined where there is none, which is said once. */
  #purpose(plan: SitePlan, area: string, nowMs: number): string | undefined {
    const { logger, plans } = this.#parts;
    const versions = versionsOf(plans, plan.site);
    const { purposes, recipients } = plan.governance;
    const everybody = recipients.filter(({ role }) => role === 'public').map(({ id }) => id);
    for (const { id } of purposes)
      for (const recipient of everybody) {
        const answer = mayRead(versions, {
          ...{ purpose: id, item: 'live', recipient, places: [area] },
          ...{ fromMs: nowMs, toMs: nowMs + 1, nowMs },
        });
        if (answer.isGranted) return id;
      }
    const key = `${plan.site}/${area}/${plan.version}`;
    if (!this.#refused.has(key))
      logger.warn(
        { site: plan.site, area },
        'travellers are not told: no purpose that has begun shows the public where people are there now',
      );
    this.#refused.add(key);
    return undefined;
  }

  async #usualOf(
    plan: SitePlan,
    area: string,
    purpose: string,
    nowMs: number,
  ): Promise<Usual | undefined> {
    const { warehouse, records, logger, plans } = this.#parts;
    const { site, timeZone } = plan;
    const key = `${site}/${area}/${plan.version}/${localDay(nowMs, timeZone)}`;
    const known = this.#usual.get(key);
    if (known && known.untilMs > nowMs) return known.usual;
    for (const [other, { untilMs }] of this.#usual) if (untilMs <= nowMs) this.#usual.delete(other);
    const today = localDay(nowMs, timeZone);
    let usual: Usual | undefined;
    try {
      const fromMs = readableFromMs(plan, versionsOf(plans, site), area, purpose, nowMs);
      usual = await usualOf({
        ...{ nowMs, timeZone, fromMs },
        entries: await records.calendar.list(site, {
          from: addDays(today, -USUAL_DAYS_BACK),
          to: today,
        }),
        read: (starts) => warehouse.usualDensity(site, area, USUAL_STEP_S, starts),
      });
    } catch (error) {
      logger.warn({ err: error, site, area }, 'what is usual could not be read; it is tried again');
    }
    const keptMs = usual?.peakDensity === undefined ? USUAL_NONE_KEPT_MS : USUAL_KEPT_MS;
    this.#usual.set(key, { usual, untilMs: nowMs + keptMs });
    return usual;
  }
}

/** From when on counts of an area may be read for a purpose and told to everybody; `Infinity` for never. */
function readableFromMs(
  plan: SitePlan,
  versions: readonly PlanVersionInForce[],
  area: string,
  purpose: string,
  nowMs: number,
): number {
  const recipient = plan.governance.recipients.find(({ role }) => role === 'public')?.id ?? '';
  let fromMs = nowMs - (USUAL_DAYS_BACK + 1) * 86_400_000;
  // Each version of a plan may name a later beginning.
  for (let tries = 0; tries < 50; tries += 1) {
    const answer = mayRead(versions, {
      ...{ purpose, recipient, item: 'measures' as const, places: [area] },
      ...{ fromMs, toMs: nowMs, nowMs },
    });
    if (answer.isGranted) return fromMs;
    if (answer.readableFromMs === undefined || answer.readableFromMs <= fromMs) return Infinity;
    fromMs = answer.readableFromMs;
  }
  return Infinity;
}

function versionsOf(plans: Pick<PlanFollower, 'versions'>, site: string): PlanVersionInForce[] {
  return plans
    .versions(site)
    .map(({ plan, inForceFromUs }) => ({ plan, fromMs: inForceFromUs / 1000 }));
}

function peopleIn({ floor, polygon }: PlanArea, snapshot: LiveSnapshot): Standing[] {
  const found: Standing[] = [];
  for (let i = 0; i < snapshot.xMm.length; i += 1) {
    const [xM, yM] = [(snapshot.xMm[i] ?? NaN) / 1000, (snapshot.yMm[i] ?? NaN) / 1000];
    if (snapshot.floors[snapshot.floor[i] ?? -1] !== floor) continue;
    if (!isPeople(snapshot.kind[i] ?? 0) || !polygonContains(polygon.coordinates, xM, yM)) continue;
    const speed = Math.hypot(snapshot.vxMmS[i] ?? 0, snapshot.vyMmS[i] ?? 0) / 1000;
    found.push({ xM, yM, isMoving: speed >= STANDING_BELOW_M_S });
  }
  return found;
}

/** The camera that sees the middle of an area, and of which there is a still of the size that it is calibrated for. */
function cameraOf(
  plan: SitePlan,
  { floor, polygon }: PlanArea,
  stills: readonly { camera: string; width: number; height: number }[],
): PlanCamera | undefined {
  const [x, y] = polygonCentroid(polygon.coordinates);
  return plan.cameras.find(
    (camera) =>
      camera.floor === floor &&
      polygonContains(camera.coverage.coordinates, x, y) &&
      stills.some(
        (still) =>
          still.camera === camera.id &&
          still.width === camera.calibration?.imageWidth &&
          still.height === camera.calibration.imageHeight,
      ),
  );
}
