import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventLog } from '@hitonami/event-log';
import { HitonamiError, type SitePlan } from '@hitonami/model';
import {
  followPlans,
  openLog,
  TOPIC_NAMES,
  type Environment,
  type Logger,
} from '@hitonami/service';
import { findEmbeddedWarehouse, startEmbeddedWarehouse, type Warehouse } from '@hitonami/warehouse';
import { commandLogger } from '../command-logger.js';
import { closeAll } from '../close-all.js';
import { WAREHOUSE_FOLDER } from '../data-folder.js';
import { openStoredWarehouse, readStores, type StoresConfig } from '../stores-config.js';

export interface PlacesOptions {
  /** Data folder of the embedded parts. */
  data: string;
  /** A ClickHouse server instead of the embedded warehouse. */
  url?: string;
  /** Of the warehouse; default that of hitonami. */
  database?: string;
}

/** What a check looks into: the log and the warehouse, embedded or servers, and the plans in force. */
export interface Places {
  readonly log: EventLog;
  readonly warehouse: Warehouse;
  /** The plan now in force of every site on the log. */
  readonly plans: readonly SitePlan[];
  /** The warehouse is a server: nothing else need lie in the data folder. */
  readonly isServer: boolean;
  /** PostgreSQL of the records; undefined where they are embedded. */
  readonly recordsUrl: StoresConfig['recordsUrl'];
  close(): Promise<void>;
}

/**
 * Opens what the environment names (`HITONAMI_LOG=kafka` …, as for the services) or what lies in the data folder. An
 * embedded warehouse that nobody runs is started for the while.
 * @throws HitonamiError `INPUT` where there is no such folder
 */
export async function openPlaces(
  options: PlacesOptions,
  environment: Environment,
  nowMs: number,
): Promise<Places> {
  const config = readStores(environment, options.data);
  const folder = join(options.data, WAREHOUSE_FOLDER);
  if (config.log === 'embedded') await mustBeThere(join(options.data, 'log'));
  const server = options.url ?? config.warehouseUrl;
  if (server === undefined) await mustBeThere(folder);
  const closers: (() => Promise<unknown>)[] = [];
  const close = (): Promise<void> => closeAll(closers.splice(0).reverse());
  try {
    const logger = commandLogger('hitonami', 'warn');
    const log = await openLog(config, 'hitonami', logger);
    closers.push(() => log.close());
    const plans = await plansOf(log, logger, nowMs);
    let url = server ?? (await findEmbeddedWarehouse(folder));
    if (url === undefined) {
      const engine = await startEmbeddedWarehouse({ folder });
      closers.push(() => engine.stop());
      url = engine.url;
    }
    const warehouse = openStoredWarehouse(url, config, options.database);
    closers.push(() => warehouse.close());
    const { recordsUrl } = config;
    return { log, warehouse, plans, isServer: server !== undefined, recordsUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** None where nothing was ever published. */
async function plansOf(log: EventLog, logger: Logger, nowMs: number): Promise<SitePlan[]> {
  const topics = await log.topics();
  if (!topics.some(({ name }) => name === TOPIC_NAMES.plans)) return [];
  const follower = await followPlans(log, logger);
  await follower.stop();
  return follower
    .sites()
    .flatMap((site) => follower.at(site, nowMs * 1000) ?? [])
    .sort((a, b) => (a.site < b.site ? -1 : 1));
}

async function mustBeThere(folder: string): Promise<void> {
  await access(folder).catch((cause: unknown) => {
    throw new HitonamiError(
      'INPUT',
      `${folder} is not there: name the data folder of a system with --data, or its servers (see --help)`,
      { cause },
    );
  });
}

/** The plan of a site, or of the only one there is. */
export function planOf(plans: readonly SitePlan[], site: string | undefined): SitePlan {
  const ids = plans.map((plan) => plan.site);
  const found =
    site === undefined && plans.length === 1 ? plans[0] : plans.find((plan) => plan.site === site);
  if (found) return found;
  const known = ids.length === 0 ? 'there is no plan on the log' : `there are: ${ids.join(', ')}`;
  throw new HitonamiError(
    'INPUT',
    site === undefined
      ? `name a site with --site; ${known}`
      : `no plan of site '${site}' is in force; ${known}`,
  );
}
