import { PLAN_BYTES_MAX, readPlan } from '@hitonami/model';
import type { PlanFollower } from '@hitonami/service';
import { z } from 'zod';
import {
  planCheck,
  planDocument,
  planSave,
  planVersion,
  problem,
  siteSummary,
} from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import { notFound, ProblemError } from '../http/problem.js';
import { requirePlan } from '../site.js';
import type { PlanBook } from './book.js';

const siteParams = z.object({ site: z.string() });
/** The plan and what goes around it. */
const BODY_BYTES_MAX = PLAN_BYTES_MAX + 64 * 1024;

export interface PlanParts {
  gate: Gate;
  plans: PlanFollower;
  book: PlanBook;
}

export function planRoutes(api: Api, { gate, plans, book }: PlanParts): void {
  const reads = { onRequest: gate.requireRole('viewer') };
  const edits = { onRequest: gate.requireRole('engineer'), bodyLimit: BODY_BYTES_MAX };

  api.get(
    '/sites',
    { ...reads, schema: { tags: ['sites'], response: { 200: z.array(siteSummary) } } },
    () =>
      plans.sites().map((site) => {
        const { name, timeZone, version } = requirePlan(plans, site);
        return { site, name, timeZone, planVersion: version };
      }),
  );

  api.get(
    '/sites/:site/plan',
    {
      ...reads,
      schema: {
        tags: ['sites'],
        summary: 'The version in force, or the one asked for',
        params: siteParams,
        querystring: z.object({ version: z.coerce.number().int().positive().optional() }),
        response: { 200: planDocument },
      },
    },
    (request) => {
      const { site } = request.params;
      const version = request.query.version ?? requirePlan(plans, site).version;
      const found = plans.versions(site).find(({ plan }) => plan.version === version);
      if (found === undefined) throw notFound(`version ${version} of site '${site}'`);
      return { plan: found.plan, inForceFrom: instant(found.inForceFromUs) };
    },
  );

  api.get(
    '/sites/:site/plans',
    {
      ...reads,
      schema: { tags: ['sites'], params: siteParams, response: { 200: z.array(planVersion) } },
    },
    async (request) => {
      requirePlan(plans, request.params.site);
      return book.history(request.params.site);
    },
  );

  api.post(
    '/sites/:site/plans/check',
    {
      ...edits,
      schema: {
        tags: ['sites'],
        params: siteParams,
        body: z.object({ plan: z.record(z.string(), z.unknown()) }),
        response: { 200: planCheck },
      },
    },
    (request) => {
      requirePlan(plans, request.params.site);
      const { issues } = readPlan(JSON.stringify(request.body.plan));
      return { issues: [...issues, ...otherSite(request.params.site, request.body.plan)] };
    },
  );

  api.post(
    '/sites/:site/plans',
    {
      ...edits,
      schema: {
        tags: ['sites'],
        params: siteParams,
        body: planSave,
        response: { 201: z.object({ version: z.number() }), '4xx': problem },
      },
    },
    async (request, reply) => {
      const { site } = request.params;
      requirePlan(plans, site);
      const { plan, note, basedOn } = request.body;
      const issues = otherSite(site, plan);
      if (issues.length > 0)
        throw new ProblemError(400, 'invalid', 'The plan cannot be saved.', issues);
      const version = await book.save({ site, plan, note, basedOn, user: gate.userName(request) });
      await gate.audit(request, 'plan.save', `${site}/${version}`, note);
      return reply.code(201).send({ version });
    },
  );
}

function otherSite(site: string, plan: Record<string, unknown>) {
  if (plan['site'] === site) return [];
  const problem = `it is not the plan of '${site}'`;
  return [{ key: 'site', problem, mend: `leave the site's id as it is: ${site}` }];
}

/** 0 stands for the beginning, which is no instant. */
export function instant(us: number): string | null {
  return us > 0 ? new Date(us / 1000).toISOString() : null;
}
