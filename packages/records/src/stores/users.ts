import { randomUUID } from 'node:crypto';
import { HitonamiError } from '@hitonami/model';
import { LIMITS, id, name, rows, text } from '../limits.js';
import type { Database, Sql } from '../sql/port.js';
import type { Passwords } from './password.js';

/** From least to most. */
export type Role = 'viewer' | 'operator' | 'engineer' | 'administrator';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly origin: 'local' | 'oidc';
  readonly disabled: boolean;
  /** Id of the recipient, in the site plans, that the account acts for; null: the operator. */
  readonly recipient: string | null;
}

export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  readonly recipient?: string | null | undefined;
}

export interface UserChange {
  readonly recipient?: string | null | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  /** Local accounts alone. */
  readonly password?: string | undefined;
}

/** What an identity provider says about who signed in. */
export interface OidcUser {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly role: Role;
}

/** `detail` of the `INPUT` errors that a caller tells apart. */
export const USER_FAULTS = {
  nameTaken: 'users_name_taken',
  lastAdministrator: 'last-administrator',
  notFirst: 'not-first',
  passwordElsewhere: 'password-elsewhere',
} as const;

export interface Users {
  /** Whether there is nobody yet, so that the first administrator is still to be made. */
  isEmpty(): Promise<boolean>;
  /** Only while there is nobody, whoever else tries at once; `detail` `not-first` otherwise. */
  createFirst(user: Omit<NewUser, 'role'>): Promise<User>;
  /** `detail` `users_name_taken` where the name exists; names differ by more than upper case and width. */
  create(user: NewUser): Promise<User>;
  get(id: string): Promise<User | undefined>;
  list(limit?: number): Promise<User[]>;
  /** Whether somebody has this name, written in whatever case or width. */
  hasName(name: string): Promise<boolean>;
  /** The local user whose password it is; takes as long for a name that does not exist. */
  authenticate(name: string, password: string): Promise<User | undefined>;
  /** Made at the first sign-in; the role follows the provider at each. A user who was disabled stays so. */
  signedInElsewhere(user: OidcUser): Promise<User>;
  /**
   * Ends all sessions of a user who is disabled, given another password, or acts for another recipient.
   * @returns undefined: no such user
   * @throws HitonamiError `INPUT`, `detail` `last-administrator` where nobody could administer any more
   */
  change(id: string, change: UserChange): Promise<User | undefined>;
  /**
   * Disables accounts that nobody has signed in with for `UNUSED_DAYS`, and erases those of `ERASED_DAYS`; never the last
   * administrator. @returns the names
   */
  tidy(now?: Date): Promise<{ disabled: string[]; erased: string[] }>;
}

/** An account that nobody uses is a door that nobody watches, and a name that nobody needs: half a year, days. */
export const UNUSED_DAYS = 183;
/** And after a year and a month it is erased; the audit log keeps the name for its own time. */
export const ERASED_DAYS = 396;
const DAY_MS = 86_400_000;

const COLUMNS = 'id, name, role, origin, disabled, recipient';
/** Any fixed number: changes that depend on who else there is go one after another. */
const USERS_LOCK = 7_411_903;
/** Of a name that another user has, with a number behind it. */
const SAME_NAME_TRIES = 20;

