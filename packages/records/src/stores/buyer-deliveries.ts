import { id, instant, rows, text, wholeNumber } from '../limits.js';
import type { Database } from '../sql/port.js';
import { IS_IN_FORCE, LAST_ACCEPTED } from './buyer-sql.js';
import type { BuyerDelivery } from './buyer-types.js';

/** A delivery with where it goes: who claimed it makes one try. */
export type ClaimedDelivery = BuyerDelivery & {
  readonly site: string;
  readonly url: string;
  readonly secret: string;
};

/** What waits to be told at a site. */
export interface WaitingDeliveries {
  readonly site: string;
  readonly count: number;
  /** Since when the oldest waits. */
  readonly since: Date;
}

/** Telling buyers of new releases, and of ends (see `BuyerEnds`): what is to be told outlives every restart, until it was told or given up. */
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
   * What is for nobody any more is given up: a release for who has ended, anything for who has no webhook.
   */
  claim(options: { leaseMs: number; limit?: number; now?: Date }): Promise<ClaimedDelivery[]>;
  /** What became of a try. @param given `at`: of the next try where it is waiting */
  note(
    delivery: number,
    given: { state: BuyerDelivery['state']; fault: string; at: Date },
  ): Promise<void>;
  /** The newest first. */
  list(buyer: number, limit?: number): Promise<BuyerDelivery[]>;
  /** By site, where anything waits. */
  waiting(): Promise<WaitingDeliveries[]>;
}

/** A row as it is kept: it tells of a release, or of an end. */
interface Row {
  readonly id: number;
  readonly buyer: number;
  readonly dataset: string | null;
  readonly period: string | null;
  readonly version: number | null;
  readonly end: number | null;
  readonly state: BuyerDelivery['state'];
  readonly tries: number;
  readonly at: Date;
  readonly fault: string;
}

const COLUMNS =
  'd.id, d.buyer_id AS buyer, dataset, period, version, end_id AS end, state, tries, at, fault';
const CLAIMED_DEFAULT = 10;
const ROWS_DEFAULT = 20;
const FAULT_MAX = 500;
/** Who has a webhook and a contract in force at $1. */
const CAN_BE_TOLD = `FROM buyers b CROSS JOIN ${LAST_ACCEPTED} AS last WHERE b.webhook_url IS NOT NULL AND ${IS_IN_FORCE}`;

export function buyerDeliveries(database: Database): BuyerDeliveries {
  return {
    async announce({ site, dataset, period, version, madeAt }, now = new Date()) {
      const told = await database.query(
        `INSERT INTO buyer_deliveries (buyer_id, dataset, period, version, made_at, state, tries, at, fault)
         SELECT b.id, $3, $4, $5, $6, 'waiting', 0, $1, '' ${CAN_BE_TOLD}
           AND b.site = $2 AND $3 = ANY (last.datasets) AND b.webhook_since <= $6
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
           WHERE state = 'waiting' AND at <= $1 AND CASE WHEN end_id IS NULL
             THEN NOT EXISTS (SELECT 1 ${CAN_BE_TOLD} AND b.id = buyer_deliveries.buyer_id
               AND buyer_deliveries.dataset = ANY (last.datasets))
             ELSE NOT EXISTS (SELECT 1 FROM buyers b
               WHERE b.id = buyer_deliveries.buyer_id AND b.webhook_url IS NOT NULL) END`,
          [now],
        );
        const claimed = await sql.query<Row & Pick<ClaimedDelivery, 'site' | 'url' | 'secret'>>(
          `UPDATE buyer_deliveries d SET tries = tries + 1, at = $2 FROM buyers b
           WHERE b.id = d.buyer_id AND d.id IN (SELECT id FROM buyer_deliveries WHERE state = 'waiting' AND at <= $1
             ORDER BY at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
           RETURNING ${COLUMNS}, b.site, b.webhook_url AS url, b.webhook_secret AS secret`,
          [now, new Date(now.getTime() + leaseMs), rows(limit)],
        );
        return claimed.map(({ site, url, secret, ...row }) => ({
          ...deliveryOf(row),
          ...{ site, url, secret },
        }));
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
    async list(buyer, limit = ROWS_DEFAULT) {
      const found = await database.query<Row>(
        `SELECT ${COLUMNS} FROM buyer_deliveries d WHERE buyer_id = $1 ORDER BY d.id DESC LIMIT $2`,
        [wholeNumber('buyer', buyer), rows(limit)],
      );
      return found.map(deliveryOf);
    },
    waiting: () =>
      database.query<WaitingDeliveries>(
        `SELECT b.site, count(*) AS count, min(d.made_at) AS since FROM buyer_deliveries d JOIN buyers b ON b.id = d.buyer_id
         WHERE d.state = 'waiting' GROUP BY b.site ORDER BY b.site`,
      ),
  };
}

function deliveryOf({ dataset, period, version, end, ...state }: Row): BuyerDelivery {
  if (end !== null) return { kind: 'end', end, ...state };
  return {
    kind: 'release',
    dataset: dataset ?? '',
    period: period ?? '',
    version: version ?? 0,
    ...state,
  };
}
