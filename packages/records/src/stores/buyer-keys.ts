import { randomBytes } from 'node:crypto';
import { HitonamiError } from '@hitonami/model';
import { day, id, instant, name, rows, wholeNumber } from '../limits.js';
import { mayBeLost, type Database, type Sql } from '../sql/port.js';
import {
  BUYER_LIMITS,
  RESERVED_MS_MAX,
  contractInForce,
  type Buyer,
  type BuyerContract,
  type BuyerKey,
  type BuyerMonth,
  type BuyerUsage,
} from './buyer-types.js';
import { BUYER_COLUMNS, BUYER_FAULTS, contractsOf, lockBuyer } from './buyers.js';
import { hashOf } from './secret.js';

/** Who has a key, and what it opens at this instant. */
export interface BuyerDoor {
  readonly key: number;
  readonly buyer: Buyer;
  readonly isRevoked: boolean;
  /** Undefined: none is in force, or no longer. */
  readonly contract: BuyerContract | undefined;
}

/** A file that is to be fetched. */
export interface BuyerWant {
  readonly site: string;
  readonly dataset: string;
  /** Of the dataset. */
  readonly purpose: string;
  readonly period: string;
  readonly version: number;
  readonly file: string;
  /** That will travel, at most. */
  readonly bytes: number;
  /** Local at the site: its month is counted. */
  readonly day: string;
}

/** What was set aside for a download, until it is known what travelled. */
export interface BuyerReservation {
  readonly usage: number;
  readonly bytes: number;
}

export type BuyerTaken =
  | { readonly outcome: 'no-key' }
  | { readonly outcome: 'revoked' | 'ended' | 'not-listed'; readonly door: BuyerDoor }
  | {
      readonly outcome: 'downloads-spent' | 'bytes-spent';
      readonly door: BuyerDoor;
      readonly month: BuyerMonth;
    }
  | {
      readonly outcome: 'granted';
      readonly door: BuyerDoor;
      readonly reservation: BuyerReservation;
      /** The audit log has this file, key and day already: see `noted`. */
      readonly isNoted: boolean;
    };

/** Keys, what they open, and what was fetched with them. Whether a key opens is looked up each time; nothing is remembered. */
export interface BuyerKeys {
  /**
   * A new key of 256 random bits, told here and nowhere else.
   * @throws HitonamiError `INPUT`, `detail` `BUYER_FAULTS.ended` without a contract in force, `keysMany` where there are enough
   */
  make(buyer: number, now?: Date): Promise<{ key: string; id: number }>;
  list(buyer: number): Promise<BuyerKey[]>;
  /** From this instant on it opens nothing. @returns undefined: the buyer has no such key; once revoked nothing changes */
  revoke(
    buyer: number,
    key: number,
    given: { user: string; at?: Date },
  ): Promise<BuyerKey | undefined>;
  /** @returns undefined: nobody has this key */
  door(key: string, now?: Date): Promise<BuyerDoor | undefined>;
  /** Which of these keys open nothing at this instant: for downloads that are under way. */
  closed(keys: readonly number[], now?: Date): Promise<ReadonlySet<number>>;
  /**
   * Whether a key may fetch a file now, and sets aside what that takes of the month: of several at the same time each sees
   * what the others take. A file counts as one download a day, however many parts it is fetched in; its bytes count each time.
   */
  take(key: string, want: BuyerWant, now?: Date): Promise<BuyerTaken>;
  /** That the audit log says who has the file: for this day it need not be told again. */
  noted(reservation: BuyerReservation): Promise<void>;
  /** What travelled in the end, instead of what was set aside. 0 bytes are no download. */
  settle(reservation: BuyerReservation, bytes: number): Promise<void>;
  /** @param month `YYYY-MM`, local */
  month(buyer: number, month: string): Promise<BuyerMonth>;
  /** What was fetched, days included, for invoices; by id, those after one where it is given. */
  usage(
    site: string,
    options: {
      from: string;
      to: string;
      buyer?: number | undefined;
      after?: number | undefined;
      limit?: number | undefined;
    },
  ): Promise<BuyerUsage[]>;
  /** Gives back what downloads had set aside whose process ended before them. @returns how many */
  tidy(now?: Date): Promise<number>;
}

/** What every key begins with, so that it is known for one where it lies about. */
export const BUYER_KEY_PREFIX = 'hitonami_';
const KEY_BYTES = 32;
const KEY_LENGTH_MAX = 100;
const KEY_COLUMNS = `id, ending, made_at AS "madeAt", revoked_at AS "revokedAt", revoked_by AS "revokedBy"`;
const ROWS_DEFAULT = 1_000;

