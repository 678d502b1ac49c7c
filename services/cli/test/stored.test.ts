import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClosedWindow } from '@hitonami/crowd';
import { openEmbeddedLog, type EventLog } from '@hitonami/event-log';
import { publishPlan, TOPIC_NAMES, topicSpecs } from '@hitonami/service';
import {
  openWarehouse,
  startEmbeddedWarehouse,
  type EmbeddedWarehouse,
  type RetentionOrKeep,
  type Warehouse,
} from '@hitonami/warehouse';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lineFrom, planText } from '../../../test/support/plans.js';
import { stored } from '../src/commands/stored.js';

// What may not be there is written on purpose, and found.

const RETENTION = { positionsHours: 24, flowLegsDays: 3, measuresDays: 7, rollupDays: 400 };
const MINUTE_US = 60e6;
const DAY_US = 1_440 * MINUTE_US;

let data: string;
let engine: EmbeddedWarehouse;
let warehouse: Warehouse;
let log: EventLog;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'hitonami-stored-'));
  engine = await startEmbeddedWarehouse({ folder: join(data, 'warehouse') });
  warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
  await warehouse.migrate();
  log = await openEmbeddedLog({ folder: join(data, 'log') });
  await log.createTopics(topicSpecs());
  const ticketGates = [{ floor: 'f1', line: lineFrom([50, 0], [50, 6]) }];
  await publishPlan(log, planText({ retention: RETENTION, ticketGates }), 0);
}, 60_000);
afterAll(async () => {
  await log.close();
  await warehouse.close();
  await engine.stop();
  await rm(data, { recursive: true, force: true });
});

const check = async () => {
  const lines: string[] = [];
  const code = await stored({ data }, {}, (line) => lines.push(line));
  const text = lines.join('\n');
  return { code, text, faults: text.match(/^FAULT: .*$/gm) ?? [] };
};

/** A minute's window with one of everything, that ended so long ago. */
function windowBefore(agoUs: number, changes: Partial<ClosedWindow> = {}): ClosedWindow {
  const endUs = Math.floor((Date.now() * 1000 - agoUs) / MINUTE_US) * MINUTE_US;
  const startUs = endUs - 10e6;
  const key = { site: 'test', startUs, lengthUs: 10e6, generation: 0 };
  const places = { fromPlace: 'hall', toPlace: 'middle', joined: 0 };
  const atUs = endUs - MINUTE_US;
  const leg = { site: 'test', trackHi: 1, trackLo: 2, fromPlace: 'hall', toPlace: 'middle' };
  return {
    ...{ site: 'test', startUs, lengthUs: 10e6, planVersion: 1, areas: [], lines: [], cameras: [] },
    flows: [{ ...key, ...places, legs: 12, insideUs: 0, confidencePermille: 12_000 }],
    journeys: [{ ...key, ...places, journeys: 9, travelUs: 0, confidencePermille: 9_000 }],
    legs: [
      {
        ...{ ...leg, leftUs: atUs, reachedUs: atUs, insideUs: 0, joins: 0, nth: 0 },
        confidencePermille: 1000,
      },
    ],
    positions: {
      ...{ count: 1, floors: ['f1'], floor: Uint8Array.of(0), kind: Uint8Array.of(1) },
      capturedUs: Float64Array.of(startUs),
      ...{ xMm: Int32Array.of(5_000), yMm: Int32Array.of(5_000) },
      ...{ vxMmS: Int32Array.of(0), vyMmS: Int32Array.of(0) },
    },
    ...changes,
  };
}

const write = (window: ClosedWindow, retention: RetentionOrKeep = RETENTION) =>
  warehouse.insertWindows([window], { retention, areaKinds: new Map() });

const rollUp = (startUs: number, retention: RetentionOrKeep) =>
  warehouse.rollup({
    ...{ site: 'test', lengthS: 60, retention, smallestGroup: 10 },
    bucketStartUs: Math.floor(startUs / MINUTE_US) * MINUTE_US,
  });

/** Removes what a test wrote. */
const clear = async () => {
  for (const table of ['positions', 'flow_legs', 'flow_measures', 'journey_measures'])
    for await (const _ of await warehouse.query(`TRUNCATE TABLE ${table}`));
};

