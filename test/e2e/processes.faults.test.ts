import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeRecording, endOfRecording, untilWritten } from 'hitonami';
import {
  createGrpcClient,
  createLogger,
  openLog,
  writeWithBackpressure,
  type PositionBatch,
  type Receipt,
} from '@hitonami/service';
import { openWarehouse, type Measures } from '@hitonami/warehouse';
import { run as runCommand } from '../support/command.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeEnvironment } from '../support/compose.js';
import { requireKafka, startKafka } from '../support/kafka-broker.js';
import { freePort, startServiceProcess, type ServiceProcess } from '../support/service-process.js';
import { walkBatches, walkPlan, WALK_START_US } from '../support/walkers.js';

// Every service as a process of its own, told what the compose file tells its container, but for addresses of this machine.
// The warehouse is the embedded engine in a process of its own, since ClickHouse's server is not to be had by package name.

const LENGTHS_S = [10, 60, 900, 3_600];
const SECONDS = 150;
const batches = walkBatches(SECONDS);
const lastUs = batches.at(-1)?.capturedUs ?? WALK_START_US;
const hasKafka = await requireKafka();

interface Road {
  log: Record<string, string>;
  folder: string;
}

/** All measures of the site in every window length, as they are in the warehouse. */
async function everyRow(url: string): Promise<Measures[]> {
  const warehouse = openWarehouse({ url, database: 'hitonami' });
  try {
    return await Promise.all(LENGTHS_S.map((lengthS) => warehouse.exportMeasures('hall', lengthS)));
  } finally {
    await warehouse.close();
  }
}

/** Sends batches one after another and waits for every receipt. */
async function send(port: number, list: readonly PositionBatch[]): Promise<void> {
  const client = createGrpcClient({ door: 'PositionIngest', address: { host: '127.0.0.1', port } });
  await client.waitUntilConnected(10_000);
  const stream = client.stream();
  const receipts: Receipt[] = [];
  const ended = new Promise<void>((resolve, reject) =>
    stream.on('end', resolve).on('error', reject),
  );
  stream.on('data', (receipt: Receipt) => receipts.push(receipt));
  for (const batch of list) await writeWithBackpressure(stream, batch);
  stream.end();
  await ended;
  client.close();
  expect(receipts.filter((receipt) => receipt.processed).length).toBe(list.length);
}

/** Runs the recorded walk through processes; `crash` is called when half of it is on its way. */
async function runThrough(
  { log, folder }: Road,
  crash?: (
    aggregator: ServiceProcess,
    restart: () => Promise<ServiceProcess>,
  ) => Promise<ServiceProcess>,
): Promise<Measures[]> {
  const [doorPort, warehousePort] = [await freePort(), await freePort()];
  const running: ServiceProcess[] = [];
  const start = async (
    name: string,
    environment: Record<string, string>,
  ): Promise<ServiceProcess> => {
    const service = await startServiceProcess(name, environment);
    running.push(service);
    return service;
  };
  const planFile = join(folder, 'site.json');
  await writeFile(planFile, walkPlan);
  try {
    await start('warehouse', {
      HITONAMI_DATA: folder,
      HITONAMI_WAREHOUSE_PORT: String(warehousePort),
    });
    const published = await runCommand(['publish', planFile], {
      ...composeEnvironment('plan'),
      ...log,
    });
    expect(published.code, published.output).toBe(0);
    await start('ingestor', {
      ...composeEnvironment('ingestor'),
      ...log,
      HITONAMI_MODEL: 'none',
      HITONAMI_GRPC_ADDRESS: `127.0.0.1:${doorPort}`,
      HITONAMI_TICKS: 'off',
    });
    const {
      HITONAMI_WAREHOUSE_USER: _user,
      HITONAMI_WAREHOUSE_PASSWORD: _password,
      ...compose
    } = composeEnvironment('aggregator');
    const aggregatorEnvironment = {
      ...compose,
      ...log,
      HITONAMI_WAREHOUSE_URL: `http://127.0.0.1:${warehousePort}`,
      HITONAMI_RETENTION: 'keep',
    };
    let aggregator = await start('aggregator', aggregatorEnvironment);
    const half = Math.floor(batches.length / 2);
    await send(doorPort, batches.slice(0, half));
    if (crash)
      aggregator = await crash(aggregator, () => start('aggregator', aggregatorEnvironment));
    await send(doorPort, batches.slice(half));
    await finish(log, () =>
      aggregator.metric('hitonami_written_until_timestamp_seconds', { site: 'hall' }),
    );
    return await everyRow(`http://127.0.0.1:${warehousePort}`);
  } finally {
    for (const service of running.reverse()) await service.stop();
  }
}

