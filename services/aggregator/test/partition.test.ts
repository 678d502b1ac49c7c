import type { LogRecord } from '@hitonami/event-log';
import { encodeCountFrame } from '@hitonami/model';
import { createMetrics, followPlans, publishPlan } from '@hitonami/service';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { metric } from '../../../test/support/metrics.js';
import { followAlerts } from '../src/alerts/board.js';
import { aggregatorMetrics } from '../src/metrics.js';
import { Partition, type PartitionParts } from '../src/partition.js';
import { readNote } from '../src/resume-note.js';
import { atEnd, frames, hall, silent, T0, tick, type Script } from './support.js';

// The sites of one partition, without the loop around it: what a batch asks to be written, and where to start again.

const metrics = createMetrics('test');
let parts: PartitionParts;
beforeAll(async () => {
  const folder = temporaryFolder('partition');
  atEnd(folder.remove);
  const log = await openTestLog(folder.path);
  atEnd(() => log.close());
  await publishPlan(log, hall(), Date.now() * 1000);
  const plans = await followPlans(log, silent);
  atEnd(() => plans.stop());
  const watermark = { disorderUs: 500_000, latenessUs: 10_000_000 };
  const alerts = await followAlerts(log, silent);
  atEnd(() => alerts.stop());
  const shared = { plans, watermark, alerts, logger: silent };
  parts = { ...shared, metrics: aggregatorMetrics(metrics), tellsPeople: false };
});

const at = (first: number, ...script: Script[]): { records: LogRecord[] } => ({
  records: script.map(({ key, value }, i) => ({ offset: first + i, key, value })),
});

const afresh = { position: 0, metadata: '' };

describe('a batch', () => {
  it('asks for nothing to be written while no window closes', async () => {
    const partition = new Partition(parts, afresh);
    expect(await partition.fold(at(0, ...frames(0, 9)))).toBeUndefined();
  });

  it('in which a window closes asks for it to be written, and says where to start again and what is closed', async () => {
    const partition = new Partition(parts, afresh);
    const progress = await partition.fold(at(0, ...frames(0, 12)));
    const windows = progress?.work.flatMap((work) => work.windows) ?? [];
    expect(windows.map(({ startUs }) => startUs / 1000 - T0)).toContain(0);
    expect(progress?.position).toBeLessThan(12);
    expect(readNote(progress?.note ?? '').closedUntilUs).toEqual(
      new Map([['test', (T0 + 10_000) * 1000]]),
    );
  });

  it('that is given again after a fault is passed over: nobody is counted twice', async () => {
    const once = new Partition(parts, afresh);
    const twice = new Partition(parts, afresh);
    const [first, second] = [at(0, ...frames(0, 9)), at(9, ...frames(9, 30), tick(T0 + 60_000))];
    await once.fold(first);
    await twice.fold(first);
    expect(await twice.fold(first)).toBeUndefined();
    const expected = await once.fold(second);
    expect(await twice.fold(second)).toEqual(expected);
    expect(await twice.fold(second)).toBeUndefined();
  });

  it('of a site that has gone to sleep is committed all the same, so that a restart does not read the whole night', async () => {
    const partition = new Partition(parts, afresh);
    await partition.fold(at(0, ...frames(0, 30), tick(T0 + 60_000)));
    const night = Array.from({ length: 9_000 }, (_, i) => tick(T0 + 61_000 + 1000 * i));
    expect(await partition.fold(at(31, ...night))).toMatchObject({ work: [{ windows: [] }] });
    const later = Array.from({ length: 11_000 }, (_, i) => tick(T0 + 9_100_000 + 1000 * i));
    const progress = [];
    for (let from = 0; from < later.length; from += 1_000)
      progress.push(await partition.fold(at(9_031 + from, ...later.slice(from, from + 1_000))));
    const given = progress.filter((one) => one !== undefined);
    expect(given.length).toBeGreaterThan(0);
    expect(given.at(-1)?.position).toBeGreaterThan(9_031);
  });
});

it('rows of a counter come after its report, and what was rolled up without them is rolled up again', async () => {
  const log = await openTestLog(temporaryFolder('counter').path);
  const plan = hall({ counters: [{ id: 'beam', line: 'middle' }] });
  await publishPlan(log, plan, (T0 - 3_600_000) * 1000);
  const plans = await followPlans(log, silent);
  const partition = new Partition({ ...parts, plans }, afresh);
  const minutes = async (batch: ReturnType<typeof at>) =>
    (await partition.fold(batch))?.work
      .flatMap(({ buckets }) => buckets)
      .filter(({ lengthS }) => lengthS === 60)
      .map(({ bucketStartUs }) => bucketStartUs / 1000 - T0);
  expect(await minutes(at(0, ...frames(0, 240)))).toEqual([0, 60_000, 120_000]);
  const value = encodeCountFrame({
    ...{ site: 'test', counter: 'beam', sessionHi: 1, sessionLo: 1, sequence: 1 },
    ...{ fromUs: T0 * 1000, toUs: (T0 + 240_000) * 1000, forward: 240, backward: 0 },
  });
  expect(await minutes(at(240, { key: 'test', value }, ...frames(240, 270)))).toEqual([
    0, 60_000, 120_000, 180_000,
  ]);
  await plans.stop();
  await log.close();
});

it('what became of the records is counted once a batch, also where the batch is given again', async () => {
  const count = (outcome: string) => metric(metrics, 'hitonami_observations_total', { outcome });
  const counts = () => Promise.all(['folded', 'duplicate', 'tick', 'malformed'].map(count));
  const before = await counts();
  const script = frames(0, 20);
  const junk = { key: 'test', value: Buffer.from([255]) };
  const batch = at(0, ...script, ...script.slice(5, 8), junk, tick(T0 + 30_000));
  const partition = new Partition(parts, afresh);
  await partition.fold(batch);
  await partition.fold(batch);
  const more = (await counts()).map((value, i) => value - (before[i] ?? 0));
  expect(more).toEqual([20, 3, 1, 1]);
});
