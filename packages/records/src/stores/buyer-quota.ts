import { HitonamiError } from '@hitonami/model';
import { day, id, instant, wholeNumber } from '../limits.js';
import type { Sql } from '../sql/port.js';
import type { BuyerDoor, BuyerTaken, BuyerWant } from './buyer-keys.js';
import type { BuyerContract, BuyerMonth } from './buyer-types.js';

/**
 * Sets aside what a download takes of the month, of the key's and of the contract's. Within the lock of the buyer: of several
 * at the same time each sees what the others take.
 */
export async function reserve(
  sql: Sql,
  door: BuyerDoor,
  contract: BuyerContract,
  want: BuyerWant,
  now: Date,
): Promise<BuyerTaken> {
  const file = [
    ...[door.key.id, day(want.day), id('dataset', want.dataset), id('period', want.period)],
    ...[wholeNumber('version', want.version), id('file', want.file)],
  ];
  const bytes = bytesOf(want.bytes);
  const [known] = await sql.query<{ isCounted: boolean }>(
    `SELECT bytes + reserved_bytes > 0 AS "isCounted" FROM buyer_usage
     WHERE key_id = $1 AND day = $2::text::date AND dataset = $3 AND period = $4 AND version = $5 AND file = $6`,
    file,
  );
  const { key, buyer } = door;
  for (const [of, quota, month] of [
    ['key', key, await monthOf(sql, buyer.id, want.day, key.id)],
    ['contract', contract, await monthOf(sql, buyer.id, want.day)],
  ] as const) {
    const { downloadsPerMonth, bytesPerMonth } = quota;
    if (
      known?.isCounted !== true &&
      downloadsPerMonth !== null &&
      month.downloads >= downloadsPerMonth
    )
      return { outcome: 'downloads-spent', of, door, month };
    if (bytesPerMonth !== null && month.bytes + bytes > bytesPerMonth)
      return { outcome: 'bytes-spent', of, door, month };
  }
  const [row] = await sql.query<{ id: number; isNoted: boolean }>(
    `INSERT INTO buyer_usage (key_id, day, dataset, period, version, file, buyer_id, requests, bytes, reserved_bytes, reserved_at, purpose)
     VALUES ($1, $2::text::date, $3, $4, $5, $6, $7, 1, 0, $8, $9, $10)
     ON CONFLICT (key_id, day, dataset, period, version, file) DO UPDATE SET requests = buyer_usage.requests + 1,
       reserved_bytes = buyer_usage.reserved_bytes + EXCLUDED.reserved_bytes, reserved_at = EXCLUDED.reserved_at
     RETURNING id, is_noted AS "isNoted"`,
    [...file, buyer.id, bytes, instant('now', now), id('purpose', want.purpose)],
  );
  const reservation = { usage: row?.id ?? 0, bytes };
  return { outcome: 'granted', door, reservation, isNoted: row?.isNoted === true };
}

/** @param within a day of the month @param key of this one alone; left out: of all keys together */
export async function monthOf(
  sql: Sql,
  buyer: number,
  within: string,
  key?: number,
): Promise<BuyerMonth> {
  const [row] = await sql.query<BuyerMonth>(
    `SELECT count(*) AS downloads, coalesce(sum(bytes + reserved_bytes), 0)::bigint AS bytes FROM buyer_usage
     WHERE ${OF_MONTH} AND ($3::bigint IS NULL OR key_id = $3)`,
    [buyer, within, key ?? null],
  );
  return row ?? { downloads: 0, bytes: 0 };
}

/** Of the keys with which anything was fetched. */
export async function monthByKey(
  sql: Sql,
  buyer: number,
  within: string,
): Promise<Map<number, BuyerMonth>> {
  const found = await sql.query<BuyerMonth & { key: number }>(
    `SELECT key_id AS key, count(*) AS downloads, coalesce(sum(bytes + reserved_bytes), 0)::bigint AS bytes
     FROM buyer_usage WHERE ${OF_MONTH} GROUP BY key_id`,
    [buyer, within],
  );
  return new Map(found.map(({ key, ...month }) => [key, month]));
}

const OF_MONTH = `buyer_id = $1 AND bytes + reserved_bytes > 0 AND day >= date_trunc('month', $2::text::date)
  AND day < date_trunc('month', $2::text::date) + interval '1 month'`;

/** @throws HitonamiError `INPUT` */
export function bytesOf(bytes: number): number {
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new HitonamiError('INPUT', 'bytes is no count', { detail: 'bytes' });
}
