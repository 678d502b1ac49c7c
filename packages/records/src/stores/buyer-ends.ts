import { HitonamiError } from '@hitonami/model';
import { id, instant, name, wholeNumber } from '../limits.js';
import type { Database, Sql } from '../sql/port.js';
import { contractsOf, lockBuyer } from './buyer-rows.js';
import { IS_IN_FORCE, LAST_ACCEPTED } from './buyer-sql.js';
import {
  BUYER_FAULTS,
  BUYER_LIMITS,
  DELETION_DAYS,
  type BuyerContract,
  type BuyerEnd,
} from './buyer-types.js';

/** What still has to be deleted at a site. */
export interface OpenDeletions {
  readonly site: string;
  /** Not confirmed, and not late. */
  readonly due: number;
  /** Not confirmed by when it should have been. */
  readonly overdue: number;
}

/** Ends of contracts, as a whole or of some datasets, and the deletion that each asks for. */
export interface BuyerEnds {
  /**
   * Notes what has ended since and was not noted: by the operator, or because its time is over. Whoever has a webhook is to
   * be told. @param buyer of this one alone @returns the new ones
   */
  note(now?: Date, buyer?: number): Promise<BuyerEnd[]>;
  /**
   * Notes that a dataset was withdrawn, for all whose contract in force had listed it before. Once, however often this is
   * called. @returns the new ones
   */
  noteWithdrawn(
    dataset: { site: string; dataset: string; at: Date },
    now?: Date,
  ): Promise<BuyerEnd[]>;
  /** Of one buyer, the newest first. */
  list(buyer: number, now?: Date): Promise<BuyerEnd[]>;
  /**
   * Somebody says that everything an end asks for is deleted. The first who says so is kept.
   * @throws HitonamiError `INPUT`, `detail` `BUYER_FAULTS.inForce` where the buyer has no such end, or has a contract in force
   *   for all of it again
   */
  confirm(buyer: number, given: { end: number; person: string; at?: Date }): Promise<BuyerEnd>;
  /** By site, where there are any. */
  open(now?: Date): Promise<OpenDeletions[]>;
}

/** An end of longer ago is not told any more: whoever is told late is told of a past that is over. ms */
const NEWS_MS = 7 * 86_400_000;
const WHOLE = `('revoked', 'run-out')`;
/** In force at $1; what a contract in force gives again is not to be deleted, but for what was withdrawn. */
const ENDS = `SELECT e.id, e.buyer_id AS buyer, e.version, e.reason, e.ended_at AS "endedAt", e.confirm_by AS "confirmBy",
    d.at AS "confirmedAt", d.person AS "confirmedBy", b.site,
    CASE WHEN e.reason = 'withdrawn' OR d.at IS NOT NULL THEN e.datasets
      ELSE ARRAY(SELECT one FROM unnest(e.datasets) AS one WHERE NOT one = ANY (coalesce(last.datasets, '{}'))) END AS datasets
  FROM buyer_ends e JOIN buyers b ON b.id = e.buyer_id
  LEFT JOIN ${LAST_ACCEPTED} AS last ON ${IS_IN_FORCE}
  LEFT JOIN buyer_deeds d ON d.buyer_id = e.buyer_id AND d.deed = 'deletion-confirmed'
    AND (d.end_id = e.id OR (d.end_id IS NULL AND d.version = e.version AND e.reason IN ${WHOLE}))`;

export function buyerEnds(database: Database): BuyerEnds {
  return {
    note: (now = new Date(), buyer) =>
      database.transaction((sql) => noteEnds(sql, instant('now', now), buyer)),
    noteWithdrawn: ({ site, dataset, at }, now = new Date()) =>
      database.transaction(async (sql) => {
        const made = await sql.query<{ id: number }>(
          `INSERT INTO buyer_ends (buyer_id, version, reason, datasets, ended_at, confirm_by)
           SELECT b.id, last.version, 'withdrawn', ARRAY[$3::text], $4::timestamptz, $4::timestamptz + ${CONFIRM_WITHIN}
           FROM buyers b CROSS JOIN ${LAST_ACCEPTED} AS last
           WHERE ${IS_IN_FORCE} AND b.site = $2 AND $3 = ANY (last.datasets) AND last.accepted_at <= $4
             AND NOT EXISTS (SELECT 1 FROM buyer_ends e
               WHERE e.buyer_id = b.id AND e.reason = 'withdrawn' AND $3 = ANY (e.datasets))
           ON CONFLICT DO NOTHING RETURNING id`,
          [instant('now', now), id('site', site), id('dataset', dataset), instant('at', at)],
        );
        return tell(sql, made, now);
      }),
    list: (buyer, now = new Date()) => endsOf(database, [wholeNumber('buyer', buyer)], now),
    confirm: (number, { end: wanted, person, at = new Date() }) =>
      database.transaction(async (sql) => {
        const buyer = await lockBuyer(sql, number);
        const ends = buyer === undefined ? [] : await endsOf(sql, [buyer.id], instant('at', at));
        const end = ends.find((one) => one.id === wanted);
        if (buyer === undefined || end === undefined || end.datasets.length === 0)
          throw new HitonamiError('INPUT', 'a deletion is confirmed after the end of a contract', {
            detail: BUYER_FAULTS.inForce,
          });
        if (end.confirmedAt !== null) return end;
        const contract = (await contractsOf(sql, buyer.id)).find(
          ({ version }) => version === end.version,
        );
        await sql.query(
          `INSERT INTO buyer_deeds (buyer_id, version, deed, person, at, sha256, end_id)
           VALUES ($1, $2, 'deletion-confirmed', $3, $4, $5, $6)`,
          [
            ...[buyer.id, end.version, name('person', person, BUYER_LIMITS.person), at],
            ...[contract?.sha256 ?? '', end.id],
          ],
        );
        return { ...end, confirmedAt: at, confirmedBy: person };
      }),
    open: (now = new Date()) =>
      database.query<OpenDeletions>(
        `SELECT site, count(*) FILTER (WHERE "confirmBy" > $1) AS due, count(*) FILTER (WHERE "confirmBy" <= $1) AS overdue
         FROM (${ENDS}) AS ends WHERE "confirmedAt" IS NULL AND cardinality(datasets) > 0 GROUP BY site ORDER BY site`,
        [instant('now', now)],
      ),
  };
}

