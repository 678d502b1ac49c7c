import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { SitePlan } from '@hitonami/model';
import { openRecords, type Records } from '@hitonami/records';
import { openPublishedFolder } from '@hitonami/releases';
import {
  cannotListen,
  formatAddress,
  type Address,
  type Logger,
  type Service,
  type ServiceContext,
} from '@hitonami/service';
import type { FastifyRequest } from 'fastify';
import { buyerRoutes } from './buyers/index.js';
import { openDataSchema, type OpenDataConfig } from './config.js';
import { CatalogueReader } from './catalogue/reader.js';
import { Previews } from './catalogue/preview/previews.js';
import { Rendered } from './catalogue/rendered.js';
import { catalogueRoutes } from './catalogue/routes.js';
import { ViewReader } from './catalogue/view.js';
import { ckanRoutes } from './ckan/routes.js';
import { dcatRoutes } from './dcat/routes.js';
import { downloadRoutes } from './downloads/routes.js';
import { buildApp } from './http/app.js';
import { ownOrigins } from './http/cross-site.js';
import { inquiryRoutes } from './inquiries/routes.js';
import { openDataMetrics } from './metrics.js';
import { RiskReports } from './risk-reports.js';
import { pageRoutes, requirePlan } from './routes.js';
import { planNow, SiteReader } from './site-documents.js';
import { travellerRoutes } from './travellers/routes.js';

/** Where the embedded records lie within the data folder. */
const RECORDS_FOLDER = 'records';
/** Where the publisher writes within the data folder, unless it is named. */
const PUBLIC_FOLDER = 'public';
/** What has reached its age is erased this often, ms. */
const TIDY_MS = 60 * 60_000;

export interface OpenDataOptions {
  /** Records that somebody else in this process has open, and closes: embedded ones have one owner. */
  records?: Records | undefined;
  /** Told once, when the pages are served, where the public finds them. */
  onServed?: (url: string) => void;
}

/** What the public looks at: notices, figures of frames, the heads of the audit log, and forms for questions and opinions. */
export function openDataService(
  options: OpenDataOptions = {},
): Service<OpenDataConfig> & { schema: typeof openDataSchema } {
  return {
    name: 'open-data',
    schema: openDataSchema,
    start: (context) => start(context, options),
  };
}

async function start(
  { config, logger, metrics: registry, own }: ServiceContext<OpenDataConfig>,
  options: OpenDataOptions,
): Promise<void> {
  const address = await withPort(config.publicAddress);
  const url = config.publicUrl ?? `http://${formatAddress(address)}`;
  const folder = openPublishedFolder(config.publicFolder ?? join(config.data, PUBLIC_FOLDER), {
    onProblem: (problem) => {
      logger.warn(problem, 'something in the public folder cannot be read, and was left out');
    },
  });
  const sites = new SiteReader(folder, logger);
  const records = options.records ?? (await openOwnRecords(config));
  if (options.records === undefined) own({ name: 'records', disconnect: () => records.close() });
  const reports = new RiskReports(config.riskReports ?? [], logger);
  await reports.refresh();
  own({ name: 'tidying', close: startTidying(records, reports, logger) });
  const metrics = openDataMetrics(registry);
  const app = buildApp({
    ...{ logger, metrics, url },
    proxies: config.publicProxies ?? [],
    routes: (routes) => {
      const origins = ownOrigins(url);
      const planOf = (request: FastifyRequest): Promise<SitePlan> => requirePlan(sites, request);
      pageRoutes(routes, { sites, reports, url });
      inquiryRoutes(routes, { records, metrics, planOf, origins });
      const base = url.replace(/\/$/, '');
      const gate = buyerRoutes(routes, {
        ...{ records, folder, planOf, origins, logger, metrics: registry },
        url: base,
        allowsPrivateWebhooks: config.buyersPrivateWebhooks,
      });
      const views = new ViewReader(new CatalogueReader(folder), sites, base);
      const rendered = new Rendered();
      catalogueRoutes(routes, { views, rendered, previews: new Previews(folder, logger) });
      ckanRoutes(routes, { views, rendered });
      dcatRoutes(routes, { views, rendered });
      downloadRoutes(routes, { views, folder, gate, logger, metrics });
      travellerRoutes(routes, {
        ...{ folder, url: base },
        planOfSite: async (site) => planNow(await sites.of(site), Date.now()),
      });
    },
  });
  own({ name: 'server', close: () => app.close() });
  await app.listen(address).catch((cause: unknown) => {
    throw cannotListen(
      { what: 'The public’s pages', key: 'HITONAMI_PUBLIC_ADDRESS', option: '--public' },
      address,
      cause,
    );
  });
  logger.info({ url }, 'the public’s pages are served');
  options.onServed?.(url);
}

async function openOwnRecords(config: OpenDataConfig): Promise<Records> {
  const records = await openRecords(
    config.recordsUrl === undefined
      ? { folder: join(config.data, RECORDS_FOLDER) }
      : { url: config.recordsUrl.reveal() },
  );
  try {
    await records.migrate();
    return records;
  } catch (error) {
    await records.close();
    throw error;
  }
}

/** Erases inquiries that have reached their age, and reads the risk reports anew. @returns how to stop */
function startTidying(records: Records, reports: RiskReports, logger: Logger): () => void {
  const tidy = (): void => {
    void reports.refresh();
    records.inquiries.tidy().then(
      (gone) => {
        if (gone > 0) logger.info({ gone }, 'inquiries that had reached their age are erased');
      },
      (error: unknown) => {
        logger.warn({ err: error }, 'inquiries could not be tidied; it is tried again');
      },
    );
  };
  tidy();
  const timer = setInterval(tidy, TIDY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** Where any port is asked for, a free one: the address on the notices has to be known before. */
async function withPort(wanted: Address): Promise<Address> {
  if (wanted.port !== 0) return wanted;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, wanted.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { ...wanted, port };
}
