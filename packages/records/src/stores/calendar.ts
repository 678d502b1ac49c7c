import { randomUUID } from 'node:crypto';
import { HitonamiError } from '@hitonami/model';
import { LIMITS, id, name, rows } from '../limits.js';
import type { Database } from '../sql/port.js';

export type DayKind = 'weekday' | 'saturday' | 'holiday';

/** An event, or a change of the timetable, that makes a service day unlike its kind. */
export interface CalendarEntry {
  readonly id: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly title: string;
  /** Counts as this kind of day. */
  readonly countsAs: DayKind | null;
  /** Left out of the usual. */
  readonly isUnusual: boolean;
}

export interface Calendar {
  add(site: string, entry: Omit<CalendarEntry, 'id'>, user: string): Promise<CalendarEntry>;
  /** By day; `from` and `to` are days, both included. */
  list(
    site: string,
    range?: { from?: string | undefined; to?: string | undefined; limit?: number | undefined },
  ): Promise<CalendarEntry[]>;
  /** @returns whether there was one */
  remove(site: string, id: string): Promise<boolean>;
}

const COLUMNS =
  'id, to_char(day, \'YYYY-MM-DD\') AS day, title, counts_as AS "countsAs", is_unusual AS "isUnusual"';
const TITLE_MAX = 200;

export function calendar(database: Database): Calendar {
  return {
    async add(site, entry, user) {
      const values = [name('title', entry.title, TITLE_MAX), entry.countsAs, entry.isUnusual];
      const [row] = await database.query<CalendarEntry>(
        `INSERT INTO calendar (id, site, day, title, counts_as, is_unusual, made_by, made_at)
         VALUES ($1, $2, $3::text::date, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
        [randomUUID(), id('site', site), day(entry.day), ...values, name('user', user), new Date()],
      );
      return row as CalendarEntry;
    },
    list: async (site, { from, to, limit = LIMITS.rows } = {}) =>
      database.query<CalendarEntry>(
        `SELECT ${COLUMNS} FROM calendar WHERE site = $1
           AND ($2::text IS NULL OR calendar.day >= $2::text::date) AND ($3::text IS NULL OR calendar.day <= $3::text::date)
         ORDER BY calendar.day, made_at LIMIT $4`,
        [
          id('site', site),
          from === undefined ? null : day(from),
          to === undefined ? null : day(to),
          rows(limit),
        ],
      ),
    async remove(site, entryId) {
      const gone = await database.query(
        'DELETE FROM calendar WHERE site = $1 AND id = $2 RETURNING id',
        [id('site', site), id('entry', entryId)],
      );
      return gone.length > 0;
    },
  };
}

function day(value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value))
    throw new HitonamiError('INPUT', 'day is not YYYY-MM-DD', { detail: 'day' });
  return value;
}
