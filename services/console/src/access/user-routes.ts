import type { Records, User } from '@hitonami/records';
import { z } from 'zod';
import { auditEntry, auditHead, newUser, problem, user, userChange } from '../contract/index.js';
import type { Api } from '../http/app.js';
import { notFound } from '../http/problem.js';
import type { Note } from './note.js';
import { asConflict } from './problems.js';
import { requireRole } from './role.js';
import { SMALL_BODY_BYTES } from './session-routes.js';

const AUDIT_ROWS_MAX = 500;
const AUDIT_ROWS_DEFAULT = 100;

/** Accounts and the audit log: the administrators' alone. */
export function userRoutes(api: Api, { records, note }: { records: Records; note: Note }): void {
  // Before the body is read.
  const administrators = { onRequest: requireRole('administrator'), bodyLimit: SMALL_BODY_BYTES };
  const tags = ['users'];
  const errors = { '4xx': problem };

  api.get(
    '/users',
    { ...administrators, schema: { tags, response: { 200: z.array(user), ...errors } } },
    () => records.users.list(),
  );

  api.post(
    '/users',
    { ...administrators, schema: { tags, body: newUser, response: { 201: user, ...errors } } },
    async (request, reply) => {
      const made = await records.users.create(request.body).catch(asConflict);
      await note(request, 'user.create', made.name, whatOf(made));
      return reply.code(201).send(made);
    },
  );

  api.patch(
    '/users/:id',
    {
      ...administrators,
      schema: {
        tags,
        summary: 'Who is disabled, or given another password, is signed out everywhere',
        params: z.object({ id: z.string() }),
        body: userChange,
        response: { 200: user, ...errors },
      },
    },
    async (request) => {
      const { role, disabled, password, recipient } = request.body;
      const changed = await records.users
        .change(request.params.id, { role, disabled, password, recipient })
        .catch(asConflict);
      if (changed === undefined) throw notFound(`user '${request.params.id}'`);
      const what = [
        role === undefined ? [] : `role ${role}`,
        disabled === undefined ? [] : disabled ? 'disabled' : 'enabled',
        password === undefined ? [] : 'password',
        recipient === undefined ? [] : `recipient ${recipient ?? 'operator'}`,
      ].flat();
      await note(request, 'user.change', changed.name, what.join(', '));
      return changed;
    },
  );

  api.get(
    '/audit/heads',
    {
      schema: {
        tags,
        summary: 'The newest entry of each day, the newest day first: for everybody',
        response: { 200: z.array(auditHead) },
      },
    },
    async () => {
      const heads = await records.audit.heads(AUDIT_ROWS_MAX);
      return heads.map((head) => ({ ...head, publishedAt: head.publishedAt.toISOString() }));
    },
  );

  api.get(
    '/audit',
    {
      ...administrators,
      schema: {
        tags,
        summary: 'The newest first; `before` is the id of the last one of the page before',
        querystring: z.object({
          before: z.coerce.number().int().positive().optional(),
          limit: z.coerce.number().int().min(1).max(AUDIT_ROWS_MAX).default(AUDIT_ROWS_DEFAULT),
        }),
        response: { 200: z.array(auditEntry), ...errors },
      },
    },
    async (request) => {
      const entries = await records.audit.list(request.query);
      if (request.query.before === undefined) await note(request, 'audit.read', '', '');
      return entries.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() }));
    },
  );
}

function whatOf({ role, recipient }: User): string {
  return recipient === null ? role : `${role} for ${recipient}`;
}
