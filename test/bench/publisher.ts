import { join } from 'node:path';
import { openRecords } from '@hitonami/records';
import { openPublishedFolder } from '@hitonami/releases';
import {
  makeReleaser,
  openFolder,
  publisherMetrics,
  publisherSchema,
  type ReleaseLine,
} from '@hitonami/publisher';
import {
  createLogger,
  createMetrics,
  followPlans,
  openLog,
  publishPlan,
  readConfig,
  topicSpecs,
} from '@hitonami/service';
import { openWarehouse, startEmbeddedWarehouse } from '@hitonami/warehouse';
import { dataset, DATASETS, daysOf, stationPlan, writeDay } from '../support/measured-days.js';
import type { BenchOptions, Figure } from './measure.js';

const MONTH = '2026-10';
const AREAS = 20;
const LINES = 8;
const WALKS = 20_000;
const QUARTER_MS = 900_000;

/**
 * A month of simulated measures at 20 areas, released as it goes by: each day when it is over, the month at its end, every
 * dataset in every format, under disclosure control; the warehouse, records and log are the embedded ones.
 */
export async function publisher({ quick, folder, say }: BenchOptions): Promise<Figure[]> {
  const data = join(folder, 'publisher');
  const engine = await startEmbeddedWarehouse({ folder: join(data, 'warehouse') });
  const warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
  await warehouse.migrate();
  const records = await openRecords({ folder: join(data, 'records') });
  await records.migrate();
  const logger = createLogger({ service: 'bench', level: 'warn', destination: process.stderr });
  const config = readConfig(publisherSchema, { HITONAMI_DATA: data });
  const log = await openLog(config, 'bench', logger);
  await log.createTopics(topicSpecs());
  const areas = Array.from({ length: AREAS }, (_, i) => `a${String(i).padStart(2, '0')}`);
  const datasets = [
    ...DATASETS,
    dataset('movements', { subject: 'movements', stepS: 3_600, places: areas.slice(LINES + 1) }),
  ];
  const plan = stationPlan({ datasets }, AREAS, LINES);
  await publishPlan(log, JSON.stringify(plan), 0);
  const plans = await followPlans(log, logger);
  let nowMs = 0;
  const { releaser, stop } = makeReleaser({
    ...{ config, plans, warehouse, records, logger },
    folder: openFolder(config, logger),
    metrics: publisherMetrics(createMetrics('bench')),
    now: () => nowMs,
  });
  const lines: ReleaseLine[] = [];
  const days = daysOf(MONTH, plan.timeZone);
  const some = quick ? days.slice(-3) : days;
  let mostMib = 0;
  try {
    for (const [i, day] of some.entries()) {
      await writeDay(warehouse, plan, day, { walks: WALKS, seed: 7 });
      nowMs = day.toMs + QUARTER_MS;
      const found = await releaser.runDue(
        {},
        { user: null, signal: new AbortController().signal, beat: () => undefined },
      );
      const fresh = found.filter(({ outcome }) => outcome !== 'already' && outcome !== 'running');
      lines.push(...fresh);
      mostMib = Math.max(mostMib, process.memoryUsage().rss / 2 ** 20);
      const what = fresh.map((line) => `${line.dataset} ${line.outcome} ${line.tookMs ?? ''}`);
      say(`publisher: day ${i + 1} of ${some.length}: ${what.join(', ')}`);
    }
    const published = await openPublishedFolder(join(data, 'public')).look();
    const files = published.releases.flatMap((release) => release.files);
    const bad = lines.filter(({ outcome }) => outcome !== 'released');
    if (bad.length > 0) throw new Error(`not released: ${JSON.stringify(bad[0])}`);
    return figuresOf(lines, files.length, mostMib, some.length);
  } finally {
    await stop();
    await plans.stop();
    await log.close();
    await records.close();
    await warehouse.close();
    await engine.stop();
  }
}

function figuresOf(
  lines: readonly ReleaseLine[],
  files: number,
  mostMib: number,
  days: number,
): Figure[] {
  const sum = (some: readonly ReleaseLine[], of: (line: ReleaseLine) => number | undefined) =>
    some.reduce((total, line) => total + (of(line) ?? 0), 0);
  const of = (id: string) => lines.filter((line) => line.dataset === id);
  const figure = (key: string, what: string, value: number, unit: Figure['unit']): Figure => ({
    ...{ key: `publisher_${key}`, what, value, unit },
  });
  const of20 = `${days} days at ${AREAS} areas`;
  return [
    figure('releases', `${of20}: releases`, lines.length, ''),
    figure('files', `${of20}: files, in every format`, files, ''),
    figure(
      'cells',
      `${of20}: cells`,
      sum(lines, ({ cells }) => cells),
      '',
    ),
    figure(
      'withheld',
      `${of20}: of them withheld`,
      sum(lines, (line) => line.protectedCells),
      '',
    ),
    figure('bytes', `${of20}: files`, sum(lines, ({ bytes }) => bytes) / 2 ** 20, 'MiB'),
    figure(
      'seconds',
      `${of20}: all releases`,
      sum(lines, ({ tookMs }) => tookMs),
      'ms',
    ),
    ...['quarters', 'hours', 'passages', 'movements', 'sequences'].map((id) =>
      figure(
        `slowest_${id}`,
        `the slowest release of ${id}`,
        Math.max(...of(id).map(({ tookMs }) => tookMs ?? 0)),
        'ms',
      ),
    ),
    figure('memory', 'most memory of the process', mostMib, 'MiB'),
  ];
}