export function users(database: Database, passwords: Passwords): Users {
  const newHash = (password: string): Promise<string> =>
    passwords.hash(text('password', password, LIMITS.password));
  return {
    isEmpty: () => isEmpty(database),
    async createFirst(user) {
      const hash = await newHash(user.password);
      return database.transaction(async (sql) => {
        await oneAtATime(sql);
        if (!(await isEmpty(sql)))
          throw new HitonamiError('INPUT', 'the first administrator exists already', {
            detail: USER_FAULTS.notFirst,
          });
        return insertLocal(sql, user.name, 'administrator', hash);
      });
    },
    create: async ({ name: userName, password, role, recipient }) =>
      insertLocal(database, userName, role, await newHash(password), recipient),
    async get(userId) {
      const [row] = await database.query<User>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [
        id('user', userId),
      ]);
      return row;
    },
    list: async (limit = LIMITS.rows) =>
      database.query<User>(`SELECT ${COLUMNS} FROM users ORDER BY name_key LIMIT $1`, [
        rows(limit),
      ]),
    async hasName(userName) {
      if (userName.length > LIMITS.name) return false;
      const found = await database.query('SELECT 1 FROM users WHERE name_key = $1', [
        storable(keyOf(userName)),
      ]);
      return found.length > 0;
    },
    async authenticate(userName, password) {
      if (userName.length > LIMITS.name || password.length > LIMITS.password) return undefined;
      const [row] = await database.query<User & { password: string | null }>(
        `SELECT ${COLUMNS}, password FROM users WHERE name_key = $1`,
        [storable(keyOf(userName))],
      );
      const usable = row === undefined || row.disabled ? undefined : (row.password ?? undefined);
      if (!(await passwords.matches(password, usable))) return undefined;
      if (row === undefined || usable === undefined) return undefined;
      if (passwords.isOutdated(usable))
        await database.query('UPDATE users SET password = $2 WHERE id = $1 AND password = $3', [
          row.id,
          await passwords.hash(password),
          usable,
        ]);
      const { password: _, ...user } = row;
      return user;
    },
    signedInElsewhere: async (user) => database.transaction((sql) => signedInElsewhere(sql, user)),
    tidy: async (now = new Date()) => database.transaction((sql) => tidy(sql, now)),
    async change(userId, change) {
      const hash = change.password === undefined ? undefined : await newHash(change.password);
      return database.transaction((sql) => changeUser(sql, id('user', userId), change, hash));
    },
  };
}

async function insertLocal(
  sql: Sql,
  userName: string,
  role: Role,
  hash: string,
  recipient: string | null = null,
): Promise<User> {
  const [row] = await sql.query<User>(
    `INSERT INTO users (id, name, name_key, role, origin, password, made_at, recipient)
     VALUES ($1, $2, $3, $4, 'local', $5, $6, $7) RETURNING ${COLUMNS}`,
    [randomUUID(), ...names(userName), role, hash, new Date(), recipientOf(recipient)],
  );
  return existing(row);
}

async function changeUser(
  sql: Sql,
  userId: string,
  { role, disabled, recipient }: UserChange,
  hash: string | undefined,
): Promise<User | undefined> {
  await oneAtATime(sql);
  const [before] = await sql.query<User>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [userId]);
  if (before === undefined) return undefined;
  if (hash !== undefined && before.origin !== 'local')
    throw new HitonamiError('INPUT', 'this user signs in elsewhere and has no password here', {
      detail: USER_FAULTS.passwordElsewhere,
    });
  const [after] = await sql.query<User>(
    `UPDATE users SET role = coalesce($2, role), disabled = coalesce($3, disabled), password = coalesce($4, password),
       recipient = CASE WHEN $5 THEN $6 ELSE recipient END,
       used_at = CASE WHEN disabled AND NOT coalesce($3, disabled) THEN now() ELSE used_at END
     WHERE id = $1 RETURNING ${COLUMNS}`,
    [
      ...[userId, role ?? null, disabled ?? null, hash ?? null],
      ...[recipient !== undefined, recipientOf(recipient ?? null)],
    ],
  );
  if (administers(before) && !administers(existing(after))) await refuseWhereNobodyIsLeft(sql);
  const actsForAnother = existing(after).recipient !== before.recipient;
  if (hash !== undefined || existing(after).disabled || actsForAnother)
    await sql.query('DELETE FROM sessions WHERE user_id = $1', [userId]);
  return after;
}

