import type { SitePlan } from '@hitonami/model';
import type { Records } from '@hitonami/records';
import type { PublishedFolder } from '@hitonami/releases';
import type { Logger } from '@hitonami/service';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DownloadGate } from '../downloads/gate.js';
import { Announcer } from './announcer.js';
import { apiRoutes } from './api.js';
import { BuyerGate } from './gate.js';
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
  /** Webhooks may go to addresses within a house, and to this machine. */
  allowsPrivateWebhooks?: boolean;
}

/**
 * Where buyers register and get their keys, and who tells them of new releases; both begin and end with the server.
 *
 * @returns who may have the files of datasets for buyers
 */
export function buyerRoutes(app: FastifyInstance, options: BuyerRoutesOptions): DownloadGate {
  const { records, folder, url, logger, allowsPrivateWebhooks: allowsPrivate = false } = options;
  const gate = new BuyerGate(records, logger);
  const announcer = new Announcer({ records, folder, url, logger, allowsPrivate });
  buyerPages(app, { ...options, allowsPrivate });
  apiRoutes(app, { records, folder, gate, url });
  let tidying: NodeJS.Timeout | undefined;
  app.addHook('onListen', (done) => {
    gate.start();
    announcer.start();
    tidying = setInterval(() => void tidy(records, logger), TIDY_MS);
    tidying.unref();
    done();
  });
  app.addHook('onClose', async () => {
    clearInterval(tidying);
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
