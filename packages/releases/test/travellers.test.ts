import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  openPublicFolder,
  openPublishedFolder,
  type FolderProblem,
  type PublishedFolder,
  type TravellerNow,
} from '../src/index.js';

const root = mkdtempSync(join(tmpdir(), 'hitonami-travellers-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function nowOf(area: string, changes: Partial<TravellerNow> = {}): TravellerNow {
  return {
    site: 'test',
    area,
    title: { ja: '広場', en: 'Square' },
    isAvailable: true,
    percentageOfBaseline: 40,
    usualPercentageOfBaseline: 50,
    level: 'busy',
    atMs: Date.now(),
    untilMs: Date.now() + 60_000,
    ...changes,
  };
}
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
const svgOf = (text: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg"><title>${text}</title></svg>`;
const reader = (folder: string, problems: FolderProblem[] = []): PublishedFolder =>
  openPublishedFolder(folder, { lookEveryMs: 0, onProblem: (problem) => problems.push(problem) });
const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');

describe('what travellers are told', () => {
  it('is a place’s now, its icons and the still behind them', async () => {
    const folder = mkdtempSync(join(root, 'f-'));
    const publisher = openPublicFolder(folder);
    const now = nowOf('square');
    await publisher.writeTraveller(now, { svg: svgOf('one'), still: PNG });
    await publisher.writeTraveller(nowOf('hall'), { svg: svgOf('hall') });
    const published = reader(folder);
    expect((await published.travellers('test')).map(({ area }) => area)).toEqual([
      'hall',
      'square',
    ]);
    expect((await published.travellers('test'))[1]).toEqual(now);
    const picture = await published.pictureOf('test', 'square');
    expect([text(picture?.bytes), picture?.mediaType]).toEqual([svgOf('one'), 'image/svg+xml']);
    expect((await published.stillOf('test', 'square'))?.mediaType).toBe('image/png');
    expect(await published.stillOf('test', 'hall')).toBeUndefined();
    expect(await published.pictureOf('test', 'unknown')).toBeUndefined();
  });

  it('is gone when its time is over, though nobody removed it', async () => {
    const folder = mkdtempSync(join(root, 'f-'));
    await openPublicFolder(folder).writeTraveller(nowOf('square', { untilMs: Date.now() - 1 }), {
      svg: svgOf('old'),
      still: PNG,
    });
    const published = reader(folder);
    expect(await published.travellers('test')).toEqual([]);
    expect(await published.pictureOf('test', 'square')).toBeUndefined();
    expect(await published.stillOf('test', 'square')).toBeUndefined();
  });

  it('replaces the older picture, which is overwritten before it is removed', async () => {
    const folder = mkdtempSync(join(root, 'f-'));
    const publisher = openPublicFolder(folder);
    const place = join(folder, 'travellers/test/square');
    const secondNames = (): string[] =>
      readdirSync(place)
        .filter((name) => name.startsWith('picture-'))
        .map((name, i) => {
          const kept = join(root, `second-${i}-${name}`);
          linkSync(join(place, name), kept);
          return kept;
        });
    await publisher.writeTraveller(nowOf('square'), { svg: svgOf('one'), still: PNG });
    const old = secondNames();
    expect(old).toHaveLength(2);
    // What a publisher that was killed between two steps left.
    writeFileSync(join(place, 'picture-left'), 'left');
    await publisher.writeTraveller(nowOf('square'), { svg: svgOf('two') });
    for (const path of old) expect(readFileSync(path).every((byte) => byte === 0)).toBe(true);
    expect(readdirSync(place).toSorted()[0]).toBe('now.json');
    expect(readdirSync(place)).toHaveLength(2);
    const last = secondNames();
    await publisher.removeTraveller('test', 'square');
    for (const path of last) expect(readFileSync(path).every((byte) => byte === 0)).toBe(true);
    expect(readdirSync(join(folder, 'travellers/test'))).toEqual([]);
    expect(await reader(folder).travellers('test')).toEqual([]);
    await publisher.removeTraveller('test', 'square');
  });

  it('is whole for whoever reads it while it is replaced, time after time', async () => {
    const folder = mkdtempSync(join(root, 'f-'));
    const publisher = openPublicFolder(folder);
    const problems: FolderProblem[] = [];
    const published = reader(folder, problems);
    const long = (n: number): string => svgOf(`${n} ${'x'.repeat(50_000)}`);
    await publisher.writeTraveller(nowOf('square'), { svg: long(0) });
    let isDone = false;
    const seen = new Set<string>();
    const read = async (): Promise<void> => {
      while (!isDone) {
        const picture = text((await published.pictureOf('test', 'square'))?.bytes);
        expect(picture).toMatch(/^<svg [^>]*><title>\d+ x{50000}<\/title><\/svg>$/);
        seen.add(picture?.slice(0, 60) ?? '');
        expect(await published.travellers('test')).toHaveLength(1);
      }
    };
    const readers = Promise.all([read(), read(), read()]);
    try {
      for (let n = 1; n <= 25; n++)
        await publisher.writeTraveller(nowOf('square'), { svg: long(n) });
    } finally {
      isDone = true;
    }
    await readers;
    expect(seen.size).toBeGreaterThan(3);
    expect(problems).toEqual([]);
  });

  it('that is damaged is left out and said', async () => {
    const folder = mkdtempSync(join(root, 'f-'));
    await openPublicFolder(folder).writeTraveller(nowOf('square'), { svg: svgOf('one') });
    const place = join(folder, 'travellers/test/square');
    const picture = readdirSync(place).find((name) => name.startsWith('picture-')) ?? '';
    writeFileSync(join(place, picture), 'other');
    const problems: FolderProblem[] = [];
    expect(await reader(folder, problems).pictureOf('test', 'square')).toBeUndefined();
    writeFileSync(join(place, 'now.json'), '{');
    expect(await reader(folder, problems).travellers('test')).toEqual([]);
    expect(problems.map(({ path }) => path)).toEqual([
      'travellers/test/square',
      'travellers/test/square',
    ]);
  });
});