async function finish(
  log: Record<string, string>,
  writtenUntilS: () => Promise<number | undefined>,
): Promise<void> {
  const eventLog = await openLog(
    logConfig(log),
    'test',
    createLogger({ service: 'test', level: 'silent' }),
  );
  try {
    await closeRecording(eventLog, 'hall', lastUs);
  } finally {
    await eventLog.close();
  }
  const writtenUntilUs = async (): Promise<number | undefined> => {
    const seconds = await writtenUntilS();
    return seconds === undefined ? undefined : seconds * 1e6;
  };
  await untilWritten(writtenUntilUs, endOfRecording(lastUs), 60_000);
}

function logConfig(log: Record<string, string>) {
  return {
    log: log['HITONAMI_LOG'] as 'kafka' | 'embedded',
    kafkaBrokers: log['HITONAMI_KAFKA_BROKERS']?.split(','),
    data: log['HITONAMI_DATA'] ?? '',
    topicPrefix: log['HITONAMI_TOPIC_PREFIX'] ?? 'hitonami.',
    observationPartitions: 4,
  };
}

/** Kills the aggregator with −9 once it has written something, while the other half is already coming in. */
async function killAndRestart(
  aggregator: ServiceProcess,
  restart: () => Promise<ServiceProcess>,
): Promise<ServiceProcess> {
  const hasWritten = (): Promise<number | undefined> =>
    aggregator.metric('hitonami_written_until_timestamp_seconds', { site: 'hall' });
  await untilWritten(
    async () => ((await hasWritten()) ?? 0) * 1e6,
    WALK_START_US + 20_000_000,
    30_000,
  );
  await aggregator.kill();
  return restart();
}

describe('every service as a process of its own', () => {
  let folder: string;
  let onEmbedded: Measures[];

  const embedded = async (name: string): Promise<Road> => {
    const data = await mkdtemp(join(folder, `${name}-`));
    return {
      folder: data,
      // The compose file names brokers, which mean nothing to the embedded log: an empty key counts as not set.
      log: { HITONAMI_LOG: 'embedded', HITONAMI_KAFKA_BROKERS: '', HITONAMI_DATA: data },
    };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hitonami-processes-'));
    onEmbedded = await runThrough(await embedded('whole'));
  }, 120_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('writes the windows of a recorded crowd, and rolls them up', () => {
    const [tenSeconds, minutes, , hours] = onEmbedded;
    expect(tenSeconds?.areas.filter((row) => row.observedDm2Us > 0).length).toBeGreaterThanOrEqual(
      (2 * SECONDS) / 10,
    );
    const sum = (rows: readonly { personUs: number }[] = []): number =>
      rows.reduce((total, row) => total + row.personUs, 0);
    expect(sum(tenSeconds?.areas)).toBeGreaterThan(SECONDS * 10 * 1e6);
    expect(sum(minutes?.areas)).toBe(sum(tenSeconds?.areas));
    expect(sum(hours?.areas)).toBe(sum(tenSeconds?.areas));
    const crossings = tenSeconds?.lines.reduce(
      (total, row) => total + row.forward + row.backward,
      0,
    );
    expect(crossings).toBeGreaterThan(50);
  });

  it('gives identical rows when the aggregator is killed with −9 in the middle and started again', async () => {
    expect(await runThrough(await embedded('killed'), killAndRestart)).toEqual(onEmbedded);
  }, 120_000);

  it.skipIf(!hasKafka)(
    'gives identical rows with Kafka as the log, also over a kill −9',
    async () => {
      const kafka = await startKafka();
      try {
        const data = await mkdtemp(join(folder, 'kafka-'));
        const log = {
          HITONAMI_LOG: 'kafka',
          HITONAMI_KAFKA_BROKERS: kafka.brokers.join(','),
          HITONAMI_TOPIC_PREFIX: kafka.prefix,
          HITONAMI_DATA: data,
        };
        expect(await runThrough({ log, folder: data }, killAndRestart)).toEqual(onEmbedded);
      } finally {
        await kafka.stop();
      }
    },
    180_000,
  );
});
