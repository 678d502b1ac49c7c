import { wordsOf, type Language } from '@hitonami/privacy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Body, sendBody } from '../http/bodies.js';
import { Fault, wordsFor } from '../http/faults.js';
import { requireLanguage } from '../routes.js';
import { paths } from './addresses.js';
import type { DatasetEntry, Entry, Tombstone } from './entries.js';
import { feedOf } from './feed.js';
import { datasetPage, tombstonePage } from './pages/dataset.js';
import { LIST_LENGTH, listPage } from './pages/list.js';
import { RELEASES_SHOWN } from './pages/releases.js';
import type { Previews } from './preview/previews.js';
import type { Rendered } from './rendered.js';
import { QUERY_LENGTH_MAX, searched } from './search.js';
import { robotsOf, sitemapOf } from './sitemap.js';
import type { View, ViewReader } from './view.js';

const HTML = 'text/html; charset=utf-8';
/** Pages may be a minute old in whoever's cache. */
const CACHE = 'public, max-age=60';
/** Periods that `releases` tells of at once. */
const RELEASES_MAX = 200;

export interface CatalogueOptions {
  views: Pick<ViewReader, 'look'>;
  rendered: Rendered;
  previews: Pick<Previews, 'of'>;
}

interface SiteRoute {
  Params: { language: Language; site: string };
  Querystring: { q?: unknown; page?: unknown };
}
interface DatasetRoute {
  Params: SiteRoute['Params'] & { dataset: string };
  Querystring: { page?: unknown };
}
interface ReleaseRoute {
  Params: DatasetRoute['Params'] & { period: string; version: string };
}

/** The catalogue for people, and what search engines and feed readers want of it. */
export function catalogueRoutes(app: FastifyInstance, options: CatalogueOptions): void {
  const { views, rendered } = options;

  app.get<SiteRoute>('/:language/:site/data', (request, reply) => {
    requireLanguage(request);
    const { language, site } = request.params;
    return reply.redirect(paths.list(language, encodeURIComponent(site)), 301);
  });

  app.get<SiteRoute>('/:language/:site/data/', async (request, reply) => {
    requireLanguage(request);
    const { language, site } = request.params;
    const query = textOf(request.query.q);
    const page = pageOf(request.query.page);
    const view = await views.look();
    const key = `list ${language} ${site} ${page} ${query}`;
    return sendBody(
      request,
      reply,
      await rendered.page(view, key, () => list(view, site, query, page, language)),
      CACHE,
    );
  });

  app.get<SiteRoute>('/:language/:site/data/feed.atom', async (request, reply) => {
    requireLanguage(request);
    const { language, site } = request.params;
    const view = await views.look();
    const plan = requirePlan(view, site);
    const body = await rendered.page(view, `feed ${language} ${site}`, () =>
      feedOf(
        view,
        view.catalogue.entries.filter((entry) => entry.site === site),
        site,
        plan.name,
        language,
      ),
    );
    return sendBody(request, reply, body, CACHE);
  });

  app.get<DatasetRoute>('/:language/:site/data/:dataset', async (request, reply) => {
    requireLanguage(request);
    const { language, site, dataset } = request.params;
    const view = await views.look();
    const entry = requireEntry(view, site, dataset);
    if (entry.state === 'deleted') return gone(reply, entry, view, request);
    const page = pageOf(request.query.page);
    if (page > Math.max(1, Math.ceil(entry.periods.length / RELEASES_SHOWN)))
      throw new Fault('not-found');
    return sendBody(request, reply, await datasetBody(options, view, entry, page, language), CACHE);
  });

  app.get<ReleaseRoute>(
    '/:language/:site/data/:dataset/:period/:version',
    async (request, reply) => {
      requireLanguage(request);
      const { language, site, dataset, period, version } = request.params;
      const view = await views.look();
      const entry = requireEntry(view, site, dataset);
      if (entry.state === 'deleted') return gone(reply, entry, view, request);
      const manifest = view.catalogue.release(site, dataset, period, version);
      if (manifest === undefined) throw new Fault('not-found');
      const key = `release ${language} ${entry.id} ${period} ${version}`;
      const body = await rendered.page(view, key, async () => {
        const preview = await options.previews.of(manifest);
        const about = { entry, manifest, preview, view, isOfDataset: false, releasesPage: 1 };
        return new Body(datasetPage(about, wordsOf(language)), HTML);
      });
      return sendBody(request, reply, body, CACHE);
    },
  );

  app.get<{ Params: { site: string; dataset: string }; Querystring: { before?: unknown } }>(
    '/api/v1/:site/datasets/:dataset/releases',
    async (request, reply) => {
      const view = await views.look();
      const entry = requireEntry(view, request.params.site, request.params.dataset);
      if (entry.state === 'deleted') throw new Fault('gone');
      const before = textOf(request.query.before);
      const body = await rendered.page(view, `releases ${entry.id} ${before}`, () =>
        releases(view, entry, before),
      );
      void reply.header('access-control-allow-origin', '*');
      return sendBody(request, reply, body, CACHE);
    },
  );

  app.get('/sitemap.xml', async (request, reply) => {
    const view = await views.look();
    const sites = view.sites();
    return sendBody(
      request,
      reply,
      await rendered.page(view, 'sitemap', () => sitemapOf(view, sites)),
      CACHE,
    );
  });

  app.get('/robots.txt', async (_, reply) => {
    const { url } = await views.look();
    return reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', CACHE)
      .send(robotsOf(url));
  });
}

