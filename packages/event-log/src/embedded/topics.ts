import { checkSpec, partitionsDiffer, unknownPartition, unknownTopic } from '../faults.js';
import type { TopicSpec } from '../port.js';
import type { Store, TopicEntry } from './store.js';

export interface Topic {
  /** As callers name it, without the prefix. */
  readonly name: string;
  readonly id: number;
  readonly partitions: number;
  readonly retentionMs: number;
}

/** The topics of one log: kept in the store, remembered here. */
export class Topics {
  readonly #store: Store;
  readonly #prefix: string;
  readonly #known = new Map<string, Topic>();

  constructor(store: Store, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
  }

  async create(specs: readonly TopicSpec[]): Promise<void> {
    for (const spec of specs) checkSpec(spec);
    await this.#store.write(() => {
      for (const { name, partitions } of specs) {
        const has = this.#store.topics.get(this.#prefix + name);
        if (has !== undefined && has.partitions !== partitions)
          throw partitionsDiffer(name, has.partitions, partitions);
      }
      let nextId = this.#store.topics.getCount();
      for (const { name, partitions, retentionMs } of specs) {
        const has = this.#store.topics.get(this.#prefix + name);
        const entry: TopicEntry = {
          id: has?.id ?? nextId++,
          partitions,
          retentionMs: retentionMs === Infinity ? null : retentionMs,
        };
        void this.#store.topics.put(this.#prefix + name, entry);
      }
    });
    this.#known.clear();
  }

  /** @throws HitonamiError `LOG`, detail `UNKNOWN_TOPIC` */
  get(name: string): Topic {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    this.#store.refresh();
    const entry = this.#store.topics.get(this.#prefix + name);
    if (entry === undefined) throw unknownTopic(name);
    const topic: Topic = {
      name,
      id: entry.id,
      partitions: entry.partitions,
      retentionMs: entry.retentionMs ?? Infinity,
    };
    this.#known.set(name, topic);
    return topic;
  }

  /** @throws HitonamiError `LOG`, detail `UNKNOWN_TOPIC` or `UNKNOWN_PARTITION` */
  partition(name: string, partition: number): Topic {
    const topic = this.get(name);
    if (!Number.isInteger(partition) || partition < 0 || partition >= topic.partitions)
      throw unknownPartition(name, partition, topic.partitions);
    return topic;
  }

  /** All topics of the folder by their full names: whoever has it open enforces the retention of each. */
  all(): Topic[] {
    this.#known.clear();
    return Array.from(this.#store.topics.getRange(), ({ key, value }) => ({
      name: key,
      id: value.id,
      partitions: value.partitions,
      retentionMs: value.retentionMs ?? Infinity,
    }));
  }
}
