import type { EventLog, Tail } from '@hitonami/event-log';
import {
  contracts,
  TOPIC_NAMES,
  type LiveSnapshot as LiveRecord,
  type Logger,
  type PlanFollower,
} from '@hitonami/service';
import type { Alert, LiveSnapshot } from '../contract/index.js';
import type { Audience } from './audience.js';
import { eventChunk } from './events.js';
import { SitePicture } from './site-picture.js';

/** Nothing of a site for so long: what is shown is no longer so, ms. */
export const SITE_SILENT_MS = 3_000;
/** Sites of which something live is kept. */
const SITES_MAX = 1_000;
const TICK_MS = 1_000;

/** The newest of a site, as it came. */
export interface Newest {
  record: LiveRecord;
  /** When it came, ms of the clock that never goes back. */
  receivedMs: number;
}

interface SiteLive {
  picture: SitePicture;
  planVersion: number;
  newest: Newest | undefined;
  /** Not yet encoded: only the newest of a burst ever is. */
  pending: Buffer | undefined;
  snapshotChunk: Buffer | undefined;
  alertsChunk: Buffer | undefined;
  wasSilent: boolean;
}

export interface HubOptions {
  plans: Pick<PlanFollower, 'at' | 'sites'>;
  audience: Audience;
  logger: Logger;
  /** Told of each new picture of a site. */
  onSnapshot?: (site: string) => void;
}

/** Said too: a page that has heard nothing does not know that nothing is wrong. */
const NO_ALERTS = eventChunk('alerts', { active: [] });

export const liveChannel = (site: string): string => `live/${site}`;
/** Alerts alone: they are about places, and everybody inside is told of them. */
export const alertsChannel = (site: string): string => `alerts/${site}`;

/** Follows the live topic once for everybody, and encodes each picture once. */
export class LiveHub {
  readonly #options: HubOptions;
  readonly #sites = new Map<string, SiteLive>();
  #tail: Tail | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isScheduled = false;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  async start(log: EventLog): Promise<void> {
    this.#tail = await log.tail(TOPIC_NAMES.live, ({ key, value }) => {
      this.#receive(key, value);
    });
    this.#timer = setInterval(() => {
      this.#tick();
    }, TICK_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#tail?.stop();
  }

  newest(site: string): Newest | undefined {
    return this.#sites.get(site)?.newest;
  }

  /** For how long nothing has come of a site, ms; 0 while it is not silent. */
  silentMs(site: string): number {
    const newest = this.newest(site);
    if (newest === undefined) return Infinity;
    const ms = performance.now() - newest.receivedMs;
    return ms > SITE_SILENT_MS ? ms : 0;
  }

  /** What viewers of a site are shown now; undefined where nothing has come of it. */
  picture(site: string): LiveSnapshot | undefined {
    const live = this.#sites.get(site);
    if (live?.newest === undefined) return undefined;
    this.#usePlan(site, live);
    return live.picture.snapshot(live.newest.record, this.silentMs(site));
  }

  /** What a viewer is shown first, so that a page is whole at once. */
  welcome(site: string): [string, Buffer][] {
    const live = this.#siteLive(site);
    const chunk = live.snapshotChunk ?? this.#encode(site, live);
    const first = this.welcomeToAlerts(site);
    if (chunk) first.push(['snapshot', chunk]);
    return first;
  }

  /** The same of who is shown no people. */
  welcomeToAlerts(site: string): [string, Buffer][] {
    const live = this.#siteLive(site);
    const first: [string, Buffer][] = [['alerts', live.alertsChunk ?? NO_ALERTS]];
    // A page that was away may have missed that its plan has changed.
    if (live.planVersion > 0)
      first.push(['plan', eventChunk('plan', { version: live.planVersion })]);
    return first;
  }

  /** The active alerts of a site, whole, as they stand after a change. */
  showAlerts(site: string, active: readonly Alert[]): void {
    const live = this.#siteLive(site);
    live.alertsChunk = eventChunk('alerts', { active });
    this.#offer(site, 'alerts', live.alertsChunk);
  }

  /** A version of a plan has become known. */
  showPlan(site: string, version: number): void {
    this.#offer(site, 'plan', eventChunk('plan', { version }));
  }

  #offer(site: string, kind: string, chunk: Buffer): void {
    this.#options.audience.offer(liveChannel(site), kind, chunk);
    if (kind !== 'snapshot') this.#options.audience.offer(alertsChannel(site), kind, chunk);
  }

  #siteLive(site: string): SiteLive {
    let live = this.#sites.get(site);
    if (live === undefined) {
      live = {
        picture: new SitePicture(),
        planVersion: 0,
        newest: undefined,
        pending: undefined,
        snapshotChunk: undefined,
        alertsChunk: undefined,
        wasSilent: false,
      };
      if (this.#sites.size < SITES_MAX) this.#sites.set(site, live);
    }
    return live;
  }

  /** The record is a view into the log's own buffer: kept as a copy until all that came with it has been looked at. */
  #receive(site: string, value: Buffer): void {
    this.#siteLive(site).pending = Buffer.from(value);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      for (const [name, live] of this.#sites)
        if (live.pending) this.#take(name, live, live.pending);
    });
  }

  #take(site: string, live: SiteLive, value: Buffer): void {
    live.pending = undefined;
    try {
      const record = contracts().liveSnapshot.decode(value);
      live.newest = { record, receivedMs: performance.now() };
      live.picture.observe(record);
    } catch (error) {
      this.#options.logger.warn({ err: error, site }, 'a live record cannot be read');
      return;
    }
    live.wasSilent = false;
    live.snapshotChunk = undefined;
    this.#options.onSnapshot?.(site);
    if (this.#options.audience.isWatched(liveChannel(site))) this.#publish(site, live);
  }

  #publish(site: string, live: SiteLive): void {
    const chunk = this.#encode(site, live);
    if (chunk) this.#offer(site, 'snapshot', chunk);
  }

  #encode(site: string, live: SiteLive): Buffer | undefined {
    const snapshot = this.picture(site);
    if (snapshot === undefined) return undefined;
    live.snapshotChunk = eventChunk('snapshot', snapshot, snapshot.at);
    return live.snapshotChunk;
  }

  #usePlan(site: string, live: SiteLive): void {
    const plan = this.#options.plans.at(site, Date.now() * 1000);
    if (plan === undefined || plan.version === live.planVersion) return;
    const wasKnown = live.planVersion > 0;
    live.planVersion = plan.version;
    live.picture.usePlan(plan);
    if (wasKnown) this.showPlan(site, plan.version);
  }

  /** A site that has fallen silent is shown so, though nothing comes of it; a plan comes in force while nobody sends it. */
  #tick(): void {
    for (const [site, live] of this.#sites) {
      this.#usePlan(site, live);
      if (live.wasSilent || live.newest === undefined || this.silentMs(site) === 0) continue;
      live.wasSilent = true;
      this.#options.onSnapshot?.(site);
      this.#publish(site, live);
    }
  }
}
