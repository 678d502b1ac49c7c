import { randomBytes } from 'node:crypto';
import { localDay, type SitePlan } from '@hitonami/model';
import type { InquiryKind, Records } from '@hitonami/records';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenDataMetrics } from '../metrics.js';
import { requireOwn } from '../http/cross-site.js';
import { networkOf } from '../http/networks.js';
import { Fault, wordsFor } from '../http/faults.js';
import { Rationing } from '../http/rationing.js';
import { answerPage, FORM_PATHS, formPage, thanksPage } from './pages.js';
import { readForm } from './reading.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What one address (of IPv6: its network) may send. */
const QUICK = { most: 5, windowMs: 10 * MINUTE_MS };
const DAILY = { most: 20, windowMs: DAY_MS };
/** What all together may send to a site within a day: a person has to read it. */
const SITE_DAILY_MAX = 500;
/** Of the secret link, bytes. */
const TOKEN_BYTES = 24;
/** Links that one address may try: nobody guesses one. */
const LOOKS = { most: 60, windowMs: MINUTE_MS };
/** A form as it travels: each character of the text may take nine bytes there. */
export const FORM_BYTES_MAX = 32 * 1024;

interface Options {
  records: Pick<Records, 'inquiries'>;
  planOf: (request: FastifyRequest) => Promise<SitePlan>;
  /** Origins that a form may come from. */
  origins: ReadonlySet<string>;
  metrics: OpenDataMetrics;
}

/** The forms for questions and opinions, and the answers behind their secret links. */
export function inquiryRoutes(app: FastifyInstance, options: Options): void {
  const quick = new Rationing(QUICK);
  const daily = new Rationing(DAILY);
  const looks = new Rationing(LOOKS);
  for (const kind of ['inquiry', 'opinion'] as const) {
    app.get(`/:language/:site/${FORM_PATHS[kind]}`, async (request, reply) =>
      page(reply, formPage(await options.planOf(request), kind, wordsFor(request))),
    );
    app.post(
      `/:language/:site/${FORM_PATHS[kind]}`,
      { bodyLimit: FORM_BYTES_MAX },
      async (request, reply) => {
        requireOwn(request, options.origins);
        const address = networkOf(request.ip);
        const waitS = Math.max(quick.take(address), daily.take(address));
        if (waitS > 0) {
          options.metrics.came(kind, 'too-many');
          throw new Fault('too-many', waitS);
        }
        return take(options, kind, request, reply);
      },
    );
  }
  app.get<{ Params: { token: string } }>(
    '/:language/:site/answers/:token',
    async (request, reply) => {
      if (looks.take(networkOf(request.ip)) > 0) throw new Fault('too-many', LOOKS.windowMs / 1000);
      const plan = await options.planOf(request);
      const inquiry = await options.records.inquiries.byToken(request.params.token);
      if (inquiry?.site !== plan.site) throw new Fault('not-found');
      const path = `${plan.site}/answers/${request.params.token}`;
      return page(reply, answerPage(plan, inquiry, path, wordsFor(request)));
    },
  );
}

async function take(
  { records, planOf, metrics }: Options,
  kind: InquiryKind,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const plan = await planOf(request);
  const words = wordsFor(request);
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const reading = readForm(form, words);
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const link = `/${words.language}/${plan.site}/answers/${token}`;
  if (reading.isTrapped) {
    // It is not told that it was noticed.
    metrics.came(kind, 'trapped');
    return page(reply, thanksPage(plan, kind, undefined, link, words));
  }
  if (reading.ok === undefined) {
    metrics.came(kind, 'refused');
    return page(reply.code(400), formPage(plan, kind, words, reading.written, reading.problem));
  }
  try {
    if (
      (await records.inquiries.countSince(plan.site, new Date(Date.now() - DAY_MS))) >=
      SITE_DAILY_MAX
    ) {
      metrics.came(kind, 'too-many');
      throw new Fault('too-many-all');
    }
    const { id } = await records.inquiries.add({
      ...reading.ok,
      ...{ site: plan.site, kind, language: words.language, token },
      day: localDay(Date.now(), plan.timeZone),
    });
    metrics.came(kind, 'kept');
    return await page(reply.code(201), thanksPage(plan, kind, id, link, words));
  } catch (error) {
    if (error instanceof Fault) throw error;
    metrics.came(kind, 'failed');
    request.log.warn({ err: error }, 'what the public wrote could not be kept');
    const problem = words.say(
      'いまは受け付けられませんでした。送られていません。しばらくしてからもう一度お送りください。',
      'This could not be taken right now, and was not sent. Please send it again later.',
    );
    // What was written is given back, so that nobody has to write it twice.
    return page(reply.code(503), formPage(plan, kind, words, reading.ok, problem));
  }
}

function page(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(text);
}