function list(view: View, site: string, query: string, page: number, language: Language): Body {
  const plan = requirePlan(view, site);
  const { catalogue } = view;
  const all = catalogue.active
    .filter((entry) => entry.site === site)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const found = searched(all, query);
  if (page > Math.max(1, Math.ceil(found.length / LIST_LENGTH))) throw new Fault('not-found');
  const text = listPage(
    {
      ...{ plan, query, page, total: found.length },
      found: found.slice((page - 1) * LIST_LENGTH, page * LIST_LENGTH),
      withdrawn: catalogue.entries.filter(
        (entry): entry is Tombstone => entry.state === 'deleted' && entry.site === site,
      ),
      titleOf: (entry) => view.titleOf(entry),
    },
    wordsOf(language),
  );
  return new Body(text, HTML);
}

function datasetBody(
  { rendered, previews }: CatalogueOptions,
  view: View,
  entry: DatasetEntry,
  releasesPage: number,
  language: Language,
): Promise<Body> {
  return rendered.page(view, `dataset ${language} ${entry.id} ${releasesPage}`, async () => {
    const { newest: manifest } = entry;
    const preview = await previews.of(manifest);
    const about = { entry, manifest, preview, view, isOfDataset: true, releasesPage };
    return new Body(datasetPage(about, wordsOf(language)), HTML);
  });
}

function gone(
  reply: FastifyReply,
  entry: Tombstone,
  view: View,
  request: FastifyRequest,
): FastifyReply {
  const plan = view.planOf(entry.site);
  const site = plan?.name ?? { ja: entry.site, en: entry.site };
  const page = tombstonePage(
    entry,
    view.titleOf(entry),
    site,
    plan?.timeZone ?? 'UTC',
    wordsFor(request),
  );
  return reply.code(410).type(HTML).send(page);
}

/** Every version and file, the newest periods first; `next` leads to older ones. */
function releases(view: View, entry: DatasetEntry, before: string): Body {
  const older = entry.periods.filter(({ period }) => before === '' || period < before);
  const shown = older.slice(0, RELEASES_MAX);
  const last = shown.at(-1)?.period;
  const address = `${view.url}/api/v1/${entry.site}/datasets/${entry.dataset}/releases`;
  const result = {
    dataset: entry.name,
    releases: shown.flatMap(({ versions }) =>
      versions.map((manifest) => ({
        period: manifest.period,
        version: manifest.version,
        correction: manifest.correction ?? null,
        from: new Date(manifest.fromMs).toISOString(),
        to: new Date(manifest.toMs).toISOString(),
        created: new Date(manifest.createdMs).toISOString(),
        audience: manifest.dataset.audience,
        files: manifest.files.map((file) => ({
          ...{ name: file.name, format: file.format, mediaType: file.mediaType },
          ...{ bytes: file.bytes, rows: file.rows, sha256: file.sha256 },
          url: view.url + paths.file(manifest, file),
        })),
      })),
    ),
    next: older.length > shown.length && last !== undefined ? `${address}?before=${last}` : null,
  };
  return new Body(JSON.stringify(result), 'application/json; charset=utf-8');
}

function requireEntry(view: View, site: string, dataset: string): Entry {
  const entry = view.catalogue.entry(site, dataset);
  if (entry === undefined) throw new Fault('not-found');
  return entry;
}

function requirePlan(view: View, site: string) {
  const plan = view.planOf(site);
  if (plan === undefined) throw new Fault('not-found');
  return plan;
}

/** @throws Fault `invalid` for what is too long, or said twice */
function textOf(asked: unknown): string {
  if (asked === undefined) return '';
  if (typeof asked !== 'string' || asked.length > QUERY_LENGTH_MAX) throw new Fault('invalid');
  return asked.trim();
}

function pageOf(asked: unknown): number {
  if (asked === undefined) return 1;
  if (typeof asked !== 'string' || !/^[1-9]\d{0,5}$/.test(asked)) throw new Fault('invalid');
  return Number(asked);
}
