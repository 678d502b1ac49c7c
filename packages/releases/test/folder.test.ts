import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import type { ReleaseManifest } from '@hitonami/model';
import { afterAll, describe, expect, it } from 'vitest';
import {
  openPublicFolder,
  openPublishedFolder,
  type FolderProblem,
  type PublishedFolder,
  type ReleaseDraft,
} from '../src/index.js';
import { readParquet } from './readers.js';
import { areaCells, draftOf } from './releases.js';

const root = mkdtempSync(join(tmpdir(), 'hitonami-folder-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
const newFolder = (): string => mkdtempSync(join(root, 'f-'));

const CSV = 'test_crowding_2026-10-01_v1.csv';
const WHY = { ja: '訂正です', en: 'A correction' };
const GONE = { ja: '誤りのため', en: 'It was wrong' };

async function publish(folder: string, draft: ReleaseDraft = draftOf()): Promise<ReleaseManifest> {
  const writer = await openPublicFolder(folder).begin(draft);
  for (const cells of areaCells(3)) await writer.write(cells);
  return writer.finish({ isCountOfProtectedTold: true });
}

/** A reader that looks every time. */
function reader(folder: string, problems: FolderProblem[] = []): PublishedFolder {
  return openPublishedFolder(folder, {
    lookEveryMs: 0,
    onProblem: (problem) => problems.push(problem),
  });
}

function visible(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.startsWith('.') && statSync(join(folder, name)).isFile(),
  );
}

describe('a release', () => {
  it('is not to be seen before it is finished, and whole from then on', async () => {
    const folder = newFolder();
    const published = reader(folder);
    const writer = await openPublicFolder(folder).begin(draftOf());
    for (const cells of areaCells(3)) await writer.write(cells);
    expect((await published.look()).releases).toEqual([]);
    expect(visible(folder)).toEqual([]);
    const manifest = await writer.finish({ isCountOfProtectedTold: false });
    const { releases, changedMs } = await published.look();
    expect(releases).toEqual([manifest]);
    expect(changedMs).toBe(manifest.createdMs);
    expect(manifest).not.toHaveProperty('plan');
    expect(manifest.quality).toMatchObject({ cells: 12, notSeenCells: 1 });
    expect(manifest.quality.protectedCells).toBeUndefined();
    for (const { name, bytes } of manifest.files) {
      const path = await published.fileOf(manifest, name);
      expect(path && statSync(path).size, name).toBe(bytes);
    }
  });

  it('has checksums that sha256sum agrees with, and files that nobody may write', async () => {
    const folder = newFolder();
    await publish(folder);
    const place = join(folder, 'open/test/crowding/2026-10-01/v1');
    const checked = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], {
      cwd: place,
      encoding: 'utf8',
    });
    expect(
      checked
        .trim()
        .split('\n')
        .every((line) => line.endsWith(': OK')),
    ).toBe(true);
    expect(checked).toContain('manifest.json: OK');
    for (const name of readdirSync(place))
      expect(statSync(join(place, name)).mode & 0o222, name).toBe(0);
  });

  it('never changes: another one needs a reason and is the next version', async () => {
    const folder = newFolder();
    const first = await publish(folder);
    await expect(publish(folder)).rejects.toMatchObject({ code: 'INPUT', detail: 'already-there' });
    const second = await publish(folder, draftOf({}, { correction: WHY }));
    expect([first.version, second.version, second.correction]).toEqual([1, 2, WHY]);
    expect((await reader(folder).look()).releases).toEqual([first, second]);
    expect(second.files[0]?.name).toBe('test_crowding_2026-10-01_v2.csv');
  });

  it('of buyers lies under another root, which a reader of open data does not look at', async () => {
    const folder = newFolder();
    await publish(folder);
    await publish(folder, draftOf({ id: 'bought', audience: 'buyers', licence: 'contract' }));
    expect(existsSync(join(folder, 'buyers/test/bought/2026-10-01/v1/manifest.json'))).toBe(true);
    const ids = async (published: PublishedFolder): Promise<string[]> =>
      (await published.look()).releases.map(({ dataset }) => dataset.id);
    expect(await ids(reader(folder))).toEqual(
      ['bought', 'crowding'].toSorted((a) => (a === 'crowding' ? -1 : 1)),
    );
    expect(await ids(openPublishedFolder(folder, { audiences: ['open'] }))).toEqual(['crowding']);
  });

  it('can be read again as the cells that were told', async () => {
    const folder = newFolder();
    const manifest = await publish(folder);
    const cells = [];
    for await (const some of openPublicFolder(folder).told(manifest)) cells.push(...some);
    const told = [...areaCells(3)].flat();
    expect(cells.map(({ key, absent }) => ({ key, absent }))).toEqual(
      told.map(({ key, absent }) => ({ key, absent })),
    );
    expect(cells.map(({ measures }) => measures)).toEqual(told.map(({ measures }) => measures));
    expect(cells.map(({ quality }) => quality)).toEqual(told.map(({ quality }) => quality));
  });

  it('that was told and is damaged is missed by who publishes, rather than left out', async () => {
    const folder = newFolder();
    const manifest = await publish(folder);
    const place = join(folder, 'open/test/crowding/2026-10-01/v1');
    const name = manifest.files.find(({ format }) => format === 'jsonl')?.name ?? '';
    chmodSync(join(place, name), 0o644);
    rewrite(join(place, name), (text) => text.replace('"coverage":1,', '"coverage":0,'));
    const publisher = openPublicFolder(folder);
    const read = async (): Promise<number> => {
      let cells = 0;
      for await (const some of publisher.told(manifest)) cells += some.length;
      return cells;
    };
    await expect(read()).rejects.toMatchObject({ code: 'UNAVAILABLE', detail: 'damaged' });
    rmSync(join(place, name));
    await expect(read()).rejects.toMatchObject({ code: 'UNAVAILABLE', detail: 'damaged' });
    await expect(publisher.releases()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      detail: 'damaged',
    });
  });

  it('of which nothing can be told is made all the same, and says so', async () => {
    const folder = newFolder();
    const publisher = openPublicFolder(folder);
    const writer = await publisher.begin(draftOf({ subject: 'movements' }));
    const manifest = await writer.finish({ isCountOfProtectedTold: true });
    expect(manifest.quality).toEqual({
      coverage: null,
      cells: 0,
      protectedCells: 0,
      notSeenCells: 0,
    });
    const { releases } = await reader(folder).look();
    expect(releases).toEqual([manifest]);
    const place = join(folder, 'open/test/crowding/2026-10-01/v1');
    const path = (format: string): string =>
      join(place, manifest.files.find((file) => file.format === format)?.name ?? '');
    expect(await readParquet(path('parquet'))).toEqual([]);
    expect(JSON.parse(readFileSync(path('geojson'), 'utf8'))).toMatchObject({ features: [] });
    expect(readFileSync(path('csv'), 'utf8').split('\r\n')).toHaveLength(2);
    for await (const some of publisher.told(manifest)) expect(some).toEqual([]);
  });
});

