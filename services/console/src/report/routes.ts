import type { Records } from '@hitonami/records';
import type { PlanFollower } from '@hitonami/service';
import type { Warehouse } from '@hitonami/warehouse';
import { z } from 'zod';
import { calendarEntry, problem, purposeId, report } from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import { notFound } from '../http/problem.js';
import { sendCsv } from '../measures/csv.js';
import { serviceDayOf } from '../measures/service-day.js';
import type { PurposeDesk } from '../purposes/desk.js';
import { requirePlan } from '../site.js';
import { periodOf } from './report-period.js';
import { reportCsv } from './report-csv.js';
import { reportOf } from './report.js';

export interface ReportRouteParts {
  gate: Gate;
  plans: PlanFollower;
  warehouse: Warehouse;
  records: Records;
  purposes: PurposeDesk;
}

const siteParams = z.object({ site: z.string() });

export function reportRoutes(api: Api, parts: ReportRouteParts): void {
  const { gate, plans, purposes } = parts;
  api.get(
    '/sites/:site/report',
    {
      onRequest: gate.requireRole('viewer'),
      schema: {
        tags: ['report'],
        params: siteParams,
        querystring: z.object({
          period: z.enum(['day', 'month']),
          date: z.iso.date().optional(),
          purpose: purposeId,
          format: z.enum(['json', 'csv']).default('json'),
        }),
        response: { 200: report },
      },
    },
    async (request, reply) => {
      const { site } = request.params;
      const plan = requirePlan(plans, site);
      const { period, date = serviceDayOf(Date.now(), plan.timeZone), format } = request.query;
      const when = periodOf(period, date, plan.timeZone, Date.now());
      const read = {
        site,
        item: 'measures',
        fromMs: when.fromUs / 1000,
        toMs: when.toUs / 1000,
      } as const;
      await purposes.require(request, request.query.purpose, read);
      const made = await reportOf(parts, plan, period, date, Date.now());
      if (format === 'json') return made;
      return sendCsv(reply, `${site}-${period}-${date}`, reportCsv(made));
    },
  );
}

/** Events and changes of the timetable, which make a day unlike its kind. */
export function calendarRoutes(api: Api, { gate, plans, records }: ReportRouteParts): void {
  const tags = ['calendar'];

  api.get(
    '/sites/:site/calendar',
    {
      onRequest: gate.requireRole('viewer'),
      schema: {
        tags,
        params: siteParams,
        querystring: z.object({ from: z.iso.date().optional(), to: z.iso.date().optional() }),
        response: { 200: z.array(calendarEntry) },
      },
    },
    (request) => {
      requirePlan(plans, request.params.site);
      return records.calendar.list(request.params.site, request.query);
    },
  );

  api.post(
    '/sites/:site/calendar',
    {
      onRequest: gate.requireRole('engineer'),
      schema: {
        tags,
        params: siteParams,
        body: calendarEntry.omit({ id: true }),
        response: { 201: calendarEntry, '4xx': problem },
      },
    },
    async (request, reply) => {
      const { site } = request.params;
      requirePlan(plans, site);
      const made = await records.calendar.add(site, request.body, gate.userName(request));
      await gate.audit(request, 'calendar.add', `${site}/${made.day}`, made.title);
      return reply.code(201).send(made);
    },
  );

  api.delete(
    '/sites/:site/calendar/:id',
    {
      onRequest: gate.requireRole('engineer'),
      schema: {
        tags,
        params: siteParams.extend({ id: z.string() }),
        response: { 204: z.null(), '4xx': problem },
      },
    },
    async (request, reply) => {
      const { site, id } = request.params;
      if (!(await records.calendar.remove(site, id))) throw notFound(`entry '${id}' of '${site}'`);
      await gate.audit(request, 'calendar.remove', `${site}/${id}`, '');
      return reply.code(204).send(null);
    },
  );
}
