import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lentOrSkip } from '../../../test/support/require.js';
import { openEmbeddedLog } from '../src/index.js';
import { startChild } from './children.js';
import { collect, Recorder, until } from './recorder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitonami-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const forEver = [{ name: 't', partitions: 1, retentionMs: Infinity }];

describe('a full disk', () => {
  it('refuses appends with LOG_FULL, stays readable, and goes on once a file may grow again', async () => {
    const log = await openEmbeddedLog({ folder });
    await log.createTopics(forEver);
    await log.close();
    // In blocks of 512 bytes: 2 MB for any file. Only the soft limit, so that it can be lifted from outside.
    const child = startChild('filler.mjs', [folder, 't'], 'ulimit -S -f 4096');
    await until('it is full', () => child.lines.some((line) => line.startsWith('appended')));
    expect(child.lines[0]).toMatch(/^refused LOG_FULL true .*no room left.*stays readable/);
    const [, appended, readable] = /appended (\d+) readable (\d+)/.exec(child.lines[3] ?? '') ?? [];
    expect(Number(appended)).toBeGreaterThan(10);
    expect(readable).toBe(appended);
    execFileSync('prlimit', ['--pid', String(child.process.pid), '--fsize=unlimited']);
    child.process.stdin.write('go on\n');
    expect([await child.ended, child.lines.at(-1)]).toEqual([0, 'later 10']);
  });

  const mount = join(tmpdir(), `hitonami-small-disk-${process.pid}`);
  const canMount = ((): boolean => {
    try {
      mkdirSync(mount);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', mount], { stdio: 'ignore' });
      return true;
    } catch {
      rmSync(mount, { recursive: true, force: true });
      return false;
    }
  })();
  const hint = 'mounting a small tmpfs needs root; the limit on file sizes is tested instead';

  it.skipIf(!lentOrSkip('a disk that fills up', canMount, hint))(
    'does the same on a small file system that another file has filled',
    async () => {
      try {
        const ballast = join(mount, 'ballast');
        writeFileSync(ballast, Buffer.alloc(3_000_000));
        const small = join(mount, 'log');
        const log = await openEmbeddedLog({ folder: small });
        await log.createTopics(forEver);
        await log.close();
        const child = startChild('filler.mjs', [small, 't']);
        await until('it is full', () => child.lines.some((line) => line.startsWith('appended')));
        expect(child.lines[0]).toMatch(/^refused LOG_FULL true/);
        const counts = /appended (\d+) readable (\d+)/.exec(child.lines[3] ?? '');
        expect(counts?.[2]).toBe(counts?.[1]);
        rmSync(ballast);
        child.process.stdin.write('go on\n');
        expect([await child.ended, child.lines.at(-1)]).toEqual([0, 'later 10']);
      } finally {
        execFileSync('umount', [mount]);
        rmSync(mount, { recursive: true, force: true });
      }
    },
  );
});

describe('a folder that is not what it should be', () => {
  const filled = async (): Promise<void> => {
    const log = await openEmbeddedLog({ folder });
    await log.createTopics(forEver);
    for (let n = 0; n < 5; n++)
      await log.append('t', [{ key: 'a', value: Buffer.alloc(20_000, `value-${n} `) }]);
    await log.close();
  };

  it('is refused where its file is something else', async () => {
    writeFileSync(join(folder, 'data.mdb'), Buffer.alloc(100_000, 'no log at all '));
    await expect(openEmbeddedLog({ folder })).rejects.toMatchObject({
      code: 'LOG',
      detail: 'CORRUPT',
    });
  });

  it('is refused where its file was cut short', async () => {
    await filled();
    truncateSync(join(folder, 'data.mdb'), 100);
    await expect(openEmbeddedLog({ folder })).rejects.toThrow(/damaged.*cut short.*Restore/);
  });

  it('is refused where it is a file, or where it was written by another version', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'x');
    await expect(openEmbeddedLog({ folder: file })).rejects.toMatchObject({
      code: 'LOG',
      detail: 'UNREADABLE',
    });
    const other = join(folder, 'other');
    const root = open({ path: other, noSubdir: false, maxDbs: 8, encoding: 'json' });
    await root.put('format', 99);
    await root.close();
    await expect(openEmbeddedLog({ folder: other })).rejects.toMatchObject({ detail: 'FORMAT' });
  });

  it('reports a damaged record instead of handing it out', async () => {
    await filled();
    const path = join(folder, 'data.mdb');
    const bytes = readFileSync(path);
    const at = bytes.indexOf('value-3 value-3');
    expect(at).toBeGreaterThan(0);
    bytes.write('VALUE', at);
    writeFileSync(path, bytes);
    const faults: string[] = [];
    const log = await openEmbeddedLog({ folder, onFault: ({ message }) => faults.push(message) });
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { offset } of log.read('t', 0, 0)) seen.push(offset);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'LOG', detail: 'CORRUPT' });
    const recorder = new Recorder();
    const consumer = await log.consume('g', ['t'], recorder);
    await until('the fault is reported', () => faults.length > 0);
    expect(faults[0]).toMatch(/damaged.*t\/0.*checksum/);
    await consumer.stop();
    await log.close();
  });
});

describe('retention', () => {
  it('removes what is older, keeps what is younger, and lets a group that is behind go on from there', async () => {
    const log = await openEmbeddedLog({ folder });
    await log.createTopics([{ name: 'short', partitions: 1, retentionMs: 400 }, ...forEver]);
    const append = (text: string): Promise<void> =>
      log.append('short', [{ key: 'a', value: Buffer.from(text) }]);
    const read = async (): Promise<string[]> =>
      (await collect(log.read('short', 0, 0))).map(({ value }) => value.toString());
    await log.append('t', [{ key: 'a', value: Buffer.from('for ever') }]);
    await append('old-0');
    await append('old-1');
    await until('the tick removes them', async () => (await read()).length === 0);
    await append('new-2');
    expect(await read()).toEqual(['new-2']);
    expect(await collect(log.read('t', 0, 0))).toHaveLength(1);

    const recorder = new Recorder();
    const consumer = await log.consume('g', ['short'], recorder);
    await until('it came', () => recorder.records.length === 1);
    expect(recorder.records[0]?.offset).toBe(2);
    expect(recorder.resumes.get('short/0')?.position).toBe(2);
    await consumer.stop();
    await log.close();
  });

  it('keeps the file from growing for ever', async () => {
    const log = await openEmbeddedLog({ folder });
    await log.createTopics([{ name: 'short', partitions: 1, retentionMs: 50 }]);
    const value = Buffer.alloc(400_000, 1);
    for (let n = 0; n < 150; n++) {
      await log.append('short', [{ key: 'a', value }]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // 60 MB were appended.
    expect(statSync(join(folder, 'data.mdb')).size).toBeLessThan(30_000_000);
    await log.close();
  });
});
