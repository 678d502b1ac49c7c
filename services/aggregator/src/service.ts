import { followPlans, openLog, topicSpecs, type Service } from '@hitonami/service';
import { openWarehouse } from '@hitonami/warehouse';
import { aggregatorSchema, type AggregatorConfig } from './config.js';
import { ObservationConsumer } from './consumer.js';
import { startLivePublisher } from './live-publisher.js';
import { aggregatorMetrics } from './metrics.js';
import { WarehouseWriter } from './writer.js';

/** The consumer's loop is expected to turn this often, ms; a warehouse that refuses stops it, and that is to be seen. */
const LOOP_SILENCE_MAX_MS = 30_000;
const PROGRESS_CHECK_MS = 1_000;

/** Positions in; windows of crowd measures, flows and live snapshots out. */
export const aggregatorService: Service<AggregatorConfig> & { schema: typeof aggregatorSchema } = {
  name: 'aggregator',
  schema: aggregatorSchema,
  async start({ config, logger, metrics: registry, health, own, fail }) {
    const log = await openLog(config, 'aggregator', logger);
    own({ name: 'event log', disconnect: () => log.close() });
    await log.createTopics(topicSpecs(config.observationPartitions));
    const warehouse = openWarehouse({
      url: config.warehouseUrl,
      database: config.warehouseDatabase,
      ...(config.warehouseUser !== undefined && { username: config.warehouseUser }),
      ...(config.warehousePassword !== undefined && {
        password: config.warehousePassword.reveal(),
      }),
    });
    own({ name: 'warehouse', disconnect: () => warehouse.close() });
    await warehouse.migrate();
    const plans = await followPlans(log, logger);
    own({ name: 'plans', disconnect: () => plans.stop() });
    const metrics = aggregatorMetrics(registry);
    const writer = new WarehouseWriter({
      warehouse,
      keep: config.retention === 'keep',
      logger,
      metrics,
    });
    const heartbeat = health.heartbeat('aggregator', LOOP_SILENCE_MAX_MS);
    const watermark = { disorderUs: config.disorder * 1000, latenessUs: config.lateness * 1000 };
    const parts = { plans, watermark, metrics, logger };
    const observations = new ObservationConsumer({
      parts,
      writer,
      logger,
      beat: () => {
        heartbeat.beat();
      },
      fail,
    });
    const consumer = await observations.start(log);
    own({ name: 'observations', close: () => consumer.stop(), flush: () => observations.flush() });
    let seenMs = 0;
    const watchdog = setInterval(() => {
      const lastMs = consumer.lastProgressMs();
      if (lastMs !== seenMs) heartbeat.beat();
      seenMs = lastMs;
    }, PROGRESS_CHECK_MS);
    own({
      name: 'watchdog',
      close: () => {
        clearInterval(watchdog);
      },
    });
    const live = startLivePublisher(log, () => observations.partitions(), logger);
    own({ name: 'live snapshots', close: () => live.stop() });
  },
};
