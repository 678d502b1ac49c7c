import { randomBytes } from 'node:crypto';
import { HitonamiError } from '@hitonami/model';
import { day, id, instant, name, rows, wholeNumber } from '../limits.js';
import { mayBeLost, type Database, type Sql } from '../sql/port.js';
import { bytesOf, monthByKey, monthOf, reserve } from './buyer-quota.js';
import { buyerById, contractsOf, lockBuyer } from './buyer-rows.js';
import {
  BUYER_FAULTS,
  BUYER_LIMITS,
  RESERVED_MS_MAX,
  contractInForce,
  type Buyer,
  type BuyerContract,
  type BuyerKey,
  type BuyerKeyGrant,
  type BuyerMonth,
  type BuyerUsage,
} from './buyer-types.js';
import { ids } from './buyers.js';
import { hashOf } from './secret.js';

/** Who has a key, and what it opens at this instant. */
export interface BuyerDoor {
  readonly key: BuyerKey;
  readonly buyer: Buyer;
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

/**
 * Why a key does not open for a file. `not-listed`: the contract does not have its dataset. `not-of-key`: the contract has it,
 * the key was not made for it. `other-purpose`: it is given for a purpose that the key, or the contract, does not have.
 */
export type BuyerRefusal = 'revoked' | 'ended' | 'not-listed' | 'not-of-key' | 'other-purpose';

export type BuyerTaken =
  | { readonly outcome: 'no-key' }
  | { readonly outcome: BuyerRefusal; readonly door: BuyerDoor }
  | {
      readonly outcome: 'downloads-spent' | 'bytes-spent';
      /** Whose quota it is that is spent. */
      readonly of: 'key' | 'contract';
      readonly door: BuyerDoor;
      /** What was used of that quota. */
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
   * A new key of 256 random bits, told here and nowhere else, for datasets and one purpose of the contract.
   * @throws HitonamiError `INPUT`, `detail` `BUYER_FAULTS.ended` without a contract in force, `keysMany` where there are
   *   enough, `notInContract` for a dataset or a purpose that it does not have, `overQuota` for more than it gives
   */
  make(buyer: number, grant: BuyerKeyGrant, now?: Date): Promise<{ key: string; id: number }>;
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
  /** Of all keys together. @param month `YYYY-MM`, local */
  month(buyer: number, month: string): Promise<BuyerMonth>;
  /** Of each key with which anything was fetched, by its id. */
  monthByKey(buyer: number, month: string): Promise<ReadonlyMap<number, BuyerMonth>>;
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
const KEY_COLUMNS = `id, ending, made_at AS "madeAt", revoked_at AS "revokedAt", revoked_by AS "revokedBy",
  datasets, purpose, downloads_per_month AS "downloadsPerMonth", bytes_per_month AS "bytesPerMonth"`;
const ROWS_DEFAULT = 1_000;

export function buyerKeys(database: Database): BuyerKeys {
  return {
    make: (number, grant, now = new Date()) =>
      database.transaction(async (sql) => {
        const buyer = await lockBuyer(sql, number);
        const contract =
          buyer && contractInForce(buyer, await contractsOf(sql, buyer.id), instant('now', now));
        if (buyer === undefined || contract === undefined)
          throw refused(BUYER_FAULTS.ended, 'there is no contract in force to have a key for');
        const given = within(grant, contract);
        const had = await sql.query(
          'SELECT id FROM buyer_keys WHERE buyer_id = $1 AND revoked_at IS NULL',
          [buyer.id],
        );
        if (had.length >= BUYER_LIMITS.keys)
          throw refused(BUYER_FAULTS.keysMany, `there are ${had.length} keys: revoke one first`);
        const key = BUYER_KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
        const [row] = await sql.query<{ id: number }>(
          `INSERT INTO buyer_keys (buyer_id, key_hash, ending, made_at, datasets, purpose, downloads_per_month, bytes_per_month)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
          [
            ...[buyer.id, hashOf(key), key.slice(-4), now, [...given.datasets], given.purpose],
            ...[given.downloadsPerMonth, given.bytesPerMonth],
          ],
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
    monthByKey: (number, month) =>
      monthByKey(database, wholeNumber('buyer', number), day(`${month}-01`)),
    usage: async (site, { from, to, buyer, after, limit = ROWS_DEFAULT }) =>
      database.query<BuyerUsage>(
        `SELECT u.id, b.id AS buyer, organisation, key_id AS key, u.purpose, u.day::text AS day, dataset, period, version, file, requests, bytes
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
  { buyer, key, contract }: BuyerDoor,
  want: Pick<BuyerWant, 'site' | 'dataset' | 'purpose'>,
): BuyerRefusal | undefined {
  if (key.revokedAt !== null) return 'revoked';
  if (contract === undefined) return 'ended';
  if (buyer.site !== want.site || !contract.datasets.includes(want.dataset)) return 'not-listed';
  if (key.datasets !== null && !key.datasets.includes(want.dataset)) return 'not-of-key';
  const isItsPurpose =
    contract.purposes.includes(want.purpose) &&
    (key.purpose === null || key.purpose === want.purpose);
  return isItsPurpose ? undefined : 'other-purpose';
}

/** @throws HitonamiError `INPUT` where a key is wanted for more than the contract gives */
function within(grant: BuyerKeyGrant, contract: BuyerContract): BuyerKeyGrant {
  const datasets = ids('datasets', grant.datasets, 1);
  const purpose = id('purpose', grant.purpose);
  const other = [
    ...datasets.filter((one) => !contract.datasets.includes(one)),
    ...(contract.purposes.includes(purpose) ? [] : [purpose]),
  ];
  if (other.length > 0)
    throw refused(
      BUYER_FAULTS.notInContract,
      `version ${contract.version} of the contract does not have ${other.join(', ')}`,
    );
  const downloadsPerMonth = wholeNumber('downloads', grant.downloadsPerMonth);
  const bytesPerMonth = wholeNumber('bytes', grant.bytesPerMonth);
  if (downloadsPerMonth > contract.downloadsPerMonth || bytesPerMonth > contract.bytesPerMonth)
    throw refused(
      BUYER_FAULTS.overQuota,
      `the contract gives ${contract.downloadsPerMonth} downloads and ${contract.bytesPerMonth} bytes a month`,
    );
  return { datasets, purpose, downloadsPerMonth, bytesPerMonth };
}

async function doorOf(
  sql: Sql,
  key: string,
  now: Date,
  isLocked = false,
): Promise<BuyerDoor | undefined> {
  if (!key.startsWith(BUYER_KEY_PREFIX) || key.length > KEY_LENGTH_MAX) return undefined;
  const [found] = await sql.query<BuyerKey & { buyer: number }>(
    `SELECT ${KEY_COLUMNS}, buyer_id AS buyer FROM buyer_keys WHERE key_hash = $1`,
    [hashOf(key)],
  );
  if (found === undefined) return undefined;
  const { buyer: number, ...kept } = found;
  const buyer = isLocked ? await lockBuyer(sql, number) : await buyerById(sql, number);
  if (buyer === undefined) return undefined;
  const contract = contractInForce(buyer, await contractsOf(sql, buyer.id), now);
  return { key: kept, buyer, contract };
}

function refused(detail: string, why: string): HitonamiError {
  return new HitonamiError('INPUT', why, { detail });
}
