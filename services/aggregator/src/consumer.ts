import type { EventLog, GroupConsumer, GroupHandler, LogBatch, Resume } from '@hitonami/event-log';
import { HitonamiError } from '@hitonami/model';
import { TOPIC_NAMES, type Logger } from '@hitonami/service';
import { join, windowsIn } from './backlog.js';
import { Partition, type PartitionParts, type Progress } from './partition.js';
import type { WarehouseWriter } from './writer.js';

/** At a stop what is being written may still be finished and committed for this long, ms. */
const LAST_WRITE_MS = 3_000;

/** Windows of a partition that wait while others are written; over it the log waits. */
const WAITING_WINDOWS_MAX = 32;

export const AGGREGATOR_GROUP = 'aggregator';

interface Held {
  topic: string;
  number: number;
  partition: Partition;
  /** What is to be written and committed next, while something else is being written. */
  waiting: Progress | undefined;
  /** Aborted once it is lost: what is still being written is given up, and not committed. */
  abort: AbortController;
}

/**
 * Reads the observations as a member of the group. While some windows are being written the next batches are folded, and
 * what they close is written together after that: commits stay in order, and memory is bounded.
 */
export class ObservationConsumer implements GroupHandler {
  private readonly parts: PartitionParts;
  private readonly writer: WarehouseWriter;
  private readonly logger: Logger;
  private readonly beat: () => void;
  private readonly fail: (error: unknown) => void;
  private readonly held = new Map<number, Held>();
  private consumer: GroupConsumer | undefined;
  /** Settles when nothing waits to be written; never rejects. Undefined where nothing does. */
  private writing: Promise<void> | undefined;
  /** Settles when what is being written now is. */
  private turn: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(options: {
    parts: PartitionParts;
    writer: WarehouseWriter;
    logger: Logger;
    beat: () => void;
    fail: (error: unknown) => void;
  }) {
    this.parts = options.parts;
    this.writer = options.writer;
    this.logger = options.logger;
    this.beat = options.beat;
    this.fail = options.fail;
  }

  async start(log: EventLog): Promise<GroupConsumer> {
    this.consumer = await log.consume(AGGREGATOR_GROUP, [TOPIC_NAMES.observations], this);
    return this.consumer;
  }

  *partitions(): Iterable<Partition> {
    for (const { partition } of this.held.values()) yield partition;
  }

  async assigned(topic: string, partition: number, resume: Resume): Promise<void> {
    await this.lost(topic, partition);
    this.logger.info({ partition, position: resume.position }, 'a partition was assigned');
    const fresh = await this.orFail(() => new Partition(this.parts, resume));
    this.held.set(partition, {
      topic,
      number: partition,
      partition: fresh,
      waiting: undefined,
      abort: new AbortController(),
    });
  }

  async lost(topic: string, partition: number): Promise<void> {
    const held = this.held.get(partition);
    if (!held) return;
    held.abort.abort();
    this.held.delete(partition);
    await this.writing;
    await held.partition.close();
    await this.parts.metrics.forgetPartition(topic, partition);
    this.logger.info({ partition }, 'a partition was lost');
  }

  async batch(batch: LogBatch): Promise<void> {
    this.beat();
    const held = this.held.get(batch.partition);
    if (!held || this.stopping) return;
    const progress = await this.orFail(() => held.partition.fold(batch));
    if (!progress) return;
    held.waiting = held.waiting ? join(held.waiting, progress) : progress;
    this.writing ??= this.writeWaiting();
    while (held.waiting && windowsIn(held.waiting) > WAITING_WINDOWS_MAX) await this.turn;
  }

  /** Shows how far the log is ahead, also while the loop waits for the warehouse. */
  async measureLag(): Promise<void> {
    for (const { topic, partition, lag } of (await this.consumer?.lag()) ?? []) {
      if (this.held.has(partition))
        this.parts.metrics.lag.set({ topic, partition: String(partition) }, lag);
    }
  }

  /** Leaves the group. What is being written is finished if that is soon done; the rest is folded again after a start. */
  async stop(): Promise<void> {
    this.stopping = true;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_WRITE_MS)));
    await Promise.race([this.writing, patience]);
    clearTimeout(timer);
    for (const { abort } of this.held.values()) abort.abort();
    await this.consumer?.stop();
  }

  /** The log makes a call that threw again; where that cannot help, the service has to say so and end. */
  private async orFail<T>(step: () => T | Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof HitonamiError && error.canRetry)) this.fail(error);
      throw error;
    }
  }

  /** One partition after the other, for as long as anything waits. */
  private async writeWaiting(): Promise<void> {
    for (;;) {
      const held = [...this.held.values()].find(({ waiting }) => waiting !== undefined);
      if (held?.waiting === undefined) break;
      const { waiting } = held;
      held.waiting = undefined;
      this.turn = this.write(held, waiting);
      await this.turn;
    }
    this.writing = undefined;
  }

  private async write(
    { topic, number, abort: { signal } }: Held,
    { work, position, note, closedUntilUs }: Progress,
  ): Promise<void> {
    try {
      await this.writer.write(work, signal);
      if (signal.aborted) return;
      await this.consumer?.commit(topic, number, position, note);
      for (const [site, untilUs] of closedUntilUs)
        this.parts.metrics.writtenUntil.set({ site }, untilUs / 1e6);
    } catch (error) {
      if (signal.aborted) return;
      // Another member holds the partition now, and will write these windows again, the same.
      if (error instanceof HitonamiError && error.detail === 'NOT_HELD') {
        this.logger.warn({ err: error, partition: number }, 'a commit came too late');
      } else this.fail(error);
    }
  }
}
