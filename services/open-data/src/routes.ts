import { HitonamiError, type SitePlan } from '@hitonami/model';
import { LANGUAGES, noticeHtml } from '@hitonami/privacy';
import type { Records } from '@hitonami/records';
import { frameFigures, type MetricsSources, type PlanFollower } from '@hitonami/service';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { policyOfDocument } from './http/app.js';
import { Fault, preferred, wordsFor } from './http/faults.js';
import { inputOf, noticesOf, type SiteNotices } from './notices.js';
import type { RiskReports } from './risk-reports.js';
import { figuresPage } from './pages/figures.js';
import { headsPage, sitesPage } from './pages/others.js';
import { isPublicName, sitePage } from './pages/site.js';

/** Days whose head of the audit log is shown. */
const HEADS_SHOWN = 100;

export interface PageRoutesOptions {
  plans: Pick<PlanFollower, 'versions' | 'sites'>;
  metrics: Pick<MetricsSources, 'look'>;
  records: Pick<Records, 'audit'>;
  reports: Pick<RiskReports, 'of'>;
  /** The address that the public knows. */
  url: string;
}

interface SiteRoute {
  Params: { language: string; site: string };
}

/** What the public may read: notices, figures of frames, heads of the audit log. */
export function pageRoutes(
  app: FastifyInstance,
  { plans, metrics, records, reports, url }: PageRoutesOptions,
): void {
  app.get('/', (request, reply) =>
    reply.redirect(`/${preferred(request.headers['accept-language'])}/`),
  );

  app.get('/:language/', (request, reply) => {
    requireLanguage(request);
    const all = plans
      .sites()
      .flatMap((site) => noticesOf(plans, site, Date.now())?.current.plan ?? []);
    const [only] = all;
    const words = wordsFor(request);
    if (only !== undefined && all.length === 1)
      return reply.redirect(`/${words.language}/${only.site}/`);
    return reply.type(HTML).send(sitesPage(all, words));
  });

  app.get<SiteRoute>('/:language/:site', (request, reply) => {
    const { current } = requireNotices(plans, request);
    return reply.redirect(`/${wordsFor(request).language}/${current.plan.site}/`);
  });

  app.get('/:language/:site/', async (request, reply) => {
    const notices = requireNotices(plans, request);
    const { site } = notices.current.plan;
    const words = wordsFor(request);
    const page = sitePage({
      notices,
      figures: frameFigures(await metrics.look(), site),
      audit: reports.of(notices.current.plan),
      url: publicUrl(url, words.language, site),
      nowMs: Date.now(),
      words,
    });
    return reply.type(HTML).send(page);
  });

  app.get('/:language/:site/figures', async (request, reply) => {
    const { plan } = requireNotices(plans, request).current;
    const figures = frameFigures(await metrics.look(), plan.site);
    return reply.type(HTML).send(figuresPage(plan, figures, Date.now(), wordsFor(request)));
  });

  app.get<{ Params: { name: string }; Querystring: { version?: string } }>(
    '/:language/:site/notices/:name',
    (request, reply) => {
      const { current, coming } = requireNotices(plans, request);
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
    const { plan } = requireNotices(plans, request).current;
    const heads = await records.audit.heads(HEADS_SHOWN).catch((error: unknown) => {
      if (!(error instanceof HitonamiError)) throw error;
      request.log.warn({ err: error }, 'the heads of the audit log cannot be told');
      return undefined;
    });
    return reply
      .code(heads === undefined ? 503 : 200)
      .type(HTML)
      .send(headsPage(plan, heads, wordsFor(request)));
  });
}

const HTML = 'text/html; charset=utf-8';

function publicUrl(url: string, language: string, site: string): string {
  return `${url.replace(/\/$/, '')}/${language}/${site}/`;
}

/** @throws Fault `not-found` for another language, and for a site without a plan */
export function requireNotices(
  plans: Pick<PlanFollower, 'versions'>,
  request: FastifyRequest,
): SiteNotices {
  requireLanguage(request);
  const { site } = request.params as SiteRoute['Params'];
  const notices = noticesOf(plans, site, Date.now());
  if (notices === undefined) throw new Fault('not-found');
  return notices;
}

export function requirePlan(
  plans: Pick<PlanFollower, 'versions'>,
  request: FastifyRequest,
): SitePlan {
  return requireNotices(plans, request).current.plan;
}

function requireLanguage(request: FastifyRequest): void {
  const { language } = request.params as SiteRoute['Params'];
  if (!LANGUAGES.some((known) => known === language)) throw new Fault('not-found');
}
