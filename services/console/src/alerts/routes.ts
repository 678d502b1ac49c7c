import type { Records } from '@hitonami/records';
import type { PlanFollower } from '@hitonami/service';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { acknowledge, alert, handover, problem, shelve, takeAction } from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import { ProblemError } from '../http/problem.js';
import type { PurposeDesk } from '../purposes/desk.js';
import { requirePlan } from '../site.js';
import type { AlertDesk } from './desk.js';

export interface AlertParts {
  gate: Gate;
  plans: PlanFollower;
  desk: AlertDesk;
  records: Records;
  purposes: PurposeDesk;
}

const DAY_MS = 86_400_000;
/** The longest stretch of the past that one list is about, ms. */
const PAST_MS_MAX = 366 * DAY_MS;
/** A shelving is for a shift, not for ever, ms. */
const SHELF_MS_MAX = 7 * DAY_MS;

const siteParams = z.object({ site: z.string() });
const idParams = z.object({ id: z.string() });
const instant = z.iso.datetime({ offset: true });
const note = z.object({ text: z.string().min(1).max(4_000) });

/** What fires says how crowded a place is: it is told inside, and acted upon there. */
export function alertRoutes(api: Api, { gate, plans, desk, records, purposes }: AlertParts): void {
  const viewer = { onRequest: gate.requireRole('viewer') };
  const operator = { onRequest: gate.requireRole('operator') };
  const requireInsideOf = async (request: FastifyRequest, id: string): Promise<void> => {
    const site = await desk.siteOf(id);
    if (site !== undefined) await purposes.requireInside(request, site);
  };
  const tags = ['alerts'];
  const answer = { 200: alert, '4xx': problem };

  api.get(
    '/sites/:site/alerts',
    {
      ...viewer,
      schema: {
        tags,
        summary: 'What is firing; or all that was, of the last day or from one instant to another',
        params: siteParams,
        querystring: z.object({
          state: z.enum(['active', 'all']).default('active'),
          from: instant.optional(),
          to: instant.optional(),
        }),
        response: { 200: z.array(alert) },
      },
    },
    async (request) => {
      const { site } = request.params;
      requirePlan(plans, site);
      await purposes.requireInside(request, site);
      const { state, from, to } = request.query;
      if (state === 'active') return desk.active(site);
      const end = to === undefined ? new Date(Date.now() + 1000) : new Date(to);
      const begin = from === undefined ? new Date(end.getTime() - DAY_MS) : new Date(from);
      requirePast(begin, end);
      return desk.between(site, begin, end);
    },
  );

  api.post(
    '/alerts/:id/acknowledge',
    { ...operator, schema: { tags, params: idParams, body: acknowledge, response: answer } },
    async (request) => {
      const { id } = request.params;
      await requireInsideOf(request, id);
      const user = gate.userName(request);
      const done = await desk.acknowledge(id, { user, note: request.body.note });
      await gate.audit(request, 'alert.acknowledge', id, request.body.note);
      return done;
    },
  );

  api.post(
    '/alerts/:id/shelve',
    { ...operator, schema: { tags, params: idParams, body: shelve, response: answer } },
    async (request) => {
      const { id } = request.params;
      await requireInsideOf(request, id);
      const { until, reason } = request.body;
      const end = new Date(until);
      if (end.getTime() > Date.now() + SHELF_MS_MAX)
        throw new ProblemError(400, 'invalid', 'An alert can be shelved for a week at most.');
      const user = gate.userName(request);
      const done = await desk.act(id, (alerts) => alerts.shelve(id, { user, until: end, reason }));
      await gate.audit(request, 'alert.shelve', id, `${until} ${reason}`);
      return done;
    },
  );

  api.post(
    '/alerts/:id/unshelve',
    { ...operator, schema: { tags, params: idParams, response: answer } },
    async (request) => {
      const { id } = request.params;
      await requireInsideOf(request, id);
      const user = gate.userName(request);
      const done = await desk.act(id, (alerts) => alerts.unshelve(id, { user }));
      await gate.audit(request, 'alert.unshelve', id, '');
      return done;
    },
  );

  api.post(
    '/alerts/:id/actions',
    { ...operator, schema: { tags, params: idParams, body: takeAction, response: answer } },
    async (request) => {
      const { id } = request.params;
      await requireInsideOf(request, id);
      const user = gate.userName(request);
      const done = await desk.act(id, (alerts) => alerts.act(id, { user, ...request.body }));
      await gate.audit(request, 'alert.action', id, `${request.body.kind}: ${request.body.text}`);
      return done;
    },
  );

  api.get(
    '/sites/:site/handover',
    {
      ...viewer,
      schema: {
        tags,
        summary: 'What one shift tells the next',
        params: siteParams,
        querystring: z.object({ from: instant, to: instant }),
        response: { 200: handover },
      },
    },
    async (request) => {
      const { site } = request.params;
      requirePlan(plans, site);
      await purposes.requireInside(request, site);
      const [from, to] = [new Date(request.query.from), new Date(request.query.to)];
      requirePast(from, to);
      const [active, past, notes] = await Promise.all([
        desk.active(site),
        desk.between(site, from, to),
        records.notes.between(site, from, to),
      ]);
      return {
        from: from.toISOString(),
        to: to.toISOString(),
        active: active.filter(({ shelvedUntil }) => shelvedUntil === null),
        shelved: active.filter(({ shelvedUntil }) => shelvedUntil !== null),
        resolved: past.filter(({ state }) => state === 'resolved'),
        notes: notes.map(({ at, user, text }) => ({ at: at.toISOString(), user, text })),
      };
    },
  );

  api.post(
    '/sites/:site/notes',
    {
      ...operator,
      schema: {
        tags,
        params: siteParams,
        body: note,
        response: { 201: handover.shape.notes.element, '4xx': problem },
      },
    },
    async (request, reply) => {
      const { site } = request.params;
      requirePlan(plans, site);
      const { text } = request.body;
      const made = await records.notes.add(site, { user: gate.userName(request), text });
      await gate.audit(request, 'note.add', site, text);
      return reply.code(201).send({ ...made, at: made.at.toISOString() });
    },
  );
}

function requirePast(from: Date, to: Date): void {
  if (from >= to)
    throw new ProblemError(400, 'invalid', 'The time asked for ends before it begins.');
  if (to.getTime() - from.getTime() > PAST_MS_MAX)
    throw new ProblemError(400, 'invalid', 'Ask for a year at most.');
}
