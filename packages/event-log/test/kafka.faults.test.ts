import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireKafka, startKafka } from '../../../test/support/kafka-broker.js';
import type { KafkaBroker } from '../../../test/support/kafka-broker.js';
import type { EventLog } from '../src/index.js';
import { openKafkaLog } from '../src/index.js';
import { collect, Recorder, until } from './recorder.js';

const { ConfigResourceTypes, Kafka } = kafkajs;

describe.skipIf(!(await requireKafka()))('the Kafka log when things go wrong', () => {
  let kafka: KafkaBroker;
  const logs: EventLog[] = [];
  const faults: string[] = [];
  const open = async (): Promise<EventLog> => {
    const log = await openKafkaLog({
      brokers: kafka.brokers,
      prefix: kafka.prefix,
      sessionMs: 2_000,
      onFault: ({ message }) => faults.push(message),
    });
    logs.push(log);
    return log;
  };
  beforeAll(async () => {
    kafka = await startKafka();
  }, 120_000);
  afterAll(async () => {
    await Promise.all(logs.map((log) => log.close()));
    await kafka.stop();
  }, 60_000);

  it('loses nothing acknowledged when the broker is killed and comes back, and consumers go on', async () => {
    if (kafka.restart === undefined) return;
    const log = await open();
    await log.createTopics([{ name: 'restart', partitions: 1, retentionMs: Infinity }]);
    const recorder = new Recorder();
    const consumer = await log.consume('g', ['restart'], recorder);
    const acknowledged: number[] = [];
    let running = true;
    const appending = (async () => {
      for (let number = 0; running; number++) {
        const record = { key: 'a', value: Buffer.from(String(number)) };
        try {
          await log.append('restart', [record]);
          acknowledged.push(number);
        } catch {
          // Not acknowledged: it may be there or not.
        }
      }
    })();
    await until('some came', () => recorder.records.length > 50);
    await kafka.restart();
    const atRestart = acknowledged.length;
    await until('appends go on', () => acknowledged.length > atRestart + 50, undefined, 60_000);
    running = false;
    await appending;
    const last = acknowledged.at(-1) ?? 0;
    await until(
      'the consumer has all',
      () => recorder.texts().includes(String(last)),
      () => [recorder.records.length, last, faults.slice(-3)],
      60_000,
    );
    const stored = (await collect(log.read('restart', 0, 0))).map(({ value }) => Number(value));
    const there = new Set(stored);
    const delivered = new Set(recorder.texts().map(Number));
    for (const number of acknowledged) {
      if (!there.has(number)) throw new Error(`${number} was acknowledged and is not there`);
      if (!delivered.has(number)) throw new Error(`${number} was not delivered`);
    }
    // First occurrences keep their order: a retried append may be there twice, never out of turn.
    const first = [...there];
    expect(first).toEqual([...first].sort((a, b) => a - b));
    await consumer.commit('restart', 0, recorder.records.length, 'after the restart');
    await consumer.stop();
  }, 150_000);

  it('keeps its membership while a handler works longer than the session', async () => {
    const log = await open();
    await log.createTopics([{ name: 'slow', partitions: 1, retentionMs: Infinity }]);
    await log.append('slow', [{ key: 'a', value: Buffer.from('x') }]);
    const recorder = new Recorder();
    recorder.onBatch = () => new Promise((resolve) => setTimeout(resolve, 5_000));
    const consumer = await log.consume('g-slow', ['slow'], recorder);
    await until('it was handled', () => recorder.records.length === 1);
    await consumer.commit('slow', 0, 1, '');
    expect(recorder.events).toEqual(['assigned slow/0']);
    await consumer.stop();
  }, 60_000);

  it('loses and gains partitions as members come and go, and every record is handled from the commit on', async () => {
    const log = await open();
    await log.createTopics([{ name: 'shared', partitions: 4, retentionMs: Infinity }]);
    const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
    const append = (text: string): Promise<void> =>
      log.append(
        'shared',
        keys.map((key) => ({ key, value: Buffer.from(`${key} ${text}`) })),
      );
    const members: Recorder[] = [];
    const join = async (): Promise<() => Promise<void>> => {
      const recorder = new Recorder();
      members.push(recorder);
      const held = new Set<string>();
      recorder.assigned = (topic, partition) => void held.add(`${topic}/${partition}`);
      recorder.lost = (topic, partition) => void held.delete(`${topic}/${partition}`);
      const consumer = await (await open()).consume('g-shared', ['shared'], recorder);
      recorder.onBatch = async ({ topic, partition, records }) => {
        expect(held.has(`${topic}/${partition}`)).toBe(true);
        const next = (records.at(-1)?.offset ?? 0) + 1;
        // A partition that has just moved is refused: its records come to the other member.
        await consumer.commit(topic, partition, next, '').catch(() => undefined);
      };
      return () => consumer.stop();
    };
    const leaveFirst = await join();
    await append('one');
    const leaveSecond = await join();
    await append('two');
    await leaveFirst();
    await append('three');
    const missing = (): string[] => {
      const seen = new Set(members.flatMap((member) => member.texts()));
      return ['one', 'two', 'three'].flatMap((text) =>
        keys.map((key) => `${key} ${text}`).filter((wanted) => !seen.has(wanted)),
      );
    };
    await until('every record was handled', () => missing().length === 0, missing, 40_000);
    await leaveSecond();
  }, 90_000);

  it('gives topics their retention, and room for the largest record', async () => {
    const log = await open();
    await log.createTopics([{ name: 'kept', partitions: 1, retentionMs: 3_600_000 }]);
    await log.createTopics([{ name: 'kept', partitions: 1, retentionMs: 7_200_000 }]);
    const admin = new Kafka({ brokers: kafka.brokers }).admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: `${kafka.prefix}kept` }],
    });
    await admin.disconnect();
    const settings = new Map(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    );
    expect(settings.get('retention.ms')).toBe('7200000');
    expect(settings.get('segment.ms')).toBe('1800000');
    expect(settings.get('cleanup.policy')).toBe('delete');
    expect(Number(settings.get('max.message.bytes'))).toBeGreaterThan(8 * 1024 * 1024);
  });

  it('says UNAVAILABLE, and to try again, where no broker answers', async () => {
    await expect(openKafkaLog({ brokers: ['127.0.0.1:1'] })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      canRetry: true,
      message: expect.stringContaining('127.0.0.1:1') as string,
    });
  }, 60_000);
});
