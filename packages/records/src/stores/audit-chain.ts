import { createHash } from 'node:crypto';
import type { Sql } from '../sql/port.js';

/** What stands before the first entry of all. */
export const BEGINNING = '0'.repeat(64);

/** An entry as it is hashed. */
export interface Link {
  readonly id: number;
  /** µs since 1970. */
  readonly atUs: number;
  readonly user: string | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  readonly address: string;
}

/**
 * SHA-256, hexadecimal, over the hash before and the entry's fields: each with its length in bytes of UTF-8 before it
 * (`3:aoi;`), `-;` for nobody, so that no two entries are written alike.
 */
export function hashOf(previous: string, link: Link): string {
  const { id, atUs, user, action, subject, detail, address } = link;
  const fields = [String(id), String(atUs), user, action, subject, detail, address];
  const form = fields.map((field) =>
    field === null ? '-;' : `${Buffer.byteLength(field)}:${field};`,
  );
  return createHash('sha256')
    .update(previous + form.join(''))
    .digest('hex');
}

/** Where the chain is broken: the first entry that shows it, or the published head that it lacks. */
export interface BrokenLink {
  readonly id: number;
  /**
   * `changed`: it is not what was hashed; `unlinked`: the entry before it is not the one that it was written after;
   * `head`: it was published with another hash, or is gone.
   */
  readonly why: 'changed' | 'unlinked' | 'head';
}

export interface AuditVerdict {
  /** Entries that hold together, from the first one on. */
  readonly count: number;
  /** Entries that were erased since they had reached their age. */
  readonly erased: number;
  readonly first: { readonly id: number; readonly at: Date } | undefined;
  readonly head: { readonly id: number; readonly hash: string } | undefined;
  readonly broken: BrokenLink | undefined;
  /** Of the hash that was asked for: whether it is in the chain as far as that holds together. */
  readonly hasHash: boolean | undefined;
}

/** Entries that are read at once. */
const PAGE = 1_000;

type Row = Link & { previous: string; hash: string };

/** Walks the chain. To be called where nothing is erased meanwhile. */
export async function verifyChain(sql: Sql, wanted: string | undefined): Promise<AuditVerdict> {
  const [anchor] = await sql.query<{ id: number; hash: string; erased: number }>(
    'SELECT id, hash, erased FROM audit_anchor',
  );
  const heads = await sql.query<{ id: number; hash: string }>(
    'SELECT id, hash FROM audit_heads WHERE id >= $1 ORDER BY id, day',
    [anchor?.id ?? 0],
  );
  let head = { id: anchor?.id ?? 0, hash: anchor?.hash ?? BEGINNING };
  let first: AuditVerdict['first'];
  let count = 0;
  let hasHash = wanted === head.hash;
  let broken: BrokenLink | undefined;
  /** A head was said of this entry, and of another hash or none. */
  const isToldOtherwise = (id: number, hash: string): boolean =>
    heads.some((told) => told.id === id && told.hash !== hash);
  if (isToldOtherwise(head.id, head.hash)) broken = { id: head.id, why: 'head' };
  for (let page = await rowsAfter(sql, head.id); page.length > 0 && !broken;) {
    for (const row of page) {
      if (row.previous !== head.hash) broken = { id: row.id, why: 'unlinked' };
      else if (hashOf(row.previous, row) !== row.hash) broken = { id: row.id, why: 'changed' };
      else if (isToldOtherwise(row.id, row.hash)) broken = { id: row.id, why: 'head' };
      if (broken) break;
      first ??= { id: row.id, at: new Date(row.atUs / 1000) };
      head = { id: row.id, hash: row.hash };
      hasHash ||= row.hash === wanted;
      count += 1;
    }
    page = await rowsAfter(sql, head.id);
  }
  const newest = head.id;
  const lost = heads.find(({ id }) => id > newest);
  if (!broken && lost) broken = { id: lost.id, why: 'head' };
  return {
    count,
    erased: anchor?.erased ?? 0,
    first,
    head: count > 0 ? head : undefined,
    broken,
    hasHash: wanted === undefined ? undefined : hasHash,
  };
}

function rowsAfter(sql: Sql, id: number): Promise<Row[]> {
  return sql.query<Row>(
    `SELECT id, (extract(epoch FROM at) * 1000000)::bigint AS "atUs", user_name AS "user", action, subject, detail, address,
       previous_hash AS previous, hash
     FROM audit WHERE id > $1 ORDER BY id LIMIT $2`,
    [id, PAGE],
  );
}
