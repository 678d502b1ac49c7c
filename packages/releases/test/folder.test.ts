import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  openPublicFolder,
  openPublishedFolder,
  type FolderProblem,
  type PublishedFolder,
} from '../src/index.js';
import { folders, publish, reader, rewrite, visible } from './folders.js';
import { readParquet } from './readers.js';
import { areaCells, draftOf } from './releases.js';

const { newFolder } = folders();
const WHY = { ja: '訂正です', en: 'A correction' };
const GONE = { ja: '誤りのため', en: 'It was wrong' };

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
