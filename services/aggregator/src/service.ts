import type { EventLog, GroupConsumer } from '@hitonami/event-log';
import {
  followPlans,
  openLog,
  topicSpecs,
  type Logger,
  type PlanFollower,
  type Service,
  type ServiceContext,
} from '@hitonami/service';
import { openWarehouse, type WarehouseOptions } from '@hitonami/warehouse';
import { followAlerts } from './alerts/board.js';
import { AlertWebhook } from './alerts/webhook.js';
import { aggregatorSchema, type AggregatorConfig } from './config.js';
import { ObservationConsumer } from './consumer.js';
import { startLiveLoop } from './live-loop.js';
import { aggregatorMetrics } from './metrics.js';
import { WarehouseWriter } from './writer.js';

/** The consumer's loop, or the writer that tries again, is expected to turn this often, ms: longer than a request may take. */
const LOOP_SILENCE_MAX_MS = 90_000;
const WATCH_MS = 1_000;
/** The writer tries again by itself, for as long as it takes, and stops at once when asked. */
const WRITE_TRIES = 1;

/** Positions in; windows of crowd measures, flows, live snapshots and alerts out. */
export const aggregatorService: Service<AggregatorConfig> & { schema: typeof aggregatorSchema } = {
  name: 'aggregator',
  schema: aggregatorSchema,
  async start({ config, logger, metrics: registry, health, own, fail }) {
    const log = await openLog(config, 'aggregator', logger);
    own({ name: 'event log', disconnect: () => log.close() });
    await log.createTopics(topicSpecs(config.observationPartitions));
    const where: WarehouseOptions = {
      url: config.warehouseUrl,
      database: config.warehouseDatabase,
      ...(config.warehouseUser !== undefined && { username: config.warehouseUser }),
      ...(config.warehousePassword !== undefined && {
        password: config.warehousePassword.reveal(),
      }),
    };
    await migrate(where);
    const warehouse = openWarehouse({ ...where, retry: { attempts: WRITE_TRIES } });
    own({ name: 'warehouse', disconnect: () => warehouse.close() });
    const plans = await followPlans(log, logger);
    own({ name: 'plans', disconnect: () => plans.stop() });
    const metrics = aggregatorMetrics(registry);
    const heartbeat = health.heartbeat('aggregator', LOOP_SILENCE_MAX_MS);
    const beat = (): void => {
      heartbeat.beat();
    };
    const keep = config.retention === 'keep';
    const readiness = health.component('aggregator to warehouse');
    const writer = new WarehouseWriter({ warehouse, keep, logger, metrics, readiness, beat });
    const watermark = { disorderUs: config.disorder * 1000, latenessUs: config.lateness * 1000 };
    const alerts = await followAlerts(log, logger);
    own({ name: 'alerts', disconnect: () => alerts.stop() });
    const parts = { plans, watermark, metrics, logger, alerts, tellsPeople: !keep };
    const observations = new ObservationConsumer({ parts, writer, logger, beat, fail });
    const consumer = await observations.start(log);
    own({ name: 'observations', close: () => observations.stop() });
    const watchdog = watch(consumer, observations, beat, logger);
    own({
      name: 'watchdog',
      close: () => {
        clearInterval(watchdog);
      },
    });
    const live = startLiveLoop(log, () => observations.partitions(), metrics.live, logger);
    own({ name: 'live snapshots and alerts', close: () => live.stop() });
    await startWebhook(log, plans, { config, logger, metrics: registry, own });
  },
};

/** Where one is configured, and what happens happens now. */
async function startWebhook(
  log: EventLog,
  plans: PlanFollower,
  {
    config,
    logger,
    metrics,
    own,
  }: Pick<ServiceContext<AggregatorConfig>, 'config' | 'logger' | 'metrics' | 'own'>,
): Promise<void> {
  const { alertWebhookUrl: url, alertWebhookSecret: secret, consoleUrl } = config;
  if (url === undefined || secret === undefined) return;
  if (config.retention === 'keep') {
    logger.warn('HITONAMI_RETENTION=keep is for recordings: the alert webhook is told of nothing');
    return;
  }
  const target = { url, secret: secret.reveal() };
  const webhook = new AlertWebhook({ target, consoleUrl, plans, logger, metrics });
  await webhook.start(log);
  own({ name: 'alert webhook', close: () => webhook.stop() });
}

/** Brings the schema up to date, patient with a warehouse that is only just starting. */
async function migrate(where: WarehouseOptions): Promise<void> {
  const warehouse = openWarehouse(where);
  try {
    await warehouse.migrate();
  } finally {
    await warehouse.close();
  }
}

/** Passes on that the consumer's loop turns, and measures how far behind it is. */
function watch(
  consumer: GroupConsumer,
  observations: ObservationConsumer,
  beat: () => void,
  logger: Logger,
): NodeJS.Timeout {
  let seenMs = 0;
  let measuring: Promise<void> | undefined;
  return setInterval(() => {
    const lastMs = consumer.lastProgressMs();
    if (lastMs !== seenMs) beat();
    seenMs = lastMs;
    measuring ??= observations
      .measureLag()
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'the lag could not be measured');
      })
      .finally(() => (measuring = undefined));
  }, WATCH_MS);
}
