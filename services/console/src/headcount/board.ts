import type { BothLanguages } from '@hitonami/model';
import type { PlanFollower } from '@hitonami/service';
import type { Headcount } from '../contract/index.js';
import type { Audience } from '../live/audience.js';
import { eventChunk } from '../live/events.js';
import type { LiveHub } from '../live/hub.js';
import { requirePlan } from '../site.js';
import { headcountOf } from './count.js';
import type { HeadcountReceivers } from './receivers.js';

const TICK_MS = 1_000;

export const headcountChannel = (site: string): string => `headcount/${site}`;

export interface BoardOptions {
  plans: PlanFollower;
  hub: LiveHub;
  audience: Audience;
  /** Undefined where nobody is configured to be told. */
  receivers: HeadcountReceivers | undefined;
}

/** Counts every site once a second, and tells whoever watches when that has changed. */
export class HeadcountBoard {
  readonly #options: BoardOptions;
  readonly #told = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#tick();
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** @throws ProblemError 404 */
  of(site: string): Headcount {
    const { plans, hub } = this.#options;
    const plan = requirePlan(plans, site);
    const record = hub.silentMs(site) > 0 ? undefined : hub.newest(site)?.record;
    return headcountOf(plan, record, Date.now());
  }

  /** Why the receivers are told nothing of a site; undefined where they are, or there are none. */
  withheld(site: string): BothLanguages | undefined {
    return this.#options.receivers?.withheld(site);
  }

  #tick(): void {
    const { plans, audience, receivers } = this.#options;
    for (const site of plans.sites()) {
      const isWatched = audience.isWatched(headcountChannel(site));
      if (!isWatched && receivers === undefined) continue;
      const headcount = this.of(site);
      receivers?.take(headcount);
      if (isWatched) this.#show(headcount);
    }
  }

  #show(headcount: Headcount): void {
    const { site, at: _at, ...counts } = headcount;
    const text = JSON.stringify(counts);
    if (this.#told.get(site) === text) return;
    this.#told.set(site, text);
    const chunk = eventChunk('headcount', headcount);
    this.#options.audience.offer(headcountChannel(site), 'headcount', chunk);
  }
}
