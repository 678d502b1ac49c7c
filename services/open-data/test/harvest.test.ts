/**
 * The catalogue as other portals read it: harvests that page and go on from where they were mirror it and notice what is
 * added, changed and withdrawn; three forms of RDF, read by parsers that are not ours, say the same, and what DCAT-AP wants.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ReleaseManifest } from '@hitonami/model';
import { scenario } from '@hitonami/simulator';
import { Parser, Store, type Quad } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';
import { RdfXmlParser } from 'rdfxml-streaming-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { DCAT_AP_SHAPES } from './dcat-ap-shapes.js';
import { CkanHarvester, DcatHarvester, type CkanPackage } from './harvesters.js';
import { publishRelease } from './published.js';
import { somebody, startDesk, type Desk } from './support.js';

/** No types are published for it. */
const jsonld = createRequire(import.meta.url)('jsonld') as {
  toRDF(document: object, options: { format: string }): Promise<string>;
};

const { plan } = scenario('rush-hour');
const SITE = plan.site;
/** More than two pages of a hundred would tell nothing more. */
const COPIES = 101;
const WITHDRAWN = { ja: '計数線の位置が誤っていました', en: 'Its line was in the wrong place' };

let desk: Desk;

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(desk.url + path, {
    headers: { 'x-forwarded-for': somebody(), ...headers },
    redirect: 'manual',
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};
const action = async (path: string) => {
  const { status, text } = await get(`/api/3/action/${path}`);
  return { status, ...(JSON.parse(text) as { success: boolean; result: never; error: unknown }) };
};

beforeAll(async () => {
  desk = await startDesk();
  await desk.publish(plan);
  for (const period of ['2026-10-05', '2026-10-06'])
    await publishRelease(desk.folder, plan, { dataset: 'movements', period });
  await publishRelease(desk.folder, plan, { dataset: 'sequences', period: '2026-10-05' });
  await publishRelease(desk.folder, plan, { dataset: 'crowding-15-min', period: '2026-10-05' });
  await eventually('the catalogue', async () =>
    (await get('/api/3/action/package_list')).text.includes('crowding'),
  );
}, 60_000);
afterAll(() => desk.stop());

const seen = (name: string) =>
  eventually(name, async () =>
    (await get('/api/3/action/package_search?rows=1000')).text.includes(name),
  );

describe('a harvest of CKAN', () => {
  it('mirrors the catalogue in pages, and then notices what was added, changed and withdrawn', async () => {
    const harvester = new CkanHarvester(get, 2);
    expect([...(await harvester.harvest()).added].sort()).toEqual([
      `${SITE}_crowding-15-min`,
      `${SITE}_movements`,
      `${SITE}_sequences`,
    ]);
    expect(harvester.pages).toBe(3);
    // Nothing new: nothing is sent.
    expect(await harvester.harvest()).toEqual({ added: [], changed: [], withdrawn: [] });
    expect(harvester.pages).toBe(1);

    await publishRelease(desk.folder, plan, { dataset: 'passages', period: '2026-10-05' });
    const correction = { ja: '時計のずれを直しました', en: 'A clock was wrong' };
    await publishRelease(desk.folder, plan, {
      dataset: 'movements',
      period: '2026-10-06',
      correction,
    });
    await seen('時計のずれ');
    expect(await harvester.harvest()).toEqual({
      added: [`${SITE}_passages`],
      changed: [`${SITE}_movements`],
      withdrawn: [],
    });

    const withdrawnMs = Date.now();
    await desk.folder.withdraw({
      site: SITE,
      dataset: 'passages',
      withdrawnMs,
      because: WITHDRAWN,
    });
    await seen(WITHDRAWN.ja);
    expect(await harvester.harvest()).toEqual({
      added: [],
      changed: [],
      withdrawn: [`${SITE}_passages`],
    });
    // A harvester that comes for the first time hears of it too, and has nothing to remove.
    const late = new CkanHarvester(get, 100);
    expect((await late.harvest()).withdrawn).toEqual([]);
    expect([...late.mirror.keys()].sort()).toEqual([...harvester.mirror.keys()].sort());
  });

  it('finds the files with what they are checked by, and of buyers the page that tells how to get them', async () => {
    const { result } = await action(`package_show?id=${SITE}_movements`);
    const { resources, id } = result as CkanPackage;
    expect((await action(`package_show?id=${id}`)).result).toEqual(result);
    const csv = resources.find(({ url }) => url.endsWith('v2.csv'));
    const file = await fetch(csv?.url ?? '');
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(csv?.hash);
    expect(bytes.byteLength).toBe(csv?.size);
    const sold = (await action(`package_show?id=${SITE}_sequences`)).result as CkanPackage;
    expect(sold.extras).toContainEqual({ key: 'price_ja', value: '1か月 50,000円（架空）' });
    for (const { url } of sold.resources)
      expect(url).toMatch(/\/ja\/[^/]+\/data\/sequences\/2026-10-05\/v1#files$/);
  });

  it('answers what clients ask besides, and by POST', async () => {
    expect((await action('site_read')).result).toBe(true);
    expect((await action('package_list')).result).toHaveLength(3);
    expect((await action('package_list?limit=1&offset=1')).result).toHaveLength(1);
    expect((await action('organization_list')).result).toEqual([SITE]);
    expect((await action(`organization_show?id=${SITE}`)).result).toMatchObject({
      package_count: 3,
    });
    expect((await action('group_list')).result).toEqual(['areas', 'movements', 'sequences']);
    expect((await action('group_show?id=movements&include_datasets=true')).result).toMatchObject({
      packages: [{ name: `${SITE}_movements` }],
    });
    expect((await action('tag_list')).result).toContain('人流');
    expect((await action('status_show')).result).toMatchObject({ site_url: desk.url });
    const names = async (query: string): Promise<string[]> =>
      ((await action(`package_search?${query}`)).result as { results: CkanPackage[] }).results.map(
        ({ name }) => name,
      );
    expect(await names('fq=groups:areas&q=*:*')).toEqual([`${SITE}_crowding-15-min`]);
    expect(await names('fq=%2Bstate:active+-groups:(areas+OR+movements)')).toEqual([
      `${SITE}_sequences`,
    ]);
    expect(await names('q=混雑人流')).toEqual([`${SITE}_crowding-15-min`]);
    expect(await names('sort=metadata_modified+desc&rows=1')).toEqual([`${SITE}_passages`]);
    const posted = await fetch(`${desk.url}/api/3/action/package_search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': somebody() },
      body: JSON.stringify({ fq: 'state:deleted', rows: 5 }),
    });
    expect(await posted.json()).toMatchObject({
      success: true,
      result: { count: 1, results: [{ state: 'deleted' }] },
    });
  });

  it.each([
    ['package_search?fq=metadata_modified:[yesterday+TO+*]', 400, 'Search Query Error'],
    ['package_search?fq=metadata_modified:[2026-13-45T00:00:00Z+TO+*]', 400, 'Search Query Error'],
    ['package_search?fq=metadata_modified:[', 400, 'Search Query Error'],
    ['package_search?fq=secrets:x', 400, 'Search Query Error'],
    ['package_search?fq=constructor:x', 400, 'Search Query Error'],
    ['package_search?fq=title:("', 400, 'Search Query Error'],
    ['package_search?sort=password+asc', 400, 'Search Query Error'],
    [`package_search?q=${'x'.repeat(201)}`, 400, 'Search Query Error'],
    [`package_search?fq=${'tags:a+'.repeat(300)}`, 400, 'Search Query Error'],
    [`package_search?q=${'x'.repeat(5_000)}`, 409, 'Validation Error'],
    ['package_search?rows=-1', 409, 'Validation Error'],
    ['package_search?start=ten', 409, 'Validation Error'],
    ['package_show', 409, 'Validation Error'],
    ['package_show?id=nothing', 404, 'Not Found Error'],
    ['package_show?id=__proto__', 404, 'Not Found Error'],
    ['organization_show?id=nobody', 404, 'Not Found Error'],
  ])('is told in CKAN’s words what is wrong with %s', async (path, status, type) => {
    expect(await action(path)).toMatchObject({ status, success: false, error: { __type: type } });
  });

  it('is refused what changes anything, and what is no question', async () => {
    expect(await get('/api/3/action/package_delete?id=x')).toMatchObject({ status: 400 });
    expect(await get('/api/3/action/toString')).toMatchObject({ status: 400 });
    const post = (body: string) =>
      fetch(`${desk.url}/api/3/action/package_search`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': somebody() },
        body,
      });
    expect((await post('{"q":')).status).toBe(400);
    expect((await post('[1]')).status).toBe(400);
    expect((await post(JSON.stringify({ q: 'x'.repeat(20_000) }))).status).toBe(413);
  });
});

describe('RDF', () => {
  const about = `/dataset/${SITE}_movements`;

  it('says the same in all three forms, as parsers that are not ours read them', async () => {
    for (const path of ['/catalog', about]) {
      const [ttl, rdf, json] = await Promise.all(
        ['ttl', 'rdf', 'jsonld'].map(async (form) => (await get(`${path}.${form}`)).text),
      );
      const turtle = statements(new Parser().parse(ttl ?? ''));
      expect(turtle.length).toBeGreaterThan(100);
      expect(statements(await rdfXml(rdf ?? ''))).toEqual(turtle);
      const nquads = await jsonld.toRDF(JSON.parse(json ?? '') as object, {
        format: 'application/n-quads',
      });
      expect(statements(new Parser({ format: 'N-Quads' }).parse(nquads))).toEqual(turtle);
    }
  });

  it('has what DCAT-AP 3 makes mandatory, with the right ranges', async () => {
    const validator = new SHACLValidator(new Store(new Parser().parse(DCAT_AP_SHAPES)));
    const data = new Parser().parse((await get('/catalog.ttl')).text);
    const faults = async (quads: readonly Quad[]): Promise<string[]> =>
      (await validator.validate(new Store([...quads]))).results.map(
        ({ path, focusNode, message }) =>
          `${focusNode.value} ${(path as { value?: string } | null)?.value ?? ''} ${message.map(({ value }) => value).join()}`,
      );
    expect(await faults(data)).toEqual([]);
    // It would be seen: without a title, a checksum's type or a publisher's name there is a fault each.
    for (const gone of [
      (quad: Quad) =>
        quad.predicate.value.endsWith('/terms/title') && quad.subject.value.endsWith('_movements'),
      (quad: Quad) => quad.object.value.endsWith('#Checksum'),
      (quad: Quad) => quad.predicate.value.endsWith('foaf/0.1/name'),
    ])
      expect(await faults(data.filter((quad) => !gone(quad)))).not.toEqual([]);
  });

  it('is found by what a program accepts, and the page by what a browser does', async () => {
    const to = async (path: string, accept: string) => {
      const { status, headers } = await get(path, { accept, 'accept-language': 'en' });
      return [status, headers.get('location')?.replace(desk.url, '')];
    };
    expect(await to(about, 'text/turtle')).toEqual([303, `${about}.ttl`]);
    expect(await to(about, 'application/rdf+xml;q=0.9, text/html;q=0.1')).toEqual([
      303,
      `${about}.rdf`,
    ]);
    expect(await to(about, '*/*')).toEqual([303, `${about}.jsonld`]);
    expect(await to(about, 'text/html,application/xhtml+xml,*/*;q=0.8')).toEqual([
      303,
      `/en/${SITE}/data/movements`,
    ]);
    expect(await to('/catalog?page=1', 'text/turtle')).toEqual([303, '/catalog.ttl?page=1']);
    expect((await to(`/dataset/${SITE}_passages`, 'text/turtle'))[0]).toBe(410);
  });

  it('is read whole in pages of a hundred; what was withdrawn is absent', async () => {
    const harvester = new DcatHarvester(get);
    expect((await harvester.harvest()).added).toHaveLength(3);
    expect(harvester.pages).toBe(1);
    copyDataset('movements', COPIES);
    const since = new Date();
    // Whatever is published tells the folder's readers to look.
    await publishRelease(desk.folder, plan, { dataset: 'crowding-15-min', period: '2026-10-06' });
    await seen('copy-100');
    const notice = await harvester.harvest();
    expect(harvester.pages).toBe(2);
    expect(notice.added).toHaveLength(COPIES);
    expect(notice.changed).toEqual([`${desk.url}/dataset/${SITE}_crowding-15-min`]);
    // Only what was modified since.
    const partly = new DcatHarvester(get);
    expect((await partly.harvestSince(since)).added).toEqual(notice.changed);
    await desk.folder.withdraw({
      ...{ site: SITE, dataset: 'copy-7' },
      withdrawnMs: Date.now(),
      because: WITHDRAWN,
    });
    await eventually(
      'the withdrawal',
      async () => (await get(`/dataset/${SITE}_copy-7.ttl`)).status === 410,
    );
    expect((await harvester.harvest()).withdrawn).toEqual([`${desk.url}/dataset/${SITE}_copy-7`]);
    expect((await get('/catalog.ttl?page=3')).status).toBe(404);
  });

  it.each([
    'page=0',
    'page=x',
    'page=1&page=2',
    'modified_since=lately',
    'modified_since=2026-99-99',
  ])('is refused with words for %s', async (query) => {
    const { status, headers } = await get(`/catalog.ttl?${query}`);
    expect([status, headers.get('cache-control')]).toEqual([400, 'no-store']);
  });
});

/** Each as one line; the addresses of pages differ in their ending alone. */
function statements(quads: readonly Quad[]): string[] {
  const said = (term: Quad['object']): string =>
    term.termType === 'Literal'
      ? JSON.stringify([term.value, term.language, term.datatype.value])
      : term.value;
  const lines = quads.map(
    ({ subject, predicate, object }) => `${subject.value} ${predicate.value} ${said(object)}`,
  );
  return [...new Set(lines)]
    .sort()
    .map((line) => line.replace(/\/catalog\.(ttl|rdf|jsonld)\?/g, '/catalog?'));
}

function rdfXml(text: string): Promise<Quad[]> {
  return new Promise((resolve, reject) => {
    const quads: Quad[] = [];
    const parser = new RdfXmlParser();
    parser
      .on('data', (quad: Quad) => quads.push(quad))
      .on('error', reject)
      .on('end', () => {
        resolve(quads);
      });
    parser.end(text);
  });
}

/** More datasets than it would be quick to publish: the first release of one under other names, as files. */
function copyDataset(dataset: string, copies: number): void {
  const folder = join(desk.path, 'public', 'open', SITE);
  for (let i = 0; i < copies; i++) {
    const id = `copy-${i}`;
    const to = join(folder, id, '2026-10-05', 'v1');
    mkdirSync(to, { recursive: true });
    cpSync(join(folder, dataset, '2026-10-05', 'v1'), to, { recursive: true });
    const path = join(to, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as ReleaseManifest;
    const text = JSON.stringify({ ...manifest, dataset: { ...manifest.dataset, id } });
    writeFileSync(path, text);
    const sums = join(to, 'SHA256SUMS');
    const sum = createHash('sha256').update(text).digest('hex');
    writeFileSync(
      sums,
      readFileSync(sums, 'utf8').replace(/^.*manifest\.json$/m, `${sum}  manifest.json`),
    );
  }
}
