import { setTimeout as pause } from 'node:timers/promises';
import { postWebhook, webhookRetryMs, type Logger, type WebhookTarget } from '@hitonami/service';
import type { Headcount } from '../contract/index.js';
import type { ConsoleMetrics } from '../metrics.js';
import type { HeadcountReceiver } from './receivers.js';

/** A site's count is sent this often at most, ms. */
export const WEBHOOK_EVERY_MS = 5_000;

export interface HeadcountWebhookOptions {
  target: WebhookTarget;
  logger: Logger;
  metrics: ConsoleMetrics;
  everyMs?: number;
}

/** Sends each site's newest count; while the receiver is away only the newest waits, and is sent again until it is taken. */
export class HeadcountWebhook implements HeadcountReceiver {
  readonly #options: HeadcountWebhookOptions;
  readonly #newest = new Map<string, Headcount>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(options: HeadcountWebhookOptions) {
    this.#options = options;
  }

  tell(headcount: Headcount): void {
    const { site } = headcount;
    this.#newest.set(site, headcount);
    if (this.#running.has(site) || this.#stopping.signal.aborted) return;
    this.#running.set(
      site,
      this.#send(site).finally(() => this.#running.delete(site)),
    );
  }

  withhold(site: string): void {
    this.#newest.delete(site);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running.values());
  }

  async #send(site: string): Promise<void> {
    const { target, logger, metrics, everyMs = WEBHOOK_EVERY_MS } = this.#options;
    const { signal } = this.#stopping;
    let tries = 0;
    for (;;) {
      const headcount = this.#newest.get(site);
      if (headcount === undefined || signal.aborted) return;
      const idempotencyKey = `headcount-${site}-${headcount.at}`;
      try {
        await postWebhook(
          target,
          { body: { kind: 'headcount', headcount }, idempotencyKey },
          signal,
        );
        metrics.pushed('headcount webhook', true);
        if (this.#newest.get(site) === headcount) this.#newest.delete(site);
        tries = 0;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        tries += 1;
        metrics.pushed('headcount webhook', false);
        logger.warn({ err: error, site }, 'a headcount did not arrive; the newest is sent again');
      }
      const waitMs = tries === 0 ? everyMs : webhookRetryMs(tries);
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
