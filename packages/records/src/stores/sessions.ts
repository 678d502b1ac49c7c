import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { HitonamiError } from '@hitonami/model';
import { id } from '../limits.js';
import { NO_ROOM } from '../sql/room.js';
import { mayBeLost, type Database, type SqlValue } from '../sql/port.js';
import type { User } from './users.js';

export interface SessionLimits {
  /** A session ends this long after the sign-in, whatever is done, ms. */
  readonly absoluteMs: number;
  /** And this long after it was last used, ms. */
  readonly idleMs: number;
}
export const SESSION_LIMITS_DEFAULT: SessionLimits = {
  absoluteMs: 12 * 3_600_000,
  idleMs: 2 * 3_600_000,
};

/** A further sign-in of a user ends the oldest one. */
const SESSIONS_OF_USER_MAX = 50;
const TOKEN_BYTES = 32;
/** A use within this time of the last one that was written down is not written again, ms. */
const USE_STEP_MS = 60_000;

export interface Session {
  readonly id: string;
  readonly user: User;
  readonly madeAt: Date;
  readonly endsAt: Date;
}

export interface Sessions {
  /** @returns the session and its token, which is kept nowhere and cannot be shown again */
  start(userId: string, now?: Date): Promise<{ session: Session; token: string }>;
  /** The session of a token, and a use of it; undefined where it ended, never was, or its user is disabled. */
  use(token: string, now?: Date): Promise<Session | undefined>;
  /** Of these ids, those that have not ended; and a use of each. For streams that stay open. */
  useAll(ids: readonly string[], now?: Date): Promise<Set<string>>;
  end(id: string): Promise<void>;
  endAllOf(userId: string): Promise<void>;
  /** Those that have ended by time are deleted. @returns how many */
  tidy(now?: Date): Promise<number>;
}

interface Row {
  id: string;
  made_at: Date;
  used_at: Date;
  ends_at: Date;
  user_id: string;
  name: string;
  role: User['role'];
  origin: User['origin'];
  recipient: User['recipient'];
}

export function sessions(database: Database, limits: SessionLimits): Sessions {
  const idleSince = (now: Date): Date => new Date(now.getTime() - limits.idleMs);
  /** A use that cannot be written down, since the disk is full, is no reason to refuse who was let in. */
  const note = (statement: string, values: SqlValue[]): Promise<unknown> =>
    database
      .transaction(async (sql) => {
        await mayBeLost(sql);
        await sql.query(statement, values);
      })
      .catch((error: unknown) => {
        if (!(error instanceof HitonamiError) || error.detail !== NO_ROOM) throw error;
      });
  return {
    start: async (userId, now = new Date()) =>
      database.transaction(async (sql) => {
        const token = randomBytes(TOKEN_BYTES).toString('base64url');
        const [user] = await sql.query<User>(
          `UPDATE users SET used_at = greatest(used_at, $2) WHERE id = $1 AND NOT disabled
           RETURNING id, name, role, origin, disabled, recipient`,
          [id('user', userId), now],
        );
        if (user === undefined)
          throw new HitonamiError('INPUT', 'this user may not sign in', { detail: 'disabled' });
        const session = {
          id: randomUUID(),
          user,
          madeAt: now,
          endsAt: new Date(now.getTime() + limits.absoluteMs),
        };
        await sql.query(
          `DELETE FROM sessions WHERE id IN
             (SELECT id FROM sessions WHERE user_id = $1 ORDER BY made_at DESC OFFSET $2)`,
          [user.id, SESSIONS_OF_USER_MAX - 1],
        );
        await sql.query(
          'INSERT INTO sessions (id, token_hash, user_id, made_at, used_at, ends_at) VALUES ($1, $2, $3, $4, $4, $5)',
          [session.id, hashOf(token), user.id, now, session.endsAt],
        );
        return { session, token };
      }),
    async use(token, now = new Date()) {
      const [row] = await database.query<Row>(
        `SELECT s.id, s.made_at, s.used_at, s.ends_at, u.id AS user_id, u.name, u.role, u.origin, u.recipient
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.ends_at > $2 AND s.used_at > $3 AND NOT u.disabled`,
        [hashOf(token), now, idleSince(now)],
      );
      if (row === undefined) return undefined;
      if (now.getTime() - row.used_at.getTime() >= USE_STEP_MS)
        await note('UPDATE sessions SET used_at = greatest(used_at, $2) WHERE id = $1', [
          ...[row.id, now],
        ]);
      const {
        id: sessionId,
        made_at: madeAt,
        ends_at: endsAt,
        name,
        role,
        origin,
        recipient,
      } = row;
      const user: User = { id: row.user_id, name, role, origin, disabled: false, recipient };
      return { id: sessionId, user, madeAt, endsAt };
    },
    async useAll(ids, now = new Date()) {
      if (ids.length === 0) return new Set();
      const values = [ids, now, idleSince(now)];
      const rows = await database.query<{ id: string }>(
        `SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.id = ANY ($1::text[]) AND s.ends_at > $2 AND s.used_at > $3 AND NOT u.disabled`,
        values,
      );
      await note(
        'UPDATE sessions SET used_at = $2 WHERE id = ANY ($1::text[]) AND used_at > $3 AND used_at <= $4',
        [...values, new Date(now.getTime() - USE_STEP_MS)],
      );
      return new Set(rows.map(({ id: sessionId }) => sessionId));
    },
    async end(sessionId) {
      await database.query('DELETE FROM sessions WHERE id = $1', [id('session', sessionId)]);
    },
    async endAllOf(userId) {
      await database.query('DELETE FROM sessions WHERE user_id = $1', [id('user', userId)]);
    },
    async tidy(now = new Date()) {
      const ended = await database.query(
        'DELETE FROM sessions WHERE ends_at <= $1 OR used_at <= $2 RETURNING id',
        [now, idleSince(now)],
      );
      return ended.length;
    },
  };
}

/** The token is random and long: a plain hash cannot be guessed back. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
