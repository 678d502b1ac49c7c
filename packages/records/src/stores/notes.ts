import { id, instant, name, rows, text } from '../limits.js';
import type { Database } from '../sql/port.js';

/** What one shift tells the next. */
export interface Note {
  readonly at: Date;
  readonly user: string;
  readonly text: string;
}

export interface Notes {
  add(site: string, note: Omit<Note, 'at'> & { at?: Date }): Promise<Note>;
  /** Those of [from, to), the oldest first. */
  between(site: string, from: Date, to: Date, limit?: number): Promise<Note[]>;
}

const COLUMNS = 'at, user_name AS "user", text';
const ROWS_DEFAULT = 500;

export function notes(database: Database): Notes {
  return {
    async add(site, { user, text: what, at = new Date() }) {
      const [row] = await database.query<Note>(
        `INSERT INTO notes (site, at, user_name, text) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
        [id('site', site), instant('at', at), name('user', user), text('text', what)],
      );
      return row as Note;
    },
    between: async (site, from, to, limit = ROWS_DEFAULT) =>
      database.query<Note>(
        `SELECT ${COLUMNS} FROM notes WHERE site = $1 AND at >= $2 AND at < $3 ORDER BY at, id LIMIT $4`,
        [id('site', site), instant('from', from), instant('to', to), rows(limit)],
      ),
  };
}
