import { AppendQueue } from '../append-queue.js';
import { checkName, checkRecords, closed, faultHook, handlerFailed } from '../faults.js';
import type { FaultHook } from '../faults.js';
import { DEFAULT_PREFIX } from '../port.js';
import type {
  EventLog,
  GroupConsumer,
  GroupHandler,
  LogOptions,
  LogRecord,
  OutgoingRecord,
  Tail,
  TailedRecord,
  TailOptions,
  TopicHolding,
  TopicSpec,
} from '../port.js';
import { EmbeddedGroupConsumer } from './group-consumer.js';
import { LEASE_MS } from './lease.js';
import { PartitionReader } from './reader.js';
import { countOlder, DELETED_WITHIN_MS, Retention, RETENTION_TICK_MS } from './retention.js';
import { acquireStore, releaseStore } from './store.js';
import type { Store } from './store.js';
import { EmbeddedTail } from './tail.js';
import { Topics } from './topics.js';
import { Writer } from './writer.js';

export interface EmbeddedLogOptions extends LogOptions {
  /** Where the log lies; made where missing. On a local disk: network file systems cannot lock it. */
  readonly folder: string;
  /** How long a group member that hangs (but whose process lives) keeps its partitions, ms. Default 10 000. */
  readonly leaseMs?: number;
}

/**
 * Opens the durable log in a folder. Several logs may be open on one folder, in one process or in many.
 * @throws HitonamiError `LOG`: the folder cannot be used (detail `UNREADABLE`), is damaged (`CORRUPT`), or was
 *   written by another version (`FORMAT`)
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EventLog> {
  return new EmbeddedLog(await acquireStore(options.folder), options);
}

class EmbeddedLog implements EventLog {
  readonly #store: Store;
  readonly #topics: Topics;
  readonly #retention: Retention;
  readonly #queue: AppendQueue;
  readonly #prefix: string;
  readonly #leaseMs: number;
  readonly #onFault: FaultHook;
  readonly #running = new Set<Tail>();
  readonly #tick: NodeJS.Timeout;
  #ticking: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(store: Store, options: EmbeddedLogOptions) {
    this.#store = store;
    this.#prefix = options.prefix ?? DEFAULT_PREFIX;
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
    this.#onFault = faultHook(options);
    this.#topics = new Topics(store, this.#prefix);
    this.#retention = new Retention(store);
    const writer = new Writer(store, this.#topics, this.#retention);
    this.#queue = new AppendQueue((group) => writer.write(group));
    this.#tick = setInterval(() => {
      this.#ticking = this.#retain();
    }, RETENTION_TICK_MS);
    // Alone it must not keep a process alive.
    this.#tick.unref();
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.#mustBeOpen();
    await this.#topics.create(specs);
  }

  async append(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    this.#mustBeOpen();
    this.#topics.get(topic);
    const bytes = checkRecords(topic, records);
    if (records.length > 0) await this.#queue.push({ topic, records, bytes });
  }

  // async: the port promises a rejection, never a throw.
  async consume(
    group: string,
    topics: readonly string[],
    handler: GroupHandler,
  ): Promise<GroupConsumer> {
    this.#mustBeOpen();
    checkName('group', group);
    const consumer = new EmbeddedGroupConsumer({
      store: this.#store,
      group,
      groupKey: this.#prefix + group,
      topics: topics.map((name) => this.#topics.get(name)),
      handler,
      leaseMs: this.#leaseMs,
      onFault: this.#onFault,
      onStopped: (stopped) => this.#running.delete(stopped),
    });
    this.#running.add(consumer);
    return consumer;
  }

  async *read(topic: string, partition: number, from: number): AsyncIterable<LogRecord> {
    this.#mustBeOpen();
    const reader = new PartitionReader(
      this.#store,
      this.#topics.partition(topic, partition),
      partition,
    );
    this.#store.refresh();
    const end = reader.end();
    for (let position = from; position < end;) {
      this.#mustBeOpen();
      const { records, next } = reader.batch(position);
      if (records.length === 0) return;
      for (const record of records) {
        if (record.offset >= end) return;
        yield record;
      }
      position = next;
    }
  }

  async tail(
    topic: string,
    onRecord: (record: TailedRecord) => void,
    options: TailOptions = {},
  ): Promise<Tail> {
    this.#mustBeOpen();
    const found = this.#topics.get(topic);
    const readers = Array.from(
      { length: found.partitions },
      (_, partition) => new PartitionReader(this.#store, found, partition),
    );
    const tail = new EmbeddedTail(
      this.#store,
      readers,
      options.from ?? 'end',
      onRecord,
      this.#onFault,
    );
    this.#running.add(tail);
    return {
      stop: async () => {
        await tail.stop();
        this.#running.delete(tail);
      },
    };
  }

  async topics(): Promise<TopicHolding[]> {
    this.#mustBeOpen();
    this.#store.refresh();
    return this.#topics
      .all()
      .filter(({ name }) => name.startsWith(this.#prefix))
      .map(({ name, partitions, retentionMs }) => ({
        ...{ name: name.slice(this.#prefix.length), partitions, retentionMs },
        deletedWithinMs: DELETED_WITHIN_MS,
      }));
  }

  async countOlder(topic: string, beforeMs: number): Promise<number> {
    this.#mustBeOpen();
    this.#store.refresh();
    return countOlder(this.#store, this.#topics.get(topic), beforeMs);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    clearInterval(this.#tick);
    await Promise.all(Array.from(this.#running, (running) => running.stop()));
    await this.#queue.close();
    await this.#ticking;
    await releaseStore(this.#store);
  }

  async #retain(): Promise<void> {
    try {
      this.#store.freeStaleReaders();
      await this.#retention.tick(this.#topics.all(), Date.now());
    } catch (error) {
      this.#onFault(handlerFailed('enforcing the retention', error));
    }
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw closed();
  }
}
