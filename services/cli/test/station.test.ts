import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@hitonami/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planText } from '../../../test/support/plans.js';
import { closeAll } from '../src/close-all.js';
import { startStation, withStation } from '../src/compose.js';
import { closeRecording } from '../src/replay/finish.js';
import type { RecordedFrame } from '../src/replay/recorded-positions.js';
import { sendPositions } from '../src/replay/send-positions.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-station-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const START_US = 1_775_001_600_000_000;

async function* someoneAt(capturedUs: number): AsyncGenerator<RecordedFrame> {
  yield await Promise.resolve({ capturedUs, ids: ['1'], xM: [5], yM: [5] });
}

const options = (name: string, planJson = planText()) => ({
  dataFolder: join(folder, name),
  planJson,
  recording: true,
  logger: createLogger({ service: 'test', level: 'silent' }),
});

describe('a station', () => {
  it('whose aggregator cannot go on tells whoever waits, and is stopped in order', async () => {
    let url = '';
    const work = withStation(
      options('fails'),
      async ({ doors, warehouse, warehouseUrl, log, failed }) => {
        url = warehouseUrl;
        const sender = { doors, site: 'test', camera: 'c1', periodUs: 400_000 };
        await sendPositions(sender, someoneAt(START_US), () => undefined);
        for await (const _ of await warehouse.query('DROP DATABASE hitonami', {}, 'Null'));
        await closeRecording(log, 'test', START_US);
        await failed;
      },
    );
    await expect(work).rejects.toThrow(/^the aggregator cannot go on: /);
    await expect(fetch(url)).rejects.toThrow();
  }, 30_000);

  it('that cannot start says why, and leaves nothing running', async () => {
    await expect(startStation(options('plan', '{}'))).rejects.toMatchObject({ code: 'PLAN' });
    // The same folder can be had again.
    await withStation(options('plan'), ({ plan }) => {
      expect(plan.site).toBe('test');
      return Promise.resolve();
    });
  }, 60_000);
});

describe('a stop', () => {
  it('closes everything, also after something that cannot be closed, and then says what could not', async () => {
    const closed: string[] = [];
    const close = (name: string, fault?: Error) => () => {
      closed.push(name);
      return fault ? Promise.reject(fault) : Promise.resolve();
    };
    const [one, two] = [new Error('one'), new Error('two')];
    await expect(closeAll([close('a'), close('b', one), close('c')])).rejects.toBe(one);
    await expect(closeAll([close('d', one), close('e', two)])).rejects.toThrow(/^2 parts/);
    await closeAll([close('f')]);
    expect(closed.join('')).toBe('abcdef');
  });
});
