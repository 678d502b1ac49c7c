import type { EventLog } from '@hitonami/event-log';
import { encodeTick } from '@hitonami/model';
import {
  createLogger,
  createMetrics,
  Health,
  publishPlan,
  readConfig,
  startService,
  TOPIC_NAMES,
  type Metrics,
  type RunningService,
} from '@hitonami/service';
import { openWarehouse, startEmbeddedWarehouse, type Warehouse } from '@hitonami/warehouse';
import { afterAll } from 'vitest';
import { eventually, openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { frameRecord, type TestFrame, type TestPerson } from '../../../test/support/frames.js';
import { metric } from '../../../test/support/metrics.js';
import { lineFrom, label, planText, rectangle } from '../../../test/support/plans.js';
import { aggregatorSchema, aggregatorService } from '../src/index.js';

export const silent = createLogger({ service: 'test', level: 'silent' });

const ends: (() => unknown)[] = [];
/** What is given here is called after the file's tests, the last first. */
export function atEnd(end: () => unknown): void {
  ends.push(end);
}
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const HOUR_MS = 3_600_000;
/** The start of an hour some days ago, ms: far from now, and well within no retention but `keep`. */
export const T0 = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 40 * 24 * HOUR_MS;

/** A hall in two halves with a line between them, seen whole by one sensor. */
export function hall(changes: Record<string, unknown> = {}): string {
  const area = { floor: 'f1', name: label, kind: 'walkway' };
  return planText({
    areas: [
      { id: 'west', ...area, polygon: rectangle(0, 0, 5, 10) },
      { id: 'east', ...area, polygon: rectangle(5, 0, 10, 10) },
    ],
    lines: [{ id: 'middle', floor: 'f1', name: label, line: lineFrom([5, 1], [5, 9]) }],
    ...changes,
  });
}

/** People who cross the hall at 1 m/s, one after the other, each 8 s on the way; every third comes back. */
export function walkers(atS: number): TestPerson[] {
  const people: TestPerson[] = [];
  for (let start = Math.max(0, atS - 8); start <= atS; start++) {
    if (start % 5 !== 0) continue;
    const turned = start % 15 === 0;
    const way = atS - start;
    const x = turned ? 9 - way : 1 + way;
    people.push({ track: start + 1, x, y: 3 + (start % 4), vx: turned ? -1 : 1, vy: 0 });
  }
  return people;
}

export interface Script {
  key: string;
  value: Buffer;
}

export const record = (frame: TestFrame): Script => ({
  key: frame.site ?? 'test',
  value: frameRecord(frame),
});

export const tick = (atMs: number): Script => ({
  key: 'test',
  value: encodeTick({ site: 'test', nowUs: atMs * 1000 }),
});

/** A frame a second of the walkers, from one second to another. */
export function frames(fromS: number, toS: number, changes: Partial<TestFrame> = {}): Script[] {
  return Array.from({ length: toS - fromS }, (_, i) => {
    const atS = fromS + i;
    const frame = { sequence: atS, atMs: T0 + atS * 1000, periodMs: 1000, people: walkers(atS) };
    return record({ ...frame, ...changes });
  });
}

/** One ClickHouse for all tests of a file; each has a database of its own. */
export async function startEngine(port?: number, folder = temporaryFolder('engine')) {
  const engine = await startEmbeddedWarehouse({ folder: folder.path, ...(port && { port }) });
  atEnd(folder.remove);
  atEnd(() => engine.stop());
  return engine;
}

/** A log and a database, and aggregators that work on them. */
export interface Bench {
  log: EventLog;
  warehouse: Warehouse;
  append(...records: Script[]): Promise<void>;
  start(changes?: Record<string, string>): Promise<Aggregator>;
}

export interface Aggregator {
  metrics: Metrics;
  health: Health;
  service: RunningService;
  /** Waits until every window up to an instant is in the warehouse, and committed. */
  written(untilMs: number): Promise<void>;
  /** Waits until so many records have been folded, dropped or passed over. */
  read(records: number): Promise<void>;
}

let databases = 0;

export async function openBench(url: string, plan = hall()): Promise<Bench> {
  const folder = temporaryFolder('aggregator');
  atEnd(folder.remove);
  const log = await openTestLog(folder.path);
  atEnd(() => log.close());
  if (plan !== '') await publishPlan(log, plan, Date.now() * 1000);
  const database = `bench_${String(++databases)}`;
  const warehouse = openWarehouse({ url, database });
  atEnd(() => warehouse.close());
  const start = async (changes: Record<string, string> = {}): Promise<Aggregator> => {
    const config = readConfig(aggregatorSchema, {
      HITONAMI_DATA: folder.path,
      HITONAMI_WAREHOUSE_URL: url,
      HITONAMI_WAREHOUSE_DATABASE: database,
      HITONAMI_RETENTION: 'keep',
      ...changes,
    });
    const [metrics, health] = [createMetrics('test'), new Health()];
    const shared = { logger: silent, metrics, health };
    const service = await startService(aggregatorService, config, shared);
    atEnd(() => service.stop());
    const until = (): Promise<number> =>
      metric(metrics, 'hitonami_written_until_timestamp_seconds');
    return {
      metrics,
      health,
      service,
      written: async (untilMs) => {
        await eventually('the windows are written', async () => (await until()) * 1000 >= untilMs);
      },
      read: async (records) => {
        const total = (): Promise<number> => metric(metrics, 'hitonami_observations_total');
        await eventually('the records are read', async () => (await total()) >= records);
      },
    };
  };
  return {
    log,
    warehouse,
    append: (...records) => log.append(TOPIC_NAMES.observations, records),
    start,
  };
}

/** Every row of a site that a reader sees, of all lengths, with the legs and the late frames. */
export async function everything(warehouse: Warehouse) {
  const measures = [];
  for (const lengthS of [10, 60, 900, 3600])
    measures.push(await warehouse.exportMeasures('test', lengthS));
  const legs = await warehouse.rows(
    'SELECT * FROM flow_legs FINAL ORDER BY left, reached, track, from_place, to_place',
  );
  const late = await warehouse.rows('SELECT * FROM late_frames FINAL ORDER BY captured, sequence');
  return { measures, legs, late };
}
