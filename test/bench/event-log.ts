import { join } from 'node:path';
import { openEmbeddedLog, openKafkaLog, type EventLog } from '@hitonami/event-log';
import kafkajs from 'kafkajs';
import { open } from 'lmdb';
import { requireKafka, startKafka, type KafkaBroker } from '../support/kafka-broker.js';
import { interleave, secondsSince, type BenchOptions, type Figure } from './measure.js';
import { traffic } from './traffic.js';

const TOPIC = 'records';
const KEY = 'bench';
/** Records in one durable append to the embedded log, and in one request to Kafka. */
const EMBEDDED_BATCH = 1_000;
const KAFKA_BATCH = 500;
const START_US = 1_767_225_600_000_000;
const ACKS_ALL = -1;
/** What the adapter asks for at once, bytes: the bare consumer asks for the same. */
const FETCH_PARTITION_BYTES = 4 * 1024 * 1024;

/** Both adapters of the log against the clients that they stand on, with the same records in the same batches. */
export async function eventLog(options: BenchOptions): Promise<Figure[]> {
  const records = [...traffic(START_US, options.quick ? 20 : 60)];
  return [...(await embedded(options, records)), ...(await kafka(options, records))];
}

async function embedded(
  { quick, folder, say }: BenchOptions,
  values: readonly Buffer[],
): Promise<Figure[]> {
  say('the embedded log against bare LMDB');
  const log = await openEmbeddedLog({ folder: join(folder, 'log') });
  await log.createTopics([{ name: TOPIC, partitions: 1, retentionMs: Infinity }]);
  // The same promise as the log's: a commit returns when it is on the disk.
  const root = open<Buffer, Buffer>({
    path: join(folder, 'lmdb'),
    encoding: 'binary',
    keyEncoding: 'binary',
    overlappingSync: false,
    eventTurnBatching: false,
  });
  const single = root.openDB<Buffer, Buffer>('single', {
    encoding: 'binary',
    keyEncoding: 'binary',
  });
  const whole = root.openDB<Buffer, Buffer>('whole', { encoding: 'binary', keyEncoding: 'binary' });
  const batches = inBatches(values, EMBEDDED_BATCH);
  const bytes = values.reduce((sum, { length }) => sum + length, 0);
  let [logged, singles, wholes] = [0, 0, 0];
  const rate = (startMs: number): number => values.length / secondsSince(startMs);
  const append = await interleave(quick ? 3 : 7, {
    log: async () => {
      const startMs = performance.now();
      for (const batch of batches)
        await log.append(
          TOPIC,
          batch.map((value) => ({ key: KEY, value })),
        );
      logged += values.length;
      return rate(startMs);
    },
    puts: async () => {
      const startMs = performance.now();
      for (const batch of batches)
        await root.transaction(() => {
          for (const value of batch) void single.put(keyOf(singles++), value);
        });
      return rate(startMs);
    },
    whole: async () => {
      const startMs = performance.now();
      for (const batch of batches) {
        const value = Buffer.concat(batch);
        await root.transaction(() => void whole.put(keyOf(wholes++), value));
      }
      return rate(startMs);
    },
  });
  const check = (read: number): void => {
    if (read !== bytes) throw new Error(`${String(read)} bytes were read, not ${String(bytes)}`);
  };
  const read = await interleave(quick ? 3 : 7, {
    log: async () => {
      const startMs = performance.now();
      let sum = 0;
      for await (const { value } of log.read(TOPIC, 0, logged - values.length)) sum += value.length;
      check(sum);
      return rate(startMs);
    },
    gets: () => {
      const startMs = performance.now();
      let sum = 0;
      for (let i = singles - values.length; i < singles; i++)
        sum += single.getBinary(keyOf(i))?.length ?? 0;
      check(sum);
      return rate(startMs);
    },
    whole: () => {
      const startMs = performance.now();
      let sum = 0;
      for (let i = wholes - batches.length; i < wholes; i++)
        sum += whole.getBinary(keyOf(i))?.length ?? 0;
      check(sum);
      return rate(startMs);
    },
  });
  await log.close();
  await root.close();
  return [
    {
      key: 'log_append_records_per_s',
      value: append.rate('log'),
      unit: 'records/s',
      what: `embedded log, durable appends of ${String(EMBEDDED_BATCH)} records of 600 bytes`,
    },
    {
      key: 'log_append_ratio',
      value: append.ratio('log', 'puts'),
      unit: '',
      what: '… over bare LMDB, a put for each record, a transaction for each batch',
    },
    {
      key: 'log_append_limit_ratio',
      value: append.ratio('log', 'whole'),
      unit: '',
      what: '… over the limit: one LMDB value for each batch, without keys, offsets or checksum',
    },
    {
      key: 'log_read_ratio',
      value: read.ratio('log', 'gets'),
      unit: '',
      what: 'reading them back, record by record, over a bare LMDB get for each',
    },
    {
      key: 'log_read_limit_ratio',
      value: read.ratio('log', 'whole'),
      unit: '',
      what: '… over the limit: the batches as they lie, not cut into records',
    },
  ];
}

