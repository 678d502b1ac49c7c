import { HitonamiError, type ReleaseManifest } from '@hitonami/model';
import type { ClaimedDelivery, Records } from '@hitonami/records';
import type { Published, PublishedFolder } from '@hitonami/releases';
import { webhookRetryMs, type Logger } from '@hitonami/service';
import { toldRelease } from './api.js';
import { postSigned, type TargetRules } from './webhook-target.js';

/** How often the folder is looked at, and what is due is told, ms. */
const LOOK_MS = 2_000;
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
  readonly records: Pick<Records, 'buyerDeliveries'>;
  readonly folder: Pick<PublishedFolder, 'look'>;
  /** The address that the public knows. */
  readonly url: string;
  readonly logger: Logger;
  /** For tests. */
  readonly retryStretch?: number;
}

/** Tells buyers of new releases that their key opens: signed, tried again for a day, and never the data itself. */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #stopping = new AbortController();
  readonly #announced = new Set<string>();
  #seen: Published | undefined;
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
              'buyers could not be told of releases; it is tried again until it can',
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
      for (const release of published.releases) await this.#announce(release, nowMs);
      this.#seen = published;
    }
    const due = await records.buyerDeliveries.claim({
      ...{ leaseMs: LEASE_MS, limit: AT_ONCE },
      now: new Date(nowMs),
    });
    await Promise.all(due.map((delivery) => this.#tell(delivery, published, nowMs)));
  }

  async #announce(release: ReleaseManifest, nowMs: number): Promise<void> {
    const { site, dataset, period, version, createdMs } = release;
    const key = keyOf(site, dataset.id, period, version);
    const isNews = dataset.audience === 'buyers' && createdMs > nowMs - NEWS_MS;
    if (!isNews || this.#announced.has(key)) return;
    await this.#options.records.buyerDeliveries.announce(
      { site, dataset: dataset.id, period, version, madeAt: new Date(createdMs) },
      new Date(nowMs),
    );
    this.#announced.add(key);
  }

  async #tell(delivery: ClaimedDelivery, published: Published, nowMs: number): Promise<void> {
    const { records, url, logger, retryStretch = RETRY_STRETCH } = this.#options;
    const { id, site, dataset, period, version, tries } = delivery;
    const release = published.releases.find(
      (one) =>
        one.site === site &&
        one.dataset.id === dataset &&
        one.period === period &&
        one.version === version,
    );
    const end = (state: 'delivered' | 'given-up', fault: string): Promise<void> =>
      records.buyerDeliveries.note(id, { state, fault, at: new Date(nowMs) });
    if (release === undefined) return end('given-up', 'the release was withdrawn');
    const idempotencyKey = keyOf(site, dataset, period, version);
    const body = { type: 'release', ...toldRelease(release, url) };
    try {
      await postSigned(
        { url: delivery.url, secret: delivery.secret, body, idempotencyKey },
        this.#options,
        this.#stopping.signal,
      );
      await end('delivered', '');
    } catch (error) {
      // The lease ends by itself, and the try is made again after the start.
      if (!(error instanceof HitonamiError) || error.code === 'STOPPED') throw error;
      const isLast = tries >= TRIES_MAX;
      logger.info(
        { buyer: delivery.buyer, tries, isLast, why: error.message },
        'a buyer’s webhook did not take it',
      );
      if (isLast) await end('given-up', error.message);
      else
        await records.buyerDeliveries.note(id, {
          ...{ state: 'waiting', fault: error.message },
          at: new Date(nowMs + webhookRetryMs(tries) * retryStretch),
        });
    }
  }
}

function keyOf(site: string, dataset: string, period: string, version: number): string {
  return `release/${site}/${dataset}/${period}/v${version}`;
}
