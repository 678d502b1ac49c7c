import { migrate } from './migrations/migrate.js';
import { openEmbedded, type EmbeddedOptions } from './sql/embedded.js';
import type { Database } from './sql/port.js';
import { openPostgres, type PostgresOptions } from './sql/postgres.js';
import { alerts } from './stores/alerts.js';
import type { Alerts } from './stores/alert-types.js';
import { audit, type Audit } from './stores/audit.js';
import { buyerDeliveries, type BuyerDeliveries } from './stores/buyer-deliveries.js';
import { buyerEnds, type BuyerEnds } from './stores/buyer-ends.js';
import { buyerKeys, type BuyerKeys } from './stores/buyer-keys.js';
import { buyers, type Buyers } from './stores/buyers.js';
import { calendar, type Calendar } from './stores/calendar.js';
import { inquiries, type Inquiries } from './stores/inquiries.js';
import { ledger, type Ledger } from './stores/ledger.js';
import { notes, type Notes } from './stores/notes.js';
import { PASSWORD_COST_DEFAULT, passwords, type PasswordCost } from './stores/password.js';
import { plans, type Plans } from './stores/plans.js';
import {
  SESSION_LIMITS_DEFAULT,
  sessions,
  type SessionLimits,
  type Sessions,
} from './stores/sessions.js';
import { stills, type Stills } from './stores/stills.js';
import { users, type Users } from './stores/users.js';

/** Where the records are (a PostgreSQL's URL, or a folder for the embedded one) and what may be set about them. */
export type RecordsOptions = (PostgresOptions | EmbeddedOptions) & {
  readonly passwordCost?: PasswordCost;
  readonly sessionLimits?: SessionLimits;
};

/**
 * The small relational store. Every fault is a `HitonamiError`: `INPUT` for values that are refused (too long, taken; see
 * `detail`), `UNAVAILABLE` where the database fails, with `canRetry` where it may pass. Instants are `Date`; every list
 * has a limit.
 */
export interface Records {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly audit: Audit;
  readonly alerts: Alerts;
  readonly plans: Plans;
  readonly calendar: Calendar;
  readonly notes: Notes;
  readonly stills: Stills;
  readonly inquiries: Inquiries;
  readonly ledger: Ledger;
  readonly buyers: Buyers;
  readonly buyerKeys: BuyerKeys;
  readonly buyerEnds: BuyerEnds;
  readonly buyerDeliveries: BuyerDeliveries;
  /** Brings the tables to the newest version; to be called before anything else. @returns the versions that were applied */
  migrate(): Promise<number[]>;
  /** Resolves where the database answers. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @throws HitonamiError `CONFIG` where another process has the folder, or PostgreSQL lets nobody in; `UNAVAILABLE` where
 *   none answers
 */
export async function openRecords(options: RecordsOptions): Promise<Records> {
  const database = 'url' in options ? await openPostgres(options) : await openEmbedded(options);
  return recordsOver(database, options);
}

export function recordsOver(
  database: Database,
  settings: Pick<RecordsOptions, 'passwordCost' | 'sessionLimits'> = {},
): Records {
  return {
    users: users(database, passwords(settings.passwordCost ?? PASSWORD_COST_DEFAULT)),
    sessions: sessions(database, settings.sessionLimits ?? SESSION_LIMITS_DEFAULT),
    audit: audit(database),
    alerts: alerts(database),
    plans: plans(database),
    calendar: calendar(database),
    notes: notes(database),
    stills: stills(database),
    inquiries: inquiries(database),
    ledger: ledger(database),
    buyers: buyers(database),
    buyerKeys: buyerKeys(database),
    buyerEnds: buyerEnds(database),
    buyerDeliveries: buyerDeliveries(database),
    migrate: () => migrate(database),
    check: async () => {
      await database.query('SELECT 1');
    },
    close: () => database.close(),
  };
}
