import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { HitonamiError } from '@hitonami/model';
import { asFault } from './faults.js';
import { lockFolder } from './folder-lock.js';
import { TEMPLATE, makeEmpty } from './template.js';
import { BIGINT_OID, parseBigint, type Database, type Sql, type SqlValue } from './port.js';

/** Made aside and renamed: a process that dies while it makes the database leaves nothing half done. */
const DATABASE = 'database';
const DATABASE_UNFINISHED = 'database.unfinished';

export interface EmbeddedOptions {
  /** Made where it is missing; one process at a time owns it. */
  readonly folder: string;
}

/**
 * PostgreSQL inside this process, its files in the folder. What is committed survives the end of the process, however it
 * comes. The engine does not wait for the disk: after a loss of power the last seconds may be missing or the files harmed,
 * so whoever cannot bear that gives the URL of a PostgreSQL.
 *
 * @throws HitonamiError `CONFIG` where another process has the folder
 */
export async function openEmbedded({ folder }: EmbeddedOptions): Promise<Database> {
  await mkdir(folder, { recursive: true });
  const lock = await lockFolder(folder);
  try {
    const path = join(folder, DATABASE);
    if (!existsSync(path)) await create(path, join(folder, DATABASE_UNFINISHED));
    const engine = await start(path);
    const check = (): void => {
      if (lock.isLost())
        throw new HitonamiError(
          'UNAVAILABLE',
          `the records in ${folder} were taken over by another process; start again`,
        );
    };
    let closed: Promise<void> | undefined;
    return {
      ...sqlOf(engine, check),
      transaction: (work) => transaction(engine, work, check),
      close: () => (closed ??= engine.close().finally(() => lock.release())),
    };
  } catch (error) {
    await lock.release();
    throw asFault(error, `opening the records in ${folder}`);
  }
}

async function create(path: string, unfinished: string): Promise<void> {
  await rm(unfinished, { recursive: true, force: true });
  await makeEmpty(unfinished, TEMPLATE);
  await rename(unfinished, path);
}

function start(dataDir: string): Promise<PGlite> {
  return PGlite.create({ dataDir, parsers: { [BIGINT_OID]: parseBigint } });
}

function sqlOf(engine: PGlite | Transaction, check: () => void): Sql {
  return {
    async query<Row extends object>(statement: string, values: readonly SqlValue[] = []) {
      check();
      try {
        return (await engine.query<Row>(statement, [...values])).rows;
      } catch (error) {
        throw asFault(error, 'records');
      }
    },
    async script(statements) {
      check();
      try {
        await engine.exec(statements);
      } catch (error) {
        throw asFault(error, 'records');
      }
    },
  };
}

async function transaction<T>(
  engine: PGlite,
  work: (sql: Sql) => Promise<T>,
  check: () => void,
): Promise<T> {
  check();
  try {
    return await engine.transaction((inner) => work(sqlOf(inner, check)));
  } catch (error) {
    throw asFault(error, 'records');
  }
}
