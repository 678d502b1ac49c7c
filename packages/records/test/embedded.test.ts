import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallDisk } from '../../../test/support/small-disk.js';
import { openRecords } from '../src/index.js';
import { openEmbedded } from '../src/sql/embedded.js';
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
  return {
    open: () => openEmbedded({ folder }),
    another: (name) => openEmbedded({ folder: join(root, name) }),
    remove: () => Promise.resolve(),
  };
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

describe('a full disk under the embedded records', () => {
  // The database has 40 MB, and 64 MiB have to be free for anything to be written.
  const disk = smallDisk('full-disk', 124);
  afterAll(() => {
    disk.remove();
  });

  it.skipIf(!disk.isThere)(
    'is said in words, keeps all that was acknowledged, can be read, and is over when there is room',
    async () => {
      const child = start('filler.mjs', join(disk.path, 'records'));
      await child.until((line) => line === 'ready');
      disk.fill(66 * 2 ** 20);
      child.say('fill it');
      expect(await child.until((line) => line.startsWith('refused'))).toMatch(
        /^refused UNAVAILABLE true 53100 .*is full.*make room/,
      );
      const [, kept, last] = /^kept (\d+) last (\d+)$/.exec(await child.until(() => true)) ?? [];
      expect(Number(kept)).toBeGreaterThan(10);
      expect(Number(last)).toBe(Number(kept) - 1);
      disk.makeRoom();
      child.say('go on');
      expect(await child.until(() => true)).toBe(`later ${kept ?? ''}`);
      expect(await child.ended).toBe(0);
    },
    60_000,
  );
});

function folderOf(): string {
  return join(root, 'records');
}

function owners(names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith('owner-'));
}

interface Child {
  until(isIt: (line: string) => boolean): Promise<string>;
  say(line: string): void;
  kill(): Promise<void>;
  ended: Promise<number | null>;
}

/** As compiled: a child process has no TypeScript. */
function start(script: string, folder: string): Child {
  const path = join(import.meta.dirname, 'processes', script);
  const child = spawn(process.execPath, [path, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async until(isIt) {
      for (;;) {
        const line = await lines.next();
        if (line.done === true) throw new Error(`${script} ended too early`);
        if (isIt(line.value)) return line.value;
      }
    },
    say: (line) => child.stdin.write(`${line}\n`),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    ended,
  };
}
