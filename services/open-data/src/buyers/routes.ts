import { randomBytes } from 'node:crypto';
import { localDay, type SitePlan } from '@hitonami/model';
import {
  buyerState,
  contractFile,
  type BuyerFile,
  type NewBuyer,
  type Records,
} from '@hitonami/records';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requireOwn } from '../http/cross-site.js';
import { Fault, wordsFor } from '../http/faults.js';
import { networkOf } from '../http/networks.js';
import { Rationing } from '../http/rationing.js';
import {
  appliedPage,
  applicationPage,
  BUYERS_PATH,
  datasetsForBuyers,
} from './application-pages.js';
import { contractPage } from './contract-page.js';
import { deedsOf, type Deed, type Done } from './deeds.js';
import { readApplication } from './reading.js';
import type { TargetRules } from './webhook-target.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Applications that one address (of IPv6: its network) may send. */
const QUICK = { most: 5, windowMs: 10 * MINUTE_MS };
const DAILY = { most: 20, windowMs: DAY_MS };
/** What all together may send to a site within a day: a person has to read it. */
const SITE_DAILY_MAX = 100;
/** Links that one address may try, and deeds behind them. */
const LOOKS = { most: 60, windowMs: MINUTE_MS };
/** Of the secret link, bytes. */
const TOKEN_BYTES = 24;
const FORM_BYTES_MAX = 32 * 1024;
/** Of the files that were fetched this month, the newest. */
const USAGE_SHOWN = 100;
const USAGE_READ_MAX = 1_000;

export interface PagesOptions extends TargetRules {
  readonly records: Pick<
    Records,
    'buyers' | 'buyerKeys' | 'buyerEnds' | 'buyerDeliveries' | 'audit'
  >;
  readonly planOf: (request: FastifyRequest) => Promise<SitePlan>;
  readonly origins: ReadonlySet<string>;
  readonly url: string;
}

interface TokenRoute {
  Params: { token: string };
}

/** The pages of organisations: to apply, and the one behind the secret link, where everything else happens. */
export function buyerPages(app: FastifyInstance, options: PagesOptions): void {
  const { records, planOf, origins } = options;
  const quick = new Rationing(QUICK);
  const daily = new Rationing(DAILY);
  const looks = new Rationing(LOOKS);
  const path = `/:language/:site/${BUYERS_PATH}`;
  const form = { bodyLimit: FORM_BYTES_MAX };

  app.get(path, async (request, reply) =>
    page(reply, applicationPage(await planOf(request), wordsFor(request))),
  );
  app.post(path, form, async (request, reply) => {
    requireOwn(request, origins);
    const address = networkOf(request.ip);
    const waitS = Math.max(quick.take(address), daily.take(address));
    if (waitS > 0) throw new Fault('too-many', waitS);
    return apply(options, request, reply);
  });

  /** Who has the link. @throws Fault `not-found` for any other */
  const fileOf = async (
    request: FastifyRequest<TokenRoute>,
  ): Promise<BuyerFile & { plan: SitePlan }> => {
    if (looks.take(networkOf(request.ip)) > 0) throw new Fault('too-many', LOOKS.windowMs / 1000);
    const plan = await planOf(request);
    const file = await records.buyers.byToken(request.params.token);
    if (file?.buyer.site !== plan.site) throw new Fault('not-found');
    if (buyerState(file.buyer, file.contracts) !== 'ended') return { ...file, plan };
    // Its time may have run out a moment ago.
    const noted = await records.buyerEnds.note(new Date(), file.buyer.id);
    return { ...file, ends: [...noted, ...file.ends], plan };
  };

  app.get<TokenRoute>(`${path}/:token`, async (request, reply) => {
    const file = await fileOf(request);
    return page(reply, await contractHtml(options, request, file));
  });

  app.get<{ Params: TokenRoute['Params'] & { file: string } }>(
    `${path}/:token/:file`,
    async (request, reply) => {
      const { contracts } = await fileOf(request);
      const version = /^contract-(\d{1,6})\.txt$/.exec(request.params.file)?.[1];
      const contract = contracts.find((one) => String(one.version) === version);
      if (contract === undefined) throw new Fault('not-found');
      return reply
        .type('text/plain; charset=utf-8')
        .send(contractFile(contract.textJa, contract.textEn));
    },
  );

  for (const [name, deed] of Object.entries(deedsOf(options)))
    app.post<TokenRoute>(`${path}/:token/${name}`, form, async (request, reply) => {
      requireOwn(request, origins);
      return act(options, deed, request, reply, await fileOf(request));
    });
}

