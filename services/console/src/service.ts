import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import {
  followPlans,
  formatAddress,
  openLog,
  topicSpecs,
  type PlanInForce,
  type Service,
} from '@hitonami/service';
import { findEmbeddedWarehouse, openWarehouse, type Warehouse } from '@hitonami/warehouse';
import { consoleSchema, type ConsoleConfig } from './config.js';
import { openRecords } from '@hitonami/records';
import { buildApp } from './http/app.js';
import { openGate } from './http/open-gate.js';
import { WEB_FOLDER } from './http/web-app.js';
import { Audience } from './live/audience.js';
import { LiveHub } from './live/hub.js';
import { liveRoutes } from './live/routes.js';
import { consoleMetrics } from './metrics.js';
import { PlanBook } from './plans/book.js';
import { planRoutes } from './plans/routes.js';

/** Where the embedded warehouse lies within the data folder. */
const WAREHOUSE_FOLDER = 'warehouse';
const RECORDS_FOLDER = 'records';
/** The console's questions are asked twice, and a page does not wait longer for one, ms. */
const WAREHOUSE_TRIES = 2;
const WAREHOUSE_MS_MAX = 30_000;

/** What operators look at: the API of the console, its live streams, and the web application. */
export const consoleService: Service<ConsoleConfig> & { schema: typeof consoleSchema } = {
  name: 'console',
  schema: consoleSchema,
  async start({ config, logger, metrics: registry, own }) {
    const metrics = consoleMetrics(registry);
    const log = await openLog(config, 'console', logger);
    own({ name: 'event log', disconnect: () => log.close() });
    await log.createTopics(topicSpecs(config.observationPartitions));
    const warehouse = await openStore(config);
    own({ name: 'warehouse', disconnect: () => warehouse.close() });
    const records = await openRecords(
      config.recordsUrl === undefined
        ? { folder: join(config.data, RECORDS_FOLDER) }
        : { url: config.recordsUrl.reveal() },
    );
    own({ name: 'records', disconnect: () => records.close() });
    await records.migrate();
    const gate = openGate();
    const audience = new Audience({
      metrics,
      logger,
      openSessions: (ids) => gate.openSessions(ids),
    });
    let onPlan = (_version: PlanInForce): void => undefined;
    const plans = await followPlans(log, logger, (version) => {
      onPlan(version);
    });
    own({ name: 'plans', disconnect: () => plans.stop() });
    const hub = new LiveHub({ plans, audience, logger });
    onPlan = ({ plan }) => {
      hub.showPlan(plan.site, plan.version);
    };
    await hub.start(log);
    own({ name: 'live', disconnect: () => hub.stop() });
    const book = new PlanBook(log, plans, records.plans);
    const url = config.consoleUrl ?? `http://${formatAddress(config.consoleAddress)}`;
    const app = await buildApp({
      logger,
      metrics,
      url,
      webFolder: WEB_FOLDER,
      routes: (api) => {
        planRoutes(api, { gate, plans, book });
        liveRoutes(api, { gate, audience, hub, plans });
      },
    });
    await app.listen({ ...config.consoleAddress });
    own({ name: 'server', close: () => app.close() });
    own({
      name: 'viewers',
      close: () => {
        audience.stop();
      },
    });
    logger.info({ url }, 'the console is served');
  },
};

/** The warehouse that the configuration names, or the embedded one that runs in the data folder. */
async function openStore(config: ConsoleConfig): Promise<Warehouse> {
  const url =
    config.warehouseUrl ?? (await findEmbeddedWarehouse(join(config.data, WAREHOUSE_FOLDER)));
  if (url === undefined) {
    throw new HitonamiError(
      'CONFIG',
      `no warehouse runs in ${config.data}: start hitonami there, or name one with HITONAMI_WAREHOUSE_URL`,
    );
  }
  return openWarehouse({
    url,
    database: config.warehouseDatabase,
    requestMs: WAREHOUSE_MS_MAX,
    retry: { attempts: WAREHOUSE_TRIES },
    ...(config.warehouseUser !== undefined && { username: config.warehouseUser }),
    ...(config.warehousePassword !== undefined && { password: config.warehousePassword.reveal() }),
  });
}
