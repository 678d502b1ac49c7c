import type { SitePlan } from '@hitonami/model';
import type { Records } from '@hitonami/records';
import type { PublishedFolder } from '@hitonami/releases';
import type { Logger } from '@hitonami/service';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DownloadGate } from '../downloads/gate.js';

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
}

/** Where buyers register and get their keys. @returns who may have the files of datasets for buyers */
export function buyerRoutes(app: FastifyInstance, options: BuyerRoutesOptions): DownloadGate {
  void app;
  void options;
  return {
    allow: () =>
      Promise.resolve({
        status: 403,
        words: {
          ja: 'このデータは契約した利用者だけが利用できます。',
          en: 'This is for those who have a contract.',
        },
      }),
  };
}
