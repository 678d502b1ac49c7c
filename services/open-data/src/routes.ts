import type { SitePlan } from '@hitonami/model';
import { LANGUAGES, noticeHtml } from '@hitonami/privacy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault, preferred, wordsFor } from './http/faults.js';
import { policyOfDocument } from './http/policy.js';
import { inputOf, noticesOf, type SiteNotices } from './notices.js';
import type { RiskReports } from './risk-reports.js';
import { figuresPage } from './pages/figures.js';
import { headsPage, sitesPage } from './pages/others.js';
import { isPublicName, sitePage } from './pages/site.js';
import type { SiteFacts, SiteReader } from './site-documents.js';

/** Days whose head of the audit log is shown. */
const HEADS_SHOWN = 100;
/** Sites that the first page names. */
const SITES_SHOWN = 1_000;

export interface PageRoutesOptions {
  sites: Pick<SiteReader, 'of' | 'sites'>;
  reports: Pick<RiskReports, 'of'>;
  /** The address that the public knows. */
  url: string;
}

interface SiteRoute {
  Params: { language: string; site: string };
}

/** What the public may read: notices, figures of frames, heads of the audit log. */
export function pageRoutes(app: FastifyInstance, { sites, reports, url }: PageRoutesOptions): void {
  app.get('/', (request, reply) =>
    reply.redirect(`/${preferred(request.headers['accept-language'])}/`),
  );

  app.get('/:language/', async (request, reply) => {
    requireLanguage(request);
    const all = (await plansOf(sites)).sort((a, b) => (a.site < b.site ? -1 : 1));
    const [only] = all;
    const words = wordsFor(request);
    if (only !== undefined && all.length === 1)
      return reply.redirect(`/${words.language}/${only.site}/`);
    return reply.type(HTML).send(sitesPage(all, words));
  });

  app.get<SiteRoute>('/:language/:site', async (request, reply) => {
    const { current } = (await requireSite(sites, request)).notices;
    return reply.redirect(`/${wordsFor(request).language}/${current.plan.site}/`);
  });

  app.get('/:language/:site/', async (request, reply) => {
    const { notices, facts } = await requireSite(sites, request);
    const { site } = notices.current.plan;
    const words = wordsFor(request);
    const page = sitePage({
      notices,
      figures: facts.figures,
      audit: reports.of(notices.current.plan),
      url: publicUrl(url, words.language, site),
      nowMs: Date.now(),
      words,
    });
    return reply.type(HTML).send(page);
  });

  app.get('/:language/:site/figures', async (request, reply) => {
    const { notices, facts } = await requireSite(sites, request);
    const { plan } = notices.current;
    return reply.type(HTML).send(figuresPage(plan, facts.figures, Date.now(), wordsFor(request)));
  });

  app.get<{ Params: { name: string }; Querystring: { version?: string } }>(
    '/:language/:site/notices/:name',
    async (request, reply) => {
      const { current, coming } = (await requireSite(sites, request)).notices;
      const { name } = request.params;
      const { version } = request.query;
      const notice =
        version === undefined
          ? current
          : [current, ...coming].find(({ plan }) => String(plan.version) === version);
      if (notice === undefined || !isPublicName(name)) throw new Fault('not-found');
      const { language } = wordsFor(request);
      const html = noticeHtml(
        name,
        inputOf(notice, publicUrl(url, language, notice.plan.site), reports.of(notice.plan)),
        language,
      );
      return reply.type(HTML).header('content-security-policy', policyOfDocument(html)).send(html);
    },
  );

  app.get('/:language/:site/audit-heads', async (request, reply) => {
    const { notices, facts } = await requireSite(sites, request);
    const heads = [...facts.auditHeads]
      .sort((a, b) => (a.day < b.day ? 1 : -1))
      .slice(0, HEADS_SHOWN);
    return reply.type(HTML).send(headsPage(notices.current.plan, heads, wordsFor(request)));
  });
}

const HTML = 'text/html; charset=utf-8';

function publicUrl(url: string, language: string, site: string): string {
  return `${url.replace(/\/$/, '')}/${language}/${site}/`;
}

async function plansOf(sites: PageRoutesOptions['sites']): Promise<SitePlan[]> {
  const names = (await sites.sites()).slice(0, SITES_SHOWN);
  const all = await Promise.all(names.map((site) => sites.of(site)));
  return all.flatMap((facts) => noticesOf(facts?.plans ?? [], Date.now())?.current.plan ?? []);
}

/** @throws Fault `not-found` for another language, and for a site without a plan */
export async function requireSite(
  sites: Pick<SiteReader, 'of'>,
  request: FastifyRequest,
): Promise<{ notices: SiteNotices; facts: SiteFacts }> {
  requireLanguage(request);
  const { site } = request.params as SiteRoute['Params'];
  const facts = await sites.of(site);
  const notices = noticesOf(facts?.plans ?? [], Date.now());
  if (facts === undefined || notices === undefined) throw new Fault('not-found');
  return { notices, facts };
}

/** The plan in force of the site in the address. @throws Fault `not-found` */
export async function requirePlan(
  sites: Pick<SiteReader, 'of'>,
  request: FastifyRequest,
): Promise<SitePlan> {
  return (await requireSite(sites, request)).notices.current.plan;
}

/** @throws Fault `not-found` */
export function requireLanguage(request: FastifyRequest): void {
  const { language } = request.params as SiteRoute['Params'];
  if (!LANGUAGES.some((known) => known === language)) throw new Fault('not-found');
}
