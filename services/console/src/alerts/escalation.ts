import { randomUUID } from 'node:crypto';
import type { SitePlan } from '@hitonami/model';
import type { Records } from '@hitonami/records';
import {
  deliverWebhook,
  type Alert as AlertOnLog,
  type Logger,
  type WebhookTarget,
} from '@hitonami/service';
import { SEVERITIES, type Alert } from '../contract/index.js';
import type { ConsoleMetrics } from '../metrics.js';
import { reportOf } from './convert.js';

/** Alerts that people were told of, and calls that arrived, that are remembered. */
const NOTED_MAX = 10_000;
/** A console that has said nothing for so long calls nobody any more: another may. */
const CLAIM_MS = 10_000;
const CLAIM_AGAIN_MS = CLAIM_MS / 4;

type Severity = Alert['severity'];
const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

export interface EscalationOptions {
  target: WebhookTarget;
  /** The console's own address, for the link in the message. */
  url: string;
  records: Pick<Records, 'alerts'>;
  planOf: (site: string) => SitePlan | undefined;
  logger: Logger;
  metrics: ConsoleMetrics;
}

/**
 * Calls a phone about a critical alert that nobody has acknowledged. Only of what people were told: the replay of an old
 * recording calls nobody. The alert is marked when the message has arrived, so that one is not lost where the console stops
 * in between; a message that is sent again then has the same idempotency key. Of several consoles one claims the call in
 * the records, and says so again while it calls; another takes over where it is gone. While the records are away each
 * calls: twice is better than never.
 */
export class Escalation {
  readonly #options: EscalationOptions;
  /** How grave people were told that an alert is, and since when. */
  readonly #told = new Map<string, { severity: Severity; sinceMs: number }>();
  readonly #calls = new Map<string, AbortController>();
  /** Arrived: what is left to do is to mark it. */
  readonly #arrived = new Set<string>();
  readonly #me = randomUUID();
  readonly #running = new Set<Promise<void>>();

  constructor(options: EscalationOptions) {
    this.#options = options;
  }

  /** A record of the topic, in order. */
  note(record: AlertOnLog): void {
    const report = record.announce ? reportOf(record) : undefined;
    if (report === undefined) return;
    const known = this.#told.get(report.id);
    if (report.state === 'resolved') {
      this.#told.delete(report.id);
      return;
    }
    if (known !== undefined && rank(known.severity) >= rank(report.severity)) return;
    this.#told.set(report.id, { severity: report.severity, sinceMs: report.at.getTime() });
    const [oldest] = this.#told.keys();
    if (this.#told.size > NOTED_MAX && oldest !== undefined) this.#told.delete(oldest);
  }

  /** @param active all active alerts, as they stand now */
  look(active: readonly Alert[]): void {
    const due = new Set<string>();
    for (const alert of active) {
      if (!this.#isDue(alert)) continue;
      const key = `escalation-${alert.id}-${alert.severity}`;
      due.add(key);
      if (!this.#calls.has(key)) this.#call(key, alert);
    }
    // Acknowledged, shelved, resolved or done meanwhile: nobody needs to be called any more.
    for (const [key, call] of this.#calls) {
      if (due.has(key)) continue;
      this.#calls.delete(key);
      call.abort();
    }
  }

  async stop(): Promise<void> {
    for (const call of this.#calls.values()) call.abort();
    await Promise.all(this.#running);
  }

  #isDue(alert: Alert): boolean {
    const told = this.#told.get(alert.id);
    if (told === undefined || rank(alert.severity) < rank('critical')) return false;
    if (alert.acknowledgedBy !== null || alert.shelvedUntil !== null) return false;
    if (alert.escalatedAt !== null) return false;
    const afterS = this.#options.planOf(alert.site)?.alerting.escalateAfterS ?? Infinity;
    return Date.now() - told.sinceMs >= afterS * 1000;
  }

  #call(key: string, alert: Alert): void {
    const call = new AbortController();
    this.#calls.set(key, call);
    const running = this.#reach(key, alert, call)
      .catch((error: unknown) => {
        if (call.signal.aborted) return;
        this.#options.logger.error(
          { err: error, alert: alert.id },
          'an escalation was sent and could not be recorded; it is tried again',
        );
      })
      .finally(() => {
        this.#running.delete(running);
        if (this.#calls.get(key) === call) this.#calls.delete(key);
      });
    this.#running.add(running);
  }

  async #reach(key: string, alert: Alert, call: AbortController): Promise<void> {
    const { target, records } = this.#options;
    if (!this.#arrived.has(key)) {
      if (!(await this.#claim(alert)) || call.signal.aborted) return;
      const claiming = setInterval(() => {
        void this.#claim(alert).then((isMine) => {
          if (!isMine) call.abort();
        });
      }, CLAIM_AGAIN_MS);
      try {
        await this.#send(key, alert, call.signal);
      } catch (error) {
        // Nobody needs to be called any more, or not by this console: another need not wait for the claim to end.
        await records.alerts.releaseEscalation(alert.id, { console: this.#me });
        throw error;
      } finally {
        clearInterval(claiming);
      }
      this.#arrived.add(key);
      const [oldest] = this.#arrived;
      if (this.#arrived.size > NOTED_MAX && oldest !== undefined) this.#arrived.delete(oldest);
    }
    const { severity } = alert;
    const text = `${severity} → ${new URL(target.url).host}`;
    await records.alerts.escalate(alert.id, { text, severity });
  }

  async #claim({ id, severity }: Alert): Promise<boolean> {
    const { records, logger } = this.#options;
    try {
      return await records.alerts.claimEscalation(id, {
        ...{ console: this.#me, severity, forMs: CLAIM_MS },
      });
    } catch (error) {
      logger.warn({ err: error, alert: id }, 'an escalation could not be claimed; it is sent');
      return true;
    }
  }

  async #send(key: string, alert: Alert, signal: AbortSignal): Promise<void> {
    const { target, logger, metrics, url } = this.#options;
    const body = {
      kind: 'escalation',
      alert,
      text: words(alert, this.#options.planOf(alert.site)),
      url: `${url}/sites/${alert.site}/alerts/${encodeURIComponent(alert.id)}`,
    };
    const onFault = (error: unknown): void => {
      metrics.pushed('escalation', false);
      logger.error(
        { err: error, alert: alert.id },
        'an escalation did not arrive; it is sent again',
      );
    };
    await deliverWebhook(target, { body, idempotencyKey: key }, { signal, onFault });
    metrics.pushed('escalation', true);
  }
}

/** What the phone reads out: where, what, since when nobody has answered. */
function words(alert: Alert, plan: SitePlan | undefined): { ja: string; en: string } {
  const place = [...(plan?.areas ?? []), ...(plan?.lines ?? [])].find(
    ({ id }) => id === alert.subject,
  );
  const name = place?.name ?? { ja: alert.subject, en: alert.subject };
  const site = plan?.name ?? { ja: alert.site, en: alert.site };
  return {
    ja: `${site.ja} ${name.ja}：警報（${alert.rule}、${alert.severity}）に誰も応答していません。`,
    en: `${site.en}, ${name.en}: nobody has acknowledged the alert (${alert.rule}, ${alert.severity}).`,
  };
}
