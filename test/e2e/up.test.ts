import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createGrpcClient,
  createLogger,
  openLog,
  publishPlan,
  topicSpecs,
  type CountReceipt,
  type PositionBatch,
  type Receipt,
} from '@hitonami/service';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { label, lineFrom, planText, rectangle } from '../support/plans.js';
import { FORGETFUL, freePort } from '../support/service-process.js';

// `hitonami up`: one process on the embedded parts, with live time.

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-up-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Two people who stand in the hall now. */
function twoPeople(sequence: number): PositionBatch {
  return {
    site: 'test',
    camera: 'c1',
    sequence,
    capturedUs: Date.now() * 1000,
    periodUs: 200_000,
    blind: false,
    floor: '',
    xM: [2, 3],
    yM: [2, 3],
    vxMS: [],
    vyMS: [],
    confidence: [],
    kind: [],
    track: ['1', '2'],
  };
}

const cli = join(import.meta.dirname, '../../services/cli/bin/hitonami.js');

it('takes positions and counts, closes windows by its own ticks, shows them as metrics and rows, and stops in order', async () => {
  const [door, metrics, warehouse] = [await freePort(), await freePort(), await freePort()];
  const plan = join(folder, 'site.json');
  const lines = [
    { id: 'middle', floor: 'f1', name: label, line: lineFrom([5, 1], [5, 9]) },
    { id: 'gate', floor: 'f1', name: label, line: lineFrom([20, 1], [20, 9]) },
  ];
  const cameras = [{ id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10) }];
  await writeFile(
    plan,
    planText({ windowS: 5, lines, cameras, counters: [{ id: 'beam', line: 'gate' }] }),
  );
  const args = [
    'up',
    plan,
    '--data',
    join(folder, 'data'),
    '--listen',
    `127.0.0.1:${door}`,
    '--metrics',
    `127.0.0.1:${metrics}`,
    '--warehouse-port',
    String(warehouse),
    '--console',
    '127.0.0.1:0',
  ];
  const child = spawn(process.execPath, [cli, ...args], {
    env: { PATH: process.env['PATH'], ...FORGETFUL },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  try {
    await vi.waitFor(() => {
      expect(output).toContain('stop with Ctrl+C');
    }, 30_000);
    const address = { host: '127.0.0.1', port: door };
    const positions = createGrpcClient({ door: 'PositionIngest', address });
    const stream = positions.stream();
    const receipts: Receipt[] = [];
    stream.on('data', (receipt: Receipt) => receipts.push(receipt)).on('error', () => undefined);
    let sequence = 0;
    const sending = setInterval(() => {
      stream.write(twoPeople(sequence++));
    }, 200);
    const counts = createGrpcClient({ door: 'CountIngest', address });
    const counting = counts.stream();
    const stored = new Promise<CountReceipt>((resolve, reject) =>
      counting.once('data', resolve).once('error', reject),
    );
    const nowUs = Date.now() * 1000;
    counting.write({
      site: 'test',
      counter: 'beam',
      sequence: 1,
      fromUs: nowUs - 1_000_000,
      toUs: nowUs,
      forward: 3,
      backward: 1,
    });
    expect((await stored).stored).toBeDefined();
    const ask = async (sql: string): Promise<string> =>
      (
        await fetch(
          `http://127.0.0.1:${warehouse}/?database=hitonami&query=${encodeURIComponent(sql)}`,
        )
      ).text();
    await vi.waitFor(async () => {
      expect(await ask('SELECT max(people_max) FROM area_measures_read WHERE length_s = 5')).toBe(
        '2\n',
      );
      expect(
        await ask(
          "SELECT sum(forward), sum(backward) FROM line_measures_read WHERE line = 'gate' AND length_s = 5",
        ),
      ).toBe('3\t1\n');
    }, 40_000);
    await vi.waitFor(async () => {
      const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
      for (const name of [
        'hitonami_people_in_view',
        'hitonami_camera_clock_skew_seconds',
        'hitonami_area_density',
        'hitonami_area_occupancy',
        'hitonami_area_level_of_service',
        'hitonami_area_last_observation_timestamp_seconds',
        'hitonami_watermark_delay_seconds',
        'hitonami_log_lag_records',
        'hitonami_warehouse_rows_written_total',
        'hitonami_ingest_seconds_bucket',
      ]) {
        expect(text).toContain(`${name}{`);
      }
    }, 10_000);
    expect((await fetch(`http://127.0.0.1:${metrics}/readyz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${metrics}/healthz`)).status).toBe(200);
    clearInterval(sending);
    stream.end();
    counting.end();
    expect(receipts.length).toBeGreaterThan(0);
    expect(receipts.every((receipt) => receipt.processed?.people === 2)).toBe(true);
    positions.close();
    counts.close();
  } finally {
    child.kill('SIGINT');
  }
  expect(await exited).toBe(0);
}, 90_000);

it('says which version is in force and where it really listens, and ends with 1 and a reason when a service cannot go on', async () => {
  const data = join(folder, 'fails');
  const common = { topicPrefix: 'hitonami.', observationPartitions: 4 };
  const logger = createLogger({ service: 'test', level: 'silent' });
  const log = await openLog({ log: 'embedded', data, ...common }, 'test', logger);
  await log.createTopics(topicSpecs());
  const hourAgoUs = (Date.now() - 3_600_000) * 1000;
  await publishPlan(log, planText({ windowS: 5 }), hourAgoUs);
  await publishPlan(log, planText({ windowS: 5, version: 2 }), hourAgoUs);
  await log.close();
  const plan = join(folder, 'first.json');
  await writeFile(plan, planText({ windowS: 5 }));
  const anyPort = [
    ...['--listen', '127.0.0.1:0', '--metrics', '127.0.0.1:0'],
    ...['--warehouse-port', '0', '--console', '127.0.0.1:0'],
  ];
  const child = spawn(process.execPath, [cli, 'up', plan, '--data', data, ...anyPort], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let output = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  let sending: NodeJS.Timeout | undefined;
  try {
    await vi.waitFor(() => {
      expect(output).toContain('stop with Ctrl+C');
    }, 30_000);
    expect(output).toContain(
      'site test, version 2 is in force; the given version 1 is on the log already, and is superseded\n',
    );
    const [, metrics = ''] = /health: (http:\S+\/metrics)/.exec(output) ?? [];
    expect((await fetch(metrics)).status).toBe(200);
    const [, warehouse = ''] = /measures: (http:\S+)/.exec(output) ?? [];
    await fetch(warehouse, { method: 'POST', body: 'DROP DATABASE hitonami' });
    const [, port] = /counts: 127\.0\.0\.1:(\d+)/.exec(output) ?? [];
    const address = { host: '127.0.0.1', port: Number(port) };
    const positions = createGrpcClient({ door: 'PositionIngest', address });
    const stream = positions.stream();
    stream.on('data', () => undefined).on('error', () => undefined);
    let sequence = 0;
    sending = setInterval(() => stream.write(twoPeople(sequence++)), 200);
    expect(await exited).toBe(1);
    expect(complaints).toMatch(/^hitonami: the aggregator cannot go on: /m);
    positions.close();
  } finally {
    clearInterval(sending);
    child.kill('SIGKILL');
  }
}, 60_000);
