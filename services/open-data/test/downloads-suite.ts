import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { ReleaseManifest, SitePlan } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { rangeOf } from '../src/downloads/ranges.js';
import { fileOf, getFrom, pathOf, sha256, type Answer } from './asking.js';
import { publishRelease } from './published.js';
import type { Desk } from './support.js';

export interface Downloadable {
  readonly desk: Desk;
  readonly plan: SitePlan;
  /** Open, and for buyers. */
  readonly open: ReleaseManifest;
  readonly sold: ReleaseManifest;
}

/** What is served of the files of releases, and what is not. */
export function downloadsSuite(what: () => Downloadable): void {
  const get = (
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
  ): Promise<Answer> => getFrom(what().desk.url, path, headers, method);

  describe('a download', () => {
    const csv = () => fileOf(what().open, 'csv');
    const path = () => pathOf(what().open, csv());

    it('is the file as its checksum says, kept by caches for ever', async () => {
      const { open } = what();
      for (const file of open.files) {
        const { status, bytes, headers } = await get(pathOf(open, file));
        expect([status, sha256(bytes)]).toEqual([200, file.sha256]);
        expect(headers.get('etag')).toBe(`"${file.sha256}"`);
        expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect(headers.get('content-disposition')).toBe(`attachment; filename="${file.name}"`);
        expect(headers.get('x-content-type-options')).toBe('nosniff');
      }
    });

    it('goes on where it broke off, and starts again where the file is another one', async () => {
      const whole = (await get(path())).bytes;
      const etag = `"${csv().sha256}"`;
      const part = await get(path(), { range: 'bytes=100-199', 'if-range': etag });
      expect([part.status, part.headers.get('content-range')]).toEqual([
        206,
        `bytes 100-199/${whole.byteLength}`,
      ]);
      expect(part.bytes.equals(whole.subarray(100, 200))).toBe(true);
      const rest = await get(path(), { range: 'bytes=100-', 'accept-encoding': 'gzip' });
      expect(rest.bytes.equals(whole.subarray(100))).toBe(true);
      expect((await get(path(), { range: 'bytes=-7' })).bytes.equals(whole.subarray(-7))).toBe(
        true,
      );
      expect((await get(path(), { range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
      expect(
        (await get(path(), { range: 'bytes=0-9', 'if-range': `"${csv().sha256}-gzip"` })).status,
      ).toBe(200);
      const beyond = await get(path(), { range: `bytes=${whole.byteLength}-` });
      expect([beyond.status, beyond.headers.get('content-range')]).toEqual([
        416,
        `bytes */${whole.byteLength}`,
      ]);
      for (const range of ['bytes=9-1', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=-', 'bytes=x-'])
        expect((await get(path(), { range })).status, range).toBe(200);
      expect((await get(path(), { 'if-none-match': `W/${etag}, "x"` })).status).toBe(304);
    });

    it('is packed for whom it helps, told by HEAD, and never packed twice', async () => {
      const whole = (await get(path())).bytes;
      for (const [encoding, unpack] of [
        ['gzip', gunzipSync],
        ['br', brotliDecompressSync],
      ] as const) {
        const packed = await get(path(), { 'accept-encoding': encoding });
        expect(packed.headers.get('content-encoding')).toBe(encoding);
        expect(unpack(packed.bytes).equals(whole)).toBe(true);
        expect(packed.headers.get('etag')).toBe(`"${csv().sha256}-${encoding}"`);
      }
      const { open } = what();
      const parquet = await get(pathOf(open, fileOf(open, 'parquet')), {
        'accept-encoding': 'br',
      });
      expect(parquet.headers.get('content-encoding')).toBeNull();
      const head = await get(path(), {}, 'HEAD');
      expect([head.status, head.bytes.byteLength]).toEqual([200, 0]);
      expect(head.headers.get('content-length')).toBe(String(whole.byteLength));
    });

    it('of what is sold is refused without a key, in words for people and for programs', async () => {
      const { sold } = what();
      const page = await get(pathOf(sold, fileOf(sold, 'csv')), {
        ...{ accept: 'text/html', 'accept-language': 'ja' },
      });
      expect([401, 403]).toContain(page.status);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.text).not.toContain('area');
      const program = await get(pathOf(sold, fileOf(sold, 'csv')), { accept: 'application/json' });
      expect(program.status).toBe(page.status);
      expect(JSON.stringify(JSON.parse(program.text))).toMatch(/契約.*contract/);
      expect((await get(pathOf(sold, fileOf(sold, 'csv')), {}, 'HEAD')).status).toBe(page.status);
    });

    it('has no way out of what is published', async () => {
      const { site, period } = what().open;
      const { name } = csv();
      for (const hidden of [
        ...[
          `/files/${site}/crowding-15-min/${period}/v1/manifest.json`,
          `/files/${site}/crowding-15-min/${period}/v1/SHA256SUMS`,
        ],
        ...[
          `/files/${site}/crowding-15-min/${period}/v1/..%2fv2%2f${name}`,
          `/files/${site}/crowding-15-min/${period}/v1/%2e%2e%2f${name}`,
        ],
        ...[
          `/files/${site}/..%2f..%2fsites/${period}/v1/${site}.json`,
          `/files/..%2fbuyers%2f${site}/sequences/${period}/v1/${name}`,
        ],
        ...[
          `/files/${site}/crowding-15-min/${period}/v01/${name}`,
          `/files/${site}/crowding-15-min/${period}/v1/${name}%00`,
        ],
        ...[
          `/files/${site}/crowding-15-min/${period}/v1/`,
          '/files/',
          '/files/../../etc/passwd',
          '/files//etc/passwd',
        ],
        ...[
          `/files/${site}/constructor/${period}/v1/${name}`,
          `/files/${site}/crowding-15-min/${period}/v1/${name.toUpperCase()}`,
        ],
      ]) {
        const { status, text } = await get(hidden);
        expect(status, hidden).toBe(404);
        expect(text).not.toContain('root:');
      }
    });

    it('is not given under its checksum when the file is another one than was published', async () => {
      const { desk, plan } = what();
      const release = await publishRelease(desk.folder, plan, {
        dataset: 'passages',
        period: '2026-10-06',
      });
      const file = fileOf(release, 'csv');
      await eventually(
        'the release',
        async () => (await get(pathOf(release, file))).status === 200,
      );
      truncateSync(
        join(desk.path, 'public/open', plan.site, 'passages/2026-10-06/v1', file.name),
        100,
      );
      const { status, headers } = await get(pathOf(release, file));
      expect([status, headers.get('etag'), headers.get('cache-control')]).toEqual([
        503,
        null,
        'no-store',
      ]);
    });

    it('of any range that there is, is that part', () => {
      fc.assert(
        fc.property(fc.nat(1000), fc.nat(1100), fc.nat(1100), (bytes, first, last) => {
          const range = rangeOf(`bytes=${first}-${last}`, bytes);
          if (last < first) return range === 'whole';
          if (first >= bytes) return range === 'unsatisfiable';
          return (
            typeof range === 'object' &&
            range.first === first &&
            range.last === Math.min(last, bytes - 1)
          );
        }),
      );
    });
  });
}