describe('a run that stops half-way', () => {
  it('leaves nothing to be seen, and goes on with what it kept', async () => {
    const folder = newFolder();
    const publisher = openPublicFolder(folder);
    const writer = await publisher.begin(draftOf());
    expect(writer.isGoingOn).toBe(false);
    await writer.keep('noise', Buffer.from('drawn once'));
    for (const cells of areaCells(2)) await writer.write(cells);
    await writer.leave();
    await writer.leave();
    await expect(writer.write([])).rejects.toMatchObject({ code: 'STOPPED' });
    expect((await reader(folder).look()).releases).toEqual([]);

    const again = await openPublicFolder(folder).begin(draftOf());
    expect(again.isGoingOn).toBe(true);
    expect(Buffer.from((await again.kept('noise')) ?? '').toString()).toBe('drawn once');
    expect(await again.kept('other')).toBeUndefined();
    for (const cells of areaCells(3)) await again.write(cells);
    const manifest = await again.finish({ isCountOfProtectedTold: true });
    expect(manifest.quality.cells).toBe(12);

    // As it lies there where a publisher is killed right after the release became visible.
    const work = join(folder, '.work/open/test/crowding/2026-10-01');
    mkdirSync(join(work, 'kept-v1'));
    writeFileSync(join(work, 'kept-v1/noise'), 'drawn once');
    const next = await publisher.begin(draftOf({}, { correction: WHY }));
    expect(readdirSync(work)).not.toContain('kept-v1');
    expect([next.isGoingOn, await next.kept('noise')]).toEqual([false, undefined]);
    await next.abandon();
  });

  it('and is abandoned forgets what it kept', async () => {
    const folder = newFolder();
    const writer = await openPublicFolder(folder).begin(draftOf());
    await writer.keep('noise', Buffer.from('1'));
    await writer.abandon();
    const again = await openPublicFolder(folder).begin(draftOf());
    expect([again.isGoingOn, await again.kept('noise')]).toEqual([false, undefined]);
    await again.abandon();
  });

  it('keeps nothing by a name that leads elsewhere', async () => {
    const writer = await openPublicFolder(newFolder()).begin(draftOf());
    for (const name of ['../noise', '', 'a/b', 'A', '.x'])
      await expect(writer.keep(name, Buffer.alloc(1))).rejects.toMatchObject({ code: 'INPUT' });
    await writer.abandon();
  });
});

