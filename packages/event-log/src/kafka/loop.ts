import { HitonamiError } from '@hitonami/model';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { Backoff } from '../backoff.js';
import { handlerFailed, notHeld } from '../faults.js';
import type { FaultHook } from '../faults.js';
import type { LogBatch, Resume } from '../port.js';
import { mapped, movedOn } from './errors.js';
import { wrapRecords } from './records.js';
import { Session } from './session.js';

/** Joining a group may take this long, ms. */
const JOIN_LIMIT_MS = 60_000;

/** What the loop asks and tells; all calls come one after another. */
export interface LoopHandler {
  /** Where to begin with the partitions just joined, in the same order. */
  resume(partitions: readonly TopicPartition[]): Promise<readonly Resume[]>;
  assigned(partition: TopicPartition, resume: Resume): Promise<void> | void;
  lost(partition: TopicPartition): Promise<void> | void;
  batch(batch: LogBatch): Promise<void>;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface LoopSetup {
  readonly kafka: Kafka;
  /** The group's full name. */
  readonly groupId: string;
  /**
   * Nobody shares the group: each session has one of its own, by a suffix. A broker that comes back knows the group of
   * before, and would have whoever joins it wait for a member that is gone, for as long as that one's session lasts.
   */
  readonly isPrivate?: boolean;
  /** Topics as callers name them, and their full names. */
  readonly topics: ReadonlyMap<string, string>;
  readonly handler: LoopHandler;
  readonly onFault: FaultHook;
  /** Follow this partition alone. */
  readonly only?: number;
  readonly sessionMs?: number;
}

interface Held extends TopicPartition {
  position: number;
  /** The position that was last sought: a batch from elsewhere is believed the second time (the log was cut). */
  sought: number;
}

/**
 * The kafkajs consumer, tamed. kafkajs tells of a new assignment only after the fact and may hold batches of the old
 * one: so every join is put into one queue with the batches; all partitions held before are lost, all held now are
 * assigned and sought, and a batch is delivered only where it begins at the partition's own position.
 */
export class KafkaLoop {
  readonly #setup: LoopSetup;
  readonly #stop = new AbortController();
  readonly #backoff = new Backoff();
  readonly #callerNames: ReadonlyMap<string, string>;
  #session: Session | undefined;
  #held = new Map<string, Held>();
  /** Counts the joins and crashes: what was begun under an older number is void. */
  #generation = 0;
  #sessions = 0;
  #settledGeneration = 0;
  #queue: Promise<void> = Promise.resolve();
  #progressMs = Date.now();
  #stopping: Promise<void> | undefined;
  #onFirstJoin: () => void = () => undefined;

  constructor(setup: LoopSetup) {
    this.#setup = setup;
    this.#callerNames = new Map(Array.from(setup.topics, ([name, full]) => [full, name]));
  }

  lastProgressMs(): number {
    return this.#progressMs;
  }

  held(): readonly Readonly<Held>[] {
    return [...this.#held.values()];
  }

  /** Joins the group; resolves when this member has its assignment (which may be empty) and the handler was told. */
  async start(): Promise<void> {
    const joined = new Promise<void>((resolve) => (this.#onFirstJoin = resolve));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const message = `group "${this.#setup.groupId}" could not be joined within ${JOIN_LIMIT_MS} ms`;
        reject(new HitonamiError('UNAVAILABLE', message, { canRetry: true }));
      }, JOIN_LIMIT_MS);
    });
    try {
      await this.#connect();
      await Promise.race([joined, late]);
    } catch (error) {
      await this.stop();
      throw mapped(error, `group "${this.#setup.groupId}" could not be joined`);
    } finally {
      clearTimeout(timer);
    }
  }

  async commit(
    { topic, partition }: TopicPartition,
    position: number,
    metadata: string,
  ): Promise<void> {
    const session = this.#session;
    const { groupId } = this.#setup;
    const full = this.#setup.topics.get(topic) ?? topic;
    const current = this.#generation === this.#settledGeneration;
    if (session === undefined || !current || !this.#held.has(idOf(full, partition)))
      throw notHeld(groupId, topic, partition);
    try {
      await session.commit({ topic: full, partition, offset: String(position), metadata });
    } catch (error) {
      if (movedOn(error)) throw notHeld(groupId, topic, partition);
      throw mapped(error, `the position of ${topic}/${partition} could not be committed`);
    }
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#leave());
  }

  async #leave(): Promise<void> {
    this.#stop.abort();
    await this.#enqueue(() => this.#loseAll());
    await this.#leaveSession();
  }

