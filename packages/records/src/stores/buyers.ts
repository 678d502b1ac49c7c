import { HitonamiError } from '@hitonami/model';
import { id, instant, name, rows, text, wholeNumber } from '../limits.js';
import type { Database, Sql, SqlValue } from '../sql/port.js';
import { endsOf, noteEnds, noteReplaced } from './buyer-ends.js';
import { BUYER_COLUMNS, contractsOf, contractsOfAll, lockBuyer } from './buyer-rows.js';
import { IS_IN_FORCE, LAST_ACCEPTED } from './buyer-sql.js';
import {
  APPLICATION_KEPT_DAYS,
  BUYER_FAULTS,
  BUYER_LIMITS,
  ENDED_KEPT_DAYS,
  contractHash,
  contractInForce,
  type Buyer,
  type BuyerContract,
  type BuyerEnd,
  type BuyerGrant,
  type NewBuyer,
} from './buyer-types.js';
import { hashOf, requireSecret } from './secret.js';

/** A buyer with every version of their contract and every end, the newest first. */
export interface BuyerFile {
  readonly buyer: Buyer;
  readonly contracts: readonly BuyerContract[];
  readonly ends: readonly BuyerEnd[];
}

/** How many there are of a site. */
export interface BuyerCounts {
  readonly site: string;
  /** Contracts in force. */
  readonly contracts: number;
  /** Applications that wait for a contract. */
  readonly applications: number;
  /** Keys that open something: not revoked, of a contract in force. */
  readonly keys: number;
}

/** Organisations and their contracts. Who ended is let in nowhere from that instant on. */
export interface Buyers {
  apply(application: NewBuyer): Promise<Buyer>;
  /** By the secret link. */
  byToken(token: string): Promise<BuyerFile | undefined>;
  get(site: string, buyer: number): Promise<BuyerFile | undefined>;
  /** The newest first, those before an id where one is given. */
  list(
    site: string,
    options?: { before?: number | undefined; limit?: number | undefined },
  ): Promise<BuyerFile[]>;
  /** How many applied since an instant. */
  countSince(site: string, since: Date): Promise<number>;
  /** How many wait for a contract to be offered. */
  openCount(site: string): Promise<number>;
  /** Of every site that has any. */
  counts(now?: Date): Promise<BuyerCounts[]>;
  /**
   * Offers a version of the contract; from now on no older one can be accepted. @returns undefined: there is no such buyer
   * @throws HitonamiError `INPUT`, `detail` `BUYER_FAULTS.ended` where they have ended
   */
  offer(
    site: string,
    buyer: number,
    contract: BuyerGrant & { textJa: string; textEn: string; user: string; at?: Date },
  ): Promise<BuyerContract | undefined>;
  /**
   * Somebody accepts the newest version, whose text they had before them; a second time changes nothing.
   * @throws HitonamiError `INPUT`, `detail` `BUYER_FAULTS.otherText` where it is not the newest or not this text, `ended`
   *   where the time of the offer is over
   */
  accept(
    buyer: number,
    given: { version: number; sha256: string; person: string; at?: Date },
  ): Promise<BuyerContract>;
  /** Ends it, from this instant on and for good. @returns undefined: there is no such buyer; once ended nothing changes */
  end(
    site: string,
    buyer: number,
    given: { reason: string; user: string; at?: Date },
  ): Promise<Buyer | undefined>;
  /** Where new releases are told of from now on; undefined: nowhere. @param secret at least 16 random characters */
  setWebhook(buyer: number, webhook: { url: string; secret: string } | undefined): Promise<void>;
  /** Erases what has reached its age. @returns how many buyers */
  tidy(now?: Date): Promise<number>;
}

