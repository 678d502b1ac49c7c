import { coverageNeeded, plannedCoverage, type SiteGeometry } from '@hitonami/crowd';
import type { EventLog, OutgoingRecord } from '@hitonami/event-log';
import { contracts, TOPIC_NAMES, type Alert, type Logger } from '@hitonami/service';
import type { SiteAlerts } from './alerts/site-alerts.js';
import type { LiveMetrics } from './alerts/metrics.js';
import type { LiveSite, Partition } from './partition.js';

/** Up to five snapshots a second, and as many evaluations of the alerts: a crush does not wait for the next full second. */
const LIVE_PERIOD_MS = 200;
/** A site is evaluated, and shown in the metrics, this often also where nothing comes. */
const EVERY_MS = 1_000;

/** What the loop remembers of a site. */
interface Shown {
  lastMs: number;
  /** The plan whose thresholds the metrics show. */
  geometry: SiteGeometry | undefined;
}

/**
 * What must not wait for a window to close. Five times a second: a snapshot of every site in which something has changed
 * goes to the `live` topic, the alerts are evaluated on it, and what changed of them goes to the `alerts` topic. A
 * snapshot that the log is slow to take replaces none, since the next is newer; an alert waits until it is taken.
 */
export function startLiveLoop(
  log: EventLog,
  partitions: () => Iterable<Partition>,
  metrics: LiveMetrics,
  logger: Logger,
) {
  const shown = new WeakMap<SiteAlerts, Shown>();
  const sendLive = sender(log, TOPIC_NAMES.live, logger);
  const sendAlerts = sender(log, TOPIC_NAMES.alerts, logger);

  const turn = (): void => {
    const clockMs = Date.now();
    const snapshots: OutgoingRecord[] = [];
    for (const partition of partitions()) {
      for (const one of partition.takeLive(clockMs)) {
        const known = shown.get(one.alerts) ?? { lastMs: -Infinity, geometry: undefined };
        shown.set(one.alerts, known);
        const isDue = clockMs - known.lastMs >= EVERY_MS;
        if (one.fresh || isDue) look(one, clockMs, snapshots, isDue && !partition.isClosed);
        if (!isDue) continue;
        known.lastMs = clockMs;
        showPlan(partition, one, known);
      }
    }
    if (snapshots.length > 0 && !sendLive.isBusy()) sendLive.send(snapshots);
    if (!sendAlerts.isBusy()) takeAlerts(clockMs);
  };

  const look = (
    { geometry, view, alerts, nowUs, fresh }: LiveSite,
    clockMs: number,
    snapshots: OutgoingRecord[],
    isShown: boolean,
  ): void => {
    const snapshot = view?.snapshot(nowUs);
    if (snapshot && fresh) snapshots.push(toRecord(snapshot));
    if (nowUs !== undefined) alerts.evaluate(geometry, nowUs, snapshot, clockMs);
    if (!isShown) return;
    metrics.showNow(geometry, snapshot);
    metrics.showAlerts(geometry.plan.site, alerts.active());
  };

  /** The thresholds of a new plan; what the old one had and the new one has not is taken away first. */
  const showPlan = (partition: Partition, { geometry, site }: LiveSite, known: Shown): void => {
    if (known.geometry === geometry) return;
    known.geometry = geometry;
    void metrics.forgetSite(site).then(() => {
      if (partition.isClosed || known.geometry !== geometry) return;
      const planned = plannedCoverage(geometry);
      metrics.showPlan(
        geometry,
        geometry.areas.map((area) => coverageNeeded(geometry, area, planned)),
      );
    });
  };

  const takeAlerts = (clockMs: number): void => {
    const taken: { alerts: SiteAlerts; records: Alert[] }[] = [];
    for (const partition of partitions())
      for (const alerts of partition.siteAlerts()) {
        const records = alerts.take(clockMs);
        if (records.length > 0) taken.push({ alerts, records });
      }
    if (taken.length === 0) return;
    const records = taken.flatMap((one) =>
      one.records.map((record) => ({ key: record.site, value: contracts().alert.encode(record) })),
    );
    sendAlerts.send(records, () => {
      for (const one of taken) one.alerts.giveBack(one.records);
    });
  };

  const timer = setInterval(turn, LIVE_PERIOD_MS);
  return {
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await Promise.all([sendLive.settled(), sendAlerts.settled()]);
    },
  };
}

function toRecord(snapshot: NonNullable<ReturnType<NonNullable<LiveSite['view']>['snapshot']>>) {
  const value = contracts().liveSnapshot.encode({
    ...snapshot,
    floors: [...snapshot.floors],
    floor: Buffer.from(snapshot.floor),
    kind: Buffer.from(snapshot.kind),
  });
  return { key: snapshot.site, value };
}

/** Appends one batch at a time. */
function sender(log: EventLog, topic: string, logger: Logger) {
  let pending: Promise<void> | undefined;
  return {
    isBusy: () => pending !== undefined,
    settled: async (): Promise<void> => {
      await pending;
    },
    send: (records: OutgoingRecord[], onFault?: () => void): void => {
      pending = log
        .append(topic, records)
        .catch((error: unknown) => {
          onFault?.();
          logger.warn({ err: error, topic }, 'records were not taken by the event log');
        })
        .finally(() => (pending = undefined));
    },
  };
}
