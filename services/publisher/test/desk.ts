import { join } from 'node:path';
import { HitonamiError, type SitePlan } from '@hitonami/model';
import { openRecords, type Records } from '@hitonami/records';
import { openPublishedFolder, type PublishedFolder } from '@hitonami/releases';
import {
  createLogger,
  createMetrics,
  followPlans,
  publishPlan,
  readConfig,
  type Metrics,
  type PlanFollower,
} from '@hitonami/service';
import {
  openWarehouse,
  startEmbeddedWarehouse,
  type EmbeddedWarehouse,
  type Warehouse,
} from '@hitonami/warehouse';
import { openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import {
  makeReleaser,
  openFolder,
  publisherMetrics,
  publisherSchema,
  type PublisherConfig,
  type Releaser,
} from '../src/index.js';

export const silent = createLogger({ service: 'test', level: 'silent' });

/** Real parts in one folder: the embedded engine, records and log; and a clock that is set. */
export interface PublisherDesk {
  readonly data: string;
  readonly config: PublisherConfig;
  readonly engine: EmbeddedWarehouse;
  readonly warehouse: Warehouse;
  readonly records: Records;
  /** What the public's service would see. */
  readonly published: PublishedFolder;
  readonly metrics: Metrics;
  nowMs: number;
  publish(plan: SitePlan): Promise<void>;
  /** A publisher as after a start; the warehouse may be another. */
  releaser(warehouse?: Pick<Warehouse, 'rows' | 'query'>): Promise<Releaser>;
  stop(): Promise<void>;
}

export async function openDesk(name: string): Promise<PublisherDesk> {
  const folder = temporaryFolder(name);
  const data = folder.path;
  const [engine, records, log] = await Promise.all([
    startEmbeddedWarehouse({ folder: join(data, 'warehouse') }),
    openRecords({ folder: join(data, 'records') }),
    openTestLog(data),
  ]);
  await records.migrate();
  const warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
  await warehouse.migrate();
  const config = readConfig(publisherSchema, { HITONAMI_DATA: data });
  const metrics = createMetrics('test');
  const plans: PlanFollower[] = [];
  const desk: PublisherDesk = {
    ...{ data, config, engine, warehouse, records, metrics, nowMs: 0 },
    published: openPublishedFolder(join(data, 'public')),
    publish: async (plan) => {
      // Plans of tests change the past, which a log refuses: a later version is in force from when its clock says.
      await publishPlan(log, JSON.stringify(plan), 0);
    },
    releaser: async (other = warehouse) => {
      const follower = await followPlans(log, silent);
      plans.push(follower);
      return makeReleaser({
        ...{ config, plans: follower, warehouse: other, records, logger: silent },
        folder: openFolder(config, silent),
        metrics: publisherMetrics(metrics),
        now: () => desk.nowMs,
      });
    },
    stop: async () => {
      for (const follower of plans) await follower.stop();
      await warehouse.close();
      await records.close();
      await log.close();
      await engine.stop();
      folder.remove();
    },
  };
  return desk;
}

/** A warehouse that answers so many questions, and then is away. */
export function awayAfter(
  warehouse: Warehouse,
  questions: number,
): Pick<Warehouse, 'rows' | 'query'> {
  let left = questions;
  const away = (): void => {
    left -= 1;
    if (left < 0)
      throw new HitonamiError('WAREHOUSE', 'the warehouse does not answer', { canRetry: true });
  };
  return {
    rows: async (sql, parameters) => {
      away();
      return warehouse.rows(sql, parameters);
    },
    query: async (sql, parameters, format) => {
      away();
      return warehouse.query(sql, parameters, format);
    },
  };
}
