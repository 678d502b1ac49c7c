import { join } from 'node:path';
import { aggregatorSchema, aggregatorService } from '@hitonami/aggregator';
import { cameraSchema, cameraService } from '@hitonami/camera';
import type { EventLog } from '@hitonami/event-log';
import { ingestorSchema, ingestorService } from '@hitonami/ingestor';
import {
  createLogger,
  createMetrics,
  Health,
  openLog,
  publishPlan,
  readConfig,
  startOperations,
  startService,
  topicSpecs,
  type Address,
  type Metrics,
  type Shared,
} from '@hitonami/service';
import { startEmbeddedWarehouse } from '@hitonami/warehouse';

/** The services of a station in this process, on the embedded log and warehouse, with their real registry of metrics. */
export interface WatchedStation {
  readonly doors: Address;
  /** Where `/metrics` is served. */
  readonly metricsAddress: Address;
  readonly shared: Shared;
  /** What another service in the same folder is told. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: EventLog;
  stop(): Promise<void>;
}

export async function startWatchedStation(
  folder: string,
  planJson: string,
  alertWebhookUrl: string,
): Promise<WatchedStation> {
  const logger = createLogger({ service: 'test', level: 'error' });
  const shared: Shared = { logger, metrics: createMetrics('station'), health: new Health() };
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const engine = await startEmbeddedWarehouse({ folder: join(folder, 'warehouse') });
    stops.push(() => engine.stop());
    const data = { HITONAMI_DATA: folder };
    const environment = { ...data, HITONAMI_WAREHOUSE_URL: engine.url };
    const aggregator = readConfig(aggregatorSchema, {
      ...environment,
      HITONAMI_ALERT_WEBHOOK_URL: alertWebhookUrl,
      HITONAMI_ALERT_WEBHOOK_SECRET: 'known to the receiver alone',
    });
    const log = await openLog(aggregator, 'test', logger);
    stops.push(() => log.close());
    await log.createTopics(topicSpecs());
    await publishPlan(log, planJson, Date.now() * 1000);
    const loopback = { host: '127.0.0.1', port: 0 };
    const operations = await startOperations({ address: loopback, ...shared });
    stops.push(() => operations.stop());
    const aggregating = await startService(aggregatorService, aggregator, shared);
    stops.push(() => aggregating.stop());
    let doors = loopback;
    const ingestor = ingestorService(({ address }) => (doors = address));
    const ingesting = await startService(
      ingestor,
      readConfig(ingestorSchema, {
        ...data,
        HITONAMI_GRPC_ADDRESS: '127.0.0.1:0',
        HITONAMI_MODEL: 'none',
      }),
      shared,
    );
    stops.push(() => ingesting.stop());
    return {
      doors,
      metricsAddress: operations.address,
      ...{ shared, environment, log },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The registry of a camera's agent, which has no ingestor to speak to. */
export async function cameraRegistry(): Promise<Metrics> {
  const metrics = createMetrics('camera');
  const logger = createLogger({ service: 'test', level: 'silent' });
  const agent = await startService(
    cameraService(),
    readConfig(cameraSchema, {
      HITONAMI_CAMERA_SITE: 'station',
      HITONAMI_CAMERA_ID: 'c1',
      HITONAMI_CAMERA_SOURCE: 'rtsp://127.0.0.1:9/none',
      HITONAMI_CAMERA_INGESTOR: '127.0.0.1:9',
    }),
    { logger, metrics, health: new Health() },
  );
  await agent.stop();
  return metrics;
}
