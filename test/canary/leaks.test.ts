/** Planted leaks: what the canary suite would say if pixels came out. Each must be found, or nothing that it does not find means anything. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodings } from './decodings.js';
import { TraceFinder } from './finder.js';
import { drawCanary, drawOther, formsOnTheWay, type Canary } from './picture.js';
import { LeakSearch } from './search.js';

let canary: Canary;
let search: LeakSearch;
const folder = mkdtempSync(join(tmpdir(), 'hitonami-planted-'));
beforeAll(async () => {
  canary = await drawCanary();
  search = await LeakSearch.of(canary);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function findsIn(bytes: Buffer): Promise<string[]> {
  search.startAnew();
  await search.look('planted', 'leak', bytes);
  return search.finds.map(({ what }) => what);
}

const middle = (bytes: Buffer, length: number, shift = 0): Buffer => {
  const at = Math.floor(bytes.length / 2) + shift;
  return bytes.subarray(at, at + length);
};
const around = (leak: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from('{"level":"debug","msg":"'), Buffer.from(leak), Buffer.from('"}\n')]);

describe('a planted leak is found:', () => {
  it('24 bytes of any form, at any place', async () => {
    const finder = new TraceFinder(await formsOnTheWay(canary));
    for (const { name, bytes, alignment = 1 } of await formsOnTheWay(canary)) {
      for (let shift = 0; shift < 8; shift += alignment) {
        const run = middle(bytes, 24, (shift % 4) * alignment);
        // Another byte than the one before the run: with the same the trace would begin there.
        const before = bytes[run.byteOffset - bytes.byteOffset - 1] ?? 0;
        const filler = Buffer.alloc(40 + shift, before ^ 0xff);
        const found = finder.find(Buffer.concat([filler, run, Buffer.alloc(9)]));
        expect([name, shift, found.map(({ foundAt, length }) => [foundAt, length >= 24])]).toEqual([
          name,
          shift,
          [[40 + shift, true]],
        ]);
      }
    }
  });

  it.each([0, 1, 2])('the JPEG in a log line as base64, cut at %i', async (cut) => {
    const text = Buffer.from(canary.jpeg).subarray(cut).toString('base64').slice(40_000, 40_060);
    expect(await findsIn(around(text))).toContainEqual(expect.stringMatching(/base64 of encoded/));
    const url = text.replaceAll('+', '-').replaceAll('/', '_');
    expect(await findsIn(around(url))).toContainEqual(expect.stringMatching(/base64 of encoded/));
  });

  it.each([
    ['hex', (run: Buffer) => run.toString('hex')],
    ['hex of an odd beginning', (run: Buffer) => `a${run.toString('hex')}`],
    [
      'hex with spaces, as a buffer is shown',
      (run: Buffer) => run.toString('hex').replaceAll(/../g, '$& '),
    ],
    ['numbers, as JSON has a buffer', (run: Buffer) => JSON.stringify(run)],
    [
      'escapes',
      (run: Buffer) =>
        run
          .toString('latin1')
          .replaceAll(/[^a-z]/g, (c) => `\\u00${Buffer.from(c, 'latin1').toString('hex')}`),
    ],
    ['bytes taken for text', (run: Buffer) => Buffer.from(run.toString('latin1'), 'utf8')],
  ])('pixels as %s', async (_, written) => {
    const run = middle(canary.rgb, 200);
    const finds = await findsIn(around(written(run)));
    // Where all of the run is dark, its bytes are the same as text.
    expect(finds).toContainEqual(expect.stringMatching(/decoded/));
  });

  it('pixels as bytes taken for text, be they all dark or all bright', () => {
    for (const darkest of [0x70, 0xc0]) {
      const run = Buffer.from(Array.from({ length: 64 }, (_, i) => darkest + ((i * 37) % 64)));
      const read = [...decodings(Buffer.from(run.toString('latin1'), 'utf8'))];
      expect(read.map(({ bytes }) => bytes.toString('hex'))).toContain(run.toString('hex'));
    }
  });

  it('pixels in a file, compressed, compressed twice, and as base64 of a compressed one', async () => {
    const run = middle(canary.rgb, 5_000);
    const packed = gzipSync(run);
    for (const leak of [run, packed, deflateSync(run), gzipSync(packed), packed.toString('base64')])
      expect(await findsIn(around(leak))).toContainEqual(expect.stringMatching(/decoded/));
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff'] as const)(
    'a picture made small and written as %s to a temporary folder',
    async (format) => {
      const small = sharp(canary.jpeg).resize(64, 64, { fit: 'fill' });
      const bytes = await small.toFormat(format, { quality: 50 }).toBuffer();
      writeFileSync(join(folder, `thumb.${format}`), bytes);
      search.startAnew();
      await search.lookInFolder('planted', folder);
      rmSync(join(folder, `thumb.${format}`));
      expect(search.finds.map(({ what }) => what)).toContainEqual(
        expect.stringMatching(/that shows it/),
      );
      // And also in the middle of a base64 URL in a page.
      expect(await findsIn(around(`data:;base64,${bytes.toString('base64')}`))).toContainEqual(
        expect.stringMatching(/base64 of a .* that shows it/),
      );
    },
  );

  it('greys of 48 × 36 without any header', async () => {
    const small = sharp(canary.jpeg).resize(48, 36, { fit: 'fill', kernel: 'cubic' }).greyscale();
    const bytes = await small.raw().toBuffer();
    expect(await findsIn(around(bytes))).not.toEqual([]);
  });
});

it('another picture, and the canary’s own tables and sizes, are none', async () => {
  expect(await findsIn(await drawOther(3))).toEqual([]);
  expect(await findsIn((await drawCanary()).jpeg.subarray(0, 600))).toEqual([]);
  const numbers = Buffer.from(
    '[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26]',
  );
  expect(await findsIn(numbers)).toEqual([]);
});
