import { createHash } from 'node:crypto';
import { HitonamiError } from '@hitonami/model';
import { LIMITS, id, instant, name, rows, text } from '../limits.js';
import type { Database, SqlValue } from '../sql/port.js';

/** A question that is answered, or an opinion that is gathered. */
export type InquiryKind = 'inquiry' | 'opinion';

/** What somebody asked or said who need not say who they are. */
export interface Inquiry {
  /** The number that the inquirer is given; rises. */
  readonly id: number;
  readonly site: string;
  readonly kind: InquiryKind;
  readonly language: 'ja' | 'en';
  readonly at: Date;
  readonly text: string;
  /** Empty: none was given. */
  readonly contact: string;
  /** Null while it is open. */
  readonly answer: string | null;
  readonly answeredBy: string | null;
  readonly answeredAt: Date | null;
}

export interface NewInquiry extends Pick<
  Inquiry,
  'site' | 'kind' | 'language' | 'text' | 'contact'
> {
  /** Of the secret link. At least 20 random characters: whoever has it sees the answer. */
  readonly token: string;
  /** The day at the site, `YYYY-MM-DD`: its month is counted. */
  readonly day: string;
  /** Default now. */
  readonly at?: Date;
}

export interface InquiryCount {
  /** `YYYY-MM` */
  readonly month: string;
  readonly kind: InquiryKind;
  readonly count: number;
}

/** Most characters of what the public writes, and of an answer. */
export const INQUIRY_LIMITS = { text: 2_000, contact: 200, answer: 4_000 } as const;
/** After its answer an inquiry or opinion is kept for so long, so that it can be read; then only its count is, days. */
export const ANSWERED_KEPT_DAYS = 90;
/** What nobody answered is not kept for ever either, days. */
export const OPEN_KEPT_DAYS = 366;

export interface Inquiries {
  add(inquiry: NewInquiry): Promise<Inquiry>;
  /** By the secret link, while it is kept. */
  byToken(token: string): Promise<Inquiry | undefined>;
  /** The newest first, those before an id where one is given. */
  list(
    site: string,
    options?: {
      kind?: InquiryKind | undefined;
      state?: 'open' | 'answered' | undefined;
      before?: number | undefined;
      limit?: number | undefined;
    },
  ): Promise<Inquiry[]>;
  get(site: string, inquiry: number): Promise<Inquiry | undefined>;
  /**
   * Answers one that is open. @returns undefined: there is none of this number
   * @throws HitonamiError `INPUT`, `detail` `answered` where it has an answer already
   */
  answer(
    site: string,
    inquiry: number,
    given: { answer: string; user: string; at?: Date },
  ): Promise<Inquiry | undefined>;
  openCount(site: string): Promise<number>;
  /** How many came since an instant. */
  countSince(site: string, since: Date): Promise<number>;
  /** By month, the newest first. */
  counts(site: string, limit?: number): Promise<InquiryCount[]>;
  /** Erases what has reached its age. @returns how many */
  tidy(now?: Date): Promise<number>;
}

/** `detail` of the error of a second answer. */
export const INQUIRY_ANSWERED = 'answered';

const COLUMNS =
  'id, site, kind, language, at, text, contact, answer, answered_by AS "answeredBy", answered_at AS "answeredAt"';
const ROWS_DEFAULT = 100;
const TOKEN_LENGTH_MIN = 20;
const DAY_MS = 86_400_000;

