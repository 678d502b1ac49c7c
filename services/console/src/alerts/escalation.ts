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

/** Alerts that people were told of, that are remembered. */
const NOTED_MAX = 10_000;

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
 * in between; a message that is sent again then has the same idempotency key.
 */
export class Escalation {
  readonly #options: EscalationOptions;
  /** How grave people were told that an alert is, and since when. */
  readonly #told = new Map<string, { severity: Severity; sinceMs: number }>();
  readonly #calls = new Map<string, AbortController>();
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
    const { target, records, logger, metrics, url } = this.#options;
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
    const running = (async () => {
      await deliverWebhook(target, { body, idempotencyKey: key }, { signal: call.signal, onFault });
      metrics.pushed('escalation', true);
      await records.alerts.escalate(alert.id, {
        text: `${alert.severity} → ${new URL(target.url).host}`,
      });
    })()
      .catch((error: unknown) => {
        if (call.signal.aborted) return;
        logger.error(
          { err: error, alert: alert.id },
          'an escalation was sent and could not be recorded',
        );
        this.#calls.delete(key);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
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