async function kafka({ quick, say }: BenchOptions, values: readonly Buffer[]): Promise<Figure[]> {
  const figures = (append?: number, read?: number): Figure[] => [
    {
      key: 'log_kafka_append_ratio',
      value: append,
      unit: '',
      what: `Kafka adapter, appends of ${String(KAFKA_BATCH)} records, over bare kafkajs sends`,
    },
    {
      key: 'log_kafka_read_ratio',
      value: read,
      unit: '',
      what: 'Kafka adapter, consuming as a group, over bare kafkajs eachBatch',
    },
  ];
  if (!(await requireKafka())) return figures();
  say('the Kafka adapter against bare kafkajs');
  const broker = await startKafka();
  const clients = new kafkajs.Kafka({ brokers: broker.brokers, logLevel: kafkajs.logLevel.ERROR });
  const log = await openKafkaLog({
    brokers: broker.brokers,
    prefix: broker.prefix,
    replicationFactor: 1,
  });
  const producer = clients.producer({ allowAutoTopicCreation: false });
  try {
    await log.createTopics([
      { name: TOPIC, partitions: 1, retentionMs: Infinity },
      { name: 'bare', partitions: 1, retentionMs: Infinity },
    ]);
    await producer.connect();
    const batches = inBatches(values, KAFKA_BATCH);
    const append = await interleave(quick ? 3 : 7, {
      log: async () => {
        const startMs = performance.now();
        for (const batch of batches)
          await log.append(
            TOPIC,
            batch.map((value) => ({ key: KEY, value })),
          );
        return values.length / secondsSince(startMs);
      },
      bare: async () => {
        const startMs = performance.now();
        for (const batch of batches)
          await producer.send({
            topic: `${broker.prefix}bare`,
            acks: ACKS_ALL,
            messages: batch.map((value) => ({ key: KEY, value })),
          });
        return values.length / secondsSince(startMs);
      },
    });
    const records = values.length * (quick ? 3 : 7);
    const read = await interleave(quick ? 2 : 5, {
      log: () => consumeWithAdapter(log, records),
      bare: () => consumeBare(clients, broker, records),
    });
    return figures(append.ratio('log', 'bare'), read.ratio('log', 'bare'));
  } finally {
    await producer.disconnect();
    await log.close();
    await broker.stop();
  }
}

let groups = 0;

/** Records a second from the first batch on: joining the group is not counted. */
class Reading {
  private readonly records: number;
  private seen = 0;
  private start: { ms: number; seen: number } | undefined;
  private finish!: (rate: number) => void;
  readonly rate = new Promise<number>((resolve) => (this.finish = resolve));

  constructor(records: number) {
    this.records = records;
  }

  batch(records: number): void {
    this.seen += records;
    if (this.start === undefined) this.start = { ms: performance.now(), seen: this.seen };
    else if (this.seen >= this.records)
      this.finish((this.seen - this.start.seen) / secondsSince(this.start.ms));
  }
}

async function consumeWithAdapter(log: EventLog, records: number): Promise<number> {
  const reading = new Reading(records);
  const consumer = await log.consume(`reader-${String(groups++)}`, [TOPIC], {
    assigned: () => undefined,
    lost: () => undefined,
    batch: (batch) => {
      reading.batch(batch.records.length);
      return Promise.resolve();
    },
  });
  const rate = await reading.rate;
  await consumer.stop();
  return rate;
}

async function consumeBare(
  clients: kafkajs.Kafka,
  { prefix }: KafkaBroker,
  records: number,
): Promise<number> {
  const reading = new Reading(records);
  const consumer = clients.consumer({
    groupId: `${prefix}bare-${String(groups++)}`,
    maxBytesPerPartition: FETCH_PARTITION_BYTES,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: `${prefix}bare`, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      reading.batch(batch.messages.length);
      return Promise.resolve();
    },
  });
  const rate = await reading.rate;
  await consumer.disconnect();
  return rate;
}

function inBatches(values: readonly Buffer[], size: number): Buffer[][] {
  const batches: Buffer[][] = [];
  for (let at = 0; at < values.length; at += size) batches.push(values.slice(at, at + size));
  return batches;
}

function keyOf(index: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  key.writeUInt32BE(Math.floor(index / 2 ** 32), 0);
  key.writeUInt32BE(index % 2 ** 32, 4);
  return key;
}
