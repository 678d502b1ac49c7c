import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ReleaseManifest } from '@hitonami/model';
import { describe, expect, it } from 'vitest';
import { openPublishedFolder, type FolderProblem } from '../src/index.js';
import { CSV, folders, publish, reader, rewrite } from './folders.js';
import { draftOf } from './releases.js';

const { root, newFolder } = folders();

describe('the reader', () => {
  it('gives the same object for as long as nothing changed, and reads no manifest twice', async () => {
    const folder = newFolder();
    await publish(folder);
    const published = openPublishedFolder(folder, { lookEveryMs: 0, scanEveryMs: 0 });
    const before = await published.look();
    expect(await published.look()).toBe(before);
    await publish(folder, draftOf({ id: 'other' }));
    const after = await published.look();
    expect(after.releases).toHaveLength(2);
    expect(after.releases[0]).toBe(before.releases[0]);
  });

  it('finds what nobody announced, as after a publisher that was killed at the last moment', async () => {
    const folder = newFolder();
    await publish(folder);
    const published = openPublishedFolder(folder, { lookEveryMs: 0, scanEveryMs: 0 });
    expect((await published.look()).releases).toHaveLength(1);
    const elsewhere = newFolder();
    await publish(elsewhere, draftOf({ id: 'other' }));
    cpSync(join(elsewhere, 'open/test/other'), join(folder, 'open/test/other'), {
      recursive: true,
    });
    await expect
      .poll(async () => (await published.look()).releases.length, { timeout: 5_000 })
      .toBe(2);
  });

  it('looks once for many who ask at once, and answers thousands a second from what it has', async () => {
    const folder = newFolder();
    await publish(folder);
    const published = openPublishedFolder(folder);
    const looks = await Promise.all(Array.from({ length: 100 }, () => published.look()));
    expect(new Set(looks).size).toBe(1);
    const startMs = performance.now();
    for (let i = 0; i < 20_000; i++) await published.look();
    expect(20_000 / ((performance.now() - startMs) / 1000)).toBeGreaterThan(20_000);
  });

  it('gives what was there while the folder is away, and says so: nobody withdrew it', async () => {
    const folder = newFolder();
    const manifest = await publish(folder);
    const problems: FolderProblem[] = [];
    const published = reader(folder, problems);
    const before = await published.look();
    renameSync(folder, `${folder}-away`);
    expect(await published.look()).toBe(before);
    expect(problems[0]?.problem).toMatch(/not there any more/);
    expect(await published.fileOf(manifest, CSV)).toBeUndefined();
    mkdirSync(folder);
    expect((await published.look()).releases).toEqual([manifest]);
    rmSync(folder, { recursive: true });
    renameSync(`${folder}-away`, folder);
    expect((await published.look()).releases).toEqual([manifest]);
    expect(await published.fileOf(manifest, CSV)).toBeDefined();
  });

  it('of a folder that is not there is empty', async () => {
    const published = reader(join(root, 'nowhere'));
    expect(await published.look()).toEqual({ releases: [], withdrawals: [], changedMs: 0 });
    expect(await published.sites()).toEqual([]);
    expect(await published.travellers('test')).toEqual([]);
    expect(await published.site('test')).toBeUndefined();
  });

  const place = 'open/test/crowding/2026-10-01/v1';
  const damages: [string, (folder: string) => void, RegExp][] = [
    [
      'a half-written manifest',
      (at) => {
        truncateSync(at + '/manifest.json', 100);
      },
      /not the one that SHA256SUMS names/,
    ],
    [
      'an empty manifest',
      (at) => {
        truncateSync(at + '/manifest.json', 0);
      },
      /not the one/,
    ],
    [
      'a changed one',
      (at) => {
        rewrite(at + '/manifest.json', (text) => text.replace('"k": 10', '"k": 99'));
      },
      /not the one/,
    ],
    [
      'no manifest',
      (at) => {
        rmSync(at + '/manifest.json');
      },
      /ENOENT/,
    ],
    [
      'no checksums',
      (at) => {
        rmSync(at + '/SHA256SUMS');
      },
      /ENOENT/,
    ],
    [
      'a shortened file',
      (at) => {
        truncateSync(`${at}/${CSV}`, 10);
      },
      /has 10 bytes instead of/,
    ],
    [
      'a lost file',
      (at) => {
        rmSync(`${at}/${CSV}`);
      },
      /ENOENT/,
    ],
    [
      'a link for a file',
      (at) => {
        rmSync(`${at}/${CSV}`);
        symlinkSync('/etc/passwd', `${at}/${CSV}`);
      },
      /no plain file/,
    ],
    [
      'a link for the manifest',
      (at) => {
        rmSync(at + '/manifest.json');
        symlinkSync('/etc/passwd', at + '/manifest.json');
      },
      /no plain file/,
    ],
  ];
  it.each(damages)(
    'skips a release with %s, says it once, and gives the others',
    async (_, damage, words) => {
      const folder = newFolder();
      await publish(folder);
      const other = await publish(folder, draftOf({ id: 'other' }));
      for (const name of readdirSync(join(folder, place)))
        chmodSync(join(folder, place, name), 0o644);
      damage(join(folder, place));
      const problems: FolderProblem[] = [];
      const published = openPublishedFolder(folder, {
        lookEveryMs: 0,
        scanEveryMs: 0,
        onProblem: (problem) => problems.push(problem),
      });
      expect((await published.look()).releases).toEqual([other]);
      await published.look();
      expect(problems).toEqual([{ path: place, problem: expect.stringMatching(words) as string }]);
    },
  );

  it('gives nothing outside the folder, whatever name is asked for', async () => {
    const folder = newFolder();
    const manifest = await publish(folder);
    writeFileSync(join(folder, 'secret'), 'x');
    const published = reader(folder);
    for (const name of [
      '../manifest.json',
      '/etc/passwd',
      '..',
      '.',
      '',
      'manifest.json',
      'SHA256SUMS',
      '../../../../../secret',
      `${CSV}\0`,
      `./${CSV}`,
    ])
      expect(await published.fileOf(manifest, name), name).toBeUndefined();
    const forged = (changes: Partial<ReleaseManifest>): ReleaseManifest => ({
      ...manifest,
      ...changes,
      files: [{ name: 'secret', format: 'csv', mediaType: '', bytes: 1, sha256: '', rows: 0 }],
    });
    expect(await published.fileOf(forged({}), 'secret')).toBeUndefined();
    expect(await published.fileOf(forged({ site: '../..' }), 'secret')).toBeUndefined();
    expect(await published.fileOf(forged({ period: '../../../..' }), 'secret')).toBeUndefined();
    for (const id of ['..', '../sites', 'a/b', '', '.work', 'TEST']) {
      expect(await published.site(id)).toBeUndefined();
      expect(await published.travellers(id)).toEqual([]);
      expect(await published.pictureOf(id, 'hall')).toBeUndefined();
      expect(await published.pictureOf('test', id)).toBeUndefined();
    }
  });

  it('follows no link to another folder, and says so', async () => {
    const folder = newFolder();
    const elsewhere = newFolder();
    await publish(elsewhere);
    mkdirSync(join(folder, 'open/test'), { recursive: true });
    symlinkSync(join(elsewhere, 'open/test/crowding'), join(folder, 'open/test/crowding'));
    const problems: FolderProblem[] = [];
    expect((await reader(folder, problems).look()).releases).toEqual([]);
    expect(problems).toEqual([
      { path: 'open/test/crowding', problem: 'it is no folder of its own' },
    ]);
  });

  it('does not give a file whose folder became a link after it was looked at', async () => {
    const folder = newFolder();
    const elsewhere = newFolder();
    const manifest = await publish(folder);
    await publish(elsewhere);
    const problems: FolderProblem[] = [];
    const published = openPublishedFolder(folder, {
      onProblem: (problem) => problems.push(problem),
    });
    await published.look();
    rmSync(join(folder, 'open/test'), { recursive: true });
    symlinkSync(join(elsewhere, 'open/test'), join(folder, 'open/test'));
    expect(await published.fileOf(manifest, CSV)).toBeUndefined();
    expect(problems[0]?.problem).toBe('it is a link, which is not followed');
  });
});
