import {
  checkEventLog,
  eventLogShape,
  httpUrl,
  optionalSecret,
  readConfig,
  text,
  type Environment,
} from '@hitonami/service';
import { openWarehouse, type Warehouse } from '@hitonami/warehouse';
import { z } from 'zod';
import { WAREHOUSE_DATABASE } from './data-folder.js';

const storesSchema = z
  .object({
    ...eventLogShape,
    warehouseUrl: httpUrl().optional(),
    warehouseUser: text('give a user name').optional(),
    warehousePassword: optionalSecret(),
    recordsUrl: optionalSecret(),
  })
  .superRefine(checkEventLog);

/** The servers of a running system that a command looks into; where none is named, what lies in the data folder. */
export type StoresConfig = z.output<typeof storesSchema>;

/** One environment serves all commands that look into stores, whichever of them they need. */
export function readStores(environment: Environment, data: string): StoresConfig {
  return readConfig(storesSchema, { ...environment, HITONAMI_DATA: data });
}

/** The warehouse at `url`, with the user that the environment names. */
export function openStoredWarehouse(
  url: string,
  { warehouseUser, warehousePassword }: StoresConfig,
  database = WAREHOUSE_DATABASE,
): Warehouse {
  return openWarehouse({
    ...{ url, database },
    ...(warehouseUser !== undefined && { username: warehouseUser }),
    ...(warehousePassword !== undefined && { password: warehousePassword.reveal() }),
  });
}
