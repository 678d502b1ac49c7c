import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import {
  LogAway,
  checkName,
  checkSpec,
  partitionsDiffer,
  unknownPartition,
  unknownTopic,
} from '../faults.js';
import { MAX_RECORD_BYTES } from '../port.js';
import type { TopicHolding, TopicSpec } from '../port.js';
import { mapped } from './errors.js';

// CommonJS: Node finds only some of its names by itself.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

/** What a record adds to its value on the wire: key, headers, framing. */
const OVERHEAD_BYTES = 64 * 1024;
const DAY_MS = 86_400_000;
/** How often, and how far apart, a broker that is not ready, but answers, is asked before the caller is told; 5 s in all. */
const TRIES = 20;
const PAUSE_MS = 250;
const MIN_SEGMENT_MS = 10_000;
const MAX_SEGMENT_MS = 7 * DAY_MS;

/** A broker looks for what has expired every five minutes (`log.retention.check.interval.ms`) and deletes its file a minute later. */
const BROKER_DELETES_WITHIN_MS = 6 * 60_000;

/** First and next offset of a partition. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Topics as the brokers know them. */
export class Topics {
  readonly #admin: Admin;
  readonly #prefix: string;
  readonly #replicationFactor: number;
  readonly #partitions = new Map<string, number>();
  readonly #lookups = new Map<string, Promise<number>>();

  constructor(admin: Admin, prefix: string, replicationFactor: number) {
    this.#admin = admin;
    this.#prefix = prefix;
    this.#replicationFactor = replicationFactor;
  }

  full(topic: string): string {
    return this.#prefix + topic;
  }

  async create(specs: readonly TopicSpec[]): Promise<void> {
    for (const spec of specs) checkSpec(spec);
    await patiently('the topics could not be made', () => this.#make(specs));
  }

  isKnown(topic: string): boolean {
    return this.#partitions.has(topic);
  }

  /** @throws HitonamiError `LOG`, detail `UNKNOWN_TOPIC` */
  async partitions(topic: string): Promise<number> {
    const known = this.#partitions.get(topic);
    if (known !== undefined) return known;
    checkName('topic', topic);
    // One look-up for all who wait, so that they go on in the order in which they came.
    const lookup = this.#lookups.get(topic) ?? this.#lookUp(topic);
    this.#lookups.set(topic, lookup);
    try {
      return await lookup;
    } finally {
      this.#lookups.delete(topic);
    }
  }

  async #lookUp(topic: string): Promise<number> {
    try {
      // Asking for the metadata of an unknown topic would be retried for long.
      const there = await this.#admin.listTopics();
      if (!there.includes(this.full(topic))) throw unknownTopic(topic);
      const { topics } = await this.#admin.fetchTopicMetadata({ topics: [this.full(topic)] });
      const count = topics[0]?.partitions.length ?? 0;
      this.#partitions.set(topic, count);
      return count;
    } catch (error) {
      throw mapped(error, `topic "${topic}" could not be looked up`);
    }
  }

  async bounds(topic: string): Promise<Map<number, Bounds>> {
    const offsets = await patiently(`the offsets of topic "${topic}" could not be read`, () =>
      this.#admin.fetchTopicOffsets(this.full(topic)),
    );
    return new Map(
      offsets.map(({ partition, low, high }) => [
        partition,
        { low: Number(low), high: Number(high) },
      ]),
    );
  }

