import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { findEmbeddedWarehouse, openWarehouse } from '@hitonami/warehouse';
import { WAREHOUSE_DATABASE } from '../compose.js';
import { WAREHOUSE_FOLDER } from '../data-folder.js';

export interface SqlOptions {
  data: string;
  url?: string;
  format?: string;
}

/** `hitonami sql "…"`: asks the warehouse of a running system. */
export async function sql(
  statement: string,
  options: SqlOptions,
  write: (text: string) => void,
): Promise<void> {
  const folder = join(options.data, WAREHOUSE_FOLDER);
  const url = options.url ?? (await findEmbeddedWarehouse(folder));
  if (url === undefined) {
    throw new HitonamiError(
      'UNAVAILABLE',
      `no warehouse runs on ${folder}; start one (hitonami up, or hitonami run warehouse), or name one with --url`,
    );
  }
  const warehouse = openWarehouse({ url, database: WAREHOUSE_DATABASE });
  try {
    for await (const chunk of await warehouse.query(statement, {}, options.format)) write(chunk);
  } finally {
    await warehouse.close();
  }
}
