import type { PlanFollower } from '@hitonami/service';
import type { Headcount } from '../contract/index.js';
import type { Audience } from '../live/audience.js';
import { eventChunk } from '../live/events.js';
import type { LiveHub } from '../live/hub.js';
import { requirePlan } from '../site.js';
import { headcountOf } from './count.js';

const TICK_MS = 1_000;

export const headcountChannel = (site: string): string => `headcount/${site}`;

export interface BoardOptions {
  plans: PlanFollower;
  hub: LiveHub;
  audience: Audience;
  /** Told of every site whose count has changed, once a second at most. */
  onChange: ((headcount: Headcount) => void)[];
}

/** Counts every site once a second, and tells whoever wants to know when that has changed. */
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

  #tick(): void {
    const { plans, audience, onChange } = this.#options;
    for (const site of plans.sites()) {
      const isWatched = audience.isWatched(headcountChannel(site));
      if (!isWatched && onChange.length === 0) continue;
      const headcount = this.of(site);
      const { at: _at, ...counts } = headcount;
      const text = JSON.stringify(counts);
      if (this.#told.get(site) === text) continue;
      this.#told.set(site, text);
      if (isWatched)
        audience.offer(headcountChannel(site), 'headcount', eventChunk('headcount', headcount));
      for (const tell of onChange) tell(headcount);
    }
  }
}