export function buyerKeys(database: Database): BuyerKeys {
  return {
    make: (number, now = new Date()) =>
      database.transaction(async (sql) => {
        const buyer = await lockBuyer(sql, number);
        if (buyer === undefined || !contractInForce(buyer, await contractsOf(sql, buyer.id), now))
          throw refused(BUYER_FAULTS.ended, 'there is no contract in force to have a key for');
        const had = await sql.query(
          'SELECT id FROM buyer_keys WHERE buyer_id = $1 AND revoked_at IS NULL',
          [buyer.id],
        );
        if (had.length >= BUYER_LIMITS.keys)
          throw refused(BUYER_FAULTS.keysMany, `there are ${had.length} keys: revoke one first`);
        const key = BUYER_KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
        const [row] = await sql.query<{ id: number }>(
          'INSERT INTO buyer_keys (buyer_id, key_hash, ending, made_at) VALUES ($1, $2, $3, $4) RETURNING id',
          [buyer.id, hashOf(key), key.slice(-4), instant('now', now)],
        );
        return { key, id: row?.id ?? 0 };
      }),
    list: async (number) =>
      database.query<BuyerKey>(
        `SELECT ${KEY_COLUMNS} FROM buyer_keys WHERE buyer_id = $1 ORDER BY id DESC LIMIT $2`,
        [wholeNumber('buyer', number), ROWS_DEFAULT],
      ),
    async revoke(number, key, { user, at = new Date() }) {
      const [row] = await database.query<BuyerKey>(
        `UPDATE buyer_keys SET revoked_at = coalesce(revoked_at, $3), revoked_by = coalesce(revoked_by, $4)
         WHERE buyer_id = $1 AND id = $2 RETURNING ${KEY_COLUMNS}`,
        [
          ...[wholeNumber('buyer', number), wholeNumber('key', key), instant('at', at)],
          name('user', user),
        ],
      );
      return row;
    },
    door: (key, now = new Date()) => doorOf(database, key, now),
    async closed(keys, now = new Date()) {
      const found = await database.query<{ id: number }>(
        `SELECT k.id FROM buyer_keys k JOIN buyers b ON b.id = k.buyer_id
         WHERE k.id = ANY ($1::text[]::bigint[]) AND k.revoked_at IS NULL AND (b.ended_at IS NULL OR b.ended_at > $2)
           AND (SELECT c.valid_until FROM buyer_contracts c JOIN buyer_deeds d
                  ON d.buyer_id = c.buyer_id AND d.version = c.version AND d.deed = 'accepted'
                WHERE c.buyer_id = b.id ORDER BY c.version DESC LIMIT 1) > $2`,
        [keys.map(String), now],
      );
      const open = new Set(found.map((row) => row.id));
      return new Set(keys.filter((key) => !open.has(key)));
    },
    take: (key, want, now = new Date()) =>
      database.transaction(async (sql) => {
        // An invoice may lack what was fetched in the last moment before a loss of power; nobody waits for the disk.
        await mayBeLost(sql);
        const door = await doorOf(sql, key, now, true);
        if (door === undefined) return { outcome: 'no-key' };
        const refusal = refusalOf(door, want);
        if (refusal !== undefined || door.contract === undefined)
          return { outcome: refusal ?? 'ended', door };
        return reserve(sql, door, door.contract, want, now);
      }),
    async noted({ usage }) {
      await database.query('UPDATE buyer_usage SET is_noted = true WHERE id = $1', [
        wholeNumber('usage', usage),
      ]);
    },
    async settle({ usage, bytes: reserved }, bytes) {
      await database.transaction(async (sql) => {
        await mayBeLost(sql);
        await sql.query(
          `UPDATE buyer_usage SET bytes = bytes + $3, reserved_bytes = greatest(0, reserved_bytes - $2) WHERE id = $1`,
          [wholeNumber('usage', usage), reserved, bytesOf(bytes)],
        );
      });
    },
    month: (number, month) => monthOf(database, wholeNumber('buyer', number), day(`${month}-01`)),
    usage: async (site, { from, to, buyer, after, limit = ROWS_DEFAULT }) =>
      database.query<BuyerUsage>(
        `SELECT u.id, b.id AS buyer, organisation, key_id AS key, u.day::text AS day, dataset, period, version, file, requests, bytes
         FROM buyer_usage u JOIN buyers b ON b.id = u.buyer_id
         WHERE b.site = $1 AND u.day BETWEEN $2::text::date AND $3::text::date AND u.bytes > 0
           AND ($4::bigint IS NULL OR b.id = $4) AND u.id > $5
         ORDER BY u.id LIMIT $6`,
        [id('site', site), day(from), day(to), buyer ?? null, after ?? 0, rows(limit)],
      ),
    async tidy(now = new Date()) {
      const gone = await database.query(
        'UPDATE buyer_usage SET reserved_bytes = 0 WHERE reserved_bytes > 0 AND reserved_at <= $1 RETURNING id',
        [new Date(instant('now', now).getTime() - RESERVED_MS_MAX)],
      );
      return gone.length;
    },
  };
}