export function inquiries(database: Database): Inquiries {
  const get = async (site: string, inquiry: number): Promise<Inquiry | undefined> => {
    const [row] = await database.query<Inquiry>(
      `SELECT ${COLUMNS} FROM inquiries WHERE site = $1 AND id = $2`,
      [id('site', site), number(inquiry)],
    );
    return row;
  };
  return {
    get,
    add: ({ at = new Date(), ...given }) =>
      database.transaction(async (sql) => {
        const values = [id('site', given.site), given.kind] as const;
        const [row] = await sql.query<Inquiry>(
          `INSERT INTO inquiries (site, kind, language, at, text, contact, token_hash)
           VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
          [
            ...values,
            given.language,
            instant('at', at),
            filled('text', given.text, INQUIRY_LIMITS.text),
            text('contact', given.contact, INQUIRY_LIMITS.contact),
            hashOf(given.token),
          ],
        );
        await sql.query(
          `INSERT INTO inquiry_counts (site, kind, month, count) VALUES ($1, $2, date_trunc('month', $3::date), 1)
           ON CONFLICT (site, month, kind) DO UPDATE SET count = inquiry_counts.count + 1`,
          [...values, given.day],
        );
        return row as Inquiry;
      }),
    async byToken(token) {
      if (token.length < TOKEN_LENGTH_MIN || token.length > LIMITS.id) return undefined;
      const [row] = await database.query<Inquiry>(
        `SELECT ${COLUMNS} FROM inquiries WHERE token_hash = $1`,
        [hashOf(token)],
      );
      return row;
    },
    async list(site, { kind, state, before, limit = ROWS_DEFAULT } = {}) {
      const values: SqlValue[] = [id('site', site), rows(limit)];
      const where = ['site = $1'];
      if (kind !== undefined) where.push(`kind = $${values.push(kind)}`);
      if (before !== undefined) where.push(`id < $${values.push(number(before))}`);
      if (state !== undefined)
        where.push(state === 'open' ? 'answered_at IS NULL' : 'answered_at IS NOT NULL');
      return database.query<Inquiry>(
        `SELECT ${COLUMNS} FROM inquiries WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT $2`,
        values,
      );
    },
    async answer(site, inquiry, { answer, user, at = new Date() }) {
      const [row] = await database.query<Inquiry>(
        `UPDATE inquiries SET answer = $3, answered_by = $4, answered_at = $5
         WHERE site = $1 AND id = $2 AND answered_at IS NULL RETURNING ${COLUMNS}`,
        [
          id('site', site),
          number(inquiry),
          filled('answer', answer, INQUIRY_LIMITS.answer),
          name('user', user),
          instant('at', at),
        ],
      );
      if (row !== undefined || (await get(site, inquiry)) === undefined) return row;
      throw new HitonamiError('INPUT', `number ${inquiry} has been answered already`, {
        detail: INQUIRY_ANSWERED,
      });
    },
    openCount: (site) =>
      count('SELECT count(*) AS n FROM inquiries WHERE site = $1 AND answered_at IS NULL', [
        id('site', site),
      ]),
    countSince: (site, since) =>
      count('SELECT count(*) AS n FROM inquiries WHERE site = $1 AND at >= $2', [
        id('site', site),
        instant('since', since),
      ]),
    counts: async (site, limit = ROWS_DEFAULT) =>
      database.query<InquiryCount>(
        `SELECT to_char(month, 'YYYY-MM') AS month, kind, count FROM inquiry_counts WHERE site = $1
         ORDER BY inquiry_counts.month DESC, kind LIMIT $2`,
        [id('site', site), rows(limit)],
      ),
    async tidy(now = new Date()) {
      const ago = (days: number): Date => new Date(instant('now', now).getTime() - days * DAY_MS);
      const gone = await database.query(
        'DELETE FROM inquiries WHERE answered_at <= $1 OR (answered_at IS NULL AND at <= $2) RETURNING id',
        [ago(ANSWERED_KEPT_DAYS), ago(OPEN_KEPT_DAYS)],
      );
      return gone.length;
    },
  };

  async function count(statement: string, values: readonly SqlValue[]): Promise<number> {
    const [row] = await database.query<{ n: number }>(statement, values);
    return row?.n ?? 0;
  }
}

/** The token is random and long: a plain hash cannot be guessed back. */
function hashOf(token: string): string {
  if (token.length < TOKEN_LENGTH_MIN)
    throw new HitonamiError('INPUT', `token has under ${TOKEN_LENGTH_MIN} characters`, {
      detail: 'token',
    });
  return createHash('sha256').update(token).digest('base64');
}

function filled(what: string, value: string, most: number): string {
  if (value.trim() === '') throw new HitonamiError('INPUT', `${what} is empty`, { detail: what });
  return text(what, value, most);
}

function number(value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new HitonamiError('INPUT', 'number is none', { detail: 'number' });
}
