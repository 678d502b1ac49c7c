import type { HitonamiError } from '@hitonami/model';

/** How a topic is made. Making it again with another retention changes the retention; another partition count is refused. */
export interface TopicSpec {
  readonly name: string;
  /** 1 to {@link MAX_PARTITIONS}; fixed for the life of the topic, since a key's partition follows from it. */
  readonly partitions: number;
  /** How long a record is kept after it was appended, ms; `Infinity` keeps it for ever. */
  readonly retentionMs: number;
}

export interface OutgoingRecord {
  /** Records of one key keep their order: the key alone decides the partition. */
  readonly key: string;
  /** At most {@link MAX_RECORD_BYTES}. Must not be changed before the append settles. */
  readonly value: Uint8Array;
}

export interface LogRecord {
  readonly offset: number;
  readonly key: string;
  /** May be a view into a larger buffer of the batch: copy what is kept for long. */
  readonly value: Buffer;
}

export interface TailedRecord extends LogRecord {
  readonly partition: number;
}

/** Where a group stands in a partition. */
export interface Resume {
  /** Offset of the next record that will be delivered: the committed position, or the earliest record still kept. */
  readonly position: number;
  /** What was stored beside the commit; `''` where nothing was. */
  readonly metadata: string;
}

export interface LogBatch {
  readonly topic: string;
  readonly partition: number;
  /** In offset order, at least one. Offsets may have gaps. */
  readonly records: readonly LogRecord[];
  /** The next offset to be written in the partition, as known when the batch was read. */
  readonly end: number;
}

/**
 * What a member of a group does. Calls never overlap: one at a time per consumer, and each is awaited.
 *
 * A call that throws is reported through `onFault` and made again after a pause (`lost` is not made again);
 * nothing behind it is delivered meanwhile.
 */
export interface GroupHandler {
  /** The partition is this member's from now on. Comes before any of its batches. */
  assigned(topic: string, partition: number, resume: Resume): Promise<void> | void;
  /** The partition is this member's no longer (also on stop). Its state must be dropped; commits for it are refused. */
  lost(topic: string, partition: number): Promise<void> | void;
  /** Backpressure by awaiting. */
  batch(batch: LogBatch): Promise<void>;
}

/** One held partition, in offsets. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** Where a restart would resume. */
  readonly committed: number;
  /** Next offset that this consumer will be given. */
  readonly position: number;
  /** Next offset to be written. */
  readonly end: number;
  /** `end - position`: records not yet handled by this consumer. */
  readonly lag: number;
}

export interface GroupConsumer {
  /**
   * Stores durably that the group resumes at `position`.
   * @param metadata at most {@link MAX_METADATA_BYTES} of UTF-8
   * @throws HitonamiError `LOG` with detail `NOT_HELD` where the partition is not (or no longer) this member's
   */
  commit(topic: string, partition: number, position: number, metadata: string): Promise<void>;
  /** The partitions this member holds now; none while it stands by. */
  lag(): Promise<PartitionLag[]>;
  /**
   * When the loop last turned, ms since the epoch. It turns several times a second even when nothing arrives, and
   * stands still while a handler hangs or the log cannot be reached: watch it from outside.
   */
  lastProgressMs(): number;
  /** Finishes the batch in hand, reports all partitions lost, leaves the group. Not to be awaited inside a handler. */
  stop(): Promise<void>;
}

export interface Tail {
  stop(): Promise<void>;
}

export interface TailOptions {
  /** Default `end`: only what is appended after the call. */
  readonly from?: 'start' | 'end';
}

/** A topic as the log has it, whoever made it. */
export interface TopicHolding {
  readonly name: string;
  readonly partitions: number;
  /** For how long the log keeps its records; `Infinity`: for ever. */
  readonly retentionMs: number;
  /** Longest time after that until a record is truly deleted, while the log runs, ms. */
  readonly deletedWithinMs: number;
}

/** An ordered, partitioned, durable log. Delivery is at least once; effects must be idempotent. */
export interface EventLog {
  /** Makes the topics that are missing; agrees with those that are there. */
  createTopics(specs: readonly TopicSpec[]): Promise<void>;
  /**
   * Resolves when every record is durable. When it rejects, some of the records may still have been written.
   * @throws HitonamiError `LOG` (detail `UNKNOWN_TOPIC`), `LOG_FULL`, `INPUT` (record too large),
   *   `UNAVAILABLE` (cannot be reached, or too much is queued: retry later), `STOPPED`
   */
  append(topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  /** Joins the group. All members of a group name the same topics. Resolves when the member is in the group. */
  consume(group: string, topics: readonly string[], handler: GroupHandler): Promise<GroupConsumer>;
  /** From an offset (or the earliest kept after it) to the end as of the call; no group. */
  read(topic: string, partition: number, from: number): AsyncIterable<LogRecord>;
  /** Follows all partitions; no group, nothing is committed. Resolves when following has begun. */
  tail(
    topic: string,
    onRecord: (record: TailedRecord) => void,
    options?: TailOptions,
  ): Promise<Tail>;
  /** Every topic under the log's prefix, also those that nobody here has made. */
  topics(): Promise<TopicHolding[]>;
  /**
   * How many records of a topic were appended before an instant and can still be read: the proof that a retention is kept.
   * @param beforeMs ms since 1970
   */
  countOlder(topic: string, beforeMs: number): Promise<number>;
  /** Stops all consumers and tails, finishes the queued appends, lets go of the log. Idempotent. */
  close(): Promise<void>;
}

/** What both adapters take. */
export interface LogOptions {
  /** Put before every topic and group name in the log itself. Default `hitonami.` */
  readonly prefix?: string;
  /** Told of every fault that no caller is waiting for. Default: a process warning. */
  readonly onFault?: (fault: HitonamiError) => void;
}

export const DEFAULT_PREFIX = 'hitonami.';
/** Largest value of one record: a plan with its pictures, not a video. */
export const MAX_RECORD_BYTES = 8 * 1024 * 1024;
/** Largest key or name, bytes of UTF-8. */
export const MAX_NAME_BYTES = 200;
export const MAX_PARTITIONS = 1024;
/** Kafka's own default for `offset.metadata.max.bytes`. */
export const MAX_METADATA_BYTES = 4096;
