import { LIMITS, instant, name, rows, text } from '../limits.js';
import type { Database } from '../sql/port.js';

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

/** Who saw or changed what. Only added to: the database refuses to change or delete. */
export interface Audit {
  append(entry: NewAuditEntry): Promise<AuditEntry>;
  /** The newest first, those before an id where one is given. */
  list(options?: {
    before?: number | undefined;
    limit?: number | undefined;
  }): Promise<AuditEntry[]>;
}

const COLUMNS = 'id, at, user_name AS "user", action, subject, detail, address';
const ROWS_DEFAULT = 100;

export function audit(database: Database): Audit {
  return {
    async append(entry) {
      const user = entry.user === null ? null : text('user', entry.user, LIMITS.id);
      const [row] = await database.query<AuditEntry>(
        `INSERT INTO audit (at, user_name, action, subject, detail, address)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
        [
          instant('at', entry.at ?? new Date()),
          user,
          name('action', entry.action),
          text('subject', entry.subject, LIMITS.id),
          text('detail', entry.detail),
          text('address', entry.address, LIMITS.id),
        ],
      );
      return row as AuditEntry;
    },
    list: async ({ before, limit = ROWS_DEFAULT } = {}) =>
      database.query<AuditEntry>(
        `SELECT ${COLUMNS} FROM audit WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
        [before ?? null, rows(limit)],
      ),
  };
}
