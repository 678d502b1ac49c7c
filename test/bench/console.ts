import { join } from 'node:path';
import { openEmbeddedLog, type EventLog } from '@hitonami/event-log';
import { parsePlan, type DataItem, type SitePlan } from '@hitonami/model';
import { contracts, publishPlan, TOPIC_NAMES, topicSpecs } from '@hitonami/service';
import { openWarehouse, startEmbeddedWarehouse } from '@hitonami/warehouse';
import { label, lineFrom, planText, rectangle } from '../support/plans.js';
import { startChild, type Child } from './child.js';
import { browserFigures } from './console-browser.js';
import type { ConsoleUse } from './console-process.js';
import type { ViewersOrder } from './console-viewers-process.js';
import { fillPast, liveRecord } from './console-world.js';
import { secondsSince, type BenchOptions, type Figure } from './measure.js';

const VIEWERS = 500;
/** A session may ask for so much at once; several share the viewers. */
const SESSIONS = 5;
const STALLED = 1;
const PEOPLE = 3_000;
const PERIOD_MS = 200;
const PASSWORD = 'of a benchmark, and of no use';

/** The console in a process of its own: what 500 viewers see and when, and how long a month of measures is waited for. */
export async function console(options: BenchOptions): Promise<Figure[]> {
  const { quick, folder, say } = options;
  const data = join(folder, 'console');
  const plan = stationPlan(quick ? 4 : 20);
  const engine = await startEmbeddedWarehouse({ folder: join(data, 'warehouse') });
  const warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
  const log = await openEmbeddedLog({ folder: join(data, 'log') });
  let server: Child | undefined;
  try {
    await warehouse.migrate();
    await log.createTopics(topicSpecs());
    await publishPlan(log, JSON.stringify(plan), Date.now() * 1000);
    say('a month of measures for the console');
    await fillPast(warehouse, plan, 31, Date.now() * 1000);
    server = await startChild('console-process.js', {
      HITONAMI_DATA: data,
      HITONAMI_WAREHOUSE_URL: engine.url,
      HITONAMI_CONSOLE_ADDRESS: '127.0.0.1:0',
    });
    const { url, setupToken } = await server.ask<ConsoleUse>('use');
    const first = await signIn(url, '/session/setup', { token: setupToken, name: 'bench' });
    const cookies = [first];
    while (cookies.length < SESSIONS)
      cookies.push(await signIn(url, '/session', { name: 'bench' }));
    say(`queries of the console over a month of ${String(plan.areas.length)} areas`);
    const queriesMs = await queries(url, first, plan, quick ? 3 : 15);
    say(`${String(VIEWERS)} viewers of ${String(PEOPLE)} people`);
    const live = await viewers(server, log, plan, { url, cookies, seconds: quick ? 3 : 20 });
    say(`a browser without a graphics card that shows ${String(PEOPLE)} people`);
    const stop = publishCrowd(log, plan);
    const page = `${url}/sites/${plan.site}`;
    const drawn = await browserFigures(page, first, quick ? 3 : 10).finally(stop);
    return [...live, ...drawn, ...queryFigures(queriesMs)];
  } finally {
    await server?.stop();
    await warehouse.close();
    await log.close();
    await engine.stop();
  }
}

function purposeOf({ governance }: SitePlan, item: DataItem): string {
  return governance.purposes.find(({ items }) => items.includes(item))?.id ?? '';
}

async function viewers(
  server: Child,
  log: EventLog,
  plan: SitePlan,
  { url, cookies, seconds }: { url: string; cookies: string[]; seconds: number },
): Promise<Figure[]> {
  const path = `/api/v1/sites/${plan.site}/live?purpose=${purposeOf(plan, 'live')}`;
  const each = VIEWERS / SESSIONS;
  const order: ViewersOrder = { url, path, cookies, each, stalled: STALLED };
  const crowd = await startChild('console-viewers-process.js', order);
  const stop = publishCrowd(log, plan);
  try {
    // What comes before everybody sits is not measured.
    await pause(1_000);
    await crowd.ask('latencies');
    const [before, startMs] = [await server.ask<ConsoleUse>('use'), performance.now()];
    await pause(seconds * 1_000);
    const latenciesMs = await crowd.ask<number[]>('latencies');
    const after = await server.ask<ConsoleUse>('use');
    const spentS = secondsSince(startMs);
    const [sent, skipped] = [after.sent - before.sent, after.skipped - before.skipped];
    return [
      figure('console_update_latency_p50_ms', percentile(latenciesMs, 0.5), 'ms', {
        what: `from the capture to ${String(VIEWERS)} viewers of ${String(PEOPLE)} people, 5/s; one more reads nothing`,
      }),
      figure('console_update_latency_p99_ms', percentile(latenciesMs, 0.99), 'ms', {
        what: '… the slowest hundredth',
      }),
      figure('console_updates_per_viewer_per_s', latenciesMs.length / VIEWERS / spentS, '1/s', {
        what: '… pictures that a viewer had a second, of 5',
      }),
      figure('console_skipped_ratio', skipped / (sent + skipped), '', {
        what: '… pictures given up for a newer one because their viewer was slow',
      }),
      figure('console_cpu_share', (after.cpuS - before.cpuS) / spentS, '', {
        what: '… of one core that the server takes',
      }),
      figure('console_rss_mib', after.rssBytes / 2 ** 20, 'MiB', {
        what: '… memory of the server',
      }),
    ];
  } finally {
    await stop();
    await crowd.stop();
  }
}

