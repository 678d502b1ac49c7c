import type { QueuedAppend } from '../append-queue.js';
import { partitionOf } from '../partition.js';
import type { OutgoingRecord } from '../port.js';
import { endKey, segmentKey } from './keys.js';
import { RETIRED_PER_APPEND } from './retention.js';
import type { Retention } from './retention.js';
import { encodeSegment } from './segment.js';
import type { Store } from './store.js';
import type { Topic, Topics } from './topics.js';

/** A segment is closed once it holds this much; one larger record has a segment of its own. Bytes of values. */
export const MAX_SEGMENT_BYTES = 512 * 1024;
/** A segment is closed once it holds this many records. */
export const MAX_SEGMENT_RECORDS = 4_096;

interface Part {
  readonly topic: Topic;
  readonly partition: number;
  readonly segments: { readonly count: number; readonly bytes: Buffer }[];
}

/** Writes a group of appends in one transaction: all of it is durable, or none. */
export class Writer {
  readonly #store: Store;
  readonly #topics: Topics;
  readonly #retention: Retention;

  constructor(store: Store, topics: Topics, retention: Retention) {
    this.#store = store;
    this.#topics = topics;
    this.#retention = retention;
  }

  async write(group: readonly QueuedAppend[]): Promise<void> {
    const nowMs = Date.now();
    // Encoded before the transaction: other processes must not wait for that.
    const parts = this.#encode(group, nowMs);
    await this.#store.write(() => {
      for (const { topic, partition, segments } of parts) {
        const key = endKey(topic.id, partition);
        let end = this.#store.ends.get(key) ?? 0;
        for (const { count, bytes } of segments) {
          void this.#store.segments.put(segmentKey(topic.id, partition, end), bytes);
          end += count;
        }
        void this.#store.ends.put(key, end);
        this.#retention.retire(topic, partition, nowMs, RETIRED_PER_APPEND);
      }
    });
    this.#store.wakeups.wake();
  }

  #encode(group: readonly QueuedAppend[], nowMs: number): Part[] {
    const split = new Map<string, { topic: Topic; partition: number; records: OutgoingRecord[] }>();
    for (const append of group) {
      const topic = this.#topics.get(append.topic);
      for (const record of append.records) {
        const partition = partitionOf(record.key, topic.partitions);
        const id = endKey(topic.id, partition);
        let part = split.get(id);
        if (part === undefined) split.set(id, (part = { topic, partition, records: [] }));
        part.records.push(record);
      }
    }
    return Array.from(split.values(), ({ topic, partition, records }) => ({
      topic,
      partition,
      segments: chunks(records).map((chunk) => ({
        count: chunk.length,
        bytes: encodeSegment(chunk, nowMs),
      })),
    }));
  }
}

function chunks(records: readonly OutgoingRecord[]): OutgoingRecord[][] {
  const out: OutgoingRecord[][] = [];
  let chunk: OutgoingRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.value.byteLength;
    const full = bytes + size > MAX_SEGMENT_BYTES || chunk.length >= MAX_SEGMENT_RECORDS;
    if (chunk.length > 0 && full) {
      out.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(record);
    bytes += size;
  }
  out.push(chunk);
  return out;
}
