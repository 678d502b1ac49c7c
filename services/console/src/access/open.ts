import fastifyCookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import type { Records } from '@hitonami/records';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import plugin from 'fastify-plugin';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Gate } from '../http/gate.js';
import { ProblemError } from '../http/problem.js';
import { Attempts, networkOf } from './attempts.js';
import { cookies as cookiesOf } from './cookies.js';
import { ownOrigins } from './cross-site.js';
import { identify, refuseForgery } from './hooks.js';
import { noteIn } from './note.js';
import { oidcRoutes } from './oidc-routes.js';
import { Oidc } from './oidc.js';
import { requireRole } from './role.js';
import { sessionRoutes } from './session-routes.js';
import { SetupToken } from './setup-token.js';
import { startTidying } from './tidying.js';
import { ACCESS_LIMITS_DEFAULT, type AccessLimits, type AccessOptions } from './types.js';
import { userRoutes } from './user-routes.js';

const RATE_WINDOW_MS = 10_000;
/** Sessions and addresses whose requests are counted at once; the oldest is forgotten first. */
const RATE_KEYS_MAX = 10_000;

export interface Access {
  /**
   * To be registered first in the scope of the API (prefix `/api/v1`): from then on every route there knows who asks, and a
   * forged change is refused. Brings the routes `/session`, `/users` and `/audit`.
   */
  readonly plugin: FastifyPluginAsync;
  /** What other routes ask. */
  readonly gate: Gate;
}

/** Sign-in, roles, sessions and audit of the console. The records must have been migrated. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { records, url, oidc: oidcOptions, logger } = options;
  const setupToken = new SetupToken(records);
  const token = await setupToken.make();
  if (token !== undefined) options.onSetupToken?.(token);
  const origin = new URL(url).origin;
  const oidc =
    oidcOptions === undefined
      ? undefined
      : new Oidc(oidcOptions, `${origin}/api/v1/session/oidc/callback`);
  const limits = { ...ACCESS_LIMITS_DEFAULT, ...options.limits };
  const note = noteIn(records);
  const cookies = cookiesOf(origin);

  const access = async (app: FastifyInstance): Promise<void> => {
    if (!app.hasRequestDecorator('cookies')) await app.register(fastifyCookie);
    app.decorateRequest('user', null);
    app.decorateRequest('signedIn', null);
    app.addHook('onRequest', identify(records, cookies));
    await app.register(rateLimit, rateLimits(limits));
    app.addHook('onRequest', refuseForgery(ownOrigins(url)));
    const api = app.withTypeProvider<ZodTypeProvider>();
    const attempts = new Attempts(limits);
    const hasOidc = oidc !== undefined;
    sessionRoutes(api, { records, cookies, attempts, setupToken, note, hasOidc });
    userRoutes(api, { records, note });
    if (oidc !== undefined) oidcRoutes(api, { records, cookies, note, oidc, url: origin, logger });
    const stopTidying = startTidying({ records, logger, inbox: options.inbox });
    app.addHook('onClose', (_app, done) => {
      stopTidying();
      done();
    });
  };
  return {
    plugin: plugin(access, { name: 'hitonami-access', fastify: '5.x' }),
    gate: gateOf(records, note),
  };
}

function gateOf(records: Records, note: Gate['audit']): Gate {
  const signedOut = (): never => {
    throw new ProblemError(401, 'signed-out', 'Sign in, or sign in again.');
  };
  return {
    requireRole,
    audit: note,
    userName: (request) => request.user?.name ?? signedOut(),
    sessionId: (request) => request.signedIn?.session.id ?? signedOut(),
    openSessions: (ids) => records.sessions.useAll(ids),
  };
}

/** By session, so that those behind one proxy or desk do not wait for each other; without one, by address. */
function rateLimits({ requestsMax }: AccessLimits) {
  return {
    max: requestsMax,
    timeWindow: RATE_WINDOW_MS,
    cache: RATE_KEYS_MAX,
    keyGenerator: (request: { signedIn: { session: { id: string } } | null; ip: string }) =>
      request.signedIn?.session.id ?? networkOf(request.ip),
    errorResponseBuilder: () =>
      new ProblemError(429, 'too-many', 'Too many requests: wait some seconds.'),
  };
}
