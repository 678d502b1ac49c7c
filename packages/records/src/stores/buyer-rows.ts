import { wholeNumber } from '../limits.js';
import type { Sql } from '../sql/port.js';
import type { Buyer, BuyerContract } from './buyer-types.js';

export const BUYER_COLUMNS = `buyers.id, site, language, organisation, contact, intent, wanted, applied_at AS "appliedAt",
  ended_at AS "endedAt", ended_by AS "endedBy", end_reason AS "endReason", webhook_url AS "webhookUrl"`;
const CONTRACTS = `SELECT c.buyer_id AS buyer, c.version, text_ja AS "textJa", text_en AS "textEn", c.sha256, datasets, purposes,
    downloads_per_month AS "downloadsPerMonth", bytes_per_month AS "bytesPerMonth", valid_until AS "validUntil",
    issued_at AS "issuedAt", issued_by AS "issuedBy", a.at AS "acceptedAt", a.person AS "acceptedBy"
  FROM buyer_contracts c
  LEFT JOIN buyer_deeds a ON a.buyer_id = c.buyer_id AND a.version = c.version AND a.deed = 'accepted'`;

/** Every version, the newest first. */
export async function contractsOf(sql: Sql, buyer: number): Promise<BuyerContract[]> {
  return (await contractsOfAll(sql, [buyer])).get(buyer) ?? [];
}

/** Of several buyers, by their id. */
export async function contractsOfAll(
  sql: Sql,
  buyers: readonly number[],
): Promise<Map<number, BuyerContract[]>> {
  const found = await sql.query<BuyerContract & { buyer: number }>(
    `${CONTRACTS} WHERE c.buyer_id = ANY ($1::text[]::bigint[]) ORDER BY c.version DESC`,
    [buyers.map(String)],
  );
  const all = new Map<number, BuyerContract[]>(buyers.map((buyer) => [buyer, []]));
  for (const { buyer, ...contract } of found) all.get(buyer)?.push(contract);
  return all;
}

/** What is done to one buyer is done one after another. */
export async function lockBuyer(sql: Sql, number: number): Promise<Buyer | undefined> {
  const [row] = await sql.query<Buyer>(
    `SELECT ${BUYER_COLUMNS} FROM buyers WHERE id = $1 FOR UPDATE`,
    [wholeNumber('buyer', number)],
  );
  return row;
}

export async function buyerById(sql: Sql, number: number): Promise<Buyer | undefined> {
  const [row] = await sql.query<Buyer>(`SELECT ${BUYER_COLUMNS} FROM buyers WHERE id = $1`, [
    wholeNumber('buyer', number),
  ]);
  return row;
}