/** Why a door does not open for a file; undefined: it does, as far as the quota goes. */
export function refusalOf(
  { buyer, isRevoked, contract }: BuyerDoor,
  want: Pick<BuyerWant, 'site' | 'dataset' | 'purpose'>,
): 'revoked' | 'ended' | 'not-listed' | undefined {
  if (isRevoked) return 'revoked';
  if (contract === undefined) return 'ended';
  const isListed =
    buyer.site === want.site &&
    contract.datasets.includes(want.dataset) &&
    contract.purposes.includes(want.purpose);
  return isListed ? undefined : 'not-listed';
}

async function doorOf(
  sql: Sql,
  key: string,
  now: Date,
  isLocked = false,
): Promise<BuyerDoor | undefined> {
  if (!key.startsWith(BUYER_KEY_PREFIX) || key.length > KEY_LENGTH_MAX) return undefined;
  const [row] = await sql.query<Buyer & { key: number; isRevoked: boolean }>(
    `SELECT ${BUYER_COLUMNS}, k.id AS key, k.revoked_at IS NOT NULL AS "isRevoked"
     FROM buyer_keys k JOIN buyers ON buyers.id = k.buyer_id WHERE k.key_hash = $1 ${isLocked ? 'FOR UPDATE OF buyers' : ''}`,
    [hashOf(key)],
  );
  if (row === undefined) return undefined;
  const { key: keyId, isRevoked, ...buyer } = row;
  const contract = contractInForce(buyer, await contractsOf(sql, buyer.id), now);
  return { key: keyId, buyer, isRevoked, contract };
}

/** Within the lock of the buyer. */
async function reserve(
  sql: Sql,
  door: BuyerDoor,
  contract: BuyerContract,
  want: BuyerWant,
  now: Date,
): Promise<BuyerTaken> {
  const file = [
    ...[door.key, day(want.day), id('dataset', want.dataset), id('period', want.period)],
    ...[wholeNumber('version', want.version), id('file', want.file)],
  ];
  const bytes = bytesOf(want.bytes);
  const month = await monthOf(sql, door.buyer.id, want.day);
  const [known] = await sql.query<{ isCounted: boolean }>(
    `SELECT bytes + reserved_bytes > 0 AS "isCounted" FROM buyer_usage
     WHERE key_id = $1 AND day = $2::text::date AND dataset = $3 AND period = $4 AND version = $5 AND file = $6`,
    file,
  );
  if (known?.isCounted !== true && month.downloads >= contract.downloadsPerMonth)
    return { outcome: 'downloads-spent', door, month };
  if (month.bytes + bytes > contract.bytesPerMonth) return { outcome: 'bytes-spent', door, month };
  const [row] = await sql.query<{ id: number; isNoted: boolean }>(
    `INSERT INTO buyer_usage (key_id, day, dataset, period, version, file, buyer_id, requests, bytes, reserved_bytes, reserved_at)
     VALUES ($1, $2::text::date, $3, $4, $5, $6, $7, 1, 0, $8, $9)
     ON CONFLICT (key_id, day, dataset, period, version, file) DO UPDATE SET requests = buyer_usage.requests + 1,
       reserved_bytes = buyer_usage.reserved_bytes + EXCLUDED.reserved_bytes, reserved_at = EXCLUDED.reserved_at
     RETURNING id, is_noted AS "isNoted"`,
    [...file, door.buyer.id, bytes, instant('now', now)],
  );
  const reservation = { usage: row?.id ?? 0, bytes };
  return { outcome: 'granted', door, reservation, isNoted: row?.isNoted === true };
}

/** @param within a day of the month */
async function monthOf(sql: Sql, buyer: number, within: string): Promise<BuyerMonth> {
  const [row] = await sql.query<BuyerMonth>(
    `SELECT count(*) AS downloads, coalesce(sum(bytes + reserved_bytes), 0)::bigint AS bytes FROM buyer_usage
     WHERE buyer_id = $1 AND bytes + reserved_bytes > 0 AND day >= date_trunc('month', $2::text::date)
       AND day < date_trunc('month', $2::text::date) + interval '1 month'`,
    [buyer, within],
  );
  return row ?? { downloads: 0, bytes: 0 };
}

function bytesOf(bytes: number): number {
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw refused('bytes', 'bytes is no count');
}

function refused(detail: string, why: string): HitonamiError {
  return new HitonamiError('INPUT', why, { detail });
}
