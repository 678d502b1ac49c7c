import { HitonamiError } from '@hitonami/model';
import type { Sql } from '../sql/port.js';

/**
 * The role of PostgreSQL as which the public's service signs in, where there is one: whoever has taken over that service reads no
 * account, session, alert, note or plan, and of the audit log the hashes alone.
 */
export const PUBLIC_ROLE = 'hitonami_public';

/** What the public's service needs of each table; of the audit log, to add the next link. */
const GRANTS = `
  GRANT SELECT ON migrations, audit_anchor, buyer_contracts TO ${PUBLIC_ROLE};
  GRANT INSERT, SELECT (id, hash) ON audit TO ${PUBLIC_ROLE};
  GRANT SELECT, INSERT, DELETE ON inquiries TO ${PUBLIC_ROLE};
  GRANT SELECT, INSERT ON buyer_deeds, buyer_ends TO ${PUBLIC_ROLE};
  GRANT SELECT, INSERT, UPDATE ON inquiry_counts, buyer_keys, buyer_usage, buyer_deliveries TO ${PUBLIC_ROLE};
  GRANT SELECT, INSERT, UPDATE (webhook_url, webhook_secret, webhook_since) ON buyers TO ${PUBLIC_ROLE};`;

/** Lets the public's role do what it has to, where there is one; to be called by the owner of the tables. */
export async function grantPublic(sql: Sql): Promise<void> {
  await sql.script(
    `DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${PUBLIC_ROLE}') THEN ${GRANTS} END IF; END $$`,
  );
}

export async function isPublicRole(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ user: string }>('SELECT current_user AS "user"');
  return row?.user === PUBLIC_ROLE;
}

/** @throws HitonamiError `UNAVAILABLE`, to be tried again, where the tables or the rights are not there yet */
export async function requireMigrated(sql: Sql, newest: number): Promise<void> {
  const [row] = await sql.query<{ isThere: boolean; mayRead: boolean | null }>(
    `SELECT to_regclass('migrations') IS NOT NULL AS "isThere",
       CASE WHEN to_regclass('migrations') IS NULL THEN NULL ELSE has_table_privilege('migrations', 'SELECT') END AS "mayRead"`,
  );
  if (row?.mayRead === true) {
    const [found] = await sql.query<{ version: number | null }>(
      'SELECT max(version) AS version FROM migrations',
    );
    if ((found?.version ?? 0) >= newest) return;
  }
  throw new HitonamiError(
    'UNAVAILABLE',
    `the records are not ready for the role '${PUBLIC_ROLE}': ${row?.isThere === true ? 'they are older, or it has no rights there yet' : 'they have no tables'}; start the console or the publisher of the same version on them, which brings them up to date`,
    { canRetry: true, detail: 'records-not-ready' },
  );
}
