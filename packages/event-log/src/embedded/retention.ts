import { endKey, segmentKey, baseOf } from './keys.js';
import { segmentHeader } from './segment.js';
import type { Store } from './store.js';
import type { Topic } from './topics.js';

/** Expired segments removed by one append from each partition it writes to. */
export const RETIRED_PER_APPEND = 4;
/** Expired segments removed by one tick, over all partitions. */
export const RETIRED_PER_TICK = 512;
/** How often expired segments are looked for, ms. */
export const RETENTION_TICK_MS = 1_000;

/**
 * Longest time from a record's end of retention until it is gone, while anybody has the log open, ms: a tick removes 512
 * segments, and a log that was closed for long has many.
 */
export const DELETED_WITHIN_MS = 60_000;

interface Oldest {
  readonly base: number;
  readonly appendedMs: number;
}

/** Enforces how long a topic's records are kept, a bounded amount of work at a time. */
export class Retention {
  readonly #store: Store;
  /** When the oldest segment of a partition was written, so that an append need not look. May lag behind: never ahead. */
  readonly #oldest = new Map<string, Oldest>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Whether the oldest segment has expired. Cheap where it has not. */
  due(topic: Topic, partition: number, nowMs: number): boolean {
    if (topic.retentionMs === Infinity) return false;
    const key = endKey(topic.id, partition);
    let oldest = this.#oldest.get(key);
    if (oldest === undefined || expired(oldest, topic, nowMs)) {
      oldest = this.#look(topic, partition);
      if (oldest === undefined) this.#oldest.delete(key);
      else this.#oldest.set(key, oldest);
    }
    return oldest !== undefined && expired(oldest, topic, nowMs);
  }

  /** Inside a write: removes up to `most` expired segments, oldest first. Returns how many. */
  retire(topic: Topic, partition: number, nowMs: number, most: number): number {
    let removed = 0;
    while (removed < most && this.due(topic, partition, nowMs)) {
      const oldest = this.#oldest.get(endKey(topic.id, partition));
      if (oldest === undefined) break;
      void this.#store.segments.remove(segmentKey(topic.id, partition, oldest.base));
      this.#oldest.delete(endKey(topic.id, partition));
      removed += 1;
    }
    return removed;
  }

  /** One tick over all topics. Writes only where something has expired. */
  async tick(topics: readonly Topic[], nowMs: number): Promise<void> {
    this.#store.refresh();
    const due: { topic: Topic; partition: number }[] = [];
    for (const topic of topics)
      for (let partition = 0; partition < topic.partitions; partition++)
        if (this.due(topic, partition, nowMs)) due.push({ topic, partition });
    if (due.length === 0) return;
    await this.#store.write(() => {
      let left = RETIRED_PER_TICK;
      for (const { topic, partition } of due) left -= this.retire(topic, partition, nowMs, left);
    });
  }

  #look(topic: Topic, partition: number): Oldest | undefined {
    const keys = this.#store.segments.getKeys({
      start: segmentKey(topic.id, partition, 0),
      end: segmentKey(topic.id, partition + 1, 0),
      limit: 1,
    });
    for (const key of keys) {
      const bytes = this.#store.segments.getBinary(key);
      // A damaged segment counts as just written: whoever reads it reports it, and nothing is deleted by mistake.
      const header = bytes === undefined ? undefined : segmentHeader(bytes);
      return { base: baseOf(key), appendedMs: header?.appendedMs ?? Infinity };
    }
    return undefined;
  }
}

/** Records of a topic that were appended before an instant. A damaged segment counts as one record of an unknown age. */
export function countOlder(store: Store, topic: Topic, beforeMs: number): number {
  let older = 0;
  for (let partition = 0; partition < topic.partitions; partition++) {
    const range = {
      start: segmentKey(topic.id, partition, 0),
      end: segmentKey(topic.id, partition + 1, 0),
    };
    for (const { value } of store.segments.getRange(range)) {
      const header = segmentHeader(value);
      if (header === undefined) older += 1;
      else if (header.appendedMs >= beforeMs) break;
      else older += header.count;
    }
  }
  return older;
}

function expired(oldest: Oldest, topic: Topic, nowMs: number): boolean {
  return oldest.appendedMs < nowMs - topic.retentionMs;
}
