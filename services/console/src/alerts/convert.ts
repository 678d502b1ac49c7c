import type { SitePlan } from '@hitonami/model';
import type { AlertAction, AlertRecord, AlertReport } from '@hitonami/records';
import { fromWire, type Alert as AlertOnLog } from '@hitonami/service';
import { SEVERITIES, type Alert } from '../contract/index.js';

/** A record of the topic as the records keep it; undefined for a rule, severity or state that this program does not know. */
export function reportOf(record: AlertOnLog): AlertReport | undefined {
  const words = fromWire(record);
  if (words === undefined) return undefined;
  return {
    id: record.id,
    site: record.site,
    ...words,
    subject: record.subject,
    since: new Date(record.sinceUs / 1000),
    at: new Date(record.atUs / 1000),
    revision: record.revision,
    value: record.value,
    threshold: record.threshold,
    atLeast: record.atLeast,
    minutesToNext: record.minutesToNext > 0 ? record.minutesToNext : null,
    planVersion: record.planVersion,
  };
}

/** Silenced in Alertmanager, by whom and since when. */
export interface Silenced {
  by: string;
  since: Date;
}

/**
 * An alert as the console shows it: with what was done about it, here or in Alertmanager.
 *
 * @param isLifted the acknowledgement was taken back in Alertmanager
 */
export function alertOf(
  record: AlertRecord,
  actions: readonly AlertAction[],
  plan: SitePlan | undefined,
  silenced: Silenced | undefined,
  isLifted = false,
): Alert {
  const { shelvedUntil } = record;
  const isShelved = shelvedUntil !== null && shelvedUntil.getTime() > Date.now();
  const acknowledged =
    record.acknowledgedBy !== null && record.acknowledgedAt !== null && !isLifted
      ? { by: record.acknowledgedBy, since: record.acknowledgedAt }
      : silenced;
  return {
    id: record.id,
    site: record.site,
    rule: record.rule,
    subject: record.subject,
    severity: record.severity,
    state: record.state,
    since: record.since.toISOString(),
    at: record.at.toISOString(),
    value: record.value,
    threshold: record.threshold,
    atLeast: record.atLeast,
    minutesToNext: record.minutesToNext,
    acknowledgedBy: acknowledged?.by ?? null,
    acknowledgedAt: acknowledged?.since.toISOString() ?? null,
    shelvedUntil: isShelved ? shelvedUntil.toISOString() : null,
    shelvedBy: isShelved ? record.shelvedBy : null,
    escalatedAt: record.escalatedAt?.toISOString() ?? null,
    actionCard: plan === undefined ? null : cardOf(plan, record.subject),
    actions: actions.map(({ at, ...action }) => ({ at: at.toISOString(), ...action })),
  };
}

/**
 * An alert of which the records have not taken the newest report: as that says it, with what is known to have been done
 * about it, where that was about something as grave.
 *
 * @returns undefined where it is over
 */
export function withReport(
  known: Alert | undefined,
  report: AlertReport,
  plan: SitePlan | undefined,
): Alert | undefined {
  if (known !== undefined && Date.parse(known.at) > report.at.getTime()) return known;
  if (report.state === 'resolved') return undefined;
  const undone = {
    acknowledgedBy: null,
    acknowledgedAt: null,
    shelvedBy: null,
    shelvedUntil: null,
  };
  const shown = alertOf({ ...report, ...undone, escalatedAt: null }, [], plan, undefined);
  if (known === undefined || rank(shown.severity) > rank(known.severity)) return shown;
  const { acknowledgedBy, acknowledgedAt, shelvedBy, shelvedUntil, escalatedAt, actions } = known;
  const done = { acknowledgedBy, acknowledgedAt, shelvedBy, shelvedUntil, escalatedAt, actions };
  return { ...shown, ...done };
}

const rank = (severity: Alert['severity']): number => SEVERITIES.indexOf(severity);

function cardOf(plan: SitePlan, subject: string): string | null {
  const places = [...plan.areas, ...plan.lines];
  return places.find(({ id }) => id === subject)?.actionCard ?? null;
}
