import type { EventLog } from '@hitonami/event-log';
import { HitonamiError } from '@hitonami/model';
import { TOPIC_NAMES, type Logger } from '@hitonami/service';

/** Records in one append at most. */
const BATCH_RECORDS = 500;
/** Records that may wait for an append; over it the sender is told to try later. */
const WAITING_MAX = 20_000;
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 2_000;
/** Tries of one append before its records are given up. */
const TRIES_MAX = 8;

interface Waiting {
  site: string;
  value: Buffer;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Appends observations in the order of the calls, all that wait in one append, so that many cameras share one flush.
 * A fault that may pass is tried again for a few seconds with the order kept.
 */
export class Publisher {
  private readonly log: EventLog;
  private readonly logger: Logger;
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;

  constructor(log: EventLog, logger: Logger) {
    this.log = log;
    this.logger = logger;
  }

  /** Resolves when the record is durable. */
  publish(site: string, value: Buffer): Promise<void> {
    if (this.waiting.length >= WAITING_MAX) {
      return Promise.reject(
        new HitonamiError(
          'UNAVAILABLE',
          `${WAITING_MAX} records wait for the event log; try later`,
          { canRetry: true },
        ),
      );
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ site, value, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Waits until nothing waits. */
  async drain(): Promise<void> {
    while (this.running) await this.running;
  }

  private async run(): Promise<void> {
    // One turn later, so that what comes in together goes out together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH_RECORDS);
      try {
        await this.append(batch);
        for (const item of batch) item.resolve();
      } catch (error) {
        for (const item of batch) item.reject(error);
      }
    }
    this.running = undefined;
  }

  private async append(batch: readonly Waiting[]): Promise<void> {
    const records = batch.map(({ site, value }) => ({ key: site, value }));
    for (let attempt = 1; ; attempt++) {
      try {
        await this.log.append(TOPIC_NAMES.observations, records);
        return;
      } catch (error) {
        if (!(error instanceof HitonamiError && error.canRetry) || attempt >= TRIES_MAX)
          throw error;
        this.logger.warn(
          { err: error, attempt, records: records.length },
          'the event log did not take the positions; trying again',
        );
        await new Promise((resolve) =>
          setTimeout(resolve, Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** attempt)),
        );
      }
    }
  }
}