const ROWS_DEFAULT = 100;
const DAY_MS = 86_400_000;
export function buyers(database: Database): Buyers {
  const count = async (statement: string, values: readonly SqlValue[]): Promise<number> => {
    const [row] = await database.query<{ n: number }>(statement, values);
    return row?.n ?? 0;
  };
  return {
    async apply({ at = new Date(), ...given }) {
      const wanted = ids('wanted', given.wanted, 0);
      const [row] = await database.query<Buyer>(
        `INSERT INTO buyers (site, language, organisation, contact, intent, wanted, applied_at, token_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${BUYER_COLUMNS}`,
        [
          ...[id('site', given.site), given.language],
          name('organisation', given.organisation, BUYER_LIMITS.organisation),
          name('contact', given.contact, BUYER_LIMITS.contact),
          filled('intent', given.intent, BUYER_LIMITS.intent),
          ...[wanted, instant('at', at), hashOf(requireSecret(given.token))],
        ],
      );
      return row as Buyer;
    },
    async byToken(token) {
      const [buyer] = await database.query<Buyer>(
        `SELECT ${BUYER_COLUMNS} FROM buyers WHERE token_hash = $1`,
        [hashOf(token)],
      );
      return buyer && fileOf(database, buyer);
    },
    async get(site, number) {
      const buyer = await buyerOf(database, site, number);
      return buyer && fileOf(database, buyer);
    },
    async list(site, { before, limit = ROWS_DEFAULT } = {}) {
      const found = await database.query<Buyer>(
        `SELECT ${BUYER_COLUMNS} FROM buyers WHERE site = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
        [id('site', site), before ?? null, rows(limit)],
      );
      const ids = found.map((buyer) => buyer.id);
      const contracts = await contractsOfAll(database, ids);
      const ends = await endsOf(database, ids, new Date());
      return found.map((buyer) => ({
        buyer,
        contracts: contracts.get(buyer.id) ?? [],
        ends: ends.filter((one) => one.buyer === buyer.id),
      }));
    },
    countSince: (site, since) =>
      count('SELECT count(*) AS n FROM buyers WHERE site = $1 AND applied_at >= $2', [
        ...[id('site', site), instant('since', since)],
      ]),
    openCount: (site) =>
      count(
        `SELECT count(*) AS n FROM buyers WHERE site = $1 AND ended_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM buyer_contracts c WHERE c.buyer_id = buyers.id)`,
        [id('site', site)],
      ),
    counts: (now = new Date()) =>
      database.query<BuyerCounts>(
        `SELECT b.site, count(*) FILTER (WHERE ${IS_IN_FORCE}) AS contracts,
           count(*) FILTER (WHERE b.ended_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM buyer_contracts c WHERE c.buyer_id = b.id)) AS applications,
           coalesce(sum((SELECT count(*) FROM buyer_keys k WHERE k.buyer_id = b.id AND k.revoked_at IS NULL))
             FILTER (WHERE ${IS_IN_FORCE}), 0)::bigint AS keys
         FROM buyers b LEFT JOIN ${LAST_ACCEPTED} AS last ON true GROUP BY b.site ORDER BY b.site`,
        [instant('now', now)],
      ),
    offer: (site, number, { user, at = new Date(), ...given }) =>
      database.transaction(async (sql) => {
        const buyer = await lockBuyer(sql, number);
        if (buyer?.site !== site) return undefined;
        if (buyer.endedAt !== null) throw ended(buyer);
        const texts = [
          filled('text in Japanese', given.textJa, BUYER_LIMITS.contractText),
          filled('text in English', given.textEn, BUYER_LIMITS.contractText),
        ] as const;
        await sql.query(
          `INSERT INTO buyer_contracts (buyer_id, version, text_ja, text_en, sha256, datasets, purposes,
             downloads_per_month, bytes_per_month, valid_until, issued_at, issued_by)
           SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
           FROM buyer_contracts WHERE buyer_id = $1`,
          [
            ...[buyer.id, ...texts, contractHash(...texts)],
            ...[ids('datasets', given.datasets, 1), ids('purposes', given.purposes, 1)],
            wholeNumber('downloads', given.downloadsPerMonth),
            wholeNumber('bytes', given.bytesPerMonth),
            ...[after('validUntil', given.validUntil, at), instant('at', at), name('user', user)],
          ],
        );
        return (await contractsOf(sql, buyer.id))[0];
      }),
    accept: (number, { version, sha256, person, at = new Date() }) =>
      database.transaction(async (sql) => {
        const buyer = await lockBuyer(sql, number);
        const [newest] = buyer === undefined ? [] : await contractsOf(sql, buyer.id);
        if (buyer === undefined || newest?.version !== version || newest.sha256 !== sha256)
          throw refused(
            BUYER_FAULTS.otherText,
            `version ${version} with this text is not what is offered: read it again`,
          );
        if (newest.acceptedAt !== null) return newest;
        if (buyer.endedAt !== null || newest.validUntil <= at) throw ended(buyer);
        const before = contractInForce(buyer, await contractsOf(sql, buyer.id), at);
        await deed(sql, buyer.id, newest, person, at);
        if (before !== undefined) await noteReplaced(sql, buyer.id, before, newest, at);
        return (await contractsOf(sql, buyer.id))[0] ?? newest;
      }),
    end: (site, number, { reason, user, at = new Date() }) =>
      database.transaction(async (sql) => {
        const buyer = await lockBuyer(sql, number);
        if (buyer?.site !== site) return undefined;
        await sql.query(
          'UPDATE buyers SET ended_at = $2, ended_by = $3, end_reason = $4 WHERE id = $1 AND ended_at IS NULL',
          [
            ...[buyer.id, instant('at', at), name('user', user)],
            filled('reason', reason, BUYER_LIMITS.reason),
          ],
        );
        await noteEnds(sql, at, buyer.id);
        return buyerOf(sql, site, number);
      }),
    async setWebhook(number, webhook) {
      await database.query(
        'UPDATE buyers SET webhook_url = $2, webhook_secret = $3, webhook_since = $4 WHERE id = $1',
        webhook === undefined
          ? [wholeNumber('buyer', number), null, null, null]
          : [
              wholeNumber('buyer', number),
              name('webhook', webhook.url, BUYER_LIMITS.webhookUrl),
              ...[name('secret', webhook.secret), new Date()],
            ],
      );
    },
    tidy: (now = new Date()) =>
      database.transaction(async (sql) => {
        const ago = (days: number): Date => new Date(instant('now', now).getTime() - days * DAY_MS);
        await sql.query(`SELECT set_config('hitonami.erases_buyers', 'on', true)`);
        const gone = await sql.query(
          `DELETE FROM buyers WHERE NOT EXISTS (SELECT 1 FROM buyer_deeds WHERE buyer_id = buyers.id)
               AND applied_at <= $1
             OR EXISTS (SELECT 1 FROM buyer_deeds WHERE buyer_id = buyers.id)
               AND (ended_at <= $2
                 OR (SELECT max(valid_until) FROM buyer_contracts WHERE buyer_id = buyers.id) <= $2)
           RETURNING id`,
          [ago(APPLICATION_KEPT_DAYS), ago(ENDED_KEPT_DAYS)],
        );
        await sql.query(`SELECT set_config('hitonami.erases_buyers', 'off', true)`);
        return gone.length;
      }),
  };
}

async function buyerOf(sql: Sql, site: string, number: number): Promise<Buyer | undefined> {
  const [row] = await sql.query<Buyer>(
    `SELECT ${BUYER_COLUMNS} FROM buyers WHERE site = $1 AND id = $2`,
    [id('site', site), wholeNumber('buyer', number)],
  );
  return row;
}

async function fileOf(sql: Sql, buyer: Buyer): Promise<BuyerFile> {
  const contracts = await contractsOf(sql, buyer.id);
  return { buyer, contracts, ends: await endsOf(sql, [buyer.id], new Date()) };
}

async function deed(
  sql: Sql,
  buyer: number,
  { version, sha256 }: BuyerContract,
  person: string,
  at: Date,
): Promise<void> {
  await sql.query(
    `INSERT INTO buyer_deeds (buyer_id, version, deed, person, at, sha256) VALUES ($1, $2, 'accepted', $3, $4, $5)`,
    [
      ...[buyer, version, name('person', person, BUYER_LIMITS.person)],
      ...[instant('at', at), sha256],
    ],
  );
}

/** @throws HitonamiError `INPUT` where there are too few or too many */
export function ids(what: string, values: readonly string[], least: number): string[] {
  const all = [...new Set(values)].map((value) => id(what, value));
  if (all.length < least || all.length > BUYER_LIMITS.datasets)
    throw refused(what, `${what} has ${all.length}, not ${least} to ${BUYER_LIMITS.datasets}`);
  return all;
}

function filled(what: string, value: string, most: number): string {
  if (value.trim() === '') throw refused(what, `${what} is empty`);
  return text(what, value, most);
}

function after(what: string, value: Date, at: Date): Date {
  if (instant(what, value) > at) return value;
  throw refused(what, `${what} is over already`);
}

function ended({ id: number }: Buyer): HitonamiError {
  return refused(BUYER_FAULTS.ended, `the contract with buyer ${number} has ended`);
}

function refused(detail: string, why: string): HitonamiError {
  return new HitonamiError('INPUT', why, { detail });
}
