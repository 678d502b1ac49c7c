import { scenario } from '@hitonami/simulator';
import { openWarehouse, startEmbeddedWarehouse } from '@hitonami/warehouse';
import { pastHourMs, simulatePast } from 'hitonami';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/event-log.js';

// What the demo's catalogue has to release: an hour of yesterday, measured behind the demo.

const folder = temporaryFolder('past');
let engine: Awaited<ReturnType<typeof startEmbeddedWarehouse>>;
beforeAll(async () => {
  engine = await startEmbeddedWarehouse({ folder: folder.path });
});
afterAll(async () => {
  await engine.stop();
  folder.remove();
});

const never = new AbortController().signal;
const { plan } = scenario('two-way-corridor');
const fromMs = pastHourMs(plan, Date.now());

it('is the morning’s peak of the last day at the site that is over, and has settled', () => {
  const at = (now: string): string =>
    new Date(pastHourMs({ timeZone: 'Asia/Tokyo' }, Date.parse(now))).toISOString();
  expect(at('2026-05-10T21:00:00+09:00')).toBe('2026-05-08T23:00:00.000Z');
  expect(at('2026-05-10T00:30:00+09:00')).toBe('2026-05-07T23:00:00.000Z');
});

it('goes through log and aggregator into the warehouse of the demo, where the plan says when it expires', async () => {
  const order = { scenario: 'two-way-corridor', warehouseUrl: engine.url, fromMs, lengthS: 60 };
  await simulatePast(order, never);
  const warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
  const { areas, lines } = await warehouse.exportMeasures(plan.site, 3_600);
  const expiring = await warehouse.rows<{ rows: number }>(
    "SELECT count() AS rows FROM area_measures WHERE expires_at < '2100-01-01'",
  );
  await warehouse.close();
  expect(areas.map(({ area, startUs }) => [area, startUs / 1000]).toSorted()).toEqual(
    plan.areas.map(({ id }) => [id, fromMs]).toSorted(),
  );
  for (const { peopleMax, coverage } of areas) {
    expect(peopleMax).toBeGreaterThan(0);
    // A minute of the hour was seen, and says so.
    expect(coverage).toBeCloseTo(60 / 3_600, 3);
  }
  expect(lines.some(({ forward, backward }) => forward + backward > 0)).toBe(true);
  expect(expiring[0]?.rows).toBeGreaterThan(0);
}, 60_000);

it('says why there is none, and ends with the demo', async () => {
  const order = { scenario: 'two-way-corridor', fromMs, lengthS: 60 };
  const nowhere = { ...order, warehouseUrl: 'nonsense' };
  await expect(simulatePast(nowhere, never)).rejects.toThrow(/HITONAMI_WAREHOUSE_URL/);
  const over = new AbortController();
  const simulating = simulatePast({ ...order, warehouseUrl: engine.url }, over.signal);
  over.abort(new Error('the demo ends'));
  await expect(simulating).rejects.toThrow('the demo ends');
}, 30_000);