async function tidy(sql: Sql, now: Date): Promise<{ disabled: string[]; erased: string[] }> {
  await oneAtATime(sql);
  const since = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
  // The administrator who was there last stays, however long ago: somebody must be able to let others in.
  const stays = `(SELECT id FROM users WHERE role = 'administrator' AND NOT disabled ORDER BY used_at DESC, id LIMIT 1)`;
  const disabled = await sql.query<{ id: string; name: string }>(
    `UPDATE users SET disabled = true WHERE NOT disabled AND used_at < $1 AND id <> ${stays} RETURNING id, name`,
    [since(UNUSED_DAYS)],
  );
  const old = `SELECT id FROM users WHERE disabled AND used_at < $1`;
  await sql.query(`DELETE FROM sessions WHERE user_id = ANY ($2::text[]) OR user_id IN (${old})`, [
    since(ERASED_DAYS),
    disabled.map((user) => user.id),
  ]);
  const erased = await sql.query<{ name: string }>(
    `DELETE FROM users WHERE id IN (${old}) RETURNING name`,
    [since(ERASED_DAYS)],
  );
  const gone = new Set(erased.map((user) => user.name));
  return {
    disabled: disabled.map((user) => user.name).filter((user) => !gone.has(user)),
    erased: [...gone],
  };
}

function recipientOf(recipient: string | null): string | null {
  return recipient === null ? null : name('recipient', recipient);
}

async function refuseWhereNobodyIsLeft(sql: Sql): Promise<void> {
  const left = await sql.query(
    `SELECT 1 FROM users WHERE role = 'administrator' AND NOT disabled LIMIT 1`,
  );
  if (left.length === 0)
    throw new HitonamiError('INPUT', 'the last administrator stays: make another one first', {
      detail: USER_FAULTS.lastAdministrator,
    });
}

async function signedInElsewhere(sql: Sql, user: OidcUser): Promise<User> {
  await oneAtATime(sql);
  const who = [text('issuer', user.issuer, LIMITS.id), text('subject', user.subject, LIMITS.id)];
  const [known] = await sql.query<User>(
    `UPDATE users SET role = $3 WHERE issuer = $1 AND subject = $2 RETURNING ${COLUMNS}`,
    [...who, user.role],
  );
  if (known !== undefined) return known;
  const values = [randomUUID(), ...(await freeName(sql, user.name)), user.role, ...who];
  const [made] = await sql.query<User>(
    `INSERT INTO users (id, name, name_key, role, origin, issuer, subject, made_at)
     VALUES ($1, $2, $3, $4, 'oidc', $5, $6, $7) RETURNING ${COLUMNS}`,
    [...values, new Date()],
  );
  return existing(made);
}

/** A provider's names need not be unique, and never take over the account of someone here. */
async function freeName(sql: Sql, wanted: string): Promise<[string, string]> {
  const plain = wanted.normalize('NFKC').trim();
  for (let n = 1; n <= SAME_NAME_TRIES; n++) {
    const suffix = n === 1 ? '' : ` (${n})`;
    const both = names(plain.slice(0, LIMITS.name - suffix.length) + suffix);
    const taken = await sql.query('SELECT 1 FROM users WHERE name_key = $1', [both[1]]);
    if (taken.length === 0) return both;
  }
  throw new HitonamiError('INPUT', `${SAME_NAME_TRIES} users have this name already`, {
    detail: USER_FAULTS.nameTaken,
  });
}

function oneAtATime(sql: Sql): Promise<unknown> {
  return sql.query('SELECT pg_advisory_xact_lock($1)', [USERS_LOCK]);
}

async function isEmpty(sql: Sql): Promise<boolean> {
  return (await sql.query('SELECT 1 FROM users LIMIT 1')).length === 0;
}

function administers(user: User): boolean {
  return user.role === 'administrator' && !user.disabled;
}

/** The name as shown, and as compared. */
function names(value: string): [string, string] {
  const shown = name('name', value.normalize('NFKC').trim());
  return [shown, keyOf(shown)];
}

function keyOf(value: string): string {
  return value.normalize('NFKC').trim().toLowerCase();
}

/** No name has U+0000, and PostgreSQL takes no text with it. */
function storable(key: string): string {
  return key.replaceAll('\u0000', '\ufffd');
}

function existing(row: User | undefined): User {
  if (row === undefined) throw new HitonamiError('UNAVAILABLE', 'the records gave no row back');
  return row;
}
