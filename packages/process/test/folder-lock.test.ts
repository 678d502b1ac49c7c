import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../src/index.js';

const inUse = (who: string): Error => new Error(`in use by ${who}`);
const owners = (names: string[]): string[] => names.filter((name) => name.startsWith('owner-'));

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hitonami-lock-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('the lock of a folder', () => {
  const times = { signOfLifeMs: 20, silenceMaxMs: 300 };
  const elsewhere = { place: 'another container', pid: 1, started: '7', released: false };
  const newFolder = (): Promise<string> => mkdtemp(join(root, 'lock-'));

  it('is had by one of many who try at once, time after time', async () => {
    const folder = await newFolder();
    for (let round = 0; round < 20; round++) {
      const tries = await Promise.allSettled(
        Array.from({ length: 5 }, () => lockFolder(folder, inUse)),
      );
      const had = tries.flatMap((done) => (done.status === 'fulfilled' ? [done.value] : []));
      expect(had).toHaveLength(1);
      expect(had[0]?.isLost()).toBe(false);
      await had[0]?.release();
    }
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('is left to a process of another machine or container as long as that gives a sign of life', async () => {
    const folder = await newFolder();
    const file = join(folder, 'owner-3');
    await writeFile(file, JSON.stringify(elsewhere));
    const sign = setInterval(() => void utimes(file, new Date(), new Date()), 20);
    await expect(lockFolder(folder, inUse, times)).rejects.toThrow('process 1 on another');
    clearInterval(sign);
    const lock = await lockFolder(folder, inUse, times);
    expect(owners(await readdir(folder))).toEqual(['owner-4']);
    await lock.release();
  });

  it('is known to be lost by a holder that slept until it was taken for dead', async () => {
    const folder = await newFolder();
    const lock = await lockFolder(folder, inUse, times);
    await writeFile(join(folder, 'owner-2'), JSON.stringify(elsewhere));
    expect(lock.isLost()).toBe(true);
    await lock.release();
  });
});
