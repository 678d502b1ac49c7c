import type { SitePlan } from '@hitonami/model';
import type { Records } from '@hitonami/records';
import type { PublishedFolder } from '@hitonami/releases';
import type { Logger, Metrics } from '@hitonami/service';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DownloadGate } from '../downloads/gate.js';
import { Announcer } from './announcer.js';
import { apiRoutes } from './api.js';
import { BuyerGate } from './gate.js';
import { buyerMetrics, startCounting } from './metrics.js';
import { buyerPages } from './routes.js';

/** What has reached its age is erased this often, ms. */
const TIDY_MS = 60 * 60_000;

export interface BuyerRoutesOptions {
  records: Records;
  folder: PublishedFolder;
  /** The plan in force of the site in the address. @throws Fault `not-found` */
  planOf: (request: FastifyRequest) => Promise<SitePlan>;
  /** The address that the public knows, without a slash at its end. */
  url: string;
  /** Origins that a form may come from. */
  origins: ReadonlySet<string>;
  logger: Logger;
  metrics: Metrics;
  /** Webhooks may go to addresses within a house, and to this machine. */
  allowsPrivateWebhooks?: boolean;
}

/**
 * Where buyers register and get their keys, and who tells them of new releases and of the end; both begin and end with the server.
 *
 * @returns who may have the files of datasets for buyers
 */
export function buyerRoutes(app: FastifyInstance, options: BuyerRoutesOptions): DownloadGate {
  const { records, folder, url, logger, allowsPrivateWebhooks: allowsPrivate = false } = options;
  const metrics = buyerMetrics(options.metrics);
  const gate = new BuyerGate(records, logger, metrics);
  const announcer = new Announcer({ records, folder, url, logger, metrics, allowsPrivate });
  buyerPages(app, { ...options, allowsPrivate });
  apiRoutes(app, { records, folder, gate, metrics, url });
  let stopCounting: (() => void) | undefined;
  let tidying: NodeJS.Timeout | undefined;
  app.addHook('onListen', (done) => {
    gate.start();
    announcer.start();
    stopCounting = startCounting(metrics, records, logger);
    tidying = setInterval(() => void tidy(records, logger), TIDY_MS);
    tidying.unref();
    done();
  });
  app.addHook('onClose', async () => {
    clearInterval(tidying);
    stopCounting?.();
    await gate.stop();
    await announcer.stop();
  });
  return gate;
}

async function tidy({ buyers, buyerKeys }: Records, logger: Logger): Promise<void> {
  try {
    await buyerKeys.tidy();
    const gone = await buyers.tidy();
    if (gone > 0) logger.info({ gone }, 'buyers that had reached their age are erased');
  } catch (error) {
    logger.warn({ err: error }, 'buyers could not be tidied; it is tried again');
  }
}
