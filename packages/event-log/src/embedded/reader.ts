import type { LogRecord } from '../port.js';
import { baseOf, endKey, segmentKey } from './keys.js';
import { corrupt, decodeSegment, segmentHeader } from './segment.js';
import type { Store } from './store.js';
import type { Topic } from './topics.js';

/** A batch ends behind the segment with which it reaches this, bytes as stored. */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** A batch ends behind the segment with which it reaches this, records. */
export const MAX_BATCH_RECORDS = 10_000;

/** Reads one partition. Sees what was committed at the last `store.refresh()` or later. */
export class PartitionReader {
  readonly topic: Topic;
  readonly partition: number;
  readonly #store: Store;

  constructor(store: Store, topic: Topic, partition: number) {
    this.#store = store;
    this.topic = topic;
    this.partition = partition;
  }

  /** The next offset to be written. */
  end(): number {
    return this.#store.ends.get(endKey(this.topic.id, this.partition)) ?? 0;
  }

  /** The earliest offset still kept; the end where nothing is kept. */
  start(): number {
    return this.#firstBaseFrom(0) ?? this.end();
  }

  /** Records from `from` on, and where the next call goes on. No records where there are none (yet). */
  batch(from: number): { records: LogRecord[]; next: number } {
    const records: LogRecord[] = [];
    let next = from;
    let base = this.#baseHolding(from);
    for (let bytes = 0; base !== undefined; base = this.#has(next) ? next : undefined) {
      const segment = this.#segment(base);
      next = decodeSegment(segment, base, from, records, `${this.topic.name}/${this.partition}`);
      bytes += segment.length;
      if (bytes >= MAX_BATCH_BYTES || records.length >= MAX_BATCH_RECORDS) break;
    }
    return { records, next };
  }

  /** Base of the segment that holds `offset`, or of the first one behind it where retention took that. */
  #baseHolding(offset: number): number | undefined {
    if (this.#has(offset)) return offset;
    const { segments } = this.#store;
    const before = segments.getKeys({
      start: segmentKey(this.topic.id, this.partition, offset),
      end: segmentKey(this.topic.id, this.partition, 0),
      reverse: true,
      inclusiveEnd: true,
      limit: 1,
    });
    for (const key of before) {
      const base = baseOf(key);
      const header = segmentHeader(this.#segment(base));
      if (header === undefined)
        throw corrupt(`${this.topic.name}/${this.partition}`, base, 'it has no header');
      if (base + header.count > offset) return base;
    }
    return this.#firstBaseFrom(offset);
  }

  #firstBaseFrom(offset: number): number | undefined {
    const keys = this.#store.segments.getKeys({
      start: segmentKey(this.topic.id, this.partition, offset),
      end: segmentKey(this.topic.id, this.partition + 1, 0),
      limit: 1,
    });
    for (const key of keys) return baseOf(key);
    return undefined;
  }

  #has(base: number): boolean {
    return this.#store.segments.doesExist(segmentKey(this.topic.id, this.partition, base));
  }

  #segment(base: number): Buffer {
    const bytes = this.#store.segments.getBinary(segmentKey(this.topic.id, this.partition, base));
    return bytes ?? Buffer.alloc(0);
  }
}
