import type { EventLog } from '@hitonami/event-log';
import {
  HitonamiError,
  parsePlan,
  planBoundaryUs,
  plansInForce,
  readPlan,
  type PlanInForce,
  type SitePlan,
} from '@hitonami/model';
import { refusedChange } from '@hitonami/privacy';
import { contracts } from './grpc/contracts.js';
import type { PlanVersion } from './grpc/messages.js';
import type { Logger } from './logging.js';
import { TOPIC_NAMES } from './topics.js';

export type { PlanInForce } from '@hitonami/model';

export interface PlanFollower {
  /** Every version known of a site, by version, with the instants of `plansInForce`. */
  versions(site: string): readonly PlanInForce[];
  /** The newest version in force at an instant; undefined for an unknown site. */
  at(site: string, timeUs: number): SitePlan | undefined;
  sites(): readonly string[];
  /** Reads what has come to the log since: for a reader of the observations that meets a version it does not know. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Learns the site plans where every service does: from their versions on the log. Resolves when all that are there have
 * been read; goes on following. A version that this program cannot read is reported and passed over.
 */
export async function followPlans(
  log: EventLog,
  logger: Logger,
  onPlan?: (version: PlanInForce) => void,
): Promise<PlanFollower> {
  /** As they lie on the log. */
  const published = new Map<string, PlanInForce[]>();
  const known = new Map<string, PlanInForce[]>();
  let nextOffset = 0;
  const take = (offset: number, value: Uint8Array): void => {
    if (offset < nextOffset) return;
    nextOffset = offset + 1;
    try {
      const { site, planJson, inForceFromUs } = contracts().planVersion.decode(value);
      const version = { plan: parsePlan(planJson), inForceFromUs };
      const number = version.plan.version;
      const others = (published.get(site) ?? []).filter(({ plan }) => plan.version !== number);
      published.set(site, [...others, version]);
      known.set(site, plansInForce([...others, version]));
      const learned = known.get(site)?.find(({ plan }) => plan === version.plan) ?? version;
      logger.info(
        { site, version: number, inForceFromUs: learned.inForceFromUs },
        'learned a site plan',
      );
      onPlan?.(learned);
    } catch (error) {
      logger.error({ err: error, offset }, 'a plan on the log cannot be read, and was passed over');
    }
  };
  const refresh = async (): Promise<void> => {
    for await (const record of log.read(TOPIC_NAMES.plans, 0, nextOffset))
      take(record.offset, record.value);
  };
  await refresh();
  const tail = await log.tail(TOPIC_NAMES.plans, (record) => take(record.offset, record.value), {
    from: 'start',
  });
  return {
    versions: (site) => known.get(site) ?? [],
    at: (site, timeUs) =>
      known.get(site)?.findLast(({ inForceFromUs }) => inForceFromUs <= timeUs)?.plan,
    sites: () => [...known.keys()],
    refresh,
    stop: () => tail.stop(),
  };
}

/** How long before it comes in force a changed plan is on the log, so that every service has it in time; µs. */
const NOTICE_US = 30_000_000;
/** By less than this a version is in force later than was asked for: from a full minute on, µs. */
const ROUNDED_MAX_US = 60_000_000;

/**
 * Writes a version of a plan to the log. A version is in force from its `inForceFrom`; without one the first of a site
 * is in force from the beginning, a later one from half a minute after now; each from the first window that begins then
 * or later (`planBoundaryUs`), and with the newest where that was put off so, which is what the log gets and what is
 * returned. A version that is there already is left alone, and from when it truly is in force is returned, also where a
 * newer one has superseded it.
 *
 * @throws HitonamiError `PLAN` for a version number that has another text, or is lower than the newest; for a later
 *   version that would be in force before now, or before the newest is: what was measured is not measured again; for one
 *   whose purposes are wider or other than the newest's, before its notice has stood (`detail` is the earliest day).
 */
export async function publishPlan(
  log: EventLog,
  planJson: string,
  nowUs: number,
): Promise<PlanInForce> {
  const plan = parsePlan(planJson);
  const before: PlanVersion[] = [];
  for await (const { value } of log.read(TOPIC_NAMES.plans, 0, 0)) {
    const version = readVersion(value);
    if (version?.site === plan.site) before.push(version);
  }
  const same = before.find((item) => item.version === plan.version);
  const known = plansInForce(before.flatMap(readable));
  if (same && same.planJson === planJson) {
    const found = known.find((item) => item.plan.version === plan.version);
    return { plan, inForceFromUs: found?.inForceFromUs ?? same.inForceFromUs };
  }
  const newest = before.reduce<PlanVersion | undefined>(
    (most, item) => (most && most.version > item.version ? most : item),
    undefined,
  );
  if (newest && plan.version <= newest.version) {
    throw new HitonamiError(
      'PLAN',
      `version: site '${plan.site}' has version ${newest.version} on the log already; give a changed plan the version ${newest.version + 1}`,
    );
  }
  const stated = plan.inForceFrom === undefined ? undefined : Date.parse(plan.inForceFrom) * 1000;
  const last = known.at(-1);
  const askedUs = stated ?? (newest ? nowUs + NOTICE_US : 0);
  const newestUs = Math.max(newest?.inForceFromUs ?? 0, last?.inForceFromUs ?? 0);
  const boundaryUs = planBoundaryUs(askedUs, plan, last?.plan);
  // The newest may have been put off itself: who asks for the instant that it asked for comes in force with it.
  const isWith = boundaryUs < newestUs && boundaryUs > newestUs - ROUNDED_MAX_US;
  const inForceFromUs = isWith ? newestUs : boundaryUs;
  if (newest) {
    if (askedUs < nowUs || inForceFromUs < newestUs)
      throw tooEarly(askedUs, nowUs, newest.version, newestUs);
    requireNotice(newest, plan, inForceFromUs, nowUs);
  }
  const value = contracts().planVersion.encode({
    site: plan.site,
    version: plan.version,
    inForceFromUs,
    planJson,
  });
  await log.append(TOPIC_NAMES.plans, [{ key: plan.site, value }]);
  return { plan, inForceFromUs };
}

function tooEarly(askedUs: number, nowUs: number, newest: number, newestUs: number): Error {
  const earliestUs = Math.max(nowUs, newestUs);
  const [stated, earliest] = [askedUs, earliestUs].map((us) => new Date(us / 1000).toISOString());
  const why = earliestUs === nowUs ? 'it is past' : `version ${newest} is from then`;
  return new HitonamiError(
    'PLAN',
    `inForceFrom: a later version cannot be in force from ${stated}, before ${earliest} (${why}); give it a later instant`,
  );
}

/** Against the newest version, also where it is not in force yet. One that this program cannot read promised nothing that it knows. */
function requireNotice(
  newest: PlanVersion,
  plan: SitePlan,
  inForceFromUs: number,
  nowUs: number,
): void {
  const { plan: before } = readPlan(newest.planJson);
  const refused = before && refusedChange(before, plan, inForceFromUs / 1000, nowUs / 1000);
  if (!refused) return;
  const { en, ja } = refused.because;
  throw new HitonamiError('PLAN', `governance: ${en} (${ja})`, { detail: refused.earliestDay });
}

/** A record that is no plan version does not keep the next one from being published. */
function readVersion(value: Uint8Array): PlanVersion | undefined {
  try {
    return contracts().planVersion.decode(value);
  } catch {
    return undefined;
  }
}

/** As every service that follows the log knows it; nothing for one that this program cannot read. */
function readable({ planJson, inForceFromUs }: PlanVersion): PlanInForce[] {
  const { plan } = readPlan(planJson);
  return plan ? [{ plan, inForceFromUs }] : [];
}