async function apply(
  { records, planOf }: PagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const plan = await planOf(request);
  const words = wordsFor(request);
  const offered = datasetsForBuyers(plan).map(({ id }) => id);
  const reading = readApplication(formOf(request), offered, words);
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const link = `/${words.language}/${plan.site}/${BUYERS_PATH}/${token}`;
  // It is not told that it was noticed.
  if (reading.isTrapped) return page(reply, appliedPage(plan, undefined, link, words));
  if (reading.ok === undefined)
    return page(reply.code(400), applicationPage(plan, words, reading.written, reading.problem));
  const { site } = plan;
  try {
    const since = new Date(Date.now() - DAY_MS);
    if ((await records.buyers.countSince(site, since)) >= SITE_DAILY_MAX)
      throw new Fault('too-many-all');
    const application: NewBuyer = { ...reading.ok, site, language: words.language, token };
    const { id } = await records.buyers.apply(application);
    await note(records, 'buyer.apply', `${site}/${id}`, reading.ok.organisation);
    return await page(reply.code(201), appliedPage(plan, id, link, words));
  } catch (error) {
    if (error instanceof Fault) throw error;
    request.log.warn({ err: error }, 'an application could not be kept');
    const problem = words.say(
      'いまは受け付けられませんでした。送られていません。しばらくしてからもう一度お送りください。',
      'This could not be taken right now, and was not sent. Please send it again later.',
    );
    return page(reply.code(503), applicationPage(plan, words, reading.ok, problem));
  }
}

/** Does what a form behind the secret link asks for, and notes it. */
async function act(
  options: PagesOptions,
  deed: Deed,
  request: FastifyRequest<TokenRoute>,
  reply: FastifyReply,
  file: BuyerFile & { plan: SitePlan },
): Promise<FastifyReply> {
  const words = wordsFor(request);
  const { plan, buyer } = file;
  const { token } = request.params;
  const done: Done = await deed({ form: formOf(request), file, words, plan, token });
  if (done.noted !== undefined)
    await note(options.records, done.noted.action, `${plan.site}/${buyer.id}`, done.noted.detail);
  if (done.problem !== undefined) {
    const now = (await options.records.buyers.get(plan.site, buyer.id)) ?? file;
    const html = await contractHtml(options, request, { ...now, plan }, done.problem);
    return page(reply.code(400), html);
  }
  if (done.page !== undefined) return page(reply, done.page);
  return reply.redirect(`/${words.language}/${plan.site}/${BUYERS_PATH}/${token}`, 303);
}

async function contractHtml(
  { records, url }: PagesOptions,
  request: FastifyRequest<TokenRoute>,
  { buyer, contracts, ends, plan }: BuyerFile & { plan: SitePlan },
  problem?: string,
): Promise<string> {
  const nowMs = Date.now();
  const today = localDay(nowMs, plan.timeZone);
  const month = today.slice(0, 7);
  const [keys, counted, months, usage, deliveries] = await Promise.all([
    records.buyerKeys.list(buyer.id),
    records.buyerKeys.month(buyer.id, month),
    records.buyerKeys.monthByKey(buyer.id, month),
    records.buyerKeys.usage(plan.site, {
      ...{ from: `${month}-01`, to: today, buyer: buyer.id, limit: USAGE_READ_MAX },
    }),
    records.buyerDeliveries.list(buyer.id),
  ]);
  return contractPage({
    ...{ plan, buyer, contracts, ends, keys, months, deliveries, url, nowMs, problem },
    ...{ words: wordsFor(request), token: request.params.token, month: counted },
    usage: usage.slice(-USAGE_SHOWN),
  });
}

function note(
  records: Pick<Records, 'audit'>,
  action: string,
  subject: string,
  detail: string,
): Promise<unknown> {
  return records.audit.append({ user: null, action, subject, detail, address: '' });
}

function formOf({ body }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}

function page(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(text);
}
