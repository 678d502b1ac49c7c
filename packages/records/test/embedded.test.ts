import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecords } from '../src/index.js';
import { openEmbedded } from '../src/sql/embedded.js';
import { lockFolder } from '../src/sql/folder-lock.js';
import { recordsContract } from './contract.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hitonami-records-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

recordsContract('embedded, in a folder whose first maker was killed', async () => {
  const folder = folderOf();
  for (let isHalf = false; !isHalf; isHalf = !existsSync(join(folder, 'database'))) {
    await rm(folder, { recursive: true, force: true });
    const maker = start('maker.mjs', folder);
    await maker.until((line) => line === 'opening');
    while (!existsSync(join(folder, 'database.unfinished'))) await sleep(1);
    await maker.kill();
  }
  return { open: () => openEmbedded({ folder }), remove: () => Promise.resolve() };
});

describe('the folder of the embedded records', () => {
  const inUse = { code: 'CONFIG', detail: 'folder-in-use' };

  it('belongs to one process, keeps every note that was written when that is killed, and is free at once', async () => {
    const folder = folderOf();
    const writer = start('writer.mjs', folder);
    const kept = Number(await writer.until((line) => Number(line) >= 20));
    await expect(openRecords({ folder })).rejects.toMatchObject(inUse);
    await writer.kill();
    const records = await openRecords({ folder });
    expect(await records.migrate()).toEqual([]);
    const notes = await records.notes.between('killed', new Date(0), new Date(Date.now() + 1_000));
    expect(notes.map(({ text }) => Number(text))).toEqual([...notes.keys()]);
    expect(notes.length).toBeGreaterThan(kept);
    await records.close();
  }, 60_000);

  it('says who has it, within one process too, and is given back by a close', async () => {
    const folder = folderOf();
    const records = await openRecords({ folder });
    await expect(openRecords({ folder })).rejects.toThrow(`process ${process.pid}`);
    await Promise.all([records.close(), records.close()]);
    await expect(records.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const again = await openRecords({ folder });
    await again.check();
    await again.close();
    expect(owners(await readdir(folder))).toHaveLength(1);
  });
});

describe('the lock of a folder', () => {
  const times = { signOfLifeMs: 20, silenceMaxMs: 300 };
  const elsewhere = { place: 'another container', pid: 1, started: '7', released: false };
  const newFolder = (): Promise<string> => mkdtemp(join(root, 'lock-'));

  it('is had by one of many who try at once, time after time', async () => {
    const folder = await newFolder();
    for (let round = 0; round < 20; round++) {
      const tries = await Promise.allSettled(Array.from({ length: 5 }, () => lockFolder(folder)));
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
    await expect(lockFolder(folder, times)).rejects.toThrow('process 1 on another');
    clearInterval(sign);
    const lock = await lockFolder(folder, times);
    expect(owners(await readdir(folder))).toEqual(['owner-4']);
    await lock.release();
  });

  it('is known to be lost by a holder that slept until it was taken for dead', async () => {
    const folder = await newFolder();
    const lock = await lockFolder(folder, times);
    await writeFile(join(folder, 'owner-2'), JSON.stringify(elsewhere));
    expect(lock.isLost()).toBe(true);
    await lock.release();
  });
});

function folderOf(): string {
  return join(root, 'records');
}

function owners(names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith('owner-'));
}

interface Child {
  until(isIt: (line: string) => boolean): Promise<string>;
  kill(): Promise<void>;
}

/** As compiled: a child process has no TypeScript. */
function start(script: string, folder: string): Child {
  const path = join(import.meta.dirname, 'processes', script);
  const child: ChildProcess = spawn(process.execPath, [path, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = child.stdout === null ? undefined : createInterface(child.stdout);
  return {
    async until(isIt) {
      for await (const line of lines ?? []) if (isIt(line)) return line;
      throw new Error(`${script} ended too early`);
    },
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
