import { HitonamiError } from '@hitonami/model';
import { heldReply } from '@hitonami/privacy';
import {
  ANSWERED_KEPT_DAYS,
  INQUIRY_ANSWERED,
  type Inquiry as Kept,
  type Records,
} from '@hitonami/records';
import { TOPIC_NAMES, topicSpecs, type PlanFollower } from '@hitonami/service';
import { z } from 'zod';
import {
  INQUIRIES_AT_ONCE,
  inquiries,
  inquiry,
  INQUIRY_KINDS,
  inquiryAnswer,
  problem,
  type Inquiry,
} from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import { notFound, ProblemError } from '../http/problem.js';
import { ReadNotes } from '../purposes/read-notes.js';
import { requirePlan } from '../site.js';

const MS_PER_HOUR = 3_600_000;
const tags = ['inquiries'];
const params = z.object({ site: z.string() });

export interface InquiryParts {
  gate: Gate;
  plans: PlanFollower;
  records: Records;
}

/** Questions and opinions of the public: read, answered and counted by the staff. */
export function inquiryRoutes(api: Api, { gate, plans, records }: InquiryParts): void {
  const staff = { onRequest: gate.requireRole('operator') };
  const notes = new ReadNotes();

  api.get(
    '/sites/:site/inquiries',
    {
      ...staff,
      schema: {
        tags,
        summary: 'Questions and opinions, the newest first',
        params,
        querystring: z.object({
          kind: z.enum(INQUIRY_KINDS).optional(),
          state: z.enum(['open', 'answered']).optional(),
          before: z.coerce.number().int().positive().optional(),
        }),
        response: { 200: inquiries, '4xx': problem },
      },
    },
    async (request) => {
      const { site } = request.params;
      const plan = requirePlan(plans, site);
      const [open, found, counts] = await Promise.all([
        records.inquiries.openCount(site),
        records.inquiries.list(site, { ...request.query, limit: INQUIRIES_AT_ONCE }),
        records.inquiries.counts(site),
      ]);
      // The page asks again and again: what somebody has read stands in the audit log once a shift.
      const [newest, oldest] = [found[0]?.id, found.at(-1)?.id];
      const read = `${site}/${oldest}-${newest}`;
      if (newest !== undefined && notes.isDue(`${gate.userName(request)} ${read}`, 'measures'))
        await gate.audit(request, 'inquiry.read', read, '');
      const input = { plan, logHours: logHours() };
      const reply = { ja: heldReply(input, 'ja'), en: heldReply(input, 'en') };
      const shown = { inquiries: found.map(told), keptDays: ANSWERED_KEPT_DAYS };
      return { open, counts, heldReply: reply, ...shown };
    },
  );

  api.get(
    '/sites/:site/inquiries/open',
    {
      ...staff,
      schema: {
        tags,
        summary: 'How many wait for an answer',
        params,
        response: { 200: z.object({ open: z.number() }), '4xx': problem },
      },
    },
    async (request) => {
      const { site } = request.params;
      requirePlan(plans, site);
      return { open: await records.inquiries.openCount(site) };
    },
  );

  api.post(
    '/sites/:site/inquiries/:id/answer',
    {
      ...staff,
      schema: {
        tags,
        params: params.extend({ id: z.coerce.number().int().positive() }),
        body: inquiryAnswer,
        response: { 200: inquiry, '4xx': problem },
      },
    },
    async (request) => {
      const { site, id } = request.params;
      requirePlan(plans, site);
      const given = { answer: request.body.answer, user: gate.userName(request) };
      const answered = await records.inquiries.answer(site, id, given).catch((error: unknown) => {
        if (error instanceof HitonamiError && error.detail === INQUIRY_ANSWERED)
          throw new ProblemError(409, 'conflict', 'Somebody has answered this already.');
        throw error;
      });
      if (answered === undefined) throw notFound(`number ${id} of '${site}'`);
      await gate.audit(request, 'inquiry.answer', `${site}/${id}`, '');
      return told(answered);
    },
  );
}

function told({ at, answeredAt, site: _, ...kept }: Kept): Inquiry {
  return { ...kept, at: at.toISOString(), answeredAt: answeredAt?.toISOString() ?? null };
}

/** How long positions stay on the log, hours. */
function logHours(): number {
  const spec = topicSpecs().find(({ name }) => name === TOPIC_NAMES.observations);
  return (spec?.retentionMs ?? Number.POSITIVE_INFINITY) / MS_PER_HOUR;
}
