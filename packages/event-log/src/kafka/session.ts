import { HitonamiError } from '@hitonami/model';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { RETRY } from './client.js';
import { commitConfirmed } from './commit.js';
import type { Commit } from './commit.js';

/** How long a broker may hold an empty fetch, ms: bounds how long a stop takes, and how often the loop turns. */
const FETCH_WAIT_MS = 250;
const FETCH_PARTITION_BYTES = 4 * 1024 * 1024;
const FETCH_BYTES = 16 * 1024 * 1024;
/** A member that is silent for this long is taken out of the group, ms. */
export const SESSION_MS = 30_000;
const MAX_HEARTBEAT_MS = 3_000;
const REBALANCE_MS = 60_000;
/** Leaving a group may take this long, ms. */
const LEAVE_LIMIT_MS = 10_000;

export interface SessionEvents {
  /** The group has given this member these partitions, by full topic name; whatever it held before is void. */
  joined(assignment: Record<string, number[]>): void;
  /** A fetch came back. */
  turned(): void;
  crashed(error: Error, kafkajsRestarts: boolean): void;
  /** One at a time. Nothing is resolved or committed unless asked for. */
  batch(payload: EachBatchPayload): Promise<void>;
}

export interface SessionGroup {
  readonly groupId: string;
  readonly isPrivate: boolean;
  readonly sessionMs: number | undefined;
}

/** One kafkajs consumer with the settings that this package relies on, from joining to leaving. */
export class Session {
  readonly #consumer: Consumer;
  readonly #groupId: string;
  readonly #events: SessionEvents;
  readonly #heartbeatMs: number;
  #left: Promise<void> | undefined;

  constructor(
    kafka: Kafka,
    { groupId, isPrivate, sessionMs = SESSION_MS }: SessionGroup,
    events: SessionEvents,
  ) {
    this.#groupId = groupId;
    this.#events = events;
    this.#heartbeatMs = Math.min(MAX_HEARTBEAT_MS, sessionMs / 3);
    this.#consumer = kafka.consumer({
      groupId,
      sessionTimeout: sessionMs,
      rebalanceTimeout: REBALANCE_MS,
      heartbeatInterval: this.#heartbeatMs,
      maxWaitTimeInMs: Math.min(FETCH_WAIT_MS, this.#heartbeatMs / 2),
      maxBytesPerPartition: FETCH_PARTITION_BYTES,
      maxBytes: FETCH_BYTES,
      allowAutoTopicCreation: false,
      // In a group of its own a session does not begin anew: the loop makes another, with another group.
      retry: isPrivate ? { ...RETRY, restartOnFailure: () => Promise.resolve(false) } : RETRY,
    });
    const { GROUP_JOIN, FETCH, CRASH } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      events.joined(payload.memberAssignment);
    });
    this.#consumer.on(FETCH, () => {
      events.turned();
    });
    this.#consumer.on(CRASH, ({ payload }) => {
      events.crashed(payload.error, payload.restart);
    });
  }

  async run(fullTopics: string[]): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: fullTopics, fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (payload) => this.#batch(payload),
    });
  }

  seek(topic: string, partition: number, position: number): void {
    this.#consumer.seek({ topic, partition, offset: String(position) });
  }

  pause(topic: string, partition: number): void {
    this.#consumer.pause([{ topic, partitions: [partition] }]);
  }

  commit(commit: Commit): Promise<void> {
    return commitConfirmed(this.#consumer, commit);
  }

  /** Leaves the group. @throws HitonamiError `UNAVAILABLE` where Kafka does not answer; the group then notices by itself */
  leave(): Promise<void> {
    return (this.#left ??= this.#leave());
  }

  async #leave(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const message = `Kafka did not answer while group "${this.#groupId}" was left`;
        reject(new HitonamiError('UNAVAILABLE', message, { canRetry: true }));
      }, LEAVE_LIMIT_MS);
    });
    try {
      await Promise.race([this.#consumer.disconnect(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Heartbeats while the handler works, however long it takes: kafkajs itself beats only between batches. */
  async #batch(payload: EachBatchPayload): Promise<void> {
    const timer = setInterval(() => {
      // A failure here is met again by kafkajs's own heartbeat behind the batch, which acts on it.
      payload.heartbeat().catch(() => undefined);
    }, this.#heartbeatMs);
    try {
      await this.#events.batch(payload);
    } finally {
      clearInterval(timer);
    }
  }
}
