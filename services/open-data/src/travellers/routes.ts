import type { SitePlan } from '@hitonami/model';
import type { PublishedFolder, TravellerPicture } from '@hitonami/releases';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contentSecurityPolicy } from '../http/policy.js';
import { Fault, wordsFor } from '../http/faults.js';
import { requireLanguage } from '../routes.js';
import { embeddedPage, noPicture, nowPage, placePage, type PlacePage } from './pages.js';
import { feedPlace, placesNow } from './places.js';

const HTML = 'text/html; charset=utf-8';
/** The feed may be this old in somebody's cache, s: what it tells is renewed about once a minute. */
const FEED_AGE_S = 10;
/** A page within another one is loaded anew after this, s. */
const RENEW_S = 60;

export interface TravellerOptions {
  folder: Pick<PublishedFolder, 'travellers' | 'pictureOf' | 'stillOf'>;
  planOfSite: (site: string) => Promise<SitePlan | undefined>;
  /** The address that the public knows, without a slash at its end. */
  url: string;
  nowMs?: () => number;
}

interface PlaceRoute {
  Params: { language: string; site: string; area: string };
}

/** What travellers are shown of places now. Nothing of it is kept by a cache once its time is over. */
export function travellerRoutes(app: FastifyInstance, options: TravellerOptions): void {
  const { folder, url, nowMs = Date.now } = options;
  const planFor = async (request: FastifyRequest): Promise<SitePlan> => {
    const plan = await options.planOfSite((request.params as { site: string }).site);
    if (plan === undefined) throw new Fault('not-found');
    return plan;
  };
  const pageFor = async (request: FastifyRequest<PlaceRoute>): Promise<PlacePage> => {
    requireLanguage(request);
    const plan = await planFor(request);
    const place = (await placesNow(plan, folder, nowMs())).find(
      ({ area }) => area === request.params.area,
    );
    if (place === undefined) throw new Fault('not-found');
    const hasStill =
      place.now !== undefined && (await folder.stillOf(plan.site, place.area)) !== undefined;
    return { plan, place, hasStill, url };
  };

  app.get('/:language/:site/now', async (request, reply) => {
    requireLanguage(request);
    const plan = await planFor(request);
    return reply
      .type(HTML)
      .send(nowPage(plan, await placesNow(plan, folder, nowMs()), wordsFor(request)));
  });

  app.get<PlaceRoute>('/:language/:site/now/:area', async (request, reply) =>
    withPictures(reply, "'none'").send(placePage(await pageFor(request), wordsFor(request))),
  );

  app.get<PlaceRoute>('/embed/:language/:site/now/:area', async (request, reply) => {
    const page = await pageFor(request);
    void reply.removeHeader('x-frame-options').header('refresh', RENEW_S);
    const { language } = request.params;
    const words = wordsFor({ url: `/${language}/`, headers: request.headers });
    return withPictures(reply, '*').send(embeddedPage(page, words));
  });

  app.get('/api/v1/:site/now.json', async (request, reply) => {
    const plan = await planFor(request);
    const places = await placesNow(plan, folder, nowMs());
    const { site, timeZone } = plan;
    return reply
      .header('access-control-allow-origin', '*')
      .header('cache-control', `public, max-age=${FEED_AGE_S}`)
      .send({ site, places: places.map((place) => feedPlace(place, timeZone, nowMs())) });
  });

  for (const [path, kind] of [
    ['icons.svg', 'pictureOf'],
    ['still', 'stillOf'],
  ] as const)
    app.get<{ Params: { site: string; area: string } }>(
      `/pictures/:site/:area/${path}`,
      async (request, reply) => {
        const { site, area } = request.params;
        const plan = await planFor(request);
        const place = (await placesNow(plan, folder, nowMs())).find((one) => one.area === area);
        if (place === undefined) throw new Fault('not-found');
        const picture = place.now === undefined ? undefined : await folder[kind](site, area);
        return sendPicture(reply, picture);
      },
    );
}

/** A picture is renewed, and the older one is gone: no cache may keep it. */
function sendPicture(reply: FastifyReply, picture: TravellerPicture | undefined): FastifyReply {
  void reply
    .header('cache-control', 'no-store')
    .header('cross-origin-resource-policy', 'cross-origin')
    .header('content-security-policy', "default-src 'none'; sandbox");
  if (picture === undefined) return reply.code(404).type('image/svg+xml').send(noPicture());
  return reply.type(picture.mediaType).send(Buffer.from(picture.bytes));
}

function withPictures(reply: FastifyReply, ancestors: "'none'" | '*'): FastifyReply {
  return reply
    .type(HTML)
    .header('content-security-policy', contentSecurityPolicy({ images: "'self'", ancestors }));
}
