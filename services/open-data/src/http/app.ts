import Fastify, { LogController, type FastifyInstance } from 'fastify';
import type { Logger } from '@hitonami/service';
import type { OpenDataMetrics } from '../metrics.js';
import { FORM_BYTES_MAX } from '../inquiries/routes.js';
import { STYLE } from '../pages/style.js';
import { answerFault, Fault } from './faults.js';
import { networkOf } from './networks.js';
import { contentSecurityPolicy } from './policy.js';
import { Rationing } from './rationing.js';

/** A request must have come whole after this, ms. */
const REQUEST_MS_MAX = 10_000;
/** Pages that one address (of IPv6: its network) may ask for. */
const PAGES = { most: 300, windowMs: 60_000 };
/** Of what programs ask for: a harvest, or a month of files. */
const MACHINES = { most: 900, windowMs: 60_000 };
const FOR_MACHINES = /^\/(files|api|catalog|dataset|pictures)\b/;
/** A connection on which nothing moves is closed after this, ms. */
const IDLE_MS_MAX = 60_000;
const STYLE_AGE_S = 300;
/** Of a part of an address, characters: a name in the catalogue with its ending is the longest. */
const PARAMETER_LENGTH_MAX = 220;

export interface AppOptions {
  logger: Logger;
  metrics: OpenDataMetrics;
  /** The address that the public knows. */
  url: string;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  proxies: readonly string[];
  routes: (app: FastifyInstance) => void;
}

/** The server with everything that every answer has: headers, limits, pages for faults, metrics. */
export function buildApp({ logger, metrics, url, proxies, routes }: AppOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: FORM_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    connectionTimeout: IDLE_MS_MAX,
    trustProxy: proxies.length > 0 ? [...proxies] : false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
  }) as unknown as FastifyInstance;
  const pages = new Rationing(PAGES);
  const machines = new Rationing(MACHINES);
  const always = headers(url.startsWith('https:'));
  app.setErrorHandler(answerFault);
  app.setNotFoundHandler(() => {
    throw new Fault('not-found');
  });
  // A form, and nothing else: what is no form is refused before it is read.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_, body, done) => {
      done(null, new URLSearchParams(body as string));
    },
  );
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(always);
    const ration = FOR_MACHINES.test(request.url) ? machines : pages;
    const waitS = ration.take(networkOf(request.ip));
    if (waitS > 0) done(new Fault('too-many', waitS));
    else done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { url: route } = request.routeOptions;
    if (route !== undefined) metrics.answered(route, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  app.get('/style.css', (_, reply) =>
    reply
      .type('text/css; charset=utf-8')
      .header('cache-control', `public, max-age=${STYLE_AGE_S}`)
      .send(STYLE),
  );
  // Browsers ask for it where pictures are allowed.
  app.get('/favicon.ico', (_, reply) =>
    reply.code(204).header('cache-control', `public, max-age=${STYLE_AGE_S}`).send(),
  );
  routes(app);
  return app;
}

function headers(isSecure: boolean): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(),
    'cache-control': 'no-store',
    // Another site learns no secret link; and a form says that it comes from here.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    ...(isSecure && { 'strict-transport-security': 'max-age=31536000' }),
  };
}
