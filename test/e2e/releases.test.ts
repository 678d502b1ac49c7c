import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { addDays, localDay } from '@hitonami/model';
import type { ReleaseLine } from '@hitonami/publisher';
import { openPublishedFolder } from '@hitonami/releases';
import { publishPlan } from '@hitonami/service';
import { openWarehouse, startEmbeddedWarehouse } from '@hitonami/warehouse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../support/command.js';
import { openTestLog, temporaryFolder } from '../support/event-log.js';
import { dataset, DATASETS, daysOf, stationPlan, writeDay } from '../support/measured-days.js';
import { label } from '../support/plans.js';
import { FORGETFUL } from '../support/service-process.js';

// What a municipality does: the days that were measured become releases, by the command alone and beside `hitonami up`. The same
// for a month at 20 areas, with its times: npm run bench -- --only publisher

const cli = join(import.meta.dirname, '../../services/cli/bin/hitonami.js');
const folder = temporaryFolder('releases');
const data = join(folder.path, 'data');
const planFile = join(folder.path, 'site.json');
const hours = dataset('hours', { stepS: 3_600 });
/** Where it is about noon now: yesterday is whole and written, at whatever hour this runs. */
const aheadH = 12 - new Date().getUTCHours();
const timeZone = aheadH < 0 ? `Etc/GMT+${-aheadH}` : `Etc/GMT-${aheadH}`;
const plan = stationPlan({
  timeZone,
  datasets: [hours, ...DATASETS.slice(2)],
  travellers: [{ area: 'a00', title: label }],
});
const today = localDay(Date.now(), plan.timeZone);
const YESTERDAY = addDays(today, -1);
const children: ChildProcess[] = [];

beforeAll(async () => {
  await writeFile(planFile, JSON.stringify(plan));
  const engine = await startEmbeddedWarehouse({ folder: join(data, 'warehouse') });
  const warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
  await warehouse.migrate();
  for (const name of [addDays(today, -2), YESTERDAY]) {
    const day = daysOf(name.slice(0, 7), plan.timeZone).find((one) => one.name === name);
    await writeDay(warehouse, plan, day!, { walks: 4_000 });
  }
  await warehouse.close();
  await engine.stop();
  const log = await openTestLog(data);
  await publishPlan(log, JSON.stringify(plan), Date.now() * 1000);
  await log.close();
}, 120_000);
afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 100));
  folder.remove();
});

const linesOf = (output: string): ReleaseLine[] =>
  output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReleaseLine);

it('releases what is due of a stopped system, in files that others read', async () => {
  const { code, output, complaints } = await run(['release', planFile, '--data', data, '--json']);
  expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
  const lines = linesOf(output);
  expect(lines.map((line) => `${line.dataset} ${line.outcome}`).toSorted()).toEqual([
    ...['hours released', 'hours released', 'passages released', 'passages released'],
    ...['sequences released', 'sequences released'],
  ]);
  const published = openPublishedFolder(join(data, 'public'));
  const { releases } = await published.look();
  const duck = await (await DuckDBInstance.create(':memory:')).connect();
  const count = async (path: string, read: string): Promise<number> => {
    const { rows } = { rows: await duck.runAndReadAll(`SELECT count(*) FROM ${read}('${path}')`) };
    return Number(rows.getRows()[0]?.[0]);
  };
  for (const release of releases) {
    const fileOf = async (format: string) => {
      const file = release.files.find((one) => one.format === format);
      return (await published.fileOf(release, file?.name ?? '')) ?? '';
    };
    expect(release.quality.cells).toBeGreaterThan(0);
    expect(await count(await fileOf('csv'), 'read_csv')).toBe(release.quality.cells);
    expect(await count(await fileOf('parquet'), 'read_parquet')).toBe(release.quality.cells);
  }
  // What buyers have lies apart from what is open.
  const sequences = releases.filter((one) => one.dataset.id === 'sequences');
  expect(sequences.map((one) => one.dataset.audience)).toEqual(['buyers', 'buyers']);
}, 120_000);

it('asks the publisher of a system that runs, and says why something is not done', async () => {
  const args = ['up', planFile, '--data', data, '--model', 'none', '--warehouse-port', '0'];
  const addresses = ['--listen', '--metrics', '--console', '--public'].flatMap((flag) => [
    ...[flag, '127.0.0.1:0'],
  ]);
  const up = spawn(process.execPath, [cli, ...args, ...addresses], {
    env: { PATH: process.env['PATH'], ...FORGETFUL },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(up);
  let said = '';
  for await (const chunk of up.stdout) {
    said += String(chunk);
    if (said.includes('stop with Ctrl+C')) break;
  }
  up.stdout.resume();
  const site = await fetch(/the public’s pages: (\S+)/.exec(said)?.[1] ?? '');
  expect(site.ok).toBe(true);
  const correct = ['release', '--data', data, '--correct', 'hours', YESTERDAY];
  const unsaid = await run(correct);
  expect([unsaid.code, unsaid.complaints]).toEqual([
    1,
    'hitonami: the public is told why: give the reason with --because-ja and --because-en\n',
  ]);
  const reason = ['--because-ja', '誤り', '--because-en', 'a count was wrong'];
  const corrected = await run([...correct, ...reason]);
  expect(corrected.complaints).toBe('');
  expect(corrected.output).toMatch(new RegExp(`hours +${YESTERDAY} +released +2 `));
  const again = await run(['release', '--data', data, '--period', YESTERDAY, '--json']);
  expect(linesOf(again.output).map(({ outcome }) => outcome)).toEqual([
    ...['already', 'already', 'already'],
  ]);
  const gone = ['release', '--data', data, '--withdraw', 'sequences', ...reason];
  expect((await run(gone)).output).toMatch(/sequences +withdrawn/);
  const { releases, withdrawals } = await openPublishedFolder(join(data, 'public')).look();
  expect(withdrawals.map((one) => one.dataset)).toEqual(['sequences']);
  expect(releases.filter((one) => one.dataset.id === 'hours').map((one) => one.version)).toEqual([
    ...[1, 1, 2],
  ]);
  up.kill('SIGTERM');
  expect(await once(up, 'exit')).toEqual([0, null]);
}, 120_000);