/** People who walk to and fro, five times a second. */
function publishCrowd(log: EventLog, plan: SitePlan): () => Promise<void> {
  let pending: Promise<void> = Promise.resolve();
  const [columns, floors] = [100, plan.floors.length];
  const timer = setInterval(() => {
    const atMs = Date.now();
    const people = Array.from({ length: PEOPLE }, (_, i) => ({
      x: (i % columns) * 1.5 + 5 * Math.sin(atMs / 4_000 + i),
      y: Math.floor(i / columns) * 1.5,
      ...{ vx: Math.cos(atMs / 4_000 + i), vy: 0, floor: i % floors },
    }));
    const record = liveRecord(plan, atMs * 1_000, people, () => PEOPLE / plan.areas.length);
    const value = contracts().liveSnapshot.encode(record);
    pending = log.append(TOPIC_NAMES.live, [{ key: plan.site, value }]);
  }, PERIOD_MS);
  return async () => {
    clearInterval(timer);
    await pending;
  };
}

/** What the views ask for, one after the other; how long each took, by kind, ms. */
async function queries(
  url: string,
  cookie: string,
  plan: SitePlan,
  rounds: number,
): Promise<Map<string, number[]>> {
  const nowMs = Date.now();
  const DAY_MS = 86_400_000;
  const range = (days: number, backDays = 0): string => {
    const to = nowMs - backDays * DAY_MS;
    const iso = (ms: number): string => new Date(ms).toISOString();
    return `from=${iso(to - days * DAY_MS)}&to=${iso(to)}`;
  };
  const took = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    const area = plan.areas[round % plan.areas.length]?.id ?? '';
    const back = round % 28;
    const asked: [string, string][] = [
      ['a day of an area by minutes', `areas/${area}/series?${range(1, back)}&step=60`],
      ['four weeks of an area by hours', `areas/${area}/series?${range(28)}&step=3600`],
      ['the usual of an area', `areas/${area}/usual?step=900`],
      ['a day of flows', `flows?${range(1, back)}`],
      ['a month of flows', `flows?${range(30)}`],
      ['a week of dwell', `areas/${area}/dwell?${range(7)}`],
      ['a day of the whole site by quarters', `history?${range(1, back)}&step=900`],
      [
        'a report of the month',
        `report?period=month&date=${new Date(nowMs).toISOString().slice(0, 10)}`,
      ],
    ];
    for (const [kind, path] of asked) {
      const startMs = performance.now();
      const named = `${path}&purpose=${purposeOf(plan, 'measures')}`;
      const answer = await fetch(`${url}/api/v1/sites/${plan.site}/${named}`, {
        headers: { cookie },
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${text}`);
      took.set(kind, [...(took.get(kind) ?? []), performance.now() - startMs]);
    }
  }
  return took;
}

function queryFigures(took: ReadonlyMap<string, number[]>): Figure[] {
  const [slowest] = [...took]
    .map(([kind, ms]) => ({ kind, p95: percentile(ms, 0.95) }))
    .sort((a, b) => b.p95 - a.p95);
  return [
    figure('console_query_p95_ms', percentile([...took.values()].flat(), 0.95), 'ms', {
      what: 'answers of the API from a month of measures, one after the other',
    }),
    figure('console_slowest_query_p95_ms', slowest?.p95 ?? NaN, 'ms', {
      what: `… of the slowest kind: ${slowest?.kind ?? ''}`,
    }),
  ];
}

async function signIn(url: string, path: string, body: Record<string, unknown>): Promise<string> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, password: PASSWORD }),
  });
  const [cookie] = answer.headers.getSetCookie();
  if (cookie === undefined) throw new Error(await answer.text());
  return cookie.split(';', 1)[0] ?? '';
}

/** A station of so many areas on three floors, seen whole. */
function stationPlan(areas: number): SitePlan {
  const floors = ['b1', 'f1', 'f2'].map((id) => ({ id, name: label }));
  const at = (i: number): { floor: string; x: number } => ({
    floor: floors[i % floors.length]?.id ?? '',
    x: Math.floor(i / floors.length) * 20,
  });
  const each = <T>(make: (i: number, where: ReturnType<typeof at>) => T): T[] =>
    Array.from({ length: areas }, (_, i) => make(i, at(i)));
  return parsePlan(
    planText({
      site: 'bench',
      floors,
      areas: each((i, { floor, x }) => ({
        ...{ id: `area-${String(i)}`, floor, name: label, kind: 'walkway' },
        polygon: rectangle(x, 0, x + 20, 45),
      })),
      lines: each((i, { floor, x }) => ({
        ...{ id: `line-${String(i)}`, floor, name: label },
        line: lineFrom([x + 10, 5], [x + 10, 40]),
      })),
      cameras: each((i, { floor, x }) => ({
        ...{ id: `camera-${String(i)}`, floor, coverage: rectangle(x, 0, x + 20, 45) },
      })),
    }),
  );
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function figure(
  key: string,
  value: number,
  unit: Figure['unit'],
  { what }: { what: string },
): Figure {
  return { key, value: Number.isFinite(value) ? value : undefined, unit, what };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
