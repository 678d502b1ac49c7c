/**
 * The catalogue for people, downloads, and what travellers are told: what is there, what is not, and every door tried with
 * what is malformed, hostile and too old.
 */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { ReleaseManifest, SitePlan } from '@hitonami/model';
import { scenario } from '@hitonami/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { fileOf, getFrom, pathOf, type Answer } from './asking.js';
import { catalogueBrowserSuite } from './catalogue-browser.js';
import { downloadsSuite } from './downloads-suite.js';
import { publishRelease } from './published.js';
import { startDesk, type Desk } from './support.js';
import { travellersSuite } from './travellers-suite.js';

const base = scenario('rush-hour').plan;
const HOSTILE = '</script><script>alert(1)</script>"&<b>';
const NOISY = {
  description: { ja: '計数線を通った人数に雑音を加えています。', en: 'Passages, with noise.' },
  noise: { mechanism: 'laplace' as const, epsilon: 0.5, delta: 1e-6, contributionsMax: 4 },
};
const plan: SitePlan = {
  ...base,
  datasets: [
    ...base.datasets.map((dataset) =>
      dataset.id === 'passages' ? { ...dataset, ...NOISY } : dataset,
    ),
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

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  getFrom(desk.url, path, headers);

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

downloadsSuite(() => ({ desk, plan, open: crowding, sold }));

travellersSuite(
  () => desk,
  plan,
  (area) => {
    catalogueBrowserSuite(() => ({
      ...{ desk, site: SITE },
      paths: [
        ...['/data/', '/data/crowding-15-min', '/data/sequences', '/data/movements'],
        ...['/now', `/now/${area}`, `/embed/now/${area}`],
      ],
    }));
  },
);