describe('two publishers', () => {
  it('at one release: one has it, the other is told; at different ones both write', async () => {
    const folder = newFolder();
    const tries = await Promise.allSettled(
      Array.from({ length: 4 }, () => openPublicFolder(folder).begin(draftOf())),
    );
    const had = tries.flatMap((done) => (done.status === 'fulfilled' ? [done.value] : []));
    expect(had).toHaveLength(1);
    for (const done of tries)
      if (done.status === 'rejected')
        expect(done.reason).toMatchObject({
          code: 'UNAVAILABLE',
          canRetry: true,
          detail: 'in-use',
        });
    await publish(folder, draftOf({ id: 'other' }));
    await had[0]?.abandon();
    await publish(folder);
    expect((await reader(folder).look()).releases).toHaveLength(2);
  });

  it('of which one slept until it looked dead: it does not publish what the other has taken over', async () => {
    const folder = newFolder();
    const asleep = await openPublicFolder(folder).begin(draftOf());
    for (const cells of areaCells(3)) await asleep.write(cells);
    // As another machine's publisher would, after this one gave no sign of life.
    const work = join(folder, '.work/open/test/crowding/2026-10-01');
    await writeFile(join(work, 'owner-2'), JSON.stringify({ released: true }));
    const other = await publish(folder);
    await expect(asleep.finish({ isCountOfProtectedTold: true })).rejects.toMatchObject({
      detail: 'in-use',
    });
    await asleep.leave();
    expect((await reader(folder).look()).releases).toEqual([other]);
  });

  it('of which one was taken over a moment ago: it publishes nothing either', async () => {
    const folder = newFolder();
    const asleep = await openPublicFolder(folder).begin(draftOf());
    for (const cells of areaCells(3)) await asleep.write(cells);
    const work = join(folder, '.work/open/test/crowding/2026-10-01');
    await writeFile(join(work, 'owner-2'), JSON.stringify({ released: false }));
    await expect(asleep.finish({ isCountOfProtectedTold: true })).rejects.toMatchObject({
      detail: 'in-use',
    });
    await asleep.leave();
    expect((await reader(folder).look()).releases).toEqual([]);
  });
});

