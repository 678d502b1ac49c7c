import { expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../../../test/support/event-log.js';
import { metric } from '../../../test/support/metrics.js';
import { everything, frames, openBench, startEngine, T0, tick } from './support.js';

// The warehouse goes away in the middle, and comes back under the same address.

it('nothing is lost while the warehouse is away: the log waits, and the rows are those of a quiet day', async () => {
  const folder = temporaryFolder('engine');
  const before = await startEngine(undefined, folder);
  const port = Number(new URL(before.url).port);
  const quiet = await openBench(before.url);
  const bench = await openBench(before.url);
  const script = [...frames(0, 300), tick(T0 + 400_000)];
  await quiet.append(...script);
  await (await quiet.start()).written(T0 + 300_000);
  const expected = await everything(quiet.warehouse);

  const aggregator = await bench.start();
  await bench.append(...script.slice(0, 100));
  await aggregator.written(T0 + 80_000);
  await before.stop();
  await bench.append(...script.slice(100, 200));
  await eventually(
    'the warehouse has refused',
    async () => (await metric(aggregator.metrics, 'hitonami_warehouse_refusals_total')) > 1,
  );
  const refusing = aggregator.health.readiness();
  expect(refusing.ready).toBe(false);
  expect(refusing.components['aggregator to warehouse']?.reason).toMatch(/ECONNREFUSED|could not/);
  expect(aggregator.health.liveness().live).toBe(true);
  await bench.append(...script.slice(200));

  await startEngine(port, folder);
  await aggregator.written(T0 + 300_000);
  expect(aggregator.health.readiness().ready).toBe(true);
  expect(await everything(bench.warehouse)).toEqual(expected);
}, 60_000);

it('an aggregator that is asked to stop while the warehouse is away stops in a few seconds, and the next one goes on', async () => {
  const folder = temporaryFolder('engine');
  const before = await startEngine(undefined, folder);
  const bench = await openBench(before.url);
  const aggregator = await bench.start();
  await bench.append(...frames(0, 60));
  await aggregator.written(T0 + 40_000);
  await before.stop();
  // Two sets of windows: one that is being written, and one that waits for it.
  for (const to of [100, 140]) {
    await bench.append(...frames(to - 40, to));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const startMs = Date.now();
  const report = await aggregator.service.stop();
  expect([report.state, report.faults, report.overran]).toEqual(['stopped', [], []]);
  expect(Date.now() - startMs).toBeLessThan(10_000);

  await startEngine(Number(new URL(before.url).port), folder);
  await bench.append(tick(T0 + 300_000));
  await (await bench.start()).written(T0 + 200_000);
  const { cameras } = await bench.warehouse.exportMeasures('test', 10);
  expect(cameras.reduce((sum, { frames: count }) => sum + count, 0)).toBe(140);
}, 60_000);

it('a refusal that will not pass ends the service with the reason; what it did not write the next one writes', async () => {
  const { url } = await startEngine();
  const quiet = await openBench(url);
  const bench = await openBench(url);
  const script = [...frames(0, 120), tick(T0 + 200_000)];
  await quiet.append(...script);
  await (await quiet.start()).written(T0 + 120_000);

  const first = await bench.start();
  await bench.append(...script.slice(0, 40));
  await first.written(T0 + 20_000);
  const rename = async (from: string, to: string): Promise<void> => {
    for await (const _ of await bench.warehouse.query(`RENAME TABLE ${from} TO ${to}`));
  };
  await rename('line_measures', 'elsewhere');
  for (let from = 40; from < script.length; from += 20)
    await bench.append(...script.slice(from, from + 20));
  const report = await first.service.lifecycle.finished;
  expect([report.state, report.overran]).toEqual(['failed', []]);
  expect(String(report.error)).toMatch(/line_measures.*code 60/);

  await rename('elsewhere', 'line_measures');
  await (await bench.start()).written(T0 + 120_000);
  expect(await everything(bench.warehouse)).toEqual(await everything(quiet.warehouse));
}, 60_000);
