import type { SiteAlert } from '@hitonami/crowd';
import type { EventLog } from '@hitonami/event-log';
import { contracts, TOPIC_NAMES, type Logger } from '@hitonami/service';
import { fromRecord } from './record.js';

/** What is known of a site from the `alerts` topic. */
export interface KnownAlerts {
  /** What is active. */
  active: readonly SiteAlert[];
  /** By id of what is active: the revision that people were last told of. */
  announced: ReadonlyMap<string, number>;
  /** The latest instant of event time that any record of the site tells of, µs; −∞ where there is none. */
  untilUs: number;
}

interface Site {
  active: Map<string, SiteAlert>;
  announced: Map<string, number>;
  untilUs: number;
}

/** What the `alerts` topic says is active: from it an aggregator that takes over a site goes on with the same alerts. */
export interface AlertBoard {
  of(site: string): KnownAlerts;
  /** Reads what has come to the log since. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when all that is on the topic has been read; goes on following. */
export async function followAlerts(log: EventLog, logger: Logger): Promise<AlertBoard> {
  const sites = new Map<string, Site>();
  let nextOffset = 0;
  const take = (offset: number, value: Uint8Array): void => {
    if (offset < nextOffset) return;
    nextOffset = offset + 1;
    try {
      const record = contracts().alert.decode(value);
      const alert = fromRecord(record);
      if (alert !== undefined) note(sites, alert, record.announce);
    } catch (error) {
      logger.error({ err: error, offset }, 'a record of the alerts topic cannot be read');
    }
  };
  const refresh = async (): Promise<void> => {
    for await (const { offset, value } of log.read(TOPIC_NAMES.alerts, 0, nextOffset))
      take(offset, value);
  };
  await refresh();
  const tail = await log.tail(TOPIC_NAMES.alerts, ({ offset, value }) => {
    take(offset, value);
  });
  // What came between the two.
  await refresh();
  return {
    of: (site) => {
      const known = sites.get(site);
      return {
        active: [...(known?.active.values() ?? [])],
        announced: new Map(known?.announced),
        untilUs: known?.untilUs ?? -Infinity,
      };
    },
    refresh,
    stop: () => tail.stop(),
  };
}

function note(sites: Map<string, Site>, alert: SiteAlert, announce: boolean): void {
  let site = sites.get(alert.site);
  if (site === undefined) {
    site = { active: new Map(), announced: new Map(), untilUs: -Infinity };
    sites.set(alert.site, site);
  }
  site.untilUs = Math.max(site.untilUs, alert.atUs);
  if (alert.state === 'resolved') {
    site.active.delete(alert.id);
    site.announced.delete(alert.id);
    return;
  }
  site.active.set(alert.id, alert);
  if (announce)
    site.announced.set(alert.id, Math.max(alert.revision, site.announced.get(alert.id) ?? 0));
}