const CONFIRM_WITHIN = `interval '${24 * DELETION_DAYS} hours'`;

/** What has ended as a whole. */
export async function noteEnds(sql: Sql, now: Date, buyer?: number): Promise<BuyerEnd[]> {
  const made = await sql.query<{ id: number }>(
    `INSERT INTO buyer_ends (buyer_id, version, reason, datasets, ended_at, confirm_by)
     SELECT b.id, last.version, CASE WHEN b.ended_at <= last.valid_until THEN 'revoked' ELSE 'run-out' END, last.datasets,
       least(b.ended_at, last.valid_until), least(b.ended_at, last.valid_until) + ${CONFIRM_WITHIN}
     FROM buyers b CROSS JOIN ${LAST_ACCEPTED} AS last
     WHERE NOT ${IS_IN_FORCE} AND ($2::bigint IS NULL OR b.id = $2)
       AND NOT EXISTS (SELECT 1 FROM buyer_ends e
         WHERE e.buyer_id = b.id AND e.version = last.version AND e.reason IN ${WHOLE})
     ON CONFLICT DO NOTHING RETURNING id`,
    [now, buyer ?? null],
  );
  return tell(sql, made, now);
}

/** What the contract that takes the place of another does not list any more. */
export async function noteReplaced(
  sql: Sql,
  buyer: number,
  before: BuyerContract,
  after: BuyerContract,
  at: Date,
): Promise<void> {
  const datasets = before.datasets.filter((one) => !after.datasets.includes(one));
  if (datasets.length === 0) return;
  const made = await sql.query<{ id: number }>(
    `INSERT INTO buyer_ends (buyer_id, version, reason, datasets, ended_at, confirm_by)
     VALUES ($1, $2, 'replaced', $3, $4::timestamptz, $4::timestamptz + ${CONFIRM_WITHIN}) ON CONFLICT DO NOTHING RETURNING id`,
    [buyer, before.version, datasets, at],
  );
  await tell(sql, made, at);
}

/** Of these buyers, the newest first. */
export async function endsOf(sql: Sql, buyers: readonly number[], now: Date): Promise<BuyerEnd[]> {
  const found = await sql.query<BuyerEnd & { site: string }>(
    `${ENDS} WHERE e.buyer_id = ANY ($2::text[]::bigint[]) ORDER BY e.id DESC`,
    [instant('now', now), buyers.map(String)],
  );
  return found.map(({ site: _, ...end }) => end);
}

/** Notes that these ends are to be told to who has a webhook. */
async function tell(sql: Sql, made: readonly { id: number }[], now: Date): Promise<BuyerEnd[]> {
  if (made.length === 0) return [];
  const ids = made.map((one) => String(one.id));
  await sql.query(
    `INSERT INTO buyer_deliveries (buyer_id, end_id, made_at, state, tries, at, fault)
     SELECT b.id, e.id, e.ended_at, 'waiting', 0, $1, '' FROM buyer_ends e JOIN buyers b ON b.id = e.buyer_id
     WHERE e.id = ANY ($2::text[]::bigint[]) AND b.webhook_url IS NOT NULL AND e.ended_at > $3
     ON CONFLICT DO NOTHING`,
    [now, ids, new Date(now.getTime() - NEWS_MS)],
  );
  const found = await sql.query<BuyerEnd & { site: string }>(
    `${ENDS} WHERE e.id = ANY ($2::text[]::bigint[]) ORDER BY e.id`,
    [now, ids],
  );
  return found.map(({ site: _, ...end }) => end);
}