describe('a withdrawal', () => {
  const withdrawal = { site: 'test', dataset: 'crowding', withdrawnMs: 5, because: GONE };

  it('leaves a tombstone and gives no file any more; what was told stays known inside', async () => {
    const folder = newFolder();
    const manifest = await publish(folder);
    const published = reader(folder);
    const [file] = manifest.files;
    expect(await published.fileOf(manifest, file?.name ?? '')).toBeDefined();
    const publisher = openPublicFolder(folder);
    await publisher.withdraw(withdrawal);
    await publisher.withdraw({ ...withdrawal, withdrawnMs: 9 });
    const { releases, withdrawals } = await published.look();
    expect([releases, withdrawals]).toEqual([[], [withdrawal]]);
    expect(await published.fileOf(manifest, file?.name ?? '')).toBeUndefined();
    expect(await publisher.releases()).toEqual([manifest]);
    expect(await publisher.withdrawals()).toEqual([withdrawal]);
    await expect(publish(folder, draftOf({}, { correction: WHY }))).rejects.toMatchObject({
      detail: 'withdrawn',
    });
  });

  it('also holds for a release that was being written', async () => {
    const folder = newFolder();
    await publish(folder);
    const publisher = openPublicFolder(folder);
    const writer = await publisher.begin(draftOf({}, { correction: WHY }));
    for (const cells of areaCells(3)) await writer.write(cells);
    await publisher.withdraw(withdrawal);
    await expect(writer.finish({ isCountOfProtectedTold: true })).rejects.toMatchObject({
      detail: 'withdrawn',
    });
    await writer.abandon();
    expect(await publisher.releases()).toHaveLength(1);
  });

  it('of what was never published is refused', async () => {
    await expect(
      openPublicFolder(newFolder()).withdraw({ ...withdrawal, dataset: 'unknown' }),
    ).rejects.toMatchObject({ code: 'INPUT' });
  });

  it('whose tombstone is damaged still withdraws, and is said', async () => {
    const folder = newFolder();
    await publish(folder);
    writeFileSync(join(folder, 'open/test/crowding/withdrawn.json'), '{"site":');
    const problems: FolderProblem[] = [];
    const { releases, withdrawals } = await reader(folder, problems).look();
    expect([releases.length, withdrawals[0]?.dataset]).toEqual([0, 'crowding']);
    expect(problems[0]?.path).toBe('open/test/crowding/withdrawn.json');
  });
});

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

describe('a publisher', () => {
  it('writes nothing under a name that is none', async () => {
    const publisher = openPublicFolder(newFolder());
    const draft = draftOf();
    await expect(publisher.begin({ ...draft, site: '../x' })).rejects.toMatchObject({
      code: 'INPUT',
    });
    await expect(publisher.begin({ ...draft, period: '..' })).rejects.toMatchObject({
      code: 'INPUT',
    });
    await expect(publisher.begin(draftOf({ id: 'a/b' }))).rejects.toMatchObject({ code: 'INPUT' });
    await expect(
      publisher.writeSite('..', { plans: [], figures: undefined, auditHeads: [] }),
    ).rejects.toMatchObject({ code: 'INPUT' });
  });

  it('tells of a site as a whole', async () => {
    const folder = newFolder();
    const publisher = openPublicFolder(folder);
    const { plan } = draftOf();
    await publisher.writeSite('test', {
      plans: [{ plan, fromMs: 0 }],
      figures: { n: 1 },
      auditHeads: [],
    });
    await publisher.writeSite('test', {
      plans: [{ plan, fromMs: 0 }],
      figures: { n: 2 },
      auditHeads: ['h'],
    });
    const published = reader(folder);
    expect(await published.sites()).toEqual(['test']);
    expect(await published.site('test')).toEqual({
      plans: [{ plan, fromMs: 0 }],
      figures: { n: 2 },
      auditHeads: ['h'],
    });
    writeFileSync(join(folder, 'sites/test.json'), '{"plans');
    const problems: FolderProblem[] = [];
    expect(await reader(folder, problems).site('test')).toBeUndefined();
    expect(problems[0]?.path).toBe('sites/test.json');
  });
});

function rewrite(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
