import { join } from 'node:path';
import { aggregatorSchema, aggregatorService } from '@hitonami/aggregator';
import type { Served } from '@hitonami/console';
import { ingestorSchema, ingestorService } from '@hitonami/ingestor';
import type { EventLog } from '@hitonami/event-log';
import { HitonamiError, type SitePlan } from '@hitonami/model';
import {
  createMetrics,
  formatAddress,
  Health,
  openLog,
  publishPlan,
  readConfig,
  startOperations,
  startService,
  topicSpecs,
  type Address,
  type Environment,
  type Logger,
  type Metrics,
  type RunningService,
} from '@hitonami/service';
import { openWarehouse, startEmbeddedWarehouse, type Warehouse } from '@hitonami/warehouse';
import { commandLogger } from './command-logger.js';
import { closeAll } from './close-all.js';
import { makeDataFolder, WAREHOUSE_DATABASE, WAREHOUSE_FOLDER } from './data-folder.js';

export interface StationOptions {
  /** Everything embedded lives here. */
  dataFolder: string;
  planJson: string;
  /** A detector's file; default: the one that is shipped. `none`: frames are refused. */
  model?: string;
  inferenceWorkers?: number;
  /** Brokers of Kafka, where the log is not to be the embedded one. */
  kafkaBrokers?: string[];
  topicPrefix?: string;
  /** The doors; default any free port on loopback. */
  grpcAddress?: Address;
  /** The keys of their transport security (`grpcSecurityShape`), as an environment has them; default none. */
  grpcSecurity?: Environment;
  /** `/metrics` and health; default none. */
  metricsAddress?: Address;
  /** The operators' console; default none. */
  consoleAddress?: Address;
  /** The publisher and the public's pages, beside a console, whose records they share; default none. */
  publicAddress?: Address;
  /** The address that the public knows of them. */
  publicUrl?: string;
  /** What `hitonami audit` has measured, for these pages. */
  riskReport?: string;
  warehousePort?: number;
  /** The warehouse of a system that runs, whose plan says when rows expire; default one of its own. */
  warehouseUrl?: string;
  /**
   * A recording is run through: time is the recording's, nothing is shed while it waits, and no row of a warehouse of its
   * own expires. Otherwise time is the clock's.
   */
  recording: boolean;
  logger?: Logger;
}

/** The whole road in one process: doors, detection, log, aggregation, warehouse. */
export interface Station {
  readonly plan: SitePlan;
  readonly doors: Address;
  readonly log: EventLog;
  readonly warehouse: Warehouse;
  readonly warehouseUrl: string;
  /** Event time up to which every window of a site is written, µs; undefined before the first. */
  writtenUntilUs(site: string): Promise<number | undefined>;
  /** Where metrics and health are served, if they were asked for; the port is the real one. */
  readonly metrics: Address | undefined;
  /** Where the console is served, if it was asked for, and how its first administrator is made. */
  readonly console: Served | undefined;
  /** Where the public's pages are served, if they were asked for. */
  readonly publicUrl: string | undefined;
  /** Rejects when a part has ended that the road cannot do without; never resolves. */
  readonly failed: Promise<never>;
  /** Stops everything in order, also where a part cannot be stopped, and throws that part's error then. Idempotent. */
  stop(): Promise<void>;
}

/** Frames of one camera that may wait in a replay: as many as its sender leaves without a receipt. */
export const REPLAY_QUEUE = 16;

/**
 * Starts the services in this process on the embedded parts (or on Kafka), and publishes the plan.
 * @throws HitonamiError of whichever part could not start; what had been started is stopped
 */
