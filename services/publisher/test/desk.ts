import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HitonamiError, type ReleaseManifest, type SitePlan } from '@hitonami/model';
import { openRecords, type Records } from '@hitonami/records';
import { openPublishedFolder } from '@hitonami/releases';
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
import { stationPlan, writeDay, type DayOptions } from '../../../test/support/measured-days.js';
import { periodOf, type LocalDay } from '../src/releases/periods.js';
import {
  makeReleaser,
  openFolder,
  publisherMetrics,
  publisherSchema,
  type PublisherConfig,
  type Releaser,
  type ReleaseLine,
} from '@hitonami/publisher';

export const silent = createLogger({ service: 'test', level: 'silent' });

export const run = { user: null, signal: new AbortController().signal, beat: () => undefined };

export function dayOf(plan: SitePlan, name: string): LocalDay {
  const [day] = periodOf({ id: 'any', period: 'day' }, name, plan.timeZone).days;
  return day as LocalDay;
}

export const short = (lines: readonly ReleaseLine[]): string[] =>
  lines.map(({ dataset: id, period, outcome }) => `${id} ${period} ${outcome}`);

/** The rows of a release as whoever downloads it reads them. */
export async function rowsOf(
  { data }: PublisherDesk,
  manifest: ReleaseManifest,
): Promise<Record<string, unknown>[]> {
  const file = manifest.files.find(({ format }) => format === 'jsonl');
  const folder = openPublishedFolder(join(data, 'public'));
  const path = await folder.fileOf(manifest, file?.name ?? '');
  return readFileSync(path ?? '', 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Real parts in one folder: the embedded engine, records and log; and a clock that is set. */
export interface PublisherDesk {
  readonly data: string;
  readonly config: PublisherConfig;
  readonly engine: EmbeddedWarehouse;
  readonly warehouse: Warehouse;
  readonly records: Records;
  readonly metrics: Metrics;
  nowMs: number;
  publish(plan: SitePlan): Promise<void>;
  /** A plan of a site of its own, with these days measured; the clock stands a quarter of an hour after the last. */
  measured(
    site: string,
    days: readonly string[],
    changes: Record<string, unknown>,
    options?: DayOptions,
  ): Promise<SitePlan>;
  /** What the public may have of a site now. */
  released(site: string): Promise<ReleaseManifest[]>;
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
  const stops: (() => Promise<void>)[] = [];
  const desk: PublisherDesk = {
    ...{ data, config, engine, warehouse, records, metrics, nowMs: 0 },
    publish: async (plan) => {
      // Plans of tests change the past, which a log refuses: a later version is in force from when its clock says.
      await publishPlan(log, JSON.stringify(plan), 0);
    },
    measured: async (site, days, changes, options = { walks: 0 }) => {
      const plan = stationPlan({ site, ...changes });
      await desk.publish(plan);
      for (const day of days) await writeDay(warehouse, plan, dayOf(plan, day), options);
      desk.nowMs = dayOf(plan, days.at(-1) ?? '').toMs + 900_000;
      return plan;
    },
    released: async (site) =>
      (await openPublishedFolder(join(data, 'public')).look()).releases.filter(
        (one) => one.site === site,
      ),
    releaser: async (other = warehouse) => {
      const follower = await followPlans(log, silent);
      plans.push(follower);
      const made = makeReleaser({
        ...{ config, plans: follower, warehouse: other, records, logger: silent },
        folder: openFolder(config, silent),
        metrics: publisherMetrics(metrics),
        now: () => desk.nowMs,
      });
      stops.push(made.stop);
      return made.releaser;
    },
    stop: async () => {
      for (const stop of stops) await stop();
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