  async holdings(): Promise<TopicHolding[]> {
    return patiently('the topics could not be listed', async () => {
      const all = await this.#admin.listTopics();
      const names = all.filter((name) => name.startsWith(this.#prefix));
      if (names.length === 0) return [];
      const { topics } = await this.#admin.fetchTopicMetadata({ topics: names });
      const { resources } = await this.#admin.describeConfigs({
        resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
        includeSynonyms: false,
      });
      return names.map((name) => {
        const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries;
        const value = (key: string): number =>
          Number(entries?.find(({ configName }) => configName === key)?.configValue ?? NaN);
        const retentionMs = value('retention.ms');
        return {
          name: name.slice(this.#prefix.length),
          partitions: topics.find((topic) => topic.name === name)?.partitions.length ?? 0,
          retentionMs: retentionMs < 0 ? Infinity : retentionMs,
          deletedWithinMs: value('segment.ms') + BROKER_DELETES_WITHIN_MS,
        };
      });
    });
  }

  /** By the time of the first record at or after an instant: the timestamps are the appender's. */
  async countOlder(topic: string, beforeMs: number): Promise<number> {
    return patiently(`the age of topic "${topic}" could not be read`, async () => {
      const name = this.full(topic);
      const found = await this.#admin.fetchTopicOffsetsByTimestamp(name, beforeMs);
      const bounds = await this.bounds(topic);
      return found.reduce((sum, { partition, offset }) => {
        const { low, high } = bounds.get(partition) ?? { low: 0, high: 0 };
        // Where none is that young, the broker's own answer is the end, or -1.
        const first = Number(offset) < 0 ? high : Number(offset);
        return sum + Math.max(0, first - low);
      }, 0);
    });
  }

  /** @throws HitonamiError `LOG`, detail `UNKNOWN_TOPIC` or `UNKNOWN_PARTITION` */
  async boundsOf(topic: string, partition: number): Promise<Bounds> {
    const count = await this.partitions(topic);
    const bounds = partition < count ? (await this.bounds(topic)).get(partition) : undefined;
    if (bounds === undefined) throw unknownPartition(topic, partition, count);
    return bounds;
  }

  /** Harmless when repeated. */
  async #make(specs: readonly TopicSpec[]): Promise<void> {
    const there = new Set(await this.#admin.listTopics());
    const missing = specs.filter(({ name }) => !there.has(this.full(name)));
    if (missing.length > 0)
      // Resolves with false where another process was quicker: the checks below cover that.
      await this.#admin.createTopics({
        topics: missing.map((spec) => ({
          topic: this.full(spec.name),
          numPartitions: spec.partitions,
          replicationFactor: this.#replicationFactor,
          configEntries: settings(spec),
        })),
      });
    for (const spec of specs) {
      const has = await this.partitions(spec.name);
      if (has !== spec.partitions) throw partitionsDiffer(spec.name, has, spec.partitions);
      if (there.has(this.full(spec.name))) await this.#agree(spec);
    }
  }

  /** Changes the topic's settings where they differ. The request replaces all of them, so the others are sent along. */
  async #agree(spec: TopicSpec): Promise<void> {
    const resource = { type: ConfigResourceTypes.TOPIC, name: this.full(spec.name) };
    const { resources } = await this.#admin.describeConfigs({
      resources: [resource],
      includeSynonyms: false,
    });
    const own = (resources[0]?.configEntries ?? []).filter(
      ({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG,
    );
    const now = new Map(own.map(({ configName, configValue }) => [configName, configValue]));
    const wanted = settings(spec);
    if (wanted.every(({ name, value }) => now.get(name) === value)) return;
    for (const { name, value } of wanted) now.set(name, value);
    await this.#admin.alterConfigs({
      validateOnly: false,
      resources: [
        { ...resource, configEntries: Array.from(now, ([name, value]) => ({ name, value })) },
      ],
    });
  }
}

/**
 * The broker deletes whole segments only, and never the one it writes to: so a segment is closed after a quarter of
 * the retention, and a record goes at the latest a quarter (and the broker's check interval) after its time.
 */
function settings({ retentionMs }: TopicSpec): { name: string; value: string }[] {
  const forEver = retentionMs === Infinity;
  const segmentMs = forEver
    ? MAX_SEGMENT_MS
    : Math.min(MAX_SEGMENT_MS, Math.max(MIN_SEGMENT_MS, Math.ceil(retentionMs / 4)));
  return [
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: forEver ? '-1' : String(Math.ceil(retentionMs)) },
    { name: 'retention.bytes', value: '-1' },
    { name: 'segment.ms', value: String(segmentMs) },
    { name: 'max.message.bytes', value: String(MAX_RECORD_BYTES + OVERHEAD_BYTES) },
  ];
}

/**
 * A topic just made has no leader for a moment, which kafkajs passes on rather than waits for: so it is asked again. Where
 * no broker answers, kafkajs has tried for long already: twenty times that is minutes, in which a caller hears nothing.
 */
async function patiently<T>(what: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const fault = mapped(error, what);
      if (!fault.canRetry || fault instanceof LogAway || attempt >= TRIES) throw fault;
      await sleep(PAUSE_MS);
    }
  }
}
