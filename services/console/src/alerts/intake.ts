import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, Tail } from '@hitonami/event-log';
import type { Alerts, AlertReport } from '@hitonami/records';
import { contracts, TOPIC_NAMES, type Alert as AlertOnLog, type Logger } from '@hitonami/service';
import { reportOf } from './convert.js';

/** Reports that may wait for the records; beyond it the oldest repetitions go. */
const WAITING_MAX = 10_000;
const RETRY_MS = 1_000;

export interface IntakeOptions {
  alerts: Pick<Alerts, 'upsert'>;
  logger: Logger;
  /** Each record of the topic, also of the past, in order: what people were told of. */
  onRecord: (record: AlertOnLog) => void;
  /** A site's alerts are not as they were. `isNews`: more than another value. */
  onChange: (site: string, isNews: boolean) => void;
}

/**
 * Mirrors the topic of alerts into the records. At the start all that the topic still has is looked at, so that nothing is
 * missed that happened while no console ran; each revision is taken once. While the records are away the reports wait,
 * and can be looked at meanwhile.
 */
export class AlertIntake {
  readonly #options: IntakeOptions;
  readonly #waiting = new Map<string, AlertReport>();
  readonly #stopping = new AbortController();
  #tail: Tail | undefined;
  #working: Promise<void> | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Resolves when what the topic has is in the records. */
  async start(log: EventLog): Promise<void> {
    this.#tail = await log.tail(TOPIC_NAMES.alerts, ({ value }) => {
      this.#receive(value);
    });
    for await (const { value } of log.read(TOPIC_NAMES.alerts, 0, 0)) this.#receive(value);
    await this.#working;
  }

  async stop(): Promise<void> {
    await this.#tail?.stop();
    this.#stopping.abort();
    await this.#working;
  }

  /** What the records have not taken yet, the newest report of each alert. */
  waiting(): Map<string, AlertReport> {
    const newest = new Map<string, AlertReport>();
    for (const report of this.#waiting.values()) {
      const other = newest.get(report.id);
      if (other === undefined || other.revision <= report.revision) newest.set(report.id, report);
    }
    return newest;
  }

  #receive(value: Uint8Array): void {
    const { logger, onRecord } = this.#options;
    try {
      const record = contracts().alert.decode(value);
      const report = reportOf(record);
      if (report === undefined) {
        logger.warn(
          { id: record.id, rule: record.rule },
          'an alert of an unknown kind was passed over',
        );
        return;
      }
      onRecord(record);
      const key = `${report.id} ${report.revision}`;
      this.#waiting.delete(key);
      this.#waiting.set(key, report);
      const [oldest] = this.#waiting.keys();
      if (this.#waiting.size > WAITING_MAX && oldest !== undefined) this.#waiting.delete(oldest);
      this.#working ??= this.#work().finally(() => (this.#working = undefined));
    } catch (error) {
      logger.error({ err: error }, 'a record of the alerts cannot be read, and was passed over');
    }
  }

  async #work(): Promise<void> {
    // What came in one batch is first collected, so that of many repetitions one is written.
    await pause(0);
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined || this.#stopping.signal.aborted) return;
      const [key, report] = next;
      try {
        const { outcome } = await this.#options.alerts.upsert(report);
        if (this.#waiting.get(key) === report) this.#waiting.delete(key);
        if (outcome !== 'old') this.#options.onChange(report.site, outcome !== 'refreshed');
      } catch (error) {
        const isHopeless = (error as { code?: string }).code === 'INPUT';
        this.#options.logger.warn({ err: error, id: report.id }, 'an alert could not be recorded');
        if (isHopeless) {
          this.#waiting.delete(key);
          continue;
        }
        // It cannot be kept, and is shown all the same.
        for (const site of new Set([...this.#waiting.values()].map((one) => one.site)))
          this.#options.onChange(site, true);
        await pause(RETRY_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
  }
}
