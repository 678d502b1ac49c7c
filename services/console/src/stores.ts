import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { openRecords, type Records } from '@hitonami/records';
import type { Logger } from '@hitonami/service';
import { findEmbeddedWarehouse, openWarehouse, type Warehouse } from '@hitonami/warehouse';
import type { ConsoleConfig } from './config.js';

/** Where everything embedded lies within the data folder. */
const WAREHOUSE_FOLDER = 'warehouse';
const RECORDS_FOLDER = 'records';
/** The console's questions are asked twice, and a page does not wait longer for one, ms. */
const WAREHOUSE_TRIES = 2;
const WAREHOUSE_MS_MAX = 30_000;
/** A warehouse that is away at the start is asked for its schema again after this, ms. */
const MIGRATE_AGAIN_MS = 5_000;

/** PostgreSQL, or the embedded one in the data folder; with its tables. */
export async function openOwnRecords(config: ConsoleConfig): Promise<Records> {
  const records = await openRecords(
    config.recordsUrl === undefined
      ? { folder: join(config.data, RECORDS_FOLDER) }
      : { url: config.recordsUrl.reveal() },
  );
  try {
    await records.migrate();
    return records;
  } catch (error) {
    await records.close();
    throw error;
  }
}

/** Where commands beside the console leave what they note; undefined where the records are no folder. */
export function inboxOf(config: ConsoleConfig): string | undefined {
  return config.recordsUrl === undefined ? join(config.data, RECORDS_FOLDER) : undefined;
}

/**
 * The warehouse that the configuration names, or the embedded one that runs in the data folder.
 * @throws HitonamiError `CONFIG` where there is neither
 */
export async function openStore(config: ConsoleConfig): Promise<Warehouse> {
  const url =
    config.warehouseUrl ?? (await findEmbeddedWarehouse(join(config.data, WAREHOUSE_FOLDER)));
  if (url === undefined) {
    throw new HitonamiError(
      'CONFIG',
      `no warehouse runs in ${config.data}: start hitonami there, or name one with HITONAMI_WAREHOUSE_URL`,
    );
  }
  return openWarehouse({
    url,
    database: config.warehouseDatabase,
    requestMs: WAREHOUSE_MS_MAX,
    retry: { attempts: WAREHOUSE_TRIES },
    ...(config.warehouseUser !== undefined && { username: config.warehouseUser }),
    ...(config.warehousePassword !== undefined && { password: config.warehousePassword.reveal() }),
  });
}

/** Makes the schema in the background: what is live must not wait for a warehouse that is away. @returns how to stop */
export function migrateSoon(warehouse: Warehouse, logger: Logger): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const migrate = (): void => {
    warehouse.migrate().catch((error: unknown) => {
      if (isStopped) return;
      logger.warn({ err: error }, 'the warehouse does not answer; it is asked again');
      timer = setTimeout(migrate, MIGRATE_AGAIN_MS);
    });
  };
  migrate();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
