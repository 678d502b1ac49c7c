import { publishPlan } from '@hitonami/service';
import { describe, expect, it } from 'vitest';
import { eventually, observationsOf } from '../../../test/support/event-log.js';
import { rectangle } from '../../../test/support/plans.js';
import { batch, openCounts, openPositions, startIngestor, station, timeOf } from './support.js';

// What the ingestor learns from the log while it runs, and what it puts there without being asked.

const second = { id: 'late-comer', floor: 'f1', coverage: rectangle(0, 0, 5, 5) };
const sensor = { id: 'sensor', floor: 'f1', coverage: rectangle(5, 0, 10, 10) };

describe('a plan that is published while the ingestor runs', () => {
  it('opens the door to its cameras', async () => {
    const ingestor = await startIngestor({ plan: '' });
    const door = openPositions(ingestor);
    const refused = await door.ask(batch(0));
    expect(refused.rejected?.reason).toBe('REJECT_REASON_UNKNOWN_SITE');
    await publishPlan(ingestor.log, station(), Date.now() * 1000);
    let n = 1;
    await eventually('a batch is taken', async () => (await door.ask(batch(n++))).processed);
  });

  it('as a second version adds a camera from the instant it is in force, and frames say which version they mean', async () => {
    const ingestor = await startIngestor();
    const inForceFrom = new Date(timeOf(100) / 1000).toISOString();
    const cameras = [sensor, second];
    const change = { version: 2, inForceFrom, cameras };
    const { inForceFromUs } = await publishPlan(ingestor.log, station(change), timeOf(0));
    // Published for an instant within a window: in force from its end, as for those who fold it.
    expect(inForceFromUs % 10_000_000).toBe(0);
    const first = Math.ceil((inForceFromUs - timeOf(0)) / (timeOf(1) - timeOf(0)));
    const door = openPositions(ingestor);
    const camera = 'late-comer';
    // Of an instant at which version 2 is in force: taken as soon as the plan is learned.
    let n = first;
    await eventually(
      'the new camera is known',
      async () => (await door.ask(batch(n++, { camera }))).processed,
    );
    const early = await door.ask(batch(first - 1, { camera, sequence: 1_000 }));
    expect(early.rejected).toMatchObject({
      reason: 'REJECT_REASON_UNKNOWN_CAMERA',
      detail: `camera 'late-comer' is not in version 1 of the plan of 'test'; version 2 has it, in force from ${new Date(inForceFromUs / 1000).toISOString()}`,
    });
    const one = { xM: [1], yM: [1], track: ['1'] };
    for (const at of [first - 2, first - 1, first, first + 1])
      expect((await door.ask(batch(at, one))).processed).toBeDefined();
    const found = await observationsOf(ingestor.log, 'test');
    const frames = found.flatMap((item) =>
      item.type === 'positions' && item.frame.camera === 'sensor' ? [item.frame] : [],
    );
    expect(frames.map(({ planVersion }) => planVersion)).toEqual([1, 1, 2, 2]);
    // Places may mean something else in another plan: its tracks are those of another session.
    expect(frames[1]?.sessionLo).toBe(frames[0]?.sessionLo);
    expect(frames[2]?.sessionLo).not.toBe(frames[1]?.sessionLo);
  });
});

describe('a counter that a second version replaces', () => {
  it('is the one until a window of the new plan begins: a report belongs to the window in which it ends', async () => {
    const ingestor = await startIngestor();
    const inForceFrom = new Date(timeOf(100) / 1000).toISOString();
    const counters = [{ id: 'new-gate', line: 'middle' }];
    const change = station({ version: 2, inForceFrom, counters });
    const { inForceFromUs } = await publishPlan(ingestor.log, change, timeOf(0));
    const door = openCounts(ingestor);
    let sequence = 0;
    const outcome = async (counter: string, toUs: number) => {
      const interval = { fromUs: toUs - 1_000_000, toUs };
      const crossings = { forward: 1, backward: 0 };
      const answer = await door.ask({
        ...{ site: 'test', counter, sequence: sequence++, ...interval, ...crossings },
      });
      return answer.outcome === 'stored' ? 'stored' : answer.rejected?.detail;
    };
    const after = inForceFromUs + 1_000_000;
    await eventually(
      'the new counter is known',
      async () => (await outcome('new-gate', after)) === 'stored',
    );
    expect(await outcome('gate', inForceFromUs)).toBe('stored');
    expect(await outcome('gate', after)).toMatch(/'gate' is not in version 2/);
    expect(await outcome('new-gate', inForceFromUs)).toMatch(
      /'new-gate' is not in version 1 .*; version 2 has it, in force from /,
    );
    await door.end();
  });
});

describe('ticks', () => {
  const ticksOn = async (ticks: 'on' | 'off', waitMs: number) => {
    const ingestor = await startIngestor({ ticks });
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const found = await observationsOf(ingestor.log, 'test');
    return found.flatMap((item) => (item.type === 'tick' ? [item.tick] : []));
  };

  it('go to the log about once a second for every site, with the time of this clock', async () => {
    const ticks = await ticksOn('on', 3_400);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(4);
    expect(
      ticks.every(
        ({ site, nowUs }) => site === 'test' && Math.abs(nowUs / 1000 - Date.now()) < 10_000,
      ),
    ).toBe(true);
  });

  it('are off where time is not the clock’s, as in a replay', async () => {
    expect(await ticksOn('off', 1_500)).toEqual([]);
  });
});
