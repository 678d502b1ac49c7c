import { ALERT_SEVERITIES, HitonamiError } from '@hitonami/model';
import { RecordsAway } from '../sql/faults.js';
import { LIMITS, id, instant, name, rows, text } from '../limits.js';
import { mayBeLost, type Database, type Sql, type SqlValue } from '../sql/port.js';
import {
  type AlertAction,
  type AlertActionKind,
  type AlertRecord,
  type AlertReport,
  type Alerts,
  type UpsertOutcome,
} from './alert-types.js';

const ROWS_DEFAULT = 500;
const ACTIONS_DEFAULT = 200;

const COLUMNS = `id, site, rule, subject, severity, state, since, at, revision, value, threshold, at_least AS "atLeast",
  minutes_to_next AS "minutesToNext", plan_version AS "planVersion", acknowledged_by AS "acknowledgedBy",
  acknowledged_at AS "acknowledgedAt", shelved_by AS "shelvedBy", shelved_until AS "shelvedUntil", escalated_at AS "escalatedAt"`;
const ACTION_COLUMNS = 'at, user_name AS "user", kind, text';

export function alerts(database: Database): Alerts {
  /** One alert held still while it is changed. */
  const change = (
    alertId: string,
    work: (sql: Sql, alert: AlertRecord) => Promise<AlertRecord | undefined>,
  ): Promise<AlertRecord | undefined> =>
    database.transaction(async (sql) => {
      const alert = await held(sql, id('alert', alertId));
      return alert === undefined ? undefined : work(sql, alert);
    });

  return {
    upsert: async (report) => database.transaction((sql) => upsert(sql, checked(report))),
    async get(alertId) {
      const [row] = await database.query<AlertRecord>(
        `SELECT ${COLUMNS} FROM alerts WHERE id = $1`,
        [id('alert', alertId)],
      );
      return row;
    },
    active: async (site, limit = ROWS_DEFAULT) =>
      database.query<AlertRecord>(
        `SELECT ${COLUMNS} FROM alerts WHERE state <> 'resolved' AND ($1::text IS NULL OR site = $1)
         ORDER BY since, id LIMIT $2`,
        [site ?? null, rows(limit)],
      ),
    between: async (site, from, to, limit = ROWS_DEFAULT) =>
      database.query<AlertRecord>(
        `SELECT ${COLUMNS} FROM alerts
         WHERE site = $1 AND since < $3 AND (state <> 'resolved' OR at >= $2) ORDER BY since DESC, id LIMIT $4`,
        [id('site', site), instant('from', from), instant('to', to), rows(limit)],
      ),
    acknowledge: async (alertId, { user, note = '', at = new Date() }) =>
      change(alertId, async (sql, alert) => {
        if (alert.acknowledgedBy !== null) return alert;
        const done = await set(sql, alert.id, 'acknowledged_by = $2, acknowledged_at = $3', [
          name('user', user),
          instant('at', at),
        ]);
        await log(sql, alert.id, 'acknowledged', { at, user, text: note });
        return done;
      }),
    shelve: async (alertId, { user, until, reason, at = new Date() }) =>
      change(alertId, async (sql, alert) => {
        if (instant('until', until) <= instant('at', at))
          throw new HitonamiError('INPUT', 'until is over already', { detail: 'until' });
        const done = await set(sql, alert.id, 'shelved_by = $2, shelved_until = $3', [
          name('user', user),
          until,
        ]);
        await log(sql, alert.id, 'shelved', { at, user, text: `${until.toISOString()} ${reason}` });
        return done;
      }),
    unshelve: async (alertId, { user, at = new Date() }) =>
      change(alertId, async (sql, alert) => {
        if (alert.shelvedUntil === null) return alert;
        const done = await set(sql, alert.id, 'shelved_by = NULL, shelved_until = NULL');
        await log(sql, alert.id, 'unshelved', { at, user: name('user', user), text: '' });
        return done;
      }),
    act: async (alertId, { user, kind, text: what, at = new Date() }) =>
      change(alertId, async (sql, alert) => {
        await log(sql, alert.id, kind, { at, user: name('user', user), text: what });
        return alert;
      }),
    async claimEscalation(alertId, { console, severity, forMs }) {
      const [claimed] = await database.query(
        `UPDATE alerts SET escalating_by = $2, escalating_until = clock_timestamp() + $4 * interval '1 millisecond'
         WHERE id = $1 AND severity = $3 AND state <> 'resolved' AND escalated_at IS NULL
           AND (escalating_by IS NULL OR escalating_by = $2 OR escalating_until < clock_timestamp()) RETURNING id`,
        [id('alert', alertId), id('console', console), severity, forMs],
      );
      return claimed !== undefined;
    },
    async releaseEscalation(alertId, { console }) {
      await database.query(
        'UPDATE alerts SET escalating_by = NULL, escalating_until = NULL WHERE id = $1 AND escalating_by = $2',
        [id('alert', alertId), id('console', console)],
      );
    },
    async escalate(alertId, { text: what, severity, at = new Date() }) {
      let isFirst = false;
      await change(alertId, async (sql, alert) => {
        if (alert.escalatedAt !== null || (severity ?? alert.severity) !== alert.severity)
          return alert;
        isFirst = true;
        const done = await set(
          sql,
          alert.id,
          'escalated_at = $2, escalating_by = NULL, escalating_until = NULL',
          [instant('at', at)],
        );
        await log(sql, alert.id, 'escalated', { at, user: null, text: what });
        return done;
      });
      return isFirst;
    },
    actions: async (alertId, limit = ACTIONS_DEFAULT) =>
      (await actionsOf(database, [id('alert', alertId)], limit)).get(alertId) ?? [],
    actionsOf: async (ids, limit = ACTIONS_DEFAULT) => actionsOf(database, ids, limit),
  };
}

