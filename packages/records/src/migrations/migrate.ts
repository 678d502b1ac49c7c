import { HitonamiError } from '@hitonami/model';
import type { Database } from '../sql/port.js';
import { start } from './001-start.js';
import { escalationClaim } from './002-escalation-claim.js';
import { stills } from './003-stills.js';
import { auditChain } from './004-audit-chain.js';
import { inquiries } from './005-inquiries.js';
import { ledger } from './006-ledger.js';
import { buyers } from './007-buyers.js';
import { buyerKeyGrants } from './008-buyer-key-grants.js';
import { buyerEnds } from './009-buyer-ends.js';
import { grantPublic, isPublicRole, requireMigrated } from './public-role.js';

export interface Migration {
  /** 1, 2, 3, … without a gap. */
  readonly version: number;
  readonly name: string;
  /** PostgreSQL, several statements. Never changed once it was released. */
  readonly script: string;
}

export const MIGRATIONS: readonly Migration[] = [
  start,
  escalationClaim,
  stills,
  auditChain,
  inquiries,
  ledger,
  buyers,
  buyerKeyGrants,
  buyerEnds,
];

/** Any fixed number: whoever holds this lock changes the tables, others wait. */
const LOCK = 7_411_902;

/**
 * Brings the tables to the newest version, all steps or none. Several processes may do it at once: one does, the others
 * wait and find nothing left to do.
 *
 * Gives the public's role its rights, where there is one. As that role nothing is changed.
 *
 * @returns the versions that were applied
 * @throws HitonamiError `CONFIG` where the tables are newer than this program; `UNAVAILABLE` where they are older and the role
 *   is the public's, which has to wait for the owner
 */
export function migrate(
  database: Database,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<number[]> {
  return database.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const isPublic = await isPublicRole(sql);
    const known = migrations.at(-1)?.version ?? 0;
    if (isPublic) await requireMigrated(sql, known);
    else
      await sql.script(
        'CREATE TABLE IF NOT EXISTS migrations (version int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
      );
    const rows = await sql.query<{ version: number }>('SELECT version FROM migrations');
    const applied = new Set(rows.map(({ version }) => version));
    const newest = Math.max(0, ...applied);
    if (newest > known)
      throw new HitonamiError(
        'CONFIG',
        `the records have version ${newest} and this program knows ${known}: run the newer program again, or restore a copy made before it`,
        { detail: 'records-newer' },
      );
    const missing = migrations.filter(({ version }) => !applied.has(version));
    for (const { version, name, script } of missing) {
      await sql.script(script);
      await sql.query('INSERT INTO migrations (version, name) VALUES ($1, $2)', [version, name]);
    }
    if (!isPublic) await grantPublic(sql);
    return missing.map(({ version }) => version);
  });
}
