import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { HitonamiError } from '@hitonami/model';
import { lockFolder } from '@hitonami/process';
import { RecordsAway, asFault } from './faults.js';
import { Room } from './room.js';
import { SYNCED_START, SyncedFiles, syncAll } from './synced-files.js';
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
 * PostgreSQL inside this process, its files in the folder. What is committed survives the end of the process and of the
 * machine, however it comes; what was written under `mayBeLost` may be gone after a loss of power. Where the disk is
 * nearly full nothing is written any more, and what is there can be read.
 *
 * @throws HitonamiError `CONFIG` where another process has the folder
 */
export async function openEmbedded({ folder }: EmbeddedOptions): Promise<Database> {
  await mkdir(folder, { recursive: true });
  const lock = await lockFolder(folder, (who) => inUse(folder, who));
  try {
    const path = join(folder, DATABASE);
    if (!existsSync(path)) await create(path, join(folder, DATABASE_UNFINISHED));
    const room = new Room(folder);
    // Even to be opened it has to write: it could hang on a disk that is full, and say nothing.
    room.require();
    const engine = await start(path);
    const check: Check = (statement) => {
      if (lock.isLost())
        throw new RecordsAway(
          `the records in ${folder} were taken over by another process; start again`,
        );
      if (!READS.test(statement)) room.require();
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

/** Before each statement. @throws HitonamiError `UNAVAILABLE` where it must not be made */
type Check = (statement: string) => void;
const READS = /^\s*(?:SELECT(?![\s\S]*\bFOR (?:UPDATE|SHARE))|SET LOCAL)\b/i;

async function create(path: string, unfinished: string): Promise<void> {
  await rm(unfinished, { recursive: true, force: true });
  await makeEmpty(unfinished, TEMPLATE);
  await syncAll(unfinished);
  await rename(unfinished, path);
  await syncAll(dirname(path), false);
}

function start(dataDir: string): Promise<PGlite> {
  return PGlite.create({
    fs: new SyncedFiles(dataDir),
    startParams: SYNCED_START,
    parsers: { [BIGINT_OID]: parseBigint },
  });
}

function sqlOf(engine: PGlite | Transaction, check: Check): Sql {
  return {
    async query<Row extends object>(statement: string, values: readonly SqlValue[] = []) {
      check(statement);
      try {
        return (await engine.query<Row>(statement, [...values])).rows;
      } catch (error) {
        throw asFault(error, 'records');
      }
    },
    async script(statements) {
      check(statements);
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
  check: Check,
): Promise<T> {
  try {
    return await engine.transaction((inner) => work(sqlOf(inner, check)));
  } catch (error) {
    throw asFault(error, 'records');
  }
}

function inUse(folder: string, who: string): HitonamiError {
  return new HitonamiError(
    'CONFIG',
    `the records in ${folder} are in use by ${who}: stop it, choose another data folder, or give HITONAMI_RECORDS_URL`,
    { detail: 'folder-in-use' },
  );
}
