import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { openRecords, type Records } from '@hitonami/records';
import { openPublicFolder, type PublicFolder } from '@hitonami/releases';
import type { Logger, PlanFollower } from '@hitonami/service';
import {
  findEmbeddedWarehouse,
  openWarehouse,
  releaseReads,
  type Warehouse,
} from '@hitonami/warehouse';
import type { PublisherConfig } from './config.js';
import { DisclosureThread } from './disclosure/thread.js';
import type { PublisherMetrics } from './metrics.js';
import { Releaser } from './releases/releaser.js';
import { observationsOf, ToldTravellers } from './travellers/told.js';

/** Where everything embedded lies within the data folder. */
const WAREHOUSE_FOLDER = 'warehouse';
const RECORDS_FOLDER = 'records';
const PUBLIC_FOLDER = 'public';
/** A question is tried so often; the whole release is tried again each minute anyhow. */
const WAREHOUSE_TRIES = 4;

/** @throws HitonamiError `CONFIG` where there is neither a server nor an embedded engine */
export async function openStore(config: PublisherConfig): Promise<Warehouse> {
  const url =
    config.warehouseUrl ?? (await findEmbeddedWarehouse(join(config.data, WAREHOUSE_FOLDER)));
  if (url === undefined)
    throw new HitonamiError(
      'CONFIG',
      `no warehouse runs in ${config.data}: start hitonami there, or name one with HITONAMI_WAREHOUSE_URL`,
    );
  return openWarehouse({
    url,
    database: config.warehouseDatabase,
    retry: { attempts: WAREHOUSE_TRIES },
    ...(config.warehouseUser !== undefined && { username: config.warehouseUser }),
    ...(config.warehousePassword !== undefined && { password: config.warehousePassword.reveal() }),
  });
}

/** PostgreSQL, or the embedded one in the data folder; with its tables. */
export async function openOwnRecords(config: PublisherConfig): Promise<Records> {
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

export function publicFolderOf(config: Pick<PublisherConfig, 'publicFolder' | 'data'>): string {
  return config.publicFolder ?? join(config.data, PUBLIC_FOLDER);
}

export function openFolder(config: PublisherConfig, logger: Logger): PublicFolder {
  return openPublicFolder(publicFolderOf(config), {
    onProblem: (problem) => {
      logger.error({ ...problem }, 'something in the public folder cannot be read');
    },
  });
}

export interface ReleaserParts {
  readonly config: Pick<PublisherConfig, 'data' | 'settle' | 'travellersEvery'>;
  readonly plans: PlanFollower;
  readonly warehouse: Pick<Warehouse, 'rows' | 'query'>;
  readonly records: Pick<Records, 'audit' | 'ledger'>;
  readonly folder: PublicFolder;
  readonly logger: Logger;
  readonly metrics: PublisherMetrics;
  readonly now?: () => number;
}

/** Everything that releases are made with, put together; `stop` ends the thread of disclosure control, and what waits for it. */
export function makeReleaser(parts: ReleaserParts): {
  releaser: Releaser;
  stop: () => Promise<void>;
} {
  const thread = new DisclosureThread();
  const told = new ToldTravellers(parts.config.data);
  const everyMs = parts.config.travellersEvery;
  const releaser = new Releaser({
    ...{ plans: parts.plans, records: parts.records, folder: parts.folder },
    ...{ logger: parts.logger, metrics: parts.metrics, settleMs: parts.config.settle },
    reads: releaseReads(parts.warehouse),
    protect: thread.protect,
    random: (count) => randomBytes(count),
    toldTravellers: async (site, day, cells) =>
      observationsOf(await told.of(site, day), cells, everyMs),
    now: parts.now ?? Date.now,
  });
  return { releaser, stop: () => thread.stop() };
}
