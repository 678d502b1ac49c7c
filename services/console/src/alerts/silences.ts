import type { AlertRecord, Records } from '@hitonami/records';
import type { Logger } from '@hitonami/service';
import type { Alertmanager, Silence } from './alertmanager.js';
import type { Silenced } from './convert.js';
import { commentOf, isSilencedBy, markOf, matchersOf, type Mark } from './matching.js';

/** How soon what was done in Alertmanager is known here, ms. */
const POLL_MS = 1_500;
/** An acknowledgement silences for so long, and again after that while the alert lasts, ms. */
const ACKNOWLEDGED_MS = 24 * 3_600_000;
/** A silence that ended this much before its time was ended by somebody, ms. */
const EARLY_MS = 5_000;

export interface SilencesOptions {
  alertmanager: Alertmanager;
  records: Pick<Records, 'alerts'>;
  logger: Logger;
  pollMs?: number;
}

interface Wanted {
  mark: Mark;
  by: string;
  endsAt: Date;
}

/**
 * Acknowledging here and silencing in Alertmanager are one state. What is acknowledged or shelved here is silenced there; a
 * silence there shows as an acknowledgement here for as long as it lasts; who ends ours there takes back the
 * acknowledgement or the shelving. Compared every second or two, so that neither side has to be there when the other acts.
 */
export class Silences {
  readonly #options: SilencesOptions;
  #others: readonly Silence[] = [];
  /** Acknowledgements here whose silence was ended there: mark by alert id. */
  #lifted = new Map<string, number>();
  readonly #renewed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #isAsked = false;
  #isStopped = false;

  constructor(options: SilencesOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.soon();
    }, this.#options.pollMs ?? POLL_MS);
    this.soon();
  }

  /** Something was done here: Alertmanager is to know it at once. */
  soon(): void {
    this.#isAsked = true;
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#isStopped = true;
    await this.#working;
  }

  /** The silence made in Alertmanager that holds for an alert, if there is one. */
  of(alert: AlertRecord): Silenced | undefined {
    const silence = this.#others.find((one) => isSilencedBy(alert, one));
    return silence && { by: `${silence.createdBy} (Alertmanager)`, since: silence.startsAt };
  }

  /** Whether the acknowledgement of an alert was taken back in Alertmanager. */
  isLifted(alert: AlertRecord): boolean {
    return this.#lifted.get(alert.id) === alert.acknowledgedAt?.getTime();
  }

  /** Somebody has taken the alert in hand again: it is silenced anew. */
  renew(alertId: string): void {
    this.#renewed.add(alertId);
    this.#lifted.delete(alertId);
  }

  async #work(): Promise<void> {
    while (this.#isAsked && !this.#isStopped) {
      this.#isAsked = false;
      try {
        await this.#compare();
      } catch (error) {
        this.#options.logger.warn(
          { err: error },
          'Alertmanager and the alerts could not be compared',
        );
      }
    }
  }

  async #compare(): Promise<void> {
    const { alertmanager, records } = this.#options;
    const [silences, active] = await Promise.all([
      alertmanager.silences(),
      records.alerts.active(),
    ]);
    const ours = new Map<string, { mark: Mark; silence: Silence }[]>();
    const others: Silence[] = [];
    for (const silence of silences) {
      const mark = markOf(silence.comment);
      if (mark) ours.set(mark.alertId, [...(ours.get(mark.alertId) ?? []), { mark, silence }]);
      else if (silence.status.state === 'active') others.push(silence);
    }
    this.#others = others;
    const lifted = new Map<string, number>();
    const needless = new Set<Silence>();
    for (const alert of active) {
      const known = ours.get(alert.id) ?? [];
      ours.delete(alert.id);
      const kept = await this.#fit(alert, known, lifted);
      for (const { silence } of known) if (silence !== kept) needless.add(silence);
    }
    for (const gone of ours.values()) for (const { silence } of gone) needless.add(silence);
    this.#lifted = lifted;
    for (const { id, status } of needless)
      if (status.state !== 'expired') await alertmanager.expire(id);
  }

  /** @returns the silence that stands for what is wanted, if it is there */
  async #fit(
    alert: AlertRecord,
    known: readonly { mark: Mark; silence: Silence }[],
    lifted: Map<string, number>,
  ): Promise<Silence | undefined> {
    const wanted = wantedFor(alert);
    if (wanted === undefined) return undefined;
    const same = known
      .filter(({ mark }) => mark.kind === wanted.mark.kind && mark.ms === wanted.mark.ms)
      .map(({ silence }) => silence)
      .sort((a, b) => b.startsAt.getTime() - a.startsAt.getTime());
    const newest = same[0];
    if (newest !== undefined && newest.status.state !== 'expired') return newest;
    const isRenewed = this.#renewed.delete(alert.id);
    if (newest !== undefined && !isRenewed && wasEndedByHand(newest, wanted)) {
      if (wanted.mark.kind === 'acknowledged') lifted.set(alert.id, wanted.mark.ms);
      else await this.#options.records.alerts.unshelve(alert.id, { user: 'Alertmanager' });
      return undefined;
    }
    await this.#options.alertmanager.add({
      matchers: matchersOf(alert),
      startsAt: new Date(),
      endsAt: wanted.endsAt,
      createdBy: wanted.by,
      comment: commentOf(wanted.mark, `${wanted.mark.kind} in hitonami`),
    });
    return undefined;
  }
}

/** Shelving has an end and goes before an acknowledgement. */
function wantedFor(alert: AlertRecord): Wanted | undefined {
  const { id, shelvedUntil, acknowledgedAt } = alert;
  if (shelvedUntil !== null && shelvedUntil.getTime() > Date.now()) {
    const mark = { alertId: id, kind: 'shelved' as const, ms: shelvedUntil.getTime() };
    return { mark, by: alert.shelvedBy ?? '', endsAt: shelvedUntil };
  }
  if (acknowledgedAt === null) return undefined;
  const mark = { alertId: id, kind: 'acknowledged' as const, ms: acknowledgedAt.getTime() };
  return { mark, by: alert.acknowledgedBy ?? '', endsAt: new Date(Date.now() + ACKNOWLEDGED_MS) };
}

function wasEndedByHand(silence: Silence, wanted: Wanted): boolean {
  const plannedMs =
    wanted.mark.kind === 'shelved' ? wanted.mark.ms : silence.startsAt.getTime() + ACKNOWLEDGED_MS;
  return silence.endsAt.getTime() < plannedMs - EARLY_MS;
}
