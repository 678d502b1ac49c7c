import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedWarehouse } from '@hitonami/warehouse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyDataFolder, makeDataFolder, requireUnused } from '../src/data-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-data-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the data folder', () => {
  it('of a demo may be absent or empty, and loses the log and warehouse of an earlier run', async () => {
    await emptyDataFolder(join(folder, 'absent'));
    await emptyDataFolder(folder);
    await mkdir(join(folder, 'log'));
    await mkdir(join(folder, 'warehouse'));
    await writeFile(join(folder, 'log', 'segment'), 'old');
    await emptyDataFolder(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a demo is never emptied of what is not hitonami’s', async () => {
    await mkdir(join(folder, 'log'));
    await writeFile(join(folder, 'thesis.txt'), 'three years');
    await expect(emptyDataFolder(folder)).rejects.toMatchObject({
      code: 'INPUT',
      message: expect.stringMatching(/holds 'thesis\.txt', which is not hitonami's/) as string,
    });
    expect((await readdir(folder)).sort()).toEqual(['log', 'thesis.txt']);
    await expect(emptyDataFolder(join(folder, 'thesis.txt'))).rejects.toThrow(/cannot be read/);
  });

  it('of a demo is not emptied under a warehouse that runs', async () => {
    const engine = await startEmbeddedWarehouse({ folder: join(folder, 'warehouse') });
    try {
      await expect(emptyDataFolder(folder)).rejects.toThrow(/a running system uses/);
    } finally {
      await engine.stop();
    }
    await emptyDataFolder(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a replay holds neither log nor warehouse', async () => {
    await requireUnused(folder);
    await requireUnused(join(folder, 'absent'));
    await mkdir(join(folder, 'warehouse'));
    await expect(requireUnused(folder)).rejects.toThrow(
      /holds the warehouse of an earlier run: give an empty folder with --data/,
    );
  });

  it('that cannot be made is named, with what to do', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(makeDataFolder(join(folder, 'file', 'data'))).rejects.toMatchObject({
      code: 'INPUT',
      message: expect.stringMatching(/cannot be made: .*; name one .* with --data/) as string,
    });
  });
});
