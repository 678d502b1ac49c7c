/**
 * The catalogue for people, downloads, and what travellers are told: what is there, what is not, and every door tried with
 * what is malformed, hostile and too old.
 */
import { createHash } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { ReleaseFile, ReleaseManifest, SitePlan } from '@hitonami/model';
import { scenario } from '@hitonami/simulator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { rangeOf } from '../src/downloads/ranges.js';
import { catalogueBrowserSuite } from './catalogue-browser.js';
import { publishRelease } from './published.js';
import { somebody, startDesk, type Desk } from './support.js';

const base = scenario('rush-hour').plan;
const HOSTILE = '</script><script>alert(1)</script>"&<b>';
const plan: SitePlan = {
  ...base,
  datasets: [
    ...base.datasets,
    {
      ...(base.datasets[0] as SitePlan['datasets'][number]),
      id: 'hostile',
      title: { ja: HOSTILE, en: HOSTILE },
      keywords: [{ ja: 'シオカゼ', en: HOSTILE }],
      stepS: 86_400,
    },
  ],
};
const SITE = plan.site;
const PERIOD = '2026-10-05';

let desk: Desk;
let crowding: ReleaseManifest;
let sold: ReleaseManifest;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
}

/** As it travels: nothing is unpacked, and no header is added. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(desk.url);
    const all = { 'x-forwarded-for': somebody(), ...headers };
    httpRequest({ hostname, port, path, method, headers: all }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject).once('end', () => {
        const bytes = Buffer.concat(chunks);
        const given = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: answer.statusCode ?? 0,
          headers: new Headers(given),
          ...{ bytes, text: bytes.toString('utf8') },
        });
      });
    })
      .once('error', reject)
      .end();
  });
}

const fileOf = ({ files }: ReleaseManifest, format: string): ReleaseFile => {
  const found = files.find((file) => file.format === format);
  if (found === undefined) throw new Error(`no ${format}`);
  return found;
};
const pathOf = (
  { site, dataset, period, version }: ReleaseManifest,
  { name }: ReleaseFile,
): string => `/files/${site}/${dataset.id}/${period}/v${version}/${name}`;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  desk = await startDesk();
  await desk.publish(plan);
  const publish = (dataset: string, more = {}) =>
    publishRelease(desk.folder, plan, { dataset, period: PERIOD, ...more });
  crowding = await publish('crowding-15-min');
  await publish('crowding-15-min', {
    correction: { ja: '時計のずれを直しました', en: 'A clock was wrong' },
  });
  sold = await publish('sequences');
  await publish('passages');
  await publish('hostile');
  await publish('movements');
  await desk.folder.withdraw({
    ...{ site: SITE, dataset: 'movements', withdrawnMs: Date.now() },
    because: { ja: '線の位置が誤りでした', en: 'A line was in the wrong place' },
  });
  await eventually(
    'the catalogue',
    async () => (await get(`/en/${SITE}/data/movements`)).status === 410,
  );
}, 60_000);
afterAll(() => desk.stop());

describe('pages of the catalogue', () => {
  it('list what is published and sold, in both languages, with a way to get what is sold', async () => {
    const ja = (await get(`/ja/${SITE}/data/`)).text;
    for (const words of [
      '場所ごとの混雑（15分）',
      '契約データ',
      '1か月 50,000円（架空）',
      '公開を終えたデータ',
      'オープンデータ',
    ])
      expect(ja).toContain(words);
    const en = (await get(`/en/${SITE}/data/`)).text;
    for (const words of ['Crowding by place, 15 minutes', 'By contract', '50,000 yen a month'])
      expect(en).toContain(words);
    expect((await get(`/en/${SITE}/`)).text).toContain(`/en/${SITE}/data/`);
    expect((await get(`/en/${SITE}/data`)).headers.get('location')).toBe(`/en/${SITE}/data/`);
  });

  it('are searched in either language, without spaces between Japanese words, whatever the width or kana', async () => {
    const found = async (query: string): Promise<string[]> => {
      const { text } = await get(`/ja/${SITE}/data/?q=${encodeURIComponent(query)}`);
      return [...text.matchAll(/<h2><a href="\/ja\/[^/]+\/data\/([^"]+)"/g)].map(
        ([, id]) => id ?? '',
      );
    };
    expect(await found('雑音')).toEqual(['passages']);
    expect(await found('駅混雑')).toContain('crowding-15-min');
    expect(await found('雑音混雑')).toEqual([]);
    expect(await found('ＰＡＳＳＡＧＥＳ noise')).toEqual(['passages']);
    expect(await found('しおかぜ')).toEqual(['hostile']);
    expect(await found('経路')).toEqual(['sequences']);
    expect(await found('nothing like it')).toEqual([]);
    expect((await get(`/ja/${SITE}/data/?q=${'x'.repeat(201)}`)).status).toBe(400);
    expect((await get(`/ja/${SITE}/data/?q=a&q=b`)).status).toBe(400);
    expect((await get(`/ja/${SITE}/data/?page=2`)).status).toBe(404);
  });

  it('tell of a dataset what a user has to know', async () => {
    const { text } = await get(`/en/${SITE}/data/crowding-15-min`);
    for (const words of [
      ...[
        'Creative Commons Attribution 4.0',
        'Statistical information',
        'duty of publication',
        'Asia/Tokyo',
      ],
      ...[
        'Corrected in version 2',
        'A clock was wrong',
        'How to cite',
        'occupancy_mean_persons',
        'Table for spreadsheets',
      ],
      ...[
        'it is never 0',
        'Not seen, cameras being stopped or away',
        'Fewest people',
        'How many people were in the place at once',
      ],
      ...['<svg', 'Mean occupancy of All places', 'Map of 4 places', 'rows, from row'],
    ])
      expect(text).toContain(words);
    const noisy = (await get(`/ja/${SITE}/data/passages`)).text;
    expect(noisy).toContain('ε');
    expect(noisy).toContain('95%の値の誤差の上限');
  });

  it('show no value of what is sold, and no link to its files', async () => {
    const { text } = await get(`/en/${SITE}/data/sequences`);
    expect(text).toContain('50,000 yen a month');
    expect(text).toContain(`/en/${SITE}/buyers"`);
    expect(text).toContain(fileOf(sold, 'csv').sha256);
    expect(text).not.toContain('/files/');
    expect(text).not.toContain('<svg viewBox="0 0 720');
  });

  it('keep every version, and lead from the older to the newer', async () => {
    const old = (await get(`/en/${SITE}/data/crowding-15-min/${PERIOD}/v1`)).text;
    expect(old).toContain('This version was corrected.');
    expect(old).toContain(`/en/${SITE}/data/crowding-15-min/${PERIOD}/v2`);
    expect((await get(`/en/${SITE}/data/crowding-15-min/${PERIOD}/v3`)).status).toBe(404);
    const { text } = await get(`/api/v1/${SITE}/datasets/crowding-15-min/releases`);
    const { releases } = JSON.parse(text) as {
      releases: { version: number; files: { url: string }[] }[];
    };
    expect(releases.map(({ version }) => version)).toEqual([2, 1]);
    expect(releases[1]?.files[0]?.url).toBe(desk.url + pathOf(crowding, fileOf(crowding, 'csv')));
  });

  it('say of a withdrawn dataset why, and give none of it', async () => {
    const page = await get(`/en/${SITE}/data/movements`);
    expect(page.status).toBe(410);
    expect(page.text).toContain('A line was in the wrong place');
    expect(page.text).toContain('Movements from place to place');
    expect((await get(`/files/${SITE}/movements/${PERIOD}/v1/x.csv`)).status).toBe(410);
    expect((await get(`/api/v1/${SITE}/datasets/movements/releases`)).status).toBe(410);
  });

  it('carry schema.org for search engines, and nothing that a title could break out of', async () => {
    const { text } = await get(`/ja/${SITE}/data/hostile`);
    const blocks = [...text.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)];
    expect(blocks).toHaveLength(1);
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toContain('<b>');
    const data = JSON.parse(blocks[0]?.[1] ?? '') as Record<string, unknown>;
    expect(data).toMatchObject({
      '@type': 'Dataset',
      license: 'https://creativecommons.org/licenses/by/4.0/',
    });
    expect(data['name']).toContainEqual({ '@value': HOSTILE, '@language': 'ja' });
    expect(data['distribution']).toContainEqual(
      expect.objectContaining({ '@type': 'DataDownload', encodingFormat: 'text/csv' }),
    );
  });

  it('are found by search engines and feed readers', async () => {
    const map = (await get('/sitemap.xml')).text;
    expect(map).toContain(`<loc>${desk.url}/en/${SITE}/data/passages</loc>`);
    expect(map).not.toContain('data/movements');
    expect((await get('/robots.txt')).text).toContain(`Sitemap: ${desk.url}/sitemap.xml`);
    const feed = (await get(`/en/${SITE}/data/feed.atom`)).text;
    expect(feed.match(/<entry>/g)).toHaveLength(6);
    expect(feed).toContain('published no more');
    expect(feed).toContain('A clock was wrong');
    expect(feed).toContain('&lt;/script&gt;');
  });

  it('are answered once for all who have them, packed as they can unpack', async () => {
    const path = `/en/${SITE}/data/crowding-15-min`;
    const [plain, gzip, br] = await Promise.all([
      get(path),
      get(path, { 'accept-encoding': 'gzip' }),
      get(path, { 'accept-encoding': 'gzip, br' }),
    ]);
    expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
    expect(brotliDecompressSync(br.bytes).equals(plain.bytes)).toBe(true);
    expect(gzip.bytes.byteLength).toBeLessThan(plain.bytes.byteLength / 2);
    const tags = [plain, gzip, br].map(({ headers }) => headers.get('etag') ?? '');
    expect(new Set(tags).size).toBe(3);
    for (const tag of tags) {
      const again = await get(path, { 'if-none-match': tag });
      expect([again.status, again.bytes.byteLength]).toEqual([304, 0]);
    }
    expect(
      (await get(path, { 'accept-encoding': 'gzip;q=0' })).headers.get('content-encoding'),
    ).toBeNull();
  });

  it('do not exist for what is no dataset, site or language', async () => {
    for (const path of [
      ...[
        `/en/${SITE}/data/nothing`,
        '/en/elsewhere/data/',
        `/fr/${SITE}/data/`,
        `/en/${SITE}/data/..%2f..%2fetc`,
      ],
      ...[
        `/en/${SITE}/data/constructor`,
        `/en/${SITE}/data/crowding-15-min/${PERIOD}/1`,
        '/dataset/nothing.ttl',
      ],
      ...['/api/v1/elsewhere/now.json', `/en/${SITE}/data/crowding-15-min?page=9`],
    ])
      expect((await get(path)).status, path).toBe(404);
    const machine = await get(`/api/v1/${SITE}/datasets/nothing/releases`);
    expect(JSON.parse(machine.text)).toMatchObject({ error: 'not-found' });
  });
});

describe('a download', () => {
  const csv = () => fileOf(crowding, 'csv');
  const path = () => pathOf(crowding, csv());

  it('is the file as its checksum says, kept by caches for ever', async () => {
    for (const file of crowding.files) {
      const { status, bytes, headers } = await get(pathOf(crowding, file));
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
    expect((await get(path(), { range: 'bytes=-7' })).bytes.equals(whole.subarray(-7))).toBe(true);
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
    const parquet = await get(pathOf(crowding, fileOf(crowding, 'parquet')), {
      'accept-encoding': 'br',
    });
    expect(parquet.headers.get('content-encoding')).toBeNull();
    const head = await get(path(), {}, 'HEAD');
    expect([head.status, head.bytes.byteLength]).toEqual([200, 0]);
    expect(head.headers.get('content-length')).toBe(String(whole.byteLength));
  });

  it('of what is sold is refused without a key, in words for people and for programs', async () => {
    const page = await get(pathOf(sold, fileOf(sold, 'csv')), { 'accept-language': 'ja' });
    expect([401, 403]).toContain(page.status);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text).not.toContain('area');
    const program = await get(pathOf(sold, fileOf(sold, 'csv')), { accept: 'application/json' });
    expect(JSON.parse(program.text)).toHaveProperty('message.ja');
    expect((await get(pathOf(sold, fileOf(sold, 'csv')), {}, 'HEAD')).status).toBe(page.status);
  });

  it('has no way out of what is published', async () => {
    const { name } = csv();
    for (const hidden of [
      ...[
        `/files/${SITE}/crowding-15-min/${PERIOD}/v1/manifest.json`,
        `/files/${SITE}/crowding-15-min/${PERIOD}/v1/SHA256SUMS`,
      ],
      ...[
        `/files/${SITE}/crowding-15-min/${PERIOD}/v1/..%2fv2%2f${name}`,
        `/files/${SITE}/crowding-15-min/${PERIOD}/v1/%2e%2e%2f${name}`,
      ],
      ...[
        `/files/${SITE}/..%2f..%2fsites/${PERIOD}/v1/${SITE}.json`,
        `/files/..%2fbuyers%2f${SITE}/sequences/${PERIOD}/v1/${name}`,
      ],
      ...[
        `/files/${SITE}/crowding-15-min/${PERIOD}/v01/${name}`,
        `/files/${SITE}/crowding-15-min/${PERIOD}/v1/${name}%00`,
      ],
      ...[
        `/files/${SITE}/crowding-15-min/${PERIOD}/v1/`,
        '/files/',
        '/files/../../etc/passwd',
        '/files//etc/passwd',
      ],
      ...[
        `/files/${SITE}/constructor/${PERIOD}/v1/${name}`,
        `/files/${SITE}/crowding-15-min/${PERIOD}/v1/${name.toUpperCase()}`,
      ],
    ]) {
      const { status, text } = await get(hidden);
      expect(status, hidden).toBe(404);
      expect(text).not.toContain('root:');
    }
  });

  it('is not given under its checksum when the file is another one than was published', async () => {
    const release = await publishRelease(desk.folder, plan, {
      dataset: 'passages',
      period: '2026-10-06',
    });
    const file = fileOf(release, 'csv');
    await eventually('the release', async () => (await get(pathOf(release, file))).status === 200);
    truncateSync(join(desk.path, 'public/open', SITE, 'passages/2026-10-06/v1', file.name), 100);
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

describe('for travellers', () => {
  const [place] = plan.travellers;
  const area = place?.area ?? '';
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><circle cx="5" cy="5" r="2"/></svg>';
  const now = (more: object = {}) => ({
    ...{ site: SITE, area, title: place?.title ?? { ja: '', en: '' }, isAvailable: true },
    ...{ percentageOfBaseline: 0.8, usualPercentageOfBaseline: 0.5, level: 'very-busy' as const },
    ...{ atMs: Date.now(), untilMs: Date.now() + 120_000 },
    ...more,
  });
  const feed = async () =>
    (
      JSON.parse((await get(`/api/v1/${SITE}/now.json`)).text) as {
        places: Record<string, unknown>[];
      }
    ).places[0];

  it('there is no data before there is any, and never a picture then', async () => {
    expect(await feed()).toMatchObject({
      area,
      dataAvailable: false,
      percentageOfBaseline: null,
      level: null,
    });
    expect((await get(`/en/${SITE}/now/${area}`)).text).toContain('No data');
    const picture = await get(`/pictures/${SITE}/${area}/icons.svg`);
    expect([picture.status, picture.headers.get('cache-control')]).toEqual([404, 'no-store']);
    expect(picture.text).toContain('No data');
  });

  it('a place is told in words and percent with the usual beside it, and as Transport for London’s feed does', async () => {
    await desk.folder.writeTraveller(now(), { svg });
    await eventually('the place', async () => (await feed())?.['dataAvailable'] === true);
    expect(await feed()).toMatchObject({
      ...{ percentageOfBaseline: 0.8, usualPercentageOfBaseline: 0.5, level: 'very-busy' },
      timeUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      timeLocal: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) as string,
    });
    for (const path of ['now', `now/${area}`]) {
      const { text } = await get(`/ja/${SITE}/${path}`);
      for (const words of ['混んでいます', '80%', '50%', '普段のこの時間'])
        expect(text).toContain(words);
    }
    const picture = await get(`/pictures/${SITE}/${area}/icons.svg`);
    expect([picture.status, picture.text]).toEqual([200, svg]);
    expect(picture.headers.get('cache-control')).toBe('no-store');
    expect((await get(`/pictures/${SITE}/nowhere/icons.svg`)).status).toBe(404);
    expect((await get(`/pictures/${SITE}/..%2f${area}/icons.svg`)).status).toBe(404);
  });

  catalogueBrowserSuite(() => ({
    ...{ desk, site: SITE },
    paths: [
      ...[
        '/',
        '/data/',
        '/data/crowding-15-min',
        '/data/sequences',
        '/data/movements',
        '/data/passages',
      ],
      ...['/now', `/now/${area}`, `/embed/now/${area}`],
    ],
  }));

  it('a page may be shown within others’, and no other page may', async () => {
    const embedded = await get(`/embed/en/${SITE}/now/${area}`);
    expect(embedded.status).toBe(200);
    expect(embedded.headers.get('content-security-policy')).toContain('frame-ancestors *');
    expect(embedded.headers.get('x-frame-options')).toBeNull();
    expect(embedded.headers.get('refresh')).toBe('60');
    expect(embedded.text).toContain('Very busy');
    const page = await get(`/en/${SITE}/now/${area}`);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect((await get(`/embed/fr/${SITE}/now/${area}`)).status).toBe(404);
  });

  it('what is over is no data, and its picture is given no more', async () => {
    await desk.folder.writeTraveller(now({ untilMs: Date.now() + 1_500 }), { svg });
    await eventually('that it is over', async () => (await feed())?.['dataAvailable'] === false);
    expect((await get(`/ja/${SITE}/now/${area}`)).text).toContain('データなし');
    expect((await get(`/embed/ja/${SITE}/now/${area}`)).text).not.toContain('icons.svg');
    expect((await get(`/pictures/${SITE}/${area}/icons.svg`)).status).toBe(404);
  });
});
