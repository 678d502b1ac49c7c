import { createServer, type AddressInfo } from 'node:net';
import type { Records } from '@hitonami/records';
import {
  cannotListen,
  createGrpcClient,
  followPlans,
  formatAddress,
  openLog,
  topicSpecs,
  type Address,
  type PlanInForce,
  type Service,
  type ServiceContext,
} from '@hitonami/service';
import { openAccess } from './access/index.js';
import { alertRoutes } from './alerts/routes.js';
import { startDesk } from './alerts/start.js';
import { buyerRoutes } from './buyers/routes.js';
import { consoleSchema, type ConsoleConfig } from './config.js';
import { startHeadcount } from './headcount/start.js';
import { headcountRoutes } from './headcount/routes.js';
import { buildApp } from './http/app.js';
import { WEB_FOLDER } from './http/web-app.js';
import { inquiryRoutes } from './inquiries/routes.js';
import { Audience } from './live/audience.js';
import { LiveHub } from './live/hub.js';
import { liveRoutes } from './live/routes.js';
import { measureRoutes } from './measures/routes.js';
import { consoleMetrics } from './metrics.js';
import { PlanBook } from './plans/book.js';
import { planRoutes } from './plans/routes.js';
import { PurposeDesk } from './purposes/desk.js';
import { purposeRoutes } from './purposes/routes.js';
import { calendarRoutes, reportRoutes } from './report/routes.js';
import { EmptinessCheck } from './stills/check.js';
import { stillRoutes } from './stills/routes.js';
import { inboxOf, migrateSoon, openOwnRecords, openStore } from './stores.js';
import { MetricsSources } from './system/sources.js';
import { systemRoutes } from './system/routes.js';

/** What whoever started the console may want to tell a person. */
export interface Served {
  /** Where browsers find it. */
  url: string;
  /** With it the first administrator is made; undefined where there is one. */
  setupToken: string | undefined;
  /** Open for others of this process, until the console stops: embedded ones have one owner. */
  records: Records;
}

/**
 * What operators look at: the API of the console, its live streams, and the web application.
 *
 * @param onServed told once, when the console answers
 */
export function consoleService(
  onServed: (served: Served) => void = () => undefined,
): Service<ConsoleConfig> & { schema: typeof consoleSchema } {
  return {
    name: 'console',
    schema: consoleSchema,
    start: (context) => start(context, onServed),
  };
}

async function start(
  { config, logger, metrics: registry, own }: ServiceContext<ConsoleConfig>,
  onServed: (served: Served) => void,
): Promise<void> {
  const metrics = consoleMetrics(registry);
  const address = await withPort(config.consoleAddress);
  const url = config.consoleUrl ?? `http://${formatAddress(address)}`;
  const log = await openLog(config, 'console', logger);
  own({ name: 'event log', disconnect: () => log.close() });
  await log.createTopics(topicSpecs(config.observationPartitions));
  const warehouse = await openStore(config);
  own({ name: 'warehouse', disconnect: () => warehouse.close() });
  own({ name: 'schema', close: migrateSoon(warehouse, logger) });
  const records = await openOwnRecords(config);
  own({ name: 'records', disconnect: () => records.close() });

  let setupToken: string | undefined;
  const access = await openAccess({
    records,
    url,
    logger,
    oidc: oidcOf(config),
    inbox: inboxOf(config),
    onSetupToken: (token) => {
      setupToken = token;
    },
  });
  const { gate } = access;
  const audience = new Audience({ metrics, logger, openSessions: gate.openSessions });
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
  const desk = await startDesk({ config, url, log, records, plans, hub, logger, metrics, own });
  const board = startHeadcount({ config, plans, hub, audience, logger, metrics, own });
  const sources = new MetricsSources(config.metricsSources ?? [], logger);
  sources.start();
  own({ name: 'sources', close: () => sources.stop() });

  const emptiness = new EmptinessCheck(
    config.ingestorAddress &&
      createGrpcClient({ door: 'StillCheck', address: config.ingestorAddress, security: config }),
  );
  own({
    name: 'emptiness check',
    disconnect: () => {
      emptiness.close();
    },
  });

  const purposes = new PurposeDesk({ plans, gate, logger });
  const book = new PlanBook(log, plans, records.plans);
  const app = await buildApp({
    logger,
    metrics,
    url,
    webFolder: WEB_FOLDER,
    proxies: config.consoleProxies ?? [],
    routes: async (api) => {
      await api.register(access.plugin);
      planRoutes(api, { gate, plans, book });
      await stillRoutes(api, { gate, plans, records, emptiness });
      purposeRoutes(api, { gate, plans, purposes });
      liveRoutes(api, { gate, audience, hub, plans, purposes });
      measureRoutes(api, { gate, plans, warehouse, records, purposes });
      alertRoutes(api, { gate, plans, desk, records, purposes });
      headcountRoutes(api, { gate, audience, board, purposes });
      inquiryRoutes(api, { gate, plans, records });
      buyerRoutes(api, { gate, plans, records });
      systemRoutes(api, { gate, plans, hub, sources, board, purposes });
      reportRoutes(api, { gate, plans, warehouse, records, purposes });
      calendarRoutes(api, { gate, plans, warehouse, records, purposes });
    },
  });
  own({ name: 'server', close: () => app.close() });
  own({
    name: 'viewers',
    close: () => {
      audience.stop();
    },
  });
  await app.listen(address).catch((cause: unknown) => {
    throw cannotListen(
      { what: 'The console', key: 'HITONAMI_CONSOLE_ADDRESS', option: '--console' },
      address,
      cause,
    );
  });
  logger.info({ url }, 'the console is served');
  onServed({ url, setupToken, records });
}

/** Where any port is asked for, a free one: the origin that requests must come from has to be known before. */
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

function oidcOf({ oidcIssuer, oidcClientId, oidcClientSecret, oidcRoles }: ConsoleConfig) {
  if (oidcIssuer === undefined || oidcClientId === undefined) return undefined;
  return {
    issuer: oidcIssuer,
    clientId: oidcClientId,
    clientSecret: oidcClientSecret?.reveal(),
    roles: oidcRoles ?? [],
  };
}
