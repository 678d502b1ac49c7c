import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openPublicFolder } from '../src/index.js';
import { areaCells, draftOf } from './releases.js';

const root = mkdtempSync(join(tmpdir(), 'hitonami-sweep-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const WORK = '.work/open/test/crowding/2026-10-01';
const ends = (folder: string, work: string): string[] =>
  readdirSync(join(folder, work))
    .map((name) => name.replace(/-.*/, ''))
    .sort();

/** As it lies there where a publisher was killed in the middle. */
function killed(folder: string, work: string): void {
  for (const part of ['run-1/parts', 'kept-v1']) {
    mkdirSync(join(folder, work, part), { recursive: true });
    writeFileSync(join(folder, work, part, 'file'), 'some bytes');
  }
}

describe('what publishers that were killed left', () => {
  it('goes, but for what a run may go on with; another run of it finds nothing amiss', async () => {
    const folder = mkdtempSync(join(root, 'f-'));
    const old = '.work/buyers/test/sold/2026-09-30';
    killed(folder, WORK);
    killed(folder, old);
    const publisher = openPublicFolder(folder);
    expect(await publisher.sweep(({ dataset }) => dataset === 'crowding')).toBe(2);
    expect(ends(folder, WORK)).toEqual(['kept', 'owner']);
    expect(ends(folder, old)).toEqual(['owner']);
    expect(await publisher.sweep(() => true)).toBe(0);
    const writer = await publisher.begin(draftOf());
    expect(writer.isGoingOn).toBe(true);
    for (const cells of areaCells(1)) await writer.write(cells);
    await writer.finish({ isCountOfProtectedTold: true });
  });

  it('is not what is being written', async () => {
    const folder = mkdtempSync(join(root, 'f-'));
    const writer = await openPublicFolder(folder).begin(draftOf());
    await writer.keep('noise', Buffer.from('drawn once'));
    expect(await openPublicFolder(folder).sweep(() => false)).toBe(0);
    expect(ends(folder, WORK)).toEqual(['kept', 'owner', 'run']);
    for (const cells of areaCells(1)) await writer.write(cells);
    await writer.finish({ isCountOfProtectedTold: true });
  });

  it('is nothing in a folder that is not there yet', async () => {
    expect(await openPublicFolder(join(root, 'nowhere')).sweep(() => false)).toBe(0);
  });
});