export async function startStation(options: StationOptions): Promise<Station> {
  const logger = options.logger ?? commandLogger('hitonami', 'warn');
  const shared = { logger, metrics: createMetrics('hitonami'), health: new Health() };
  const closers: (() => Promise<unknown>)[] = [];
  const stop = once(() => closeAll(closers.reverse()));
  let fail!: (error: Error) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  // Whoever waits for it is told; that nobody waits, as after the end of a command, is no fault.
  failed.catch(() => undefined);
  try {
    await makeDataFolder(options.dataFolder);
    const warehouseUrl =
      options.warehouseUrl ?? (await startEngine(options, logger, fail, closers));
    const logKeys = logEnvironment(options);
    const ingestorConfig = readConfig(ingestorSchema, {
      ...logKeys,
      ...options.grpcSecurity,
      HITONAMI_GRPC_ADDRESS: formatAddress(options.grpcAddress ?? { host: '127.0.0.1', port: 0 }),
      HITONAMI_MODEL: options.model,
      HITONAMI_INFERENCE_WORKERS: options.inferenceWorkers?.toString(),
      HITONAMI_CAMERA_QUEUE: options.recording ? String(REPLAY_QUEUE) : undefined,
      HITONAMI_TICKS: options.recording ? 'off' : 'on',
    });
    const aggregatorConfig = readConfig(aggregatorSchema, {
      ...logKeys,
      HITONAMI_WAREHOUSE_URL: warehouseUrl,
      HITONAMI_WAREHOUSE_DATABASE: WAREHOUSE_DATABASE,
      HITONAMI_RETENTION: options.recording && options.warehouseUrl === undefined ? 'keep' : 'plan',
    });
    const log = await openLog(ingestorConfig, 'hitonami', logger);
    closers.push(() => log.close());
    await log.createTopics(topicSpecs(ingestorConfig.observationPartitions));
    const { plan } = await publishPlan(log, options.planJson, Date.now() * 1000);
    let metrics: Address | undefined;
    if (options.metricsAddress) {
      const operations = await startOperations({ address: options.metricsAddress, ...shared });
      closers.push(() => operations.stop());
      metrics = operations.address;
    }
    const start = async (starting: Promise<RunningService>): Promise<void> => {
      const service = await starting;
      closers.push(() => service.stop());
      void service.lifecycle.finished.then(({ state, error }) => {
        if (state === 'failed') fail(failureOf(service.name, error));
      });
    };
    await start(startService(aggregatorService, aggregatorConfig, shared));
    let doors: Address | undefined;
    await start(
      startService(
        ingestorService(({ address }) => {
          doors = address;
        }),
        ingestorConfig,
        shared,
      ),
    );
    let served: Served | undefined;
    if (options.consoleAddress) {
      // Loaded where it is wanted: it is the heaviest of all, and most commands start without it.
      const { consoleSchema, consoleService } = await import('@hitonami/console');
      const consoleConfig = readConfig(consoleSchema, {
        ...logKeys,
        HITONAMI_CONSOLE_ADDRESS: formatAddress(options.consoleAddress),
        HITONAMI_WAREHOUSE_URL: warehouseUrl,
        HITONAMI_WAREHOUSE_DATABASE: WAREHOUSE_DATABASE,
        ...options.grpcSecurity,
        HITONAMI_INGESTOR_ADDRESS: doors && formatAddress(fromHere(doors)),
        HITONAMI_METRICS_SOURCES: metrics && `http://${formatAddress(metrics)}/metrics`,
      });
      const service = consoleService((where) => {
        served = where;
      });
      await start(startService(service, consoleConfig, shared));
    }
    let publicUrl: string | undefined;
    if (options.publicAddress && served) {
      // Inside: it alone sees the measures, and writes what the public's pages serve.
      const { publisherSchema, publisherService } = await import('@hitonami/publisher');
      const publisherConfig = readConfig(publisherSchema, {
        ...logKeys,
        HITONAMI_WAREHOUSE_URL: warehouseUrl,
        HITONAMI_WAREHOUSE_DATABASE: WAREHOUSE_DATABASE,
        HITONAMI_METRICS_SOURCES: metrics && `http://${formatAddress(metrics)}/metrics`,
      });
      const publisher = publisherService({ records: served.records });
      await start(startService(publisher, publisherConfig, shared));
      const { openDataSchema, openDataService } = await import('@hitonami/open-data');
      const openDataConfig = readConfig(openDataSchema, {
        HITONAMI_DATA: options.dataFolder,
        HITONAMI_PUBLIC_ADDRESS: formatAddress(options.publicAddress),
        HITONAMI_PUBLIC_URL: options.publicUrl,
        HITONAMI_RISK_REPORTS: options.riskReport,
      });
      const service = openDataService({
        records: served.records,
        onServed: (url) => (publicUrl = url),
      });
      await start(startService(service, openDataConfig, shared));
    }
    const warehouse = openWarehouse({ url: warehouseUrl, database: WAREHOUSE_DATABASE });
    closers.push(() => warehouse.close());
    return {
      plan,
      doors: doors as unknown as Address,
      log,
      warehouse,
      warehouseUrl,
      writtenUntilUs: (site) =>
        readGauge(shared.metrics, 'hitonami_written_until_timestamp_seconds', site),
      metrics,
      console: served,
      publicUrl,
      failed,
      stop,
    };
  } catch (error) {
    await stop().catch((fault: unknown) => {
      logger.error({ err: fault }, 'not everything that had started could be stopped');
    });
    throw error;
  }
}

