import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { openRecords, type Records } from '@hitonami/records';
import {
  followPlans,
  FRAME_FIGURE_METRICS,
  formatAddress,
  MetricsSources,
  openLog,
  topicSpecs,
  type Address,
  type Logger,
  type Service,
  type ServiceContext,
} from '@hitonami/service';
import { openDataSchema, type OpenDataConfig } from './config.js';
import { buildApp } from './http/app.js';
import { ownOrigins } from './http/cross-site.js';
import { inquiryRoutes } from './inquiries/routes.js';
import { openDataMetrics } from './metrics.js';
import { RiskReports } from './risk-reports.js';
import { pageRoutes, requirePlan } from './routes.js';

/** Where the embedded records lie within the data folder. */
const RECORDS_FOLDER = 'records';
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
  const log = await openLog(config, 'open-data', logger);
  own({ name: 'event log', disconnect: () => log.close() });
  await log.createTopics(topicSpecs(config.observationPartitions));
  const plans = await followPlans(log, logger);
  own({ name: 'plans', disconnect: () => plans.stop() });
  const records = options.records ?? (await openOwnRecords(config));
  if (options.records === undefined) own({ name: 'records', disconnect: () => records.close() });
  const reports = new RiskReports(config.riskReports ?? [], logger);
  await reports.refresh();
  own({ name: 'tidying', close: startTidying(records, reports, logger) });
  const sources = new MetricsSources(
    config.metricsSources ?? [],
    new Set(FRAME_FIGURE_METRICS),
    logger,
  );
  sources.start();
  own({ name: 'sources', close: () => sources.stop() });

  const metrics = openDataMetrics(registry);
  const app = buildApp({
    ...{ logger, metrics, url },
    proxies: config.publicProxies ?? [],
    routes: (routes) => {
      pageRoutes(routes, { plans, metrics: sources, records, reports, url });
      inquiryRoutes(routes, {
        ...{ records, metrics },
        planOf: (request) => requirePlan(plans, request),
        origins: ownOrigins(url),
      });
    },
  });
  own({ name: 'server', close: () => app.close() });
  await app.listen(address).catch((cause: unknown) => {
    throw new HitonamiError(
      'CONFIG',
      `The public's pages cannot be served at ${formatAddress(address)}: ${(cause as Error).message}. Choose another HITONAMI_PUBLIC_ADDRESS.`,
      { cause },
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
