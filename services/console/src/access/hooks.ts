import type { Records } from '@hitonami/records';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { ProblemError } from '../http/problem.js';
import type { Cookies } from './cookies.js';
import { isCsrfToken, isOwn } from './cross-site.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Finds out who asks. A cookie whose session has ended is taken back. */
export function identify(records: Records, cookies: Cookies): onRequestAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const token = cookies.token(request);
    if (token === undefined) return;
    const session = await records.sessions.use(token);
    if (session === undefined) {
      cookies.clearToken(reply);
      return;
    }
    request.signedIn = { session, token };
    request.user = session.user;
  };
}

/**
 * Refuses a change that another site caused, or that does not carry the session's token. Signing in has no session yet:
 * there the provenance alone counts.
 *
 * @throws ProblemError 403 `csrf`
 */
export function refuseForgery(own: ReadonlySet<string>): onRequestAsyncHookHandler {
  return async (request) => {
    if (SAFE_METHODS.has(request.method)) return;
    const { origin, 'sec-fetch-site': secFetchSite, 'x-csrf-token': given } = request.headers;
    const from = { origin, secFetchSite: single(secFetchSite) };
    const hasToken =
      request.signedIn === null || isCsrfToken(single(given), request.signedIn.token);
    if (isOwn(from, own) && hasToken) return;
    throw new ProblemError(
      403,
      'csrf',
      'The request does not come from a page of the console. Load the page again.',
    );
  };
}

/** Sent twice, a header is a list, and proves nothing. */
function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' || header === undefined ? header : header.join(', ');
}
