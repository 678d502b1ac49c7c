import { HitonamiError } from '@hitonami/model';
import { LIMITS, instant, name, rows, text } from '../limits.js';
import type { Database, Sql } from '../sql/port.js';
import { hashOf, verifyChain, type AuditVerdict } from './audit-chain.js';
import { AUDIT_DAYS } from './audit-retention.js';

export interface NewAuditEntry {
  /** Null: nobody is signed in, or the system itself. */
  readonly user: string | null;
  /** What was seen or changed, such as `alert.acknowledge`. */
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  /** From where, as the network says. */
  readonly address: string;
  /** Default now. */
  readonly at?: Date;
}

export interface AuditEntry extends Required<NewAuditEntry> {
  /** Rises. */
  readonly id: number;
}

/** The newest entry of a day, as it was told to the public: who changes an older one changes its hash too. */
export interface AuditHead {
  /** UTC, `YYYY-MM-DD`. */
  readonly day: string;
  readonly id: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  readonly publishedAt: Date;
}

/**
 * Who saw or changed what. Only added to: the database refuses to change an entry, and to delete one before its age; each
 * holds a hash over itself and the one before.
 */
export interface Audit {
  append(entry: NewAuditEntry): Promise<AuditEntry>;
  /** The newest first, those before an id where one is given. */
  list(options?: {
    before?: number | undefined;
    limit?: number | undefined;
  }): Promise<AuditEntry[]>;
  /** Notes the newest entry as the head of the day. @returns it; undefined where the day has one, or nothing was ever written */
  publishHead(now?: Date): Promise<AuditHead | undefined>;
  /** The newest first. */
  heads(limit?: number): Promise<AuditHead[]>;
  /** Erases the oldest entries, up to the first that has not reached `AUDIT_DAYS`. @returns how many */
  tidy(now?: Date): Promise<number>;
  /** Walks the whole chain. @param head a hash that was published, to be looked for in it */
  verify(head?: string): Promise<AuditVerdict>;
}

const COLUMNS = 'id, at, user_name AS "user", action, subject, detail, address';
const HEAD_COLUMNS = 'day::text AS day, id, hash, published_at AS "publishedAt"';
const ROWS_DEFAULT = 100;
const DAY_MS = 86_400_000;
/** Entries; the rest goes the next time. */
const ERASED_AT_ONCE_MAX = 10_000;
/** Any fixed numbers: who adds, one after another; and who erases, not while somebody walks the chain. */
const APPEND_LOCK = 7_411_904;
const ERASE_LOCK = 7_411_905;

export function audit(database: Database): Audit {
  return {
    async append(entry) {
      const fields = {
        user: entry.user === null ? null : text('user', entry.user, LIMITS.id),
        action: name('action', entry.action),
        subject: text('subject', entry.subject, LIMITS.id),
        detail: text('detail', entry.detail),
        address: text('address', entry.address, LIMITS.id),
      };
      return database.transaction(async (sql) => {
        await sql.query('SELECT pg_advisory_xact_lock($1)', [APPEND_LOCK]);
        const before = await newest(sql);
        // After the lock, so that the times of a chain rise wherever nobody says otherwise.
        const at = instant('at', entry.at ?? new Date());
        const link = { ...fields, id: before.id + 1, atUs: at.getTime() * 1000 };
        // Nothing is read back: the public's role may add, and not read.
        await sql.query(
          `INSERT INTO audit (id, at, user_name, action, subject, detail, address, previous_hash, hash)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            ...[link.id, at, link.user, link.action, link.subject, link.detail, link.address],
            ...[before.hash, hashOf(before.hash, link)],
          ],
        );
        return { id: link.id, at, ...fields };
      });
    },
    list: async ({ before, limit = ROWS_DEFAULT } = {}) =>
      database.query<AuditEntry>(
        `SELECT ${COLUMNS} FROM audit WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
        [before ?? null, rows(limit)],
      ),
    publishHead: async (now = new Date()) =>
      database.transaction(async (sql) => {
        await sql.query('SELECT pg_advisory_xact_lock($1)', [APPEND_LOCK]);
        const head = await newest(sql);
        if (head.id === 0) return undefined;
        const [row] = await sql.query<AuditHead>(
          `INSERT INTO audit_heads (day, id, hash, published_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (day) DO NOTHING RETURNING ${HEAD_COLUMNS}`,
          [instant('now', now).toISOString().slice(0, 10), head.id, head.hash, now],
        );
        return row;
      }),
    heads: async (limit = ROWS_DEFAULT) =>
      database.query<AuditHead>(
        `SELECT ${HEAD_COLUMNS} FROM audit_heads ORDER BY audit_heads.day DESC LIMIT $1`,
        [rows(limit)],
      ),
    tidy: async (now = new Date()) =>
      database.transaction((sql) => erase(sql, new Date(now.getTime() - AUDIT_DAYS * DAY_MS))),
    verify: async (head) =>
      database.transaction(async (sql) => {
        await sql.query('SELECT pg_advisory_xact_lock_shared($1)', [ERASE_LOCK]);
        return verifyChain(sql, head);
      }),
  };
}

/** The newest entry, or what stands before the first. */
async function newest(sql: Sql): Promise<{ id: number; hash: string }> {
  const [head] = await sql.query<{ id: number; hash: string }>(
    `SELECT id, hash FROM ((SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1)
       UNION ALL SELECT id, hash FROM audit_anchor) AS newest ORDER BY id DESC LIMIT 1`,
  );
  if (head === undefined)
    throw new HitonamiError('UNAVAILABLE', 'the audit log has lost its anchor: restore a copy');
  return head;
}

/** The hash of the last one that goes stays as the anchor of the rest. */
async function erase(sql: Sql, before: Date): Promise<number> {
  await sql.query('SELECT pg_advisory_xact_lock($1)', [ERASE_LOCK]);
  const [last] = await sql.query<{ id: number | null }>(
    `SELECT max(id) AS id FROM (
       SELECT id FROM audit WHERE id < coalesce((SELECT min(id) FROM audit WHERE at >= $1), $2)
       ORDER BY id LIMIT $3) AS old`,
    [before, Number.MAX_SAFE_INTEGER, ERASED_AT_ONCE_MAX],
  );
  const id = last?.id ?? null;
  if (id === null) return 0;
  await sql.query(`SELECT set_config('hitonami.erases_audit', 'on', true)`);
  await sql.query(
    `UPDATE audit_anchor SET id = $1, hash = (SELECT hash FROM audit WHERE id = $1),
       erased = erased + (SELECT count(*) FROM audit WHERE id <= $1)`,
    [id],
  );
  const gone = await sql.query('DELETE FROM audit WHERE id <= $1 RETURNING id', [id]);
  await sql.query(`SELECT set_config('hitonami.erases_audit', 'off', true)`);
  return gone.length;
}
