import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPublishedFolder } from '@hitonami/releases';
import { afterAll, describe, expect, it } from 'vitest';
import { smallDisk } from '../../../test/support/small-disk.js';
import { areaCells, draftOf, stationPlan } from './releases.js';

/** The compiled room in processes of their own, which are killed or run out of disk. */

const root = mkdtempSync(join(tmpdir(), 'hitonami-crash-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const [CELLS] = areaCells(1);
const STEPS = 24;

interface Run {
  until(isIt: (line: string) => boolean): Promise<string>;
  kill(): void;
  readonly lines: readonly string[];
  readonly ended: Promise<number | null>;
}

function publisher(folder: string, pauseMs: number, changes: object = {}): Run {
  const order = { folder, draft: draftOf(), steps: STEPS, pauseMs, cells: CELLS, ...changes };
  const script = join(import.meta.dirname, 'processes/publisher.mjs');
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const look of waiting) look();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    lines,
    ended,
    kill: () => child.kill('SIGKILL'),
    until: (isIt) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const line = lines.find(isIt);
          if (line === undefined) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        look();
        void ended.then(() => {
          reject(new Error(`it ended after: ${lines.join('; ')}`));
        });
      }),
  };
}

const releasesOf = async (folder: string): Promise<number> =>
  (await openPublishedFolder(folder).look()).releases.length;

describe('a publisher that is killed', () => {
  it('in the middle of writing leaves nothing to be seen; the next run goes on with what was kept', async () => {
    const folder = mkdtempSync(join(root, 'killed-'));
    const first = publisher(folder, 20);
    expect(await first.until((line) => line.startsWith('kept'))).toBe('kept nothing');
    await first.until((line) => line === 'step 3');
    first.kill();
    await first.ended;
    expect(readdirSync(folder)).toEqual(['.work']);
    expect(await releasesOf(folder)).toBe(0);

    const second = publisher(folder, 0);
    expect(await second.until((line) => line.startsWith('kept'))).toMatch(/^kept by \d+$/);
    expect(await second.until((line) => line.startsWith('finished'))).toBe('finished 1');
    await second.ended;
    const { releases } = await openPublishedFolder(folder).look();
    expect(releases.map(({ quality }) => quality.cells)).toEqual([STEPS * (CELLS?.length ?? 0)]);
    const work = join(folder, '.work/open/test/crowding/2026-10-01');
    expect(readdirSync(work).filter((name) => !name.startsWith('owner-'))).toEqual([]);
  });

  it('at any time, again and again: what is visible is whole, and there is never more than one', async () => {
    const folder = mkdtempSync(join(root, 'again-'));
    const after = ['step 0', 'step 22', `step ${STEPS - 1}`];
    for (const [i, line] of after.entries()) {
      const run = publisher(folder, i < 2 ? 5 : 0);
      await run.until((said) => said === line);
      run.kill();
      await run.ended;
      const { releases } = await openPublishedFolder(folder).look();
      // The last is killed as it finishes: before or after the rename, never between.
      if (i < 2) expect(releases).toHaveLength(0);
      for (const { quality } of releases) expect(quality.cells).toBe(STEPS * (CELLS?.length ?? 0));
    }
    if ((await releasesOf(folder)) === 0) {
      const run = publisher(folder, 0);
      await run.until((line) => line === 'finished 1');
      await run.ended;
    }
    expect(await releasesOf(folder)).toBe(1);
  });
});

describe('a full disk', () => {
  const disk = smallDisk('full-release', 24);
  afterAll(() => {
    disk.remove();
  });

  it.skipIf(!disk.isThere)(
    'is said in words, nothing is visible, its room is given back, and the run goes on when there is more',
    async () => {
      const folder = join(disk.path, 'public');
      const areas = Array.from({ length: 200 }, (_, i) => `a${i}`);
      const [area] = stationPlan().areas;
      const plan = stationPlan({ areas: areas.map((id) => ({ ...area, id })), lines: [] });
      const [cells] = areaCells(1, areas);
      const order = { draft: draftOf({}, { plan }), cells };
      disk.fill(4 * 2 ** 20);
      const full = publisher(folder, 0, order);
      expect(await full.until((line) => line.startsWith('refused'))).toMatch(
        /^refused UNAVAILABLE true no-room no room is left .*make room/,
      );
      expect(await full.ended).toBe(0);
      expect(await releasesOf(folder)).toBe(0);
      expect(disk.free()).toBeGreaterThan(3.5 * 2 ** 20);
      disk.makeRoom();
      const again = publisher(folder, 0, order);
      expect(await again.until((line) => line.startsWith('kept'))).toMatch(/^kept by/);
      await again.until((line) => line === 'finished 1');
      expect(await again.ended).toBe(0);
      expect(await releasesOf(folder)).toBe(1);
    },
  );
});
