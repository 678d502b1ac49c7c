import { id, instant, rows, text, wholeNumber } from '../limits.js';
import type { Database } from '../sql/port.js';
import type { BuyerDelivery } from './buyer-types.js';

/** A delivery with where it goes: who claimed it makes one try. */
export interface ClaimedDelivery extends BuyerDelivery {
  readonly site: string;
  readonly url: string;
  readonly secret: string;
}

/** Telling buyers of new releases: what is to be told outlives every restart, until it was told or given up. */
export interface BuyerDeliveries {
  /**
   * To whom a release is to be told: who has a webhook since before it was made, and a contract in force that lists its
   * dataset. Each once, however often this is called. @returns how many are told that were not before
   */
  announce(
    release: { site: string; dataset: string; period: string; version: number; madeAt: Date },
    now?: Date,
  ): Promise<number>;
  /**
   * Takes what is due, the oldest first, for one try that ends within the lease; whoever else asks meanwhile is given others.
   * What is for nobody any more (ended, or without a webhook) is given up.
   */
  claim(options: { leaseMs: number; limit?: number; now?: Date }): Promise<ClaimedDelivery[]>;
  /** What became of a try. @param given `at`: of the next try where it is waiting */
  note(
    delivery: number,
    given: { state: BuyerDelivery['state']; fault: string; at: Date },
  ): Promise<void>;
  /** The newest first. */
  list(buyer: number, limit?: number): Promise<BuyerDelivery[]>;
}

const COLUMNS = 'd.id, d.buyer_id AS buyer, dataset, period, version, state, tries, at, fault';
const CLAIMED_DEFAULT = 10;
const ROWS_DEFAULT = 20;
const FAULT_MAX = 500;
/** Of a contract that is accepted, the newest, in force at $1 of the statement. */
const IN_FORCE = `FROM buyers b CROSS JOIN LATERAL (
    SELECT c.datasets, c.valid_until FROM buyer_contracts c JOIN buyer_deeds a
      ON a.buyer_id = c.buyer_id AND a.version = c.version AND a.deed = 'accepted'
    WHERE c.buyer_id = b.id ORDER BY c.version DESC LIMIT 1) AS contract
  WHERE b.webhook_url IS NOT NULL AND (b.ended_at IS NULL OR b.ended_at > $1) AND contract.valid_until > $1`;

export function buyerDeliveries(database: Database): BuyerDeliveries {
  return {
    async announce({ site, dataset, period, version, madeAt }, now = new Date()) {
      const told = await database.query(
        `INSERT INTO buyer_deliveries (buyer_id, dataset, period, version, made_at, state, tries, at, fault)
         SELECT b.id, $3, $4, $5, $6, 'waiting', 0, $1, '' ${IN_FORCE}
           AND b.site = $2 AND $3 = ANY (contract.datasets) AND b.webhook_since <= $6
         ON CONFLICT (buyer_id, dataset, period, version) DO NOTHING RETURNING id`,
        [
          ...[instant('now', now), id('site', site), id('dataset', dataset), id('period', period)],
          ...[wholeNumber('version', version), instant('madeAt', madeAt)],
        ],
      );
      return told.length;
    },
    claim: ({ leaseMs, limit = CLAIMED_DEFAULT, now = new Date() }) =>
      database.transaction(async (sql) => {
        await sql.query(
          `UPDATE buyer_deliveries SET state = 'given-up', at = $1, fault = 'the contract has ended, or the webhook was removed'
           WHERE state = 'waiting' AND at <= $1
             AND NOT EXISTS (SELECT 1 ${IN_FORCE} AND b.id = buyer_deliveries.buyer_id
               AND buyer_deliveries.dataset = ANY (contract.datasets))`,
          [now],
        );
        return sql.query<ClaimedDelivery>(
          `UPDATE buyer_deliveries d SET tries = tries + 1, at = $2 FROM buyers b
           WHERE b.id = d.buyer_id AND d.id IN (SELECT id FROM buyer_deliveries WHERE state = 'waiting' AND at <= $1
             ORDER BY at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
           RETURNING ${COLUMNS}, b.site, b.webhook_url AS url, b.webhook_secret AS secret`,
          [now, new Date(now.getTime() + leaseMs), rows(limit)],
        );
      }),
    async note(delivery, { state, fault, at }) {
      await database.query(
        'UPDATE buyer_deliveries SET state = $2, fault = $3, at = $4 WHERE id = $1',
        [
          ...[wholeNumber('delivery', delivery), state],
          ...[text('fault', fault.slice(0, FAULT_MAX)), instant('at', at)],
        ],
      );
    },
    list: async (buyer, limit = ROWS_DEFAULT) =>
      database.query<BuyerDelivery>(
        `SELECT ${COLUMNS} FROM buyer_deliveries d WHERE buyer_id = $1 ORDER BY d.id DESC LIMIT $2`,
        [wholeNumber('buyer', buyer), rows(limit)],
      ),
  };
}
