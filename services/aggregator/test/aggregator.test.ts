import { contracts, publishPlan, TOPIC_NAMES, type LiveSnapshot } from '@hitonami/service';
import type { AreaMeasure, LineMeasure } from '@hitonami/warehouse';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { metric } from '../../../test/support/metrics.js';
import { label, rectangle } from '../../../test/support/plans.js';
import { AGGREGATOR_GROUP } from '../src/index.js';
import {
  everything,
  frames,
  hall,
  openBench,
  record,
  startEngine,
  T0,
  tick,
  walkers,
  type Script,
} from './support.js';

// Positions in, measures out: a real log, a real ClickHouse, the service as it runs.

const HOUR_MS = 3_600_000;
let url: string;
beforeAll(async () => {
  ({ url } = await startEngine());
});

describe('a log that is folded', () => {
  it('becomes rows: density where it was seen, crossings per direction, flows with their time inside', async () => {
    const { warehouse, append, start } = await openBench(url);
    const aggregator = await start();
    await append(...frames(0, 60), tick(T0 + 120_000));
    await aggregator.written(T0 + 60_000);
    const { areas, lines, flows, cameras } = await warehouse.exportMeasures('test', 10);
    expect(
      areas.filter(({ area }) => area === 'west').map(({ startUs }) => startUs / 1000 - T0),
    ).toEqual(expect.arrayContaining([0, 10_000, 20_000, 30_000, 40_000, 50_000]));
    const early = areas.find(
      ({ area, startUs }) => area === 'west' && startUs === (T0 + 20_000) * 1000,
    );
    // Two people start in every 10 s; each is 4 or 5 s in each half.
    expect(early).toMatchObject({ areaM2: 50, coverage: 1, los: 'A', meanSpeedMS: 1 });
    expect(early?.occupancy).toBeGreaterThan(0.5);
    expect(early?.occupancy).toBeLessThan(1.5);
    const total = (pick: (line: LineMeasure) => number): number =>
      lines.reduce((sum, line) => sum + pick(line), 0);
    // Twelve started within the minute; the last did not get to the line. Every third goes the other way.
    expect(total(({ forward, backward }) => forward + backward)).toBe(11);
    expect([total(({ forward }) => forward), total(({ backward }) => backward)].sort()).toEqual([
      4, 7,
    ]);
    expect(
      flows.some(
        ({ fromPlace, toPlace, legs }) => fromPlace === 'west' && toPlace === 'middle' && legs > 0,
      ),
    ).toBe(true);
    expect(cameras[0]).toMatchObject({ camera: 'c1', coverage: 1 });
  });

  it('shows itself in the metrics, every crossing also where many windows close at once', async () => {
    const { warehouse, append, start } = await openBench(url);
    // All of it is there before the aggregator starts, so that it comes in one batch.
    await append(...frames(0, 300), tick(T0 + 400_000));
    const { metrics, written } = await start();
    await written(T0 + 300_000);
    const { lines } = await warehouse.exportMeasures('test', 10);
    for (const direction of ['forward', 'backward'] as const) {
      const labels = { site: 'test', line: 'middle', direction };
      const counted = lines.reduce((sum, line) => sum + line[direction], 0);
      expect(counted).toBeGreaterThan(10);
      expect(await metric(metrics, 'hitonami_line_crossings_total', labels)).toBe(counted);
    }
    const labels = { site: 'test', floor: 'f1', area: 'west' };
    expect(
      await metric(metrics, 'hitonami_area_last_observation_timestamp_seconds', labels),
    ).toBeGreaterThanOrEqual(T0 / 1000 + 290);
    expect(
      await metric(metrics, 'hitonami_warehouse_rows_written_total', { table: 'area_measures' }),
    ).toBeGreaterThanOrEqual(60);
    expect(await metric(metrics, 'hitonami_observations_total', { outcome: 'folded' })).toBe(300);
    await eventually('the lag is measured', async () =>
      /hitonami_log_lag_records\{.*\} 0/.test(await metrics.text()),
    );
  });

  it('an area that is not seen has no density: no series, rather than a zero', async () => {
    const { append, start } = await openBench(url);
    const { metrics, written } = await start();
    const labels = { site: 'test', floor: 'f1', area: 'west' };
    await append(...frames(0, 30), tick(T0 + 41_000));
    await written(T0 + 30_000);
    const seen = await metric(metrics, 'hitonami_area_last_observation_timestamp_seconds', labels);
    expect(await metrics.text()).toMatch(
      /hitonami_area_density\{site="test",floor="f1",area="west"\}/,
    );
    await append(...frames(31, 60, { blind: true, people: [] }), tick(T0 + 71_000));
    await written(T0 + 60_000);
    expect(await metrics.text()).not.toMatch(/hitonami_area_density\{/);
    expect(await metric(metrics, 'hitonami_area_coverage_ratio', labels)).toBe(0);
    // A timestamp, since an age would freeze when the process hangs.
    expect(
      await metric(metrics, 'hitonami_area_last_observation_timestamp_seconds', labels),
    ).toBeGreaterThanOrEqual(seen);
  });
});

describe('stopped and started again in the middle, as often as you like', () => {
  const late = [record({ sequence: 9_000, session: 2, atMs: T0 + 1_000, people: walkers(1) })];
  const script: Script[] = [
    ...frames(0, 400),
    ...late,
    ...frames(400, 600),
    tick(T0 + 3 * HOUR_MS),
  ];

  it('gives the same rows as a run without interruption', async () => {
    const whole = await openBench(url);
    await whole.append(...script);
    const run = await whole.start();
    await run.written(T0 + 2 * HOUR_MS);
    await run.service.stop();
    const expected = await everything(whole.warehouse);
    expect(expected.measures.map(({ areas }) => areas.length > 0)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const hasPeak = ({ peakDensity }: AreaMeasure): boolean => (peakDensity ?? 0) > 0;
    expect(expected.measures.map(({ areas }) => areas.some(hasPeak))).not.toContain(false);
    expect(expected.legs.length).toBeGreaterThan(100);
    expect(expected.late).toHaveLength(1);

    const cut = await openBench(url);
    let from = 0;
    // Some stops come in the middle of the work, some when everything there is has been read.
    for (const [to, isPatient] of [
      [7, true],
      [211, false],
      [212, true],
      [402, true],
      [510, false],
      [script.length, true],
    ] as const) {
      await cut.append(...script.slice(from, to));
      const part = await cut.start();
      if (isPatient) await part.read(to === script.length ? 1 : to - from);
      if (to === script.length) await part.written(T0 + 2 * HOUR_MS);
      const report = await part.service.stop();
      expect([report.state, report.faults, report.overran]).toEqual(['stopped', [], []]);
      from = to;
    }
    expect(await everything(cut.warehouse)).toEqual(expected);
  }, 60_000);
});

describe('the rollups', () => {
  const sum = <Row>(rows: Row[], pick: (row: Row) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  const sums = (rows: AreaMeasure[]): number[] => [
    sum(rows, ({ personUs }) => personUs),
    sum(rows, ({ observedDm2Us }) => observedDm2Us),
    sum(rows, ({ speedMmUs }) => speedMmUs),
    Math.max(...rows.map(({ peopleMax }) => peopleMax)),
  ];

  it('of 1 min, 15 min and 1 h are the sums of the windows, also where a new plan changes their length', async () => {
    const { log, warehouse, append, start } = await openBench(url);
    const inForceFrom = new Date(T0 + 420_000).toISOString();
    await publishPlan(log, hall({ version: 2, windowS: 30, inForceFrom }), T0 * 1000);
    const { written } = await start();
    await append(
      ...frames(0, 40),
      ...frames(400, 420),
      ...frames(420, 500, { planVersion: 2 }),
      ...frames(880, 960, { planVersion: 2 }),
      tick(T0 + 2 * HOUR_MS),
    );
    await written(T0 + HOUR_MS);
    const tens = (await warehouse.exportMeasures('test', 10)).areas;
    const thirties = (await warehouse.exportMeasures('test', 30)).areas;
    expect(Math.max(...tens.map(({ startUs }) => startUs))).toBe((T0 + 410_000) * 1000);
    expect(Math.min(...thirties.map(({ startUs }) => startUs))).toBe((T0 + 420_000) * 1000);
    for (const lengthS of [60, 900, 3600]) {
      const { areas } = await warehouse.exportMeasures('test', lengthS);
      expect(areas.length).toBeGreaterThan(0);
      for (const bucket of areas) {
        const inside = [...tens, ...thirties].filter(
          ({ area, startUs }) =>
            area === bucket.area &&
            startUs >= bucket.startUs &&
            startUs < bucket.startUs + lengthS * 1e6,
        );
        expect(sums([bucket])).toEqual(sums(inside));
      }
      expect(sum(areas, ({ personUs }) => personUs)).toBe(
        sum([...tens, ...thirties], ({ personUs }) => personUs),
      );
    }
  });

  it('of a time in which nothing more was seen are made also by an aggregator that was started after it', async () => {
    const { warehouse, append, start } = await openBench(url);
    const before = await start();
    await append(...frames(0, 20), tick(T0 + 62_000));
    await before.written(T0 + 50_000);
    await before.service.stop();
    expect((await warehouse.exportMeasures('test', 60)).areas).toEqual([]);
    await append(tick(T0 + 2 * HOUR_MS));
    await (await start()).written(T0 + HOUR_MS);
    const tens = (await warehouse.exportMeasures('test', 10)).areas;
    for (const lengthS of [60, 900, 3600]) {
      const { areas } = await warehouse.exportMeasures('test', lengthS);
      expect(sum(areas, ({ personUs }) => personUs)).toBe(sum(tens, ({ personUs }) => personUs));
    }
  });
});

describe('what does not belong on the log', () => {
  it('is passed over and counted; the rows are those without it', async () => {
    const clean = await openBench(url);
    const dirty = await openBench(url);
    const script = [...frames(0, 60), tick(T0 + 120_000)];
    const junk = (bytes: number[]): Script => ({ key: 'test', value: Buffer.from(bytes) });
    const cut = frames(30, 31).map(({ key, value }) => ({ key, value: value.subarray(0, -3) }));
    await clean.append(...script);
    await dirty.append(
      junk([255, 255, 255]),
      ...script.slice(0, 30),
      junk([]),
      ...cut,
      ...script.slice(30),
    );
    const [one, other] = [await clean.start(), await dirty.start()];
    await Promise.all([one.written(T0 + 100_000), other.written(T0 + 100_000)]);
    expect(await everything(dirty.warehouse)).toEqual(await everything(clean.warehouse));
    expect(
      await metric(other.metrics, 'hitonami_observations_total', { outcome: 'malformed' }),
    ).toBe(3);
  });

  it('a site without a plan is dropped and counted until it has one', async () => {
    const { log, warehouse, append, start } = await openBench(url, '');
    const { metrics, read, written } = await start();
    await append(...frames(0, 30));
    await read(30);
    expect(await metric(metrics, 'hitonami_observations_total', { outcome: 'no-plan' })).toBe(30);
    await publishPlan(log, hall(), Date.now() * 1000);
    await append(...frames(30, 60), tick(T0 + 120_000));
    await written(T0 + 60_000);
    const { areas } = await warehouse.exportMeasures('test', 10);
    expect(Math.min(...areas.map(({ startUs }) => startUs))).toBeGreaterThanOrEqual(
      (T0 + 20_000) * 1000,
    );
  });

  it('a frame that comes after its window has closed goes to a table of its own, with its delay', async () => {
    const { warehouse, append, start } = await openBench(url);
    const { metrics, written } = await start();
    await append(...frames(0, 60));
    await written(T0 + 50_000);
    await append(
      record({ sequence: 7, session: 9, atMs: T0 + 5_000, people: walkers(5) }),
      tick(T0 + 120_000),
    );
    await written(T0 + 100_000);
    const late = await warehouse.rows<Record<string, unknown>>(
      'SELECT camera, sequence, late_us FROM late_frames FINAL',
    );
    expect(late).toEqual([{ camera: 'c1', sequence: 7, late_us: 53_500_000 }]);
    expect(
      await metric(metrics, 'hitonami_late_frames_total', { site: 'test', camera: 'c1' }),
    ).toBe(1);
  });
});

describe('versions of the plan', () => {
  it('a frame of a version that the aggregator has not heard of waits until it has', async () => {
    const { log, warehouse, append, start } = await openBench(url);
    const { metrics, written } = await start();
    await append(...frames(0, 30));
    const area = { floor: 'f1', name: label, kind: 'queue', polygon: rectangle(0, 0, 10, 10) };
    const inForceFrom = new Date(T0 + 30_000).toISOString();
    // No pause between the plan and the frames made with it.
    await publishPlan(
      log,
      hall({ version: 2, inForceFrom, areas: [{ id: 'all', ...area }] }),
      T0 * 1000,
    );
    await append(...frames(30, 60, { planVersion: 2 }), tick(T0 + 120_000));
    await written(T0 + 60_000);
    const { areas } = await warehouse.exportMeasures('test', 10);
    const startsOf = (name: string) =>
      areas.filter((row) => row.area === name).map(({ startUs }) => startUs / 1000 - T0);
    expect(startsOf('west')).toEqual([0, 10_000, 20_000]);
    expect(startsOf('all').slice(0, 3)).toEqual([30_000, 40_000, 50_000]);
    expect(areas.find((row) => row.area === 'all')?.kind).toBe('queue');
    // What the new version has done away with is not shown any more.
    expect(await metrics.text()).not.toMatch(/area="west"/);
  });

  it('a frame of a version that is not on the log at all stops nothing', async () => {
    const { warehouse, append, start } = await openBench(url);
    const { written } = await start();
    await append(...frames(0, 60, { planVersion: 77 }), tick(T0 + 120_000));
    await written(T0 + 60_000);
    expect((await warehouse.exportMeasures('test', 10)).areas.length).toBeGreaterThan(0);
  });
});

describe('retention', () => {
  it('of the plan: an old recording has expired when it is written; `keep` keeps it', async () => {
    const script = [...frames(0, 60), tick(T0 + 120_000)];
    const rows: number[] = [];
    for (const retention of ['plan', 'keep']) {
      const { warehouse, append, start } = await openBench(url);
      const { written } = await start({ HITONAMI_RETENTION: retention });
      await append(...script);
      await written(T0 + 60_000);
      rows.push((await warehouse.exportMeasures('test', 10)).areas.length);
    }
    expect(rows[0]).toBe(0);
    expect(rows[1]).toBeGreaterThan(0);
  });
});

describe('live snapshots', () => {
  it('are on the `live` topic after ownership: who is seen by two cameras is there once', async () => {
    const camera = { floor: 'f1', coverage: rectangle(0, 0, 10, 10) };
    const { log, append, start } = await openBench(
      url,
      hall({
        cameras: [
          { id: 'c1', ...camera },
          { id: 'c2', ...camera },
        ],
        counters: [{ id: 'gate', line: 'middle' }],
      }),
    );
    await start();
    const snapshots: LiveSnapshot[] = [];
    const tail = await log.tail(TOPIC_NAMES.live, ({ value }) =>
      snapshots.push(contracts().liveSnapshot.decode(value)),
    );
    const people = [
      { track: 1, x: 2, y: 2, vx: 1, vy: 0 },
      { track: 2, x: 8, y: 8 },
    ];
    for (const id of ['c1', 'c2'])
      await append(record({ camera: id, sequence: 1, atMs: T0, people }));
    const snapshot = await eventually('both cameras are in it', () =>
      snapshots.find(({ cameras }) => cameras.length === 2),
    );
    expect(snapshot).toMatchObject({ site: 'test', capturedUs: T0 * 1000, floors: ['f1'] });
    const places = snapshot.xMm.map((x, i) => [x, snapshot.yMm[i]]);
    expect(places.sort()).toEqual([
      [2000, 2000],
      [8000, 8000],
    ]);
    expect(snapshot.areas.map(({ area, people: count }) => [area, count])).toEqual([
      ['west', 1],
      ['east', 1],
    ]);
    await tail.stop();
  });

  it('come five times a second at most, and only where something has changed', async () => {
    const { log, append, start } = await openBench(url);
    await start();
    let count = 0;
    const tail = await log.tail(TOPIC_NAMES.live, () => count++);
    const startMs = Date.now();
    for (const one of frames(0, 40)) {
      await append(one);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await eventually('there is one', () => count > 0);
    expect(count).toBeLessThanOrEqual((Date.now() - startMs) / 200 + 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const settled = count;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(count).toBe(settled);
    await tail.stop();
  });
});

describe('a partition that is lost', () => {
  it('takes its series out of the metrics', async () => {
    const { append, start } = await openBench(url);
    const { metrics, service, written } = await start();
    await append(
      ...frames(0, 60),
      record({ sequence: 1, session: 3, atMs: T0 + 1_000 }),
      tick(T0 + 120_000),
    );
    await written(T0 + 60_000);
    await eventually('the lag is measured', async () =>
      (await metrics.text()).includes('hitonami_log_lag_records{'),
    );
    const series = /^hitonami_(area|line|written|watermark|late|log_lag)\w*\{/m;
    expect(await metrics.text()).toMatch(series);
    await service.stop();
    expect(await metrics.text()).not.toMatch(series);
  });
});

describe('a note that cannot be read', () => {
  it('beside the committed position ends the service, rather than rows being written twice or not at all', async () => {
    const { log, append, start } = await openBench(url);
    await append(...frames(0, 5));
    let assigned = (_: number): void => undefined;
    const partition = new Promise<number>((resolve) => (assigned = resolve));
    const other = await log.consume(AGGREGATOR_GROUP, [TOPIC_NAMES.observations], {
      assigned: () => undefined,
      lost: () => undefined,
      batch: (batch) => {
        assigned(batch.partition);
        return Promise.resolve();
      },
    });
    await other.commit(TOPIC_NAMES.observations, await partition, 3, 'written by something else');
    await other.stop();
    const { service } = await start();
    const report = await service.lifecycle.finished;
    expect(report.state).toBe('failed');
    expect(String(report.error)).toMatch(/the note beside the committed position cannot be read/);
  });
});