describe('hitonami stored', () => {
  it('shows of every topic and table what is there, how old it is and may be, and finds nothing to say', async () => {
    const window = windowBefore(3 * MINUTE_US);
    await write(window);
    await rollUp(window.startUs, RETENTION);
    const { code, text } = await check();
    expect(text).toMatch(/topic observations +records +78 min +0 +ok/);
    expect(text).toMatch(/topic plans +records +for ever +1 +ok/);
    expect(text).toMatch(/test: positions +rows +24 h +1 +\d.*ok/);
    expect(text).toMatch(/test: positions +near a ticket gate +none +0 +ok/);
    expect(text).toMatch(/test: flow_legs +rows +3 d +1 .*ok/);
    expect(text).toMatch(/test: flow_measures +windows +7 d +1 .*ok/);
    expect(text).toMatch(/test: journey_measures +small groups +7 d +1 .*ok/);
    expect(text).toContain('nothing is older than it may be');
    expect(code).toBe(0);
    await clear();
  }, 30_000);

  it('finds what was written too long ago, and names it', async () => {
    const window = windowBefore(8 * DAY_US);
    // As a program would that knew no limits.
    await write(window, 'keep');
    await rollUp(window.startUs, 'keep');
    const { code, faults, text } = await check();
    expect(code).toBe(1);
    const found = faults.map((fault) => /test: (\w+), ([\w ]+):/.exec(fault)?.slice(1).join(' '));
    expect(found).toEqual([
      'positions rows',
      'flow_legs rows',
      'flow_measures windows',
      'journey_measures windows',
      // Twelve people may stand in a rollup for long, nine may not.
      'journey_measures small groups',
    ]);
    expect(text).toMatch(/5 of \d+ checks found what may not be there/);
    await clear();
  }, 30_000);

  it('finds a position by a ticket gate, a leg with its exact time, a table that somebody made, rows of another site', async () => {
    const window = windowBefore(3 * MINUTE_US);
    const near = { ...window.positions, xMm: Int32Array.of(54_900) };
    const legs = window.legs.map((leg) => ({ ...leg, reachedUs: leg.reachedUs + 1 }));
    await write({ ...window, positions: near, legs });
    await write(
      windowBefore(4 * MINUTE_US, { legs: [], positions: { ...near, xMm: Int32Array.of(55_100) } }),
    );
    await write({ ...window, legs: window.legs.map((leg) => ({ ...leg, site: 'elsewhere' })) });
    for await (const _ of await warehouse.query(
      'CREATE TABLE copy ENGINE = MergeTree ORDER BY x_mm AS SELECT * FROM positions',
    ));
    const { code, faults } = await check();
    expect(code).toBe(1);
    expect(faults.join('\n')).toMatch(/1 positions are within 5 m of a ticket gate/);
    expect(faults.join('\n')).toMatch(/1 rows have times finer than the plan’s step/);
    expect(faults.join('\n')).toMatch(/table copy, unknown: hitonami did not make it/);
    expect(faults.join('\n')).toMatch(/site elsewhere, unknown: its rows have no plan/);
    expect(faults).toHaveLength(4);
    for await (const _ of await warehouse.query('DROP TABLE copy'));
    await clear();
  }, 30_000);

  it('finds records that outlived their topic, a topic that keeps longer than it may, and one that nobody knows', async () => {
    const forEver = { partitions: 4, retentionMs: Infinity };
    await log.createTopics([
      { name: TOPIC_NAMES.observations, ...forEver },
      { name: 'spy', ...forEver },
    ]);
    const now = Date.now();
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now - 2 * 3_600_000);
    await log.append(TOPIC_NAMES.observations, [{ key: 'test', value: Buffer.from('x') }]);
    clock.mockRestore();
    const { code, faults } = await check();
    expect(code).toBe(1);
    expect(faults).toEqual([
      expect.stringMatching(/topic observations, records: 1 records are older than 78 min/),
      expect.stringMatching(/topic spy, unknown/),
    ]);
    // A service that starts brings the topic to its retention, and the log deletes what is over it.
    await log.createTopics(topicSpecs());
    await vi.waitFor(async () => {
      expect(await log.countOlder(TOPIC_NAMES.observations, now)).toBe(0);
    }, 5_000);
  }, 30_000);

  it('of a log without a plan knows no limits, and says so of every site that has rows', async () => {
    await write(windowBefore(3 * MINUTE_US));
    const bare = await openEmbeddedLog({ folder: join(data, 'bare/log') });
    await bare.close();
    const lines: string[] = [];
    const options = { data: join(data, 'bare'), url: engine.url };
    expect(await stored(options, {}, (line) => lines.push(line))).toBe(1);
    expect(lines.join('\n')).toContain('site test, unknown: its rows have no plan on this log');
    await clear();
  }, 30_000);

  it('refuses a folder that is not there', async () => {
    const missing = stored({ data: join(data, 'nowhere') }, {}, () => undefined);
    await expect(missing).rejects.toThrow(/nowhere.* is not there/);
  });
});
