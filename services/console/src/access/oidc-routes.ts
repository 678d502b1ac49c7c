import { HitonamiError } from '@hitonami/model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Logger } from '@hitonami/service';
import type { Api } from '../http/app.js';
import { ProblemError } from '../http/problem.js';
import { ownPath, type Oidc } from './oidc.js';
import { start, type SessionParts } from './session-routes.js';

export type OidcParts = Pick<SessionParts, 'records' | 'cookies' | 'note'> & {
  oidc: Oidc;
  url: string;
  logger: Logger;
};

/** Why a sign-in through the provider came to nothing: the front page is opened with `?sign-in=` this. */
export type OidcFailure = 'failed' | 'unavailable' | 'no-role' | 'disabled';

const tags = ['session'];
/** A browser is sent on, whatever happens: a person looks at the answer. */
const redirects = { 302: z.null() };

export function oidcRoutes(api: Api, parts: OidcParts): void {
  const { oidc, cookies, url } = parts;

  api.get(
    '/session/oidc',
    {
      schema: {
        tags,
        summary: 'Sends the browser to the provider; `to` is the path to open afterwards',
        querystring: z.object({ to: z.string().optional() }),
        response: redirects,
      },
    },
    async (request, reply) => {
      try {
        const { location, remember } = await oidc.begin(ownPath(request.query.to, url));
        cookies.setOidc(reply, remember);
        return await reply.redirect(location);
      } catch (error) {
        return refuse(parts, request, reply, error);
      }
    },
  );

  api.get(
    '/session/oidc/callback',
    {
      schema: {
        tags,
        summary: 'Where the provider sends the browser back to',
        response: redirects,
      },
    },
    async (request, reply) => {
      const remembered = cookies.oidc(request);
      cookies.clearOidc(reply);
      try {
        if (remembered === undefined) throw new Error('this browser has not asked to sign in');
        const to = await finish(parts, request, reply, remembered);
        return await reply.redirect(to);
      } catch (error) {
        return refuse(parts, request, reply, error);
      }
    },
  );
}

async function finish(
  parts: OidcParts,
  request: FastifyRequest,
  reply: FastifyReply,
  remembered: string,
): Promise<string> {
  const { oidc, records, url } = parts;
  const query = request.url.slice(request.url.indexOf('?'));
  const { person, to } = await oidc.finish(query, remembered);
  const { role } = person;
  if (role === undefined) throw new Refusal('no-role', person.name);
  const user = await records.users.signedInElsewhere({ ...person, role });
  if (user.disabled) throw new Refusal('disabled', user.name);
  await start(parts, request, reply, user, 'oidc');
  return ownPath(to, url);
}

/** The provider has told who it is, and this one may not come in. */
class Refusal extends Error {
  readonly failure: OidcFailure;
  readonly person: string;

  constructor(failure: OidcFailure, person: string) {
    super(`sign-in refused: ${failure}`);
    this.failure = failure;
    this.person = person;
  }
}

async function refuse(
  { logger, note }: OidcParts,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): Promise<FastifyReply> {
  if (error instanceof ProblemError) throw error;
  const failure = failureOf(error);
  logger.warn({ err: error, failure }, 'a sign-in through the provider failed');
  await note(
    request,
    'session.refuse',
    error instanceof Refusal ? error.person : '?',
    `oidc ${failure}`,
  );
  return reply.redirect(`/?sign-in=${failure}`);
}

function failureOf(error: unknown): OidcFailure {
  if (error instanceof Refusal) return error.failure;
  return error instanceof HitonamiError && error.code === 'UNAVAILABLE' ? 'unavailable' : 'failed';
}
