import { setTimeout as sleep } from 'node:timers/promises';
import { HitonamiError } from '@hitonami/model';
import pg from 'pg';
import { asFault } from './faults.js';
import { parseBigint, type Database, type Sql, type SqlValue } from './port.js';

/** Connections of one process. */
const CONNECTIONS_MAX = 10;
/** A statement gives up after this, ms; and so does one that waits for a connection. */
const STATEMENT_MAX_MS = 10_000;
const CONNECT_MAX_MS = 5_000;
/** Between two tries while the server is only just starting, ms. */
const PATIENCE_STEP_MS = 250;

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** For how long a server that does not answer yet is waited for at the start, ms. Default 30 000. */
  readonly patienceMs?: number;
}

/** @throws HitonamiError `CONFIG` where the server refuses this user or has no such database; `UNAVAILABLE` where none answers. */
export async function openPostgres({
  url,
  patienceMs = 30_000,
}: PostgresOptions): Promise<Database> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, parseBigint);
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MAX_MS,
    statement_timeout: STATEMENT_MAX_MS,
    query_timeout: STATEMENT_MAX_MS + 2_000,
    idle_in_transaction_session_timeout: STATEMENT_MAX_MS,
    application_name: 'hitonami',
    types,
  });
  // A connection that breaks while nobody uses it leaves the pool by itself; the next statement opens another.
  pool.on('error', () => undefined);
  try {
    await waitFor(pool, patienceMs);
  } catch (error) {
    await pool.end();
    throw error;
  }
  let closed: Promise<void> | undefined;
  return {
    ...sqlOf(pool),
    transaction: (work) => transaction(pool, work),
    close: () => (closed ??= pool.end()),
  };
}

async function waitFor(pool: pg.Pool, patienceMs: number): Promise<void> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    try {
      await pool.query('SELECT 1');
      return;
    } catch (error) {
      const fault = asFault(error, 'opening the records');
      // 28: who may come in; 3D: no such database.
      if (/^(?:28|3D)/.test(fault.detail ?? ''))
        throw new HitonamiError(
          'CONFIG',
          `the records' PostgreSQL lets nobody in: ${error instanceof Error ? error.message : ''}; check HITONAMI_RECORDS_URL`,
          { cause: error },
        );
      if (!fault.canRetry || performance.now() > untilMs) throw fault;
      await sleep(PATIENCE_STEP_MS);
    }
  }
}

function sqlOf(client: pg.Pool | pg.PoolClient): Sql {
  return {
    async query<Row extends object>(statement: string, values: readonly SqlValue[] = []) {
      try {
        return (await client.query(statement, [...values])).rows as Row[];
      } catch (error) {
        throw asFault(error, 'records');
      }
    },
    async script(statements) {
      try {
        await client.query(statements);
      } catch (error) {
        throw asFault(error, 'records');
      }
    },
  };
}

async function transaction<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw asFault(error, 'records');
  }
  // Between two statements of a transaction a broken connection is told to the client alone; the next statement fails.
  const onError = (): undefined => undefined;
  client.on('error', onError);
  let isBroken = false;
  try {
    await client.query('BEGIN');
    const result = await work(sqlOf(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => (isBroken = true));
    throw asFault(error, 'records');
  } finally {
    client.off('error', onError);
    client.release(isBroken);
  }
}
