import type { EventLog, GroupConsumer, GroupHandler, LogBatch, Resume } from '@hitonami/event-log';
import type { SiteAlert } from '@hitonami/crowd';
import {
  contracts,
  postWebhook,
  TOPIC_NAMES,
  webhookRetryMs,
  type Logger,
  type Metrics,
  type PlanFollower,
  type WebhookMessage,
  type WebhookTarget,
} from '@hitonami/service';
import { alertMessage } from './message.js';
import { fromRecord } from './record.js';

export const ALERT_WEBHOOK_GROUP = 'alert-webhook';

/** Messages on their way at once, so that one that is not taken does not hold up the others. */
const POSTS_MAX = 4;
/** Messages that wait; over it the log waits, and nothing else does. */
const WAITING_MAX = 1_000;
/** A webhook that is new is told of changes that are no older than this, ms. */
const FIRST_START_AGE_MS = 5 * 60_000;
/** The position is committed this often where nothing was delivered, ms. */
const COMMIT_EVERY_MS = 5_000;
/** At a stop what is on its way may still be answered for this long, ms. */
const LAST_POSTS_MS = 1_000;
/** Alerts whose last delivered revision is remembered. */
const DELIVERED_MAX = 10_000;
const NOTE = 'v1';

interface Waiting {
  offset: number;
  alert: SiteAlert;
  tries: number;
  dueMs: number;
  inFlight: boolean;
}

/**
 * Tells a webhook of every change of an alert, read from the `alerts` topic as a group of its own: so an endpoint that is
 * dead holds up nothing, and what it missed waits on the log, also over a restart. A position is committed when
 * everything before it was taken. Each alert's changes come in order; different alerts do not wait for each other.
 * A message may come twice, with the same idempotency key, where the process ended between answer and commit.
 */
export class AlertWebhook implements GroupHandler {
  private readonly target: WebhookTarget;
  private readonly consoleUrl: string | undefined;
  private readonly plans: PlanFollower;
  private readonly logger: Logger;
  private readonly deliveries;
  private readonly failures;
  private consumer: GroupConsumer | undefined;
  private waiting: Waiting[] = [];
  private readonly delivered = new Map<string, number>();
  private readonly posting = new Set<Promise<void>>();
  private abort = new AbortController();
  private stopping = false;
  private nextOffset = 0;
  private committed = 0;
  private committedMs = 0;
  /** A commit says that this is no new webhook, so that what waits is not old news after a restart. */
  private isNoted = false;
  /** Changes before this are old news to a webhook that is new, µs. */
  private notBeforeUs = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private room: (() => void) | undefined;

  constructor(options: {
    target: WebhookTarget;
    consoleUrl: string | undefined;
    plans: PlanFollower;
    logger: Logger;
    metrics: Metrics;
  }) {
    this.target = options.target;
    this.consoleUrl = options.consoleUrl;
    this.plans = options.plans;
    this.logger = options.logger;
    this.deliveries = options.metrics.counter({
      name: 'hitonami_alert_webhook_deliveries_total',
      help: 'Changes of alerts that the webhook has taken.',
    });
    this.failures = options.metrics.counter({
      name: 'hitonami_alert_webhook_failures_total',
      help: 'Tries that the webhook did not answer with 2xx; each is made again.',
    });
  }

  async start(log: EventLog): Promise<void> {
    this.consumer = await log.consume(ALERT_WEBHOOK_GROUP, [TOPIC_NAMES.alerts], this);
  }

