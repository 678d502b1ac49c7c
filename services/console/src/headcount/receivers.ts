import type { BothLanguages } from '@hitonami/model';
import type { Logger, PlanFollower } from '@hitonami/service';
import type { Headcount } from '../contract/index.js';
import type { ConsoleMetrics } from '../metrics.js';
import { versionsOf } from '../purposes/versions.js';
import { withheldBecause } from './withheld.js';

/** Who is told the headcount outside of the console, such as a webhook or a broker. */
export interface HeadcountReceiver {
  tell(headcount: Headcount): void;
  /** Sends nothing of a site any more: what waits is dropped, and what was left somewhere is taken away. */
  withhold(site: string, areas: readonly string[]): void;
}

export interface HeadcountReceiversOptions {
  receivers: readonly HeadcountReceiver[];
  /** Id of the recipient, in the site plans, that they belong to. */
  recipient: string;
  plans: Pick<PlanFollower, 'versions'>;
  logger: Logger;
  metrics: Pick<ConsoleMetrics, 'withheld'>;
}

/** Stands between the counting and whoever is configured to be told: of each site it asks the plan whether they may be. */
export class HeadcountReceivers {
  readonly #options: HeadcountReceiversOptions;
  readonly #told = new Map<string, string>();
  readonly #withheld = new Map<string, BothLanguages>();

  constructor(options: HeadcountReceiversOptions) {
    this.#options = options;
  }

  /** Why they are told nothing of a site, as of its last count; undefined where they are told. */
  withheld(site: string): BothLanguages | undefined {
    return this.#withheld.get(site);
  }

  /** Comes once a second for each site; they are told when it has changed. */
  take(headcount: Headcount): void {
    const { site, at: _at, ...counts } = headcount;
    if (!this.#mayTell(site)) return;
    const text = JSON.stringify(counts);
    if (this.#told.get(site) === text) return;
    this.#told.set(site, text);
    for (const receiver of this.#options.receivers) receiver.tell(headcount);
  }

  #mayTell(site: string): boolean {
    const { plans, recipient, receivers, logger, metrics } = this.#options;
    const before = this.#withheld.get(site);
    const versions = versionsOf(plans, site);
    const because = withheldBecause(versions, recipient, Date.now());
    metrics.withheld(site, because !== undefined);
    if (because === undefined) {
      if (before !== undefined) logger.info({ site, recipient }, 'headcounts are sent from now on');
      this.#withheld.delete(site);
      return true;
    }
    if (before?.en === because.en) return false;
    this.#withheld.set(site, because);
    this.#told.delete(site);
    logger.error({ site, recipient, because: because.en }, 'no headcounts are sent');
    const areas = new Set(versions.flatMap(({ plan }) => plan.areas.map(({ id }) => id)));
    for (const receiver of receivers) receiver.withhold(site, [...areas]);
    return false;
  }
}