/** An engine of its own in the data folder. @returns its address */
async function startEngine(
  { dataFolder, warehousePort }: StationOptions,
  logger: Logger,
  fail: (error: Error) => void,
  closers: (() => Promise<unknown>)[],
): Promise<string> {
  const engine = await startEmbeddedWarehouse({
    folder: join(dataFolder, WAREHOUSE_FOLDER),
    ...(warehousePort !== undefined && { port: warehousePort }),
    onCrash: (what) => {
      logger.error(what, 'the warehouse engine ended by itself');
      if (what.restartsInMs === undefined)
        fail(new HitonamiError('WAREHOUSE', `the warehouse cannot go on: ${what.reason}`));
    },
  });
  closers.push(() => engine.stop());
  return engine.url;
}

/**
 * Starts a station, works with it, and stops it in order, however the work ends.
 * @throws the work's own fault rather than one of the stop; what `startStation` throws; the stop's
 */
export async function withStation(
  options: StationOptions,
  work: (station: Station) => Promise<void>,
): Promise<void> {
  const station = await startStation(options);
  const [worked] = await Promise.allSettled([work(station)]);
  const [stopped] = await Promise.allSettled([station.stop()]);
  if (worked.status === 'rejected') throw worked.reason;
  if (stopped.status === 'rejected') throw stopped.reason;
}

/** Where this machine itself reaches what listens at an address, which may be all of its addresses. */
function fromHere({ host, port }: Address): Address {
  const all: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  return { host: all[host] ?? host, port };
}

function failureOf(service: string, cause: unknown): HitonamiError {
  const code = cause instanceof HitonamiError ? cause.code : 'STOPPED';
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HitonamiError(code, `the ${service} cannot go on: ${reason}`, { cause });
}

async function readGauge(
  metrics: Metrics,
  name: string,
  site: string,
): Promise<number | undefined> {
  const found = await metrics.registry.getSingleMetric(name)?.get();
  const value = found?.values.find(({ labels }) => labels['site'] === site)?.value;
  return value === undefined ? undefined : value * 1e6;
}

function logEnvironment({
  dataFolder,
  kafkaBrokers,
  topicPrefix,
}: StationOptions): Record<string, string | undefined> {
  return {
    HITONAMI_DATA: dataFolder,
    HITONAMI_LOG: kafkaBrokers ? 'kafka' : 'embedded',
    HITONAMI_KAFKA_BROKERS: kafkaBrokers?.join(','),
    HITONAMI_TOPIC_PREFIX: topicPrefix,
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
