import { publishPlan } from '@hitonami/service';
import { describe, expect, it } from 'vitest';
import { eventually, observationsOf } from '../../../test/support/event-log.js';
import { rectangle } from '../../../test/support/plans.js';
import { batch, openPositions, startIngestor, station, timeOf } from './support.js';

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
    await publishPlan(ingestor.log, station(change), timeOf(0));
    const door = openPositions(ingestor);
    const camera = 'late-comer';
    // Of an instant at which version 2 is in force: taken as soon as the plan is learned.
    let n = 100;
    await eventually(
      'the new camera is known',
      async () => (await door.ask(batch(n++, { camera }))).processed,
    );
    const early = await door.ask(batch(0, { camera, sequence: 1_000 }));
    expect(early.rejected?.detail).toMatch(/'late-comer' is not in version 1/);
    const one = { xM: [1], yM: [1], track: ['1'] };
    for (const at of [98, 99, 100, 101])
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
