import { describe, expect, it } from 'vitest';
import { Lifecycle } from '../src/index.js';
import type { Part, ServiceState } from '../src/index.js';

const never = (): Promise<void> => new Promise(() => undefined);
const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function recorder() {
  const steps: string[] = [];
  const part = (name: string, overrides: Partial<Part> = {}): Part => ({
    name,
    close: () => void steps.push(`${name}.close`),
    finish: async () => {
      await soon(1);
      steps.push(`${name}.finish`);
    },
    flush: () => void steps.push(`${name}.flush`),
    disconnect: () => void steps.push(`${name}.disconnect`),
    ...overrides,
  });
  return { steps, part };
}

describe('a life', () => {
  it('goes from starting over ready and stopping to stopped', async () => {
    const states: ServiceState[] = [];
    const life = new Lifecycle({ name: 'x', onState: (state) => states.push(state) });
    expect(life.state).toBe('starting');
    await life.start(() => undefined);
    expect(life.state).toBe('ready');
    expect(life.signal.aborted).toBe(false);
    await life.stop();
    expect(life.signal.aborted).toBe(true);
    expect(states).toEqual(['starting', 'ready', 'stopping', 'stopped']);
  });

  it('stops in order: close every door, finish, flush, disconnect, the last started first', async () => {
    const { steps, part } = recorder();
    const life = new Lifecycle({ name: 'x' });
    await life.start(() => {
      life.own(part('log'));
      life.own(part('door'));
    });
    await life.stop();
    expect(steps).toEqual(
      ['close', 'finish', 'flush', 'disconnect'].flatMap((phase) => [
        `door.${phase}`,
        `log.${phase}`,
      ]),
    );
  });

  it('stops once, however often and by whomever it is asked', async () => {
    const { steps, part } = recorder();
    const life = new Lifecycle({ name: 'x' });
    await life.start(() => void life.own(part('a')));
    const reports = await Promise.all([life.stop(), life.stop(), life.finished]);
    expect(reports[0]).toBe(reports[1]);
    expect(reports[0]).toBe(reports[2]);
    expect(await life.stop()).toEqual({ state: 'stopped', faults: [], overran: [] });
    expect(steps).toHaveLength(4);
  });

  it('goes on stopping where a step throws, and reports it', async () => {
    const { steps, part } = recorder();
    const life = new Lifecycle({ name: 'x' });
    const error = new Error('disk full');
    await life.start(() => {
      life.own(part('a'));
      life.own(
        part('b', {
          flush: () => {
            throw error;
          },
        }),
      );
    });
    const report = await life.stop();
    expect(report).toEqual({ state: 'stopped', faults: [{ step: 'b.flush', error }], overran: [] });
    expect(steps).toContain('a.flush');
    expect(steps).toContain('b.disconnect');
  });

  it('waits no longer than the deadline, and lets go of everything all the same', async () => {
    const { steps, part } = recorder();
    const life = new Lifecycle({ name: 'x', stopDeadlineMs: 100 });
    await life.start(() => {
      life.own(part('log'));
      life.own(part('stuck', { finish: never }));
    });
    const began = performance.now();
    const report = await life.stop();
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(report.overran).toEqual(['stuck.finish', 'log.finish', 'stuck.flush', 'log.flush']);
    expect(steps).toEqual(['stuck.close', 'log.close', 'stuck.disconnect', 'log.disconnect']);
  });

  it('that fails to start stops what it had started, and says why', async () => {
    const { steps, part } = recorder();
    const life = new Lifecycle({ name: 'x' });
    const error = new Error('no broker');
    await expect(
      life.start(() => {
        life.own(part('a'));
        throw error;
      }),
    ).rejects.toBe(error);
    expect(life.state).toBe('failed');
    expect(steps).toHaveLength(4);
    expect(await life.finished).toEqual({ state: 'failed', error, faults: [], overran: [] });
  });

  it('that is stopped while starting ends as stopped, and owns no part behind its back', async () => {
    const { steps, part } = recorder();
    const life = new Lifecycle({ name: 'x' });
    const starting = life.start(async () => {
      life.own(part('early'));
      await soon(20);
      life.own(part('late'));
      throw new Error('not reached');
    });
    const report = await life.stop();
    await starting;
    expect(report).toEqual({ state: 'stopped', faults: [], overran: [] });
    expect(steps.slice(0, 2)).toEqual(['late.close', 'early.close']);
    expect(steps).toHaveLength(8);
  });

  it('that cannot go on ends as failed, with the first fault', async () => {
    const life = new Lifecycle({ name: 'x' });
    await life.start(() => undefined);
    const first = new Error('first');
    void life.fail(first);
    await life.fail(new Error('second'));
    expect(await life.finished).toMatchObject({ state: 'failed', error: first });
  });
});