  async #leaveSession(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    try {
      await session?.leave();
    } catch (error) {
      this.#setup.onFault(mapped(error, `leaving group "${this.#setup.groupId}"`));
    }
  }

  async #connect(): Promise<void> {
    const { kafka, groupId, topics, sessionMs, isPrivate = false } = this.#setup;
    await this.#leaveSession();
    const name = isPrivate ? `${groupId}.${++this.#sessions}` : groupId;
    this.#session = new Session(
      kafka,
      { groupId: name, isPrivate, sessionMs },
      {
        joined: (assignment) => {
          this.#onJoin(assignment);
        },
        turned: () => {
          this.#progressMs = Date.now();
        },
        crashed: (error, restarts) => {
          this.#onCrash(error, restarts);
        },
        batch: (payload) => this.#enqueue(() => this.#onBatch(payload)),
      },
    );
    await this.#session.run([...topics.values()]);
  }

  /** Tasks run one after another; a task handles its own faults. */
  #enqueue(task: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(task);
    return this.#queue;
  }

  #onJoin(assignment: Record<string, number[]>): void {
    const generation = ++this.#generation;
    void this.#enqueue(async () => {
      await this.#loseAll();
      await this.#untilDone(generation, () => this.#takeAll(assignment, generation));
      if (this.#generation !== generation) return;
      this.#settledGeneration = generation;
      this.#progressMs = Date.now();
      this.#onFirstJoin();
    });
  }

  #onCrash(error: unknown, kafkajsRestarts: boolean): void {
    if (this.#stop.signal.aborted) return;
    const generation = ++this.#generation;
    this.#setup.onFault(mapped(error, `the consumer of group "${this.#setup.groupId}" failed`));
    void this.#enqueue(async () => {
      await this.#loseAll();
      if (kafkajsRestarts) return;
      await this.#untilDone(generation, async () => {
        await this.#backoff.pause(this.#stop.signal);
        if (this.#stop.signal.aborted) return;
        await this.#connect();
      });
    });
  }

  async #takeAll(assignment: Record<string, number[]>, generation: number): Promise<void> {
    const { handler, only } = this.#setup;
    const session = this.#session;
    if (session === undefined) return;
    const mine: (TopicPartition & { full: string })[] = [];
    for (const [full, partitions] of Object.entries(assignment)) {
      const topic = this.#callerNames.get(full);
      if (topic === undefined) continue;
      for (const partition of partitions) {
        if (only === undefined || only === partition) mine.push({ topic, partition, full });
        else session.pause(full, partition);
      }
    }
    const fresh = mine.filter(({ full, partition }) => !this.#held.has(idOf(full, partition)));
    if (fresh.length === 0) return;
    const resumes = await handler.resume(fresh);
    for (const [index, { topic, partition, full }] of fresh.entries()) {
      if (this.#generation !== generation || this.#stop.signal.aborted) return;
      const resume = resumes[index] ?? { position: 0, metadata: '' };
      const { position } = resume;
      await handler.assigned({ topic, partition }, resume);
      this.#held.set(idOf(full, partition), { topic, partition, position, sought: position });
      session.seek(full, partition, position);
    }
  }

  async #loseAll(): Promise<void> {
    const held = [...this.#held.values()];
    this.#held = new Map();
    for (const { topic, partition } of held) {
      try {
        await this.#setup.handler.lost({ topic, partition });
      } catch (error) {
        this.#setup.onFault(handlerFailed(`giving up ${topic}/${partition}`, error));
      }
    }
  }

  async #onBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const generation = this.#generation;
    const held = this.#held.get(idOf(batch.topic, batch.partition));
    if (held === undefined || generation !== this.#settledGeneration) return;
    if (this.#stop.signal.aborted || !payload.isRunning() || payload.isStale()) return;
    // Not in kafkajs's types: the offset that the fetch had asked for.
    const fetched = Number((batch as unknown as { fetchedOffset: string }).fetchedOffset);
    if (fetched !== held.position && held.sought !== held.position) {
      held.sought = held.position;
      this.#session?.seek(batch.topic, batch.partition, held.position);
      return;
    }
    const { topic, partition } = held;
    const records = wrapRecords(batch.messages);
    const last = batch.messages.at(-1)?.offset;
    if (last === undefined) return;
    try {
      await this.#setup.handler.batch({
        topic,
        partition,
        records,
        end: Number(batch.highWatermark),
      });
    } catch (error) {
      this.#setup.onFault(handlerFailed(`handling ${topic}/${partition} from ${fetched}`, error));
      // Not resolved: kafkajs fetches the same again.
      await this.#backoff.pause(this.#stop.signal);
      return;
    }
    this.#backoff.worked();
    this.#progressMs = Date.now();
    // A join meanwhile has made kafkajs begin anew: this offset is no longer its business.
    if (this.#generation !== generation) return;
    payload.resolveOffset(last);
    held.position = Number(batch.lastOffset()) + 1;
    held.sought = -1;
  }

  /** Tries until it works, something newer has come, or the loop stops. */
  async #untilDone(generation: number, task: () => Promise<void>): Promise<void> {
    while (this.#generation === generation && !this.#stop.signal.aborted) {
      try {
        await task();
        this.#backoff.worked();
        return;
      } catch (error) {
        this.#setup.onFault(handlerFailed(`group "${this.#setup.groupId}"`, error));
        await this.#backoff.pause(this.#stop.signal);
      }
    }
  }
}

function idOf(fullTopic: string, partition: number): string {
  return `${fullTopic}/${partition}`;
}
