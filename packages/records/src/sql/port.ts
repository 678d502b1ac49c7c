/** What may be bound to a `$n` of a statement. Never build a statement from data. */
export type SqlValue = string | number | boolean | Date | null | readonly string[];

/**
 * The one way to the tables. Both adapters speak PostgreSQL and give the same values: `timestamptz` as `Date`, `bigint`
 * as a number, `date` read as text. Every fault is a `HitonamiError`.
 */
export interface Sql {
  /** One statement with its values. @returns its rows */
  query<Row extends object>(statement: string, values?: readonly SqlValue[]): Promise<Row[]>;
  /** Several statements without values, for migrations. */
  script(statements: string): Promise<void>;
}

export interface Database extends Sql {
  /** All or nothing. Inside, only the `sql` that is given may be used: the embedded engine has one session and would wait for itself. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Ends what is under way, then lets go of the connections or the folder. May be called again. */
  close(): Promise<void>;
}

/** Of a `bigint` column, which both drivers would otherwise give in a way of their own. */
export function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError('the database gave an integer beyond 2^53');
  return value;
}

/** Number of the type `bigint`, from PostgreSQL's catalogue `pg_type`. */
export const BIGINT_OID = 20;

/**
 * Said within a transaction whose loss with the power harms nothing, since it is told again: nobody waits for the disk.
 * What is committed after it takes it to the disk too.
 */
export async function mayBeLost(sql: Sql): Promise<void> {
  await sql.query('SET LOCAL synchronous_commit TO off');
}
