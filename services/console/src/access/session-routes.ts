import type { Records, Session, User } from '@hitonami/records';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  ownPassword,
  problem,
  session,
  setup,
  signIn,
  type Session as SessionAnswer,
} from '../contract/index.js';
import type { Api } from '../http/app.js';
import { ProblemError } from '../http/problem.js';
import type { Attempts } from './attempts.js';
import type { Cookies } from './cookies.js';
import { csrfTokenOf } from './cross-site.js';
import type { Note } from './note.js';
import { asConflict } from './problems.js';
import { requireRole } from './role.js';
import type { SetupToken } from './setup-token.js';

/** Larger than any of these requests, bytes. */
export const SMALL_BODY_BYTES = 16 * 1024;
/** The key under which guesses of the setup token are counted: no user can have this name. */
const SETUP_KEY = '\u0000setup';

export interface SessionParts {
  records: Records;
  cookies: Cookies;
  attempts: Attempts;
  setupToken: SetupToken;
  note: Note;
  hasOidc: boolean;
}

const tags = ['session'];
const errors = { '4xx': problem };

/** Who is signed in, signing in with a password, out, and the first administrator. */
export function sessionRoutes(api: Api, parts: SessionParts): void {
  const { records, cookies, attempts, setupToken, note } = parts;

  api.get('/session', { schema: { tags, response: { 200: session } } }, (request) =>
    answer(parts, request.user, request.signedIn?.token),
  );

  api.post(
    '/session',
    {
      bodyLimit: SMALL_BODY_BYTES,
      schema: { tags, body: signIn, response: { 200: session, ...errors } },
    },
    async (request, reply) => {
      const { name, password } = request.body;
      const user = await attempts.make(name, request.ip, () =>
        records.users.authenticate(name, password),
      );
      if (user === undefined) {
        // A name that nobody has may be a password in the wrong field: it is not written down.
        const known = await records.users.hasName(name);
        await note(request, 'session.refuse', known ? name : '?', 'password');
        throw new ProblemError(401, 'refused', 'Name or password is wrong.');
      }
      const token = await start(parts, request, reply, user, 'password');
      return answer(parts, user, token);
    },
  );

  api.delete(
    '/session',
    { schema: { tags, response: { 204: z.null(), ...errors } } },
    async (request, reply) => {
      if (request.signedIn !== null) {
        await records.sessions.end(request.signedIn.session.id);
        await note(request, 'session.end', request.signedIn.session.user.name, '');
      }
      cookies.clearToken(reply);
      return reply.code(204).send(null);
    },
  );

  passwordRoute(api, parts);

  api.post(
    '/session/setup',
    {
      bodyLimit: SMALL_BODY_BYTES,
      schema: { tags, body: setup, response: { 200: session, ...errors } },
    },
    async (request, reply) => {
      const { token: given, name, password } = request.body;
      if (!(await setupToken.isNeeded()))
        throw new ProblemError(409, 'set-up', 'The first administrator exists already: sign in.');
      const isRight = await attempts.make(SETUP_KEY, request.ip, () =>
        Promise.resolve(setupToken.matches(given) ? true : undefined),
      );
      if (isRight !== true) {
        await note(request, 'session.refuse', '?', 'setup');
        throw new ProblemError(
          403,
          'forbidden',
          'This is not the token that the console printed when it started last.',
        );
      }
      const user = await records.users.createFirst({ name, password }).catch(asConflict);
      const token = await start(parts, request, reply, user, 'setup');
      return answer(parts, user, token);
    },
  );
}

/** Whoever was given a password by an administrator makes one of their own. */
function passwordRoute(api: Api, parts: SessionParts): void {
  const { records, attempts, note } = parts;
  api.post(
    '/session/password',
    {
      bodyLimit: SMALL_BODY_BYTES,
      onRequest: requireRole('viewer'),
      schema: { tags, body: ownPassword, response: { 200: session, ...errors } },
    },
    async (request, reply) => {
      const { old, password } = request.body;
      const name = request.user?.name ?? '';
      const user = await attempts.make(name, request.ip, () =>
        records.users.authenticate(name, old),
      );
      if (user === undefined) throw new ProblemError(403, 'refused', 'The old password is wrong.');
      await records.users.change(user.id, { password }).catch(asConflict);
      await note(request, 'user.change', user.name, 'password');
      const token = await start(parts, request, reply, user, 'password');
      return answer(parts, user, token);
    },
  );
}

/** A new session for whoever has proved who they are; the one that the browser had before ends. @returns its token */
export async function start(
  { records, cookies, note }: Pick<SessionParts, 'records' | 'cookies' | 'note'>,
  request: FastifyRequest,
  reply: FastifyReply,
  user: User,
  how: string,
): Promise<string> {
  if (request.signedIn !== null) await records.sessions.end(request.signedIn.session.id);
  const { session: made, token }: { session: Session; token: string } =
    await records.sessions.start(user.id);
  request.signedIn = { session: made, token };
  request.user = made.user;
  cookies.setToken(reply, token, made.endsAt);
  await note(request, 'session.start', made.user.name, how);
  return token;
}

async function answer(
  { setupToken, hasOidc }: SessionParts,
  user: User | null,
  token: string | undefined,
): Promise<SessionAnswer> {
  return {
    user,
    csrfToken: token === undefined ? null : csrfTokenOf(token),
    needsSetup: await setupToken.isNeeded(),
    hasOidc,
  };
}
