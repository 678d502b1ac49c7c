import { randomUUID } from 'node:crypto';
import type { Admin, Kafka, Producer } from 'kafkajs';
import { AppendQueue } from '../append-queue.js';
import { checkName, checkRecords, closed, faultHook } from '../faults.js';
import type { FaultHook } from '../faults.js';
import { DEFAULT_PREFIX } from '../port.js';
import type {
  EventLog,
  GroupConsumer,
  GroupHandler,
  LogBatch,
  LogOptions,
  LogRecord,
  OutgoingRecord,
  Tail,
  TailedRecord,
  TailOptions,
  TopicHolding,
  TopicSpec,
} from '../port.js';
import { connect } from './client.js';
import type { Clients, KafkaClientOptions } from './client.js';
import { KafkaGroupConsumer } from './group-consumer.js';
import { mapped } from './errors.js';
import { Handover } from './handover.js';
import { KafkaLoop } from './loop.js';
import type { LoopHandler } from './loop.js';
import { Topics } from './topics.js';
import { Writer } from './writer.js';

export interface KafkaLogOptions extends LogOptions, KafkaClientOptions {
  /** Copies of every partition in topics made here. Default -1: what the brokers are set to. */
  readonly replicationFactor?: number;
  /** A group member silent for this long loses its partitions, ms. Default 30 000. */
  readonly sessionMs?: number;
}

/**
 * Connects to an Apache Kafka cluster through kafkajs.
 * @throws HitonamiError `UNAVAILABLE` where no broker answers within about 15 s
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<EventLog> {
  return new KafkaLog(await connect(options), options);
}

class KafkaLog implements EventLog {
  readonly #kafka: Kafka;
  readonly #admin: Admin;
  readonly #producer: Producer;
  readonly #topics: Topics;
  readonly #queue: AppendQueue;
  readonly #prefix: string;
  readonly #sessionMs: number | undefined;
  readonly #onFault: FaultHook;
  readonly #running = new Set<Tail>();
  #closing: Promise<void> | undefined;

  constructor({ kafka, admin, producer }: Clients, options: KafkaLogOptions) {
    this.#kafka = kafka;
    this.#admin = admin;
    this.#producer = producer;
    this.#prefix = options.prefix ?? DEFAULT_PREFIX;
    this.#sessionMs = options.sessionMs;
    this.#onFault = faultHook(options);
    this.#topics = new Topics(admin, this.#prefix, options.replicationFactor ?? -1);
    const writer = new Writer(producer, (topic) => this.#topics.full(topic));
    this.#queue = new AppendQueue((group) => writer.write(group));
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.#mustBeOpen();
    await this.#topics.create(specs);
  }

  async append(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    this.#mustBeOpen();
    const bytes = checkRecords(topic, records);
    // Only the first append to a topic waits here, so appends keep their order.
    if (!this.#topics.isKnown(topic)) await this.#topics.partitions(topic);
    if (records.length > 0) await this.#queue.push({ topic, records, bytes });
  }

  async consume(
    group: string,
    topics: readonly string[],
    handler: GroupHandler,
  ): Promise<GroupConsumer> {
    this.#mustBeOpen();
    checkName('group', group);
    const names = await this.#names(topics);
    const setup = { ...this.#loopSetup(), groupId: this.#prefix + group, topics: names };
    const consumer = new KafkaGroupConsumer(this.#admin, this.#topics, setup, handler, () =>
      this.#running.delete(consumer),
    );
    await this.#start(consumer);
    return consumer;
  }

  async *read(topic: string, partition: number, from: number): AsyncIterable<LogRecord> {
    this.#mustBeOpen();
    const { low, high } = await this.#topics.boundsOf(topic, partition);
    let position = Math.max(from, low);
    if (position >= high) return;
    const handover = new Handover<LogBatch>();
    const loop = await this.#privateLoop(
      topic,
      {
        resume: (partitions) => Promise.resolve(partitions.map(() => ({ position, metadata: '' }))),
        assigned: () => undefined,
        lost: () => undefined,
        batch: (batch) => handover.give(batch),
      },
      partition,
    );
    const reading: Tail = {
      stop: async () => {
        // The loop may be waiting for the reader, who may never ask again.
        handover.fail(closed());
        handover.close();
        await loop.stop();
      },
    };
    this.#running.add(reading);
    const starting = loop.start().catch((error: unknown) => {
      handover.fail(mapped(error, `topic "${topic}" could not be read`));
    });
    try {
      while (position < high) {
        const { records } = await handover.take();
        for (const record of records) {
          if (record.offset >= high) return;
          if (record.offset < position) continue;
          yield record;
          position = record.offset + 1;
        }
      }
    } finally {
      await reading.stop();
      await starting;
      this.#running.delete(reading);
    }
  }

  async tail(
    topic: string,
    onRecord: (record: TailedRecord) => void,
    options: TailOptions = {},
  ): Promise<Tail> {
    this.#mustBeOpen();
    await this.#topics.partitions(topic);
    const bounds = await this.#topics.bounds(topic);
    const fromEnd = (options.from ?? 'end') === 'end';
    const positions = new Map(
      Array.from(bounds, ([partition, { low, high }]) => [partition, fromEnd ? high : low]),
    );
    const loop = await this.#privateLoop(topic, {
      resume: (partitions) =>
        Promise.resolve(
          partitions.map(({ partition }) => ({
            position: positions.get(partition) ?? 0,
            metadata: '',
          })),
        ),
      assigned: () => undefined,
      lost: () => undefined,
      batch: ({ partition, records }) => {
        for (const record of records) {
          // After a handler's fault or a new join the batch begins where it stopped.
          if (record.offset < (positions.get(partition) ?? 0)) continue;
          positions.set(partition, record.offset + 1);
          onRecord({ ...record, partition });
        }
        return Promise.resolve();
      },
    });
    await this.#start(loop);
    return {
      stop: async () => {
        await loop.stop();
        this.#running.delete(loop);
      },
    };
  }

  async topics(): Promise<TopicHolding[]> {
    this.#mustBeOpen();
    return this.#topics.holdings();
  }

  async countOlder(topic: string, beforeMs: number): Promise<number> {
    this.#mustBeOpen();
    await this.#topics.partitions(topic);
    return this.#topics.countOlder(topic, beforeMs);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.all(Array.from(this.#running, (running) => running.stop()));
    await this.#queue.close();
    await Promise.all([this.#producer.disconnect(), this.#admin.disconnect()]);
  }

  /** kafkajs reads only as a member of a group: so a reader without one gets a group of its own, and commits nothing. */
  async #privateLoop(topic: string, handler: LoopHandler, only?: number): Promise<KafkaLoop> {
    return new KafkaLoop({
      ...this.#loopSetup(),
      groupId: `${this.#prefix}private.${randomUUID()}`,
      isPrivate: true,
      topics: await this.#names([topic]),
      handler,
      ...(only === undefined ? {} : { only }),
    });
  }

  async #start(member: Tail & { start(): Promise<void> }): Promise<void> {
    this.#running.add(member);
    try {
      await member.start();
    } catch (error) {
      this.#running.delete(member);
      throw error;
    }
  }

  #loopSetup(): { kafka: Kafka; onFault: FaultHook; sessionMs?: number } {
    const session = this.#sessionMs === undefined ? {} : { sessionMs: this.#sessionMs };
    return { kafka: this.#kafka, onFault: this.#onFault, ...session };
  }

  async #names(topics: readonly string[]): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    for (const topic of topics) {
      await this.#topics.partitions(topic);
      names.set(topic, this.#topics.full(topic));
    }
    return names;
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw closed();
  }
}
