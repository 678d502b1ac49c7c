import { HitonamiError } from '@hitonami/model';
import type { BuyerDelivery, ClaimedDelivery, Records } from '@hitonami/records';
import type { Published, PublishedFolder } from '@hitonami/releases';
import { webhookRetryMs, type Logger } from '@hitonami/service';
import { endMessage, releaseKey, releaseMessage, type Message } from './messages.js';
import type { BuyerMetrics } from './metrics.js';
import { postSigned, type TargetRules } from './webhook-target.js';

/** How often the folder is looked at, and what is due is told, ms. */
const LOOK_MS = 2_000;
/** How often it is looked whether the time of a contract is over, ms. */
const ENDS_MS = 30_000;
/** Told at once, and at most in one look. */
const AT_ONCE = 10;
/** Nobody else makes the same try for so long, ms: longer than a try takes. */
const LEASE_MS = 60_000;
/** A receiver may be away for a day: the pauses of `webhookRetryMs` (250 ms to 15 s) so many times as long: a minute to an hour. */
const RETRY_STRETCH = 240;
/** Then it is given up: about a day after the first. */
const TRIES_MAX = 30;
/** What was made longer ago than this when the service starts is not told any more, ms. */
const NEWS_MS = 7 * 86_400_000;

export interface AnnouncerOptions extends TargetRules {
  readonly records: Pick<Records, 'buyers' | 'buyerEnds' | 'buyerDeliveries'>;
  readonly folder: Pick<PublishedFolder, 'look'>;
  /** The address that the public knows. */
  readonly url: string;
  readonly logger: Logger;
  readonly metrics: Pick<BuyerMetrics, 'told'>;
  /** For tests. */
  readonly retryStretch?: number;
}

/**
 * Tells buyers of new releases that their contract lists, and of its end: signed, tried again for a day, and never the data
 * itself.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #stopping = new AbortController();
  readonly #announced = new Set<string>();
  #seen: Published | undefined;
  #endsMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #isFailing = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#looking;
  }

  /** One look at a time; never rejects: what fails is tried again by the next. */
  look(nowMs = Date.now()): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.resolve();
    this.#looking ??= this.#look(nowMs)
      .then(
        () => {
          this.#isFailing = false;
        },
        (error: unknown) => {
          // Said once, not every two seconds for as long as it lasts.
          if (!this.#isFailing && !this.#stopping.signal.aborted)
            this.#options.logger.warn(
              { err: error },
              'buyers could not be told; it is tried again until they can',
            );
          this.#isFailing = true;
        },
      )
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(nowMs: number): Promise<void> {
    const { records, folder } = this.#options;
    const published = await folder.look();
    if (published !== this.#seen) {
      await this.#announce(published, nowMs);
      this.#seen = published;
    }
    if (nowMs - this.#endsMs >= ENDS_MS) {
      await records.buyerEnds.note(new Date(nowMs));
      this.#endsMs = nowMs;
    }
    const due = await records.buyerDeliveries.claim({
      ...{ leaseMs: LEASE_MS, limit: AT_ONCE },
      now: new Date(nowMs),
    });
    await Promise.all(due.map((delivery) => this.#tell(delivery, published, nowMs)));
  }

  /** Notes what is new in the folder, for all whom it concerns. */
  async #announce({ releases, withdrawals }: Published, nowMs: number): Promise<void> {
    const { buyerDeliveries, buyerEnds } = this.#options.records;
    const now = new Date(nowMs);
    for (const { site, dataset, period, version, createdMs } of releases) {
      if (dataset.audience !== 'buyers' || createdMs <= nowMs - NEWS_MS) continue;
      const release = { site, dataset: dataset.id, period, version };
      await this.#once(releaseKey(release), () =>
        buyerDeliveries.announce({ ...release, madeAt: new Date(createdMs) }, now),
      );
    }
    for (const { site, dataset, withdrawnMs } of withdrawals)
      await this.#once(`withdrawal/${site}/${dataset}`, () =>
        buyerEnds.noteWithdrawn({ site, dataset, at: new Date(withdrawnMs) }, now),
      );
  }

  async #once(key: string, act: () => Promise<unknown>): Promise<void> {
    if (this.#announced.has(key)) return;
    await act();
    this.#announced.add(key);
  }

  async #tell(delivery: ClaimedDelivery, published: Published, nowMs: number): Promise<void> {
    const { logger, retryStretch = RETRY_STRETCH } = this.#options;
    const { tries } = delivery;
    const at = new Date(nowMs);
    const message = await this.#messageOf(delivery, published, at);
    if (message === undefined)
      return this.#note(delivery, { state: 'given-up', fault: 'it is withdrawn, or over', at });
    try {
      const { url, secret } = delivery;
      await postSigned({ url, secret, ...message }, this.#options, this.#stopping.signal);
    } catch (error) {
      // The lease ends by itself, and the try is made again after the start.
      if (!(error instanceof HitonamiError) || error.code === 'STOPPED') throw error;
      const isLast = tries >= TRIES_MAX;
      const { message: fault } = error;
      logger.info(
        { buyer: delivery.buyer, tries, isLast, why: fault },
        'a buyer’s webhook did not take it',
      );
      if (isLast) return this.#note(delivery, { state: 'given-up', fault, at });
      const againMs = nowMs + webhookRetryMs(tries) * retryStretch;
      return this.#note(delivery, { state: 'waiting', fault, at: new Date(againMs) });
    }
    await this.#note(delivery, { state: 'delivered', fault: '', at });
  }

  #note(
    { id, kind }: ClaimedDelivery,
    given: Pick<BuyerDelivery, 'state' | 'fault' | 'at'>,
  ): Promise<void> {
    this.#options.metrics.told(kind, given.state);
    return this.#options.records.buyerDeliveries.note(id, given);
  }

  /** Undefined: there is nothing to tell any more. */
  async #messageOf(
    delivery: ClaimedDelivery,
    { releases }: Published,
    now: Date,
  ): Promise<Message | undefined> {
    const { records, url } = this.#options;
    const { site, buyer } = delivery;
    if (delivery.kind === 'release') {
      const { dataset, period, version } = delivery;
      const release = releases.find(
        (one) =>
          one.site === site &&
          one.dataset.id === dataset &&
          one.period === period &&
          one.version === version,
      );
      return release && releaseMessage(release, url);
    }
    const file = await records.buyers.get(site, buyer);
    const end = (await records.buyerEnds.list(buyer, now)).find(({ id }) => id === delivery.end);
    if (end === undefined || end.datasets.length === 0) return undefined;
    return endMessage(
      site,
      end,
      file?.contracts.find(({ version }) => version === end.version),
    );
  }
}
