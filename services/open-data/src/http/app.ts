import { createHash } from 'node:crypto';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import type { Logger } from '@hitonami/service';
import type { OpenDataMetrics } from '../metrics.js';
import { FORM_BYTES_MAX } from '../inquiries/routes.js';
import { STYLE } from '../pages/style.js';
import { answerFault, Fault } from './faults.js';
import { networkOf } from './networks.js';
import { Rationing } from './rationing.js';

/** A request must have come whole after this, ms. */
const REQUEST_MS_MAX = 10_000;
/** Pages that one address (of IPv6: its network) may ask for. */
const PAGES = { most: 300, windowMs: 60_000 };
const STYLE_AGE_S = 300;

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
    trustProxy: proxies.length > 0 ? [...proxies] : false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
  }) as unknown as FastifyInstance;
  const pages = new Rationing(PAGES);
  const isSecure = url.startsWith('https:');
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
    void reply.headers(headers(isSecure));
    const waitS = pages.take(networkOf(request.ip));
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
  routes(app);
  return app;
}

/** @param style where the only style that a page may have comes from */
export function contentSecurityPolicy(style = "'self'"): string {
  return [
    "default-src 'none'",
    `style-src ${style}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The policy of a document that has one style in itself and nothing else. */
export function policyOfDocument(html: string): string {
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
  return contentSecurityPolicy(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
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