async function upsert(
  sql: Sql,
  report: AlertReport,
): Promise<{ outcome: UpsertOutcome; alert: AlertRecord }> {
  // The event log has it, and tells it again.
  await mayBeLost(sql);
  const values = valuesOf(report);
  const [made] = await sql.query<AlertRecord>(
    `INSERT INTO alerts (id, site, rule, subject, severity, state, since, at, revision, value, threshold, at_least, minutes_to_next, plan_version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO NOTHING RETURNING ${COLUMNS}`,
    values,
  );
  if (made !== undefined) {
    await log(sql, made.id, 'fired', { at: made.since, user: null, text: made.severity });
    if (made.state !== 'firing') await logState(sql, made);
    return { outcome: 'new', alert: made };
  }
  const before = await held(sql, report.id);
  if (before === undefined) throw new RecordsAway(`alert ${report.id} is there and not there`);
  if (before.site !== report.site)
    throw new HitonamiError('INPUT', `alert ${report.id} belongs to another site`, {
      detail: 'id',
    });
  if (!isNewer(report, before)) return { outcome: 'old', alert: before };
  const alert = await set(
    sql,
    report.id,
    `severity = $2, state = $3, at = $4, revision = $5, value = $6, threshold = $7, at_least = $8, minutes_to_next = $9, plan_version = $10`,
    [report.severity, report.state, report.at, ...values.slice(8)],
  );
  if (alert.revision === before.revision) return { outcome: 'refreshed', alert };
  await logState(sql, alert);
  return { outcome: 'changed', alert: rank(alert) > rank(before) ? await wake(sql, alert) : alert };
}

/** What was agreed about a lesser danger does not hold for a greater one. */
function wake(sql: Sql, alert: AlertRecord): Promise<AlertRecord> {
  return set(
    sql,
    alert.id,
    `acknowledged_by = NULL, acknowledged_at = NULL, shelved_by = NULL, shelved_until = NULL, escalated_at = NULL,
     escalating_by = NULL, escalating_until = NULL`,
  );
}

/** By revision; within one, by time: a repetition may bring a newer value. */
function isNewer(report: AlertReport, known: AlertReport): boolean {
  if (report.revision !== known.revision) return report.revision > known.revision;
  return report.at > known.at;
}

function rank({ severity }: AlertReport): number {
  return ALERT_SEVERITIES.indexOf(severity);
}

async function held(sql: Sql, alertId: string): Promise<AlertRecord | undefined> {
  const [row] = await sql.query<AlertRecord>(
    `SELECT ${COLUMNS} FROM alerts WHERE id = $1 FOR UPDATE`,
    [alertId],
  );
  return row;
}

async function set(
  sql: Sql,
  alertId: string,
  assignments: string,
  values: readonly SqlValue[] = [],
): Promise<AlertRecord> {
  const [row] = await sql.query<AlertRecord>(
    `UPDATE alerts SET ${assignments} WHERE id = $1 RETURNING ${COLUMNS}`,
    [alertId, ...values],
  );
  if (row === undefined) throw new RecordsAway(`alert ${alertId} vanished`);
  return row;
}

function logState(sql: Sql, { id: alertId, at, severity, state }: AlertRecord): Promise<void> {
  const kind = state === 'resolved' ? 'resolved' : 'changed';
  return log(sql, alertId, kind, { at, user: null, text: `${severity} ${state}` });
}

async function log(
  sql: Sql,
  alertId: string,
  kind: AlertActionKind,
  action: Omit<AlertAction, 'kind'>,
): Promise<void> {
  await sql.query(
    'INSERT INTO alert_actions (alert_id, at, user_name, kind, text) VALUES ($1, $2, $3, $4, $5)',
    [alertId, instant('at', action.at), action.user, kind, text('text', action.text)],
  );
}

async function actionsOf(
  sql: Sql,
  ids: readonly string[],
  limit: number,
): Promise<Map<string, AlertAction[]>> {
  const found = new Map<string, AlertAction[]>(ids.map((alertId) => [alertId, []]));
  if (found.size === 0) return found;
  if (found.size > LIMITS.rows)
    throw new HitonamiError('INPUT', `at most ${LIMITS.rows} alerts at once`, { detail: 'ids' });
  const done = await sql.query<AlertAction & { alertId: string }>(
    `SELECT alert_id AS "alertId", ${ACTION_COLUMNS} FROM (
       SELECT *, row_number() OVER (PARTITION BY alert_id ORDER BY id DESC) AS back FROM alert_actions WHERE alert_id = ANY ($1::text[])
     ) AS numbered WHERE back <= $2 ORDER BY id`,
    [[...found.keys()], rows(limit)],
  );
  for (const { alertId, ...action } of done) found.get(alertId)?.push(action);
  return found;
}

function checked(report: AlertReport): AlertReport {
  id('alert', report.id);
  id('site', report.site);
  id('rule', report.rule);
  id('subject', report.subject);
  instant('since', report.since);
  instant('at', report.at);
  for (const key of ['value', 'threshold', 'minutesToNext'] as const) {
    const value = report[key];
    if (value !== null && !Number.isFinite(value))
      throw new HitonamiError('INPUT', `${key} of alert ${report.id} is no number`, {
        detail: key,
      });
  }
  return report;
}

function valuesOf(report: AlertReport): SqlValue[] {
  const { site, rule, subject, severity, state, since, at, revision } = report;
  const { value, threshold, atLeast, minutesToNext, planVersion } = report;
  const measured = [value, threshold, atLeast, minutesToNext, planVersion];
  return [report.id, site, rule, subject, severity, state, since, at, revision, ...measured];
}
