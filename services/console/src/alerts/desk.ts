import type { EventLog } from '@hitonami/event-log';
import type { SitePlan } from '@hitonami/model';
import type { AlertRecord, Records } from '@hitonami/records';
import type { Logger, PlanFollower } from '@hitonami/service';
import type { Alert } from '../contract/index.js';
import { notFound } from '../http/problem.js';
import { alertOf, withReport } from './convert.js';
import type { Escalation } from './escalation.js';
import { AlertIntake } from './intake.js';
import type { Silences } from './silences.js';

/** Alerts whose values alone have changed are shown anew at most this often, ms. */
const REFRESH_MS = 1_000;
/** How soon the end of a shelving, and an alert that nobody acknowledges, is noticed, ms. */
const TICK_MS = 1_000;
/** Alerts that one list shows. */
const LIST_MAX = 1_000;

export interface DeskOptions {
  records: Records;
  plans: Pick<PlanFollower, 'at' | 'versions'>;
  logger: Logger;
  escalation: Escalation | undefined;
  silences: Silences | undefined;
  /** The active alerts of a site, whole, after each change. */
  show: (site: string, active: readonly Alert[]) => void;
}

/**
 * What fires, who has it in hand, and what they did: the log's alerts joined with the people's answers. What the records
 * cannot keep for now is shown all the same, as far as the log and their last answer tell it.
 */
export class AlertDesk {
  readonly #options: DeskOptions;
  readonly #intake: AlertIntake;
  readonly #refreshes = new Map<string, NodeJS.Timeout>();
  readonly #shown = new Map<string, string>();
  /** What is active by the records, when they were asked last. */
  #known: readonly Alert[] = [];
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#intake = new AlertIntake({
      alerts: options.records.alerts,
      logger: options.logger,
      onRecord: (record) => options.escalation?.note(record),
      onChange: (site, isNews) => {
        this.#refreshSoon(site, isNews);
      },
    });
  }

  async start(log: EventLog): Promise<void> {
    await this.#intake.start(log);
    for (const site of new Set((await this.#options.records.alerts.active()).map((a) => a.site)))
      await this.#refresh(site);
    this.#timer = setInterval(() => {
      this.#ticking ??= this.#tick()
        .catch((error: unknown) => {
          this.#options.logger.warn({ err: error }, 'the alerts could not be looked through');
        })
        .finally(() => (this.#ticking = undefined));
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const timer of this.#refreshes.values()) clearTimeout(timer);
    await this.#intake.stop();
    await this.#ticking;
  }

  async active(site: string): Promise<Alert[]> {
    const known = await this.#join(await this.#options.records.alerts.active(site, LIST_MAX));
    return this.#withWaiting(known).filter((alert) => alert.site === site);
  }

  async between(site: string, from: Date, to: Date): Promise<Alert[]> {
    return this.#join(await this.#options.records.alerts.between(site, from, to, LIST_MAX));
  }

  /** Undefined where there is no such alert. */
  async siteOf(id: string): Promise<string | undefined> {
    return (await this.#options.records.alerts.get(id))?.site;
  }

  /**
   * Does something about an alert, and shows it to everybody.
   * @throws ProblemError 404 where there is no such alert
   */
  async act(
    id: string,
    deed: (alerts: Records['alerts']) => Promise<AlertRecord | undefined>,
  ): Promise<Alert> {
    const record = await deed(this.#options.records.alerts);
    if (record === undefined) throw notFound(`alert '${id}'`);
    await this.#refresh(record.site);
    this.#options.silences?.soon();
    const [alert] = await this.#join([record]);
    if (alert === undefined) throw notFound(`alert '${id}'`);
    return alert;
  }

  /** As `act`; who acknowledges what was taken back in Alertmanager takes it in hand again. */
  async acknowledge(id: string, by: { user: string; note: string }): Promise<Alert> {
    const { alerts } = this.#options.records;
    const before = await alerts.get(id);
    if (before && this.#options.silences?.isLifted(before) === true)
      this.#options.silences.renew(id);
    return this.act(id, () => alerts.acknowledge(id, by));
  }

  async #join(records: readonly AlertRecord[]): Promise<Alert[]> {
    const { records: store, silences } = this.#options;
    const actions = await store.alerts.actionsOf(records.map(({ id }) => id));
    return records.map((record) =>
      alertOf(
        record,
        actions.get(record.id) ?? [],
        this.#planOf(record.site),
        silences?.of(record),
        silences?.isLifted(record) === true,
      ),
    );
  }

  #refreshSoon(site: string, isNews: boolean): void {
    const waiting = this.#refreshes.get(site);
    if (waiting !== undefined && !isNews) return;
    clearTimeout(waiting);
    const refresh = (): void => {
      this.#refreshes.delete(site);
      this.#refresh(site).catch((error: unknown) => {
        this.#options.logger.warn({ err: error, site }, 'the alerts could not be shown');
      });
    };
    this.#refreshes.set(site, setTimeout(refresh, isNews ? 0 : REFRESH_MS));
  }

  async #refresh(site: string): Promise<void> {
    const active = await this.active(site).catch((error: unknown) => {
      this.#options.logger.warn({ err: error, site }, 'the records do not say what is active');
      return this.#withWaiting(this.#known).filter((alert) => alert.site === site);
    });
    this.#show(site, active);
  }

  /** With what the records have not taken yet. */
  #withWaiting(known: readonly Alert[]): Alert[] {
    const alerts = new Map(known.map((alert) => [alert.id, alert]));
    for (const [id, report] of this.#intake.waiting()) {
      const alert = withReport(alerts.get(id), report, this.#planOf(report.site));
      if (alert === undefined) alerts.delete(id);
      else alerts.set(id, alert);
    }
    return [...alerts.values()];
  }

  #planOf(site: string): SitePlan | undefined {
    const { plans } = this.#options;
    return plans.at(site, Date.now() * 1000) ?? plans.versions(site)[0]?.plan;
  }

  #show(site: string, active: readonly Alert[]): void {
    const text = JSON.stringify(active);
    if (this.#shown.get(site) === text) return;
    this.#shown.set(site, text);
    this.#options.show(site, active);
  }

  async #tick(): Promise<void> {
    try {
      const records = await this.#options.records.alerts.active(undefined, LIST_MAX);
      this.#known = await this.#join(records);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the records do not say what is active');
    }
    const alerts = this.#withWaiting(this.#known);
    const sites = new Set([...this.#shown.keys(), ...alerts.map(({ site }) => site)]);
    for (const site of sites)
      this.#show(
        site,
        alerts.filter((alert) => alert.site === site),
      );
    this.#options.escalation?.look(alerts);
  }
}