  /** Leaves the group; what was not taken comes again after a start. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.room?.();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_POSTS_MS)));
    await Promise.race([Promise.all(this.posting), patience]);
    clearTimeout(timer);
    this.abort.abort();
    await this.commit();
    this.drop();
    await this.consumer?.stop();
  }

  assigned(_topic: string, _partition: number, { position, metadata }: Resume): void {
    this.drop();
    this.abort = new AbortController();
    this.nextOffset = this.committed = position;
    this.isNoted = metadata !== '';
    this.notBeforeUs = metadata === '' ? 1000 * (Date.now() - FIRST_START_AGE_MS) : -Infinity;
  }

  lost(): void {
    this.drop();
  }

  async batch({ records }: LogBatch): Promise<void> {
    for (const { offset, value } of records) {
      if (offset < this.nextOffset) continue;
      this.nextOffset = offset + 1;
      const alert = this.read(offset, value);
      if (alert === undefined) continue;
      this.waiting.push({ offset, alert, tries: 0, dueMs: 0, inFlight: false });
      this.post();
      while (this.waiting.length >= WAITING_MAX && !this.stopping)
        await new Promise<void>((resolve) => (this.room = resolve));
    }
    if (!this.isNoted || Date.now() - this.committedMs >= COMMIT_EVERY_MS) await this.commit();
  }

  /** The change that a record tells people of; undefined where it does not, or not any more. */
  private read(offset: number, value: Uint8Array): SiteAlert | undefined {
    try {
      const record = contracts().alert.decode(value);
      if (!record.announce || record.atUs < this.notBeforeUs) return undefined;
      const isNew = record.revision > (this.delivered.get(record.id) ?? 0);
      return isNew ? fromRecord(record) : undefined;
    } catch (error) {
      this.logger.error({ err: error, offset }, 'a record of the alerts topic cannot be read');
      return undefined;
    }
  }

  /** Sends what is due, the never tried first. */
  private post(): void {
    clearTimeout(this.timer);
    if (this.stopping) return;
    let busy = this.waiting.filter(({ inFlight }) => inFlight).length;
    const nowMs = Date.now();
    const blocked = new Set<string>();
    const ready: Waiting[] = [];
    let nextMs = Infinity;
    for (const one of this.waiting) {
      // Behind an earlier change of the same alert.
      if (blocked.has(one.alert.id)) continue;
      blocked.add(one.alert.id);
      if (one.inFlight) continue;
      if (one.dueMs <= nowMs) ready.push(one);
      else nextMs = Math.min(nextMs, one.dueMs);
    }
    ready.sort((a, b) => a.tries - b.tries || a.offset - b.offset);
    for (const one of ready) {
      if (busy >= POSTS_MAX) break;
      busy += 1;
      one.inFlight = true;
      const posting = this.deliver(one).finally(() => this.posting.delete(posting));
      this.posting.add(posting);
    }
    if (nextMs < Infinity)
      this.timer = setTimeout(() => {
        this.post();
      }, nextMs - nowMs);
  }

  /** One try; never rejects. */
  private async deliver(one: Waiting): Promise<void> {
    const { abort } = this;
    const { alert } = one;
    try {
      await postWebhook(this.target, this.message(alert), abort.signal);
      if (abort.signal.aborted) return;
      this.deliveries.inc();
      this.waiting.splice(this.waiting.indexOf(one), 1);
      this.remember(alert);
      this.room?.();
      await this.commit();
    } catch (error) {
      if (abort.signal.aborted) return;
      one.inFlight = false;
      one.tries += 1;
      one.dueMs = Date.now() + webhookRetryMs(one.tries);
      this.failures.inc();
      if ((one.tries & (one.tries - 1)) === 0)
        this.logger.warn(
          { err: error, alert: alert.id, tries: one.tries, waiting: this.waiting.length },
          'the alert webhook did not take a change',
        );
    }
    this.post();
  }

  private message(alert: SiteAlert): WebhookMessage {
    const versions = this.plans.versions(alert.site);
    const found = versions.find(({ plan }) => plan.version === alert.planVersion);
    const { plan } = found ?? versions.at(-1) ?? { plan: undefined };
    const idempotencyKey = `${alert.id}:${alert.revision}`;
    return { body: alertMessage(alert, plan, this.consoleUrl), idempotencyKey };
  }

  private remember({ id, revision }: SiteAlert): void {
    this.delivered.delete(id);
    this.delivered.set(id, revision);
    const [oldest] = this.delivered.keys();
    if (this.delivered.size > DELIVERED_MAX && oldest !== undefined) this.delivered.delete(oldest);
  }

  /** Everything before the earliest that waits is done. */
  private async commit(): Promise<void> {
    const position = Math.min(this.nextOffset, ...this.waiting.map(({ offset }) => offset));
    if (position <= this.committed && this.isNoted) return;
    this.committed = position;
    this.isNoted = true;
    this.committedMs = Date.now();
    try {
      await this.consumer?.commit(TOPIC_NAMES.alerts, 0, position, NOTE);
    } catch (error) {
      this.logger.warn({ err: error }, 'a commit of the alert webhook was not taken');
    }
  }

  private drop(): void {
    this.abort.abort();
    clearTimeout(this.timer);
    this.waiting = [];
    this.delivered.clear();
    this.room?.();
  }
}
