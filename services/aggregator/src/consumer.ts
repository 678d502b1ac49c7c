import type { EventLog, GroupConsumer, GroupHandler, LogBatch, Resume } from '@hitonami/event-log';
import { HitonamiError } from '@hitonami/model';
import { TOPIC_NAMES, type Logger } from '@hitonami/service';
import { Backlog } from './backlog.js';
import { Partition, type PartitionParts, type Progress } from './partition.js';
import type { WarehouseWriter } from './writer.js';

/** At a stop what is being written may still be finished and committed for this long, ms. */
const LAST_WRITE_MS = 3_000;

export const AGGREGATOR_GROUP = 'aggregator';

interface Held {
  partition: Partition;
  backlog: Backlog;
  /** Aborted once it is lost: what is still being written is given up, and not committed. */
  abort: AbortController;
}

/**
 * Reads the observations as a member of the group: a partition's batches are folded while the windows that they close are
 * on their way to the warehouse, up to a bound.
 */
export class ObservationConsumer implements GroupHandler {
  private readonly parts: PartitionParts;
  private readonly writer: WarehouseWriter;
  private readonly logger: Logger;
  private readonly beat: () => void;
  private readonly fail: (error: unknown) => void;
  private readonly held = new Map<number, Held>();
  private consumer: GroupConsumer | undefined;
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
    const abort = new AbortController();
    const backlog = new Backlog((progress) => this.write(topic, partition, abort, progress));
    this.held.set(partition, { partition: fresh, backlog, abort });
  }

  async lost(topic: string, partition: number): Promise<void> {
    const held = this.held.get(partition);
    if (!held) return;
    held.abort.abort();
    this.held.delete(partition);
    await held.backlog.settled();
    await held.partition.close();
    await this.parts.metrics.forgetPartition(topic, partition);
    this.logger.info({ partition }, 'a partition was lost');
  }

  async batch(batch: LogBatch): Promise<void> {
    this.beat();
    const held = this.held.get(batch.partition);
    if (!held || this.stopping) return;
    const progress = await this.orFail(() => held.partition.fold(batch));
    if (progress) await held.backlog.add(progress);
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
    const written = [...this.held.values()].map(({ backlog }) => backlog.settled());
    await Promise.race([Promise.all(written), patience]);
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

  private async write(
    topic: string,
    partition: number,
    abort: AbortController,
    { work, position, note, closedUntilUs }: Progress,
  ): Promise<void> {
    const isLost = (): boolean => abort.signal.aborted;
    if (isLost()) return;
    try {
      await this.writer.write(work, abort.signal);
      if (isLost()) return;
      await this.consumer?.commit(topic, partition, position, note);
      for (const [site, untilUs] of closedUntilUs)
        this.parts.metrics.writtenUntil.set({ site }, untilUs / 1e6);
    } catch (error) {
      if (isLost()) return;
      const { detail = '', canRetry = false } = error instanceof HitonamiError ? error : {};
      // Only commits get here with such a fault: the windows are written, and what is committed next says it for them.
      // Or another member holds the partition now, and will write them again, the same.
      if (canRetry || detail === 'NOT_HELD') {
        this.logger.warn({ err: error, partition }, 'a commit was not taken');
        return;
      }
      // Nothing after it may be committed: these windows would be missing for ever.
      abort.abort();
      this.fail(error);
    }
  }
}
