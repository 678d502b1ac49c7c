import { addDays } from '@hitonami/model';
import type { Records } from '@hitonami/records';
import type { PlanFollower } from '@hitonami/service';
import { tilesOf, type Warehouse } from '@hitonami/warehouse';
import { z } from 'zod';
import {
  areaSeries,
  dwell,
  flows,
  history,
  lineSeries,
  purposeId,
  range,
  stepS,
  usual,
} from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import { notFound, ProblemError } from '../http/problem.js';
import type { PurposeDesk, Read } from '../purposes/desk.js';
import { requirePlan } from '../site.js';
import { csvText, sendCsv } from './csv.js';
import { historyCsv, historyOf } from './history.js';
import { readPeriod, readSpan } from './period.js';
import {
  AREA_COLUMNS,
  areaCells,
  areaPoint,
  LINE_COLUMNS,
  lineCells,
  linePoint,
  rounded,
} from './points.js';
import { serviceDayOf } from './service-day.js';
import { USUAL_DAYS_BACK, usualDays } from './usual-days.js';

export interface MeasureParts {
  gate: Gate;
  plans: PlanFollower;
  warehouse: Warehouse;
  records: Records;
  purposes: PurposeDesk;
}

const areaParams = z.object({ site: z.string(), area: z.string() });
const format = z.enum(['json', 'csv']).default('json');
const asked = range.extend({ purpose: purposeId });
const span = asked.omit({ step: true });

/** What a read of counts is asked about; the rows of the base window are shorter than a minute. */
function readOf(
  site: string,
  { fromUs, toUs, stepS: length = 60 }: { fromUs: number; toUs: number; stepS?: number },
  places?: readonly string[],
): Read {
  const when = { fromMs: fromUs / 1000, toMs: toUs / 1000, isBaseWindow: length < 60 };
  return { site, item: 'measures', ...when, ...(places && { places }) };
}

export function measureRoutes(api: Api, parts: MeasureParts): void {
  const { gate, plans, warehouse, records, purposes } = parts;
  const viewer = { onRequest: gate.requireRole('viewer') };
  const tags = ['measures'];
  /** The plan, where the site has such an area or line in any version: the past may know what the present does not. */
  const planWith = (site: string, list: 'areas' | 'lines', id: string) => {
    const plan = requirePlan(plans, site);
    const isKnown = plans.versions(site).some((one) => one.plan[list].some((it) => it.id === id));
    if (!isKnown) throw notFound(`${list === 'areas' ? 'area' : 'line'} '${id}' of '${site}'`);
    return plan;
  };

  api.get(
    '/sites/:site/areas/:area/series',
    {
      ...viewer,
      schema: {
        tags,
        params: areaParams,
        querystring: asked.extend({ format }),
        response: { 200: areaSeries },
      },
    },
    async (request, reply) => {
      const { site, area } = request.params;
      planWith(site, 'areas', area);
      const period = readPeriod(request.query);
      await purposes.require(request, request.query.purpose, readOf(site, period, [area]));
      const rows = await warehouse.areaSeries(site, {
        lengthS: period.stepS,
        fromUs: period.fromUs,
        toUs: period.toUs,
        subject: area,
      });
      const points = rows.map(areaPoint);
      if (request.query.format === 'csv')
        return sendCsv(reply, `${site}-${area}`, csvText(AREA_COLUMNS, points.map(areaCells)));
      return { area, stepS: request.query.step, points };
    },
  );

  api.get(
    '/sites/:site/areas/:area/usual',
    {
      ...viewer,
      schema: {
        tags,
        params: areaParams,
        querystring: z.object({
          day: z.iso.date().optional(),
          purpose: purposeId,
          step: z.coerce.number().pipe(stepS).default(900),
        }),
        response: { 200: usual },
      },
    },
    async (request) => {
      const { site, area } = request.params;
      const { timeZone } = planWith(site, 'areas', area);
      const { day = serviceDayOf(Date.now(), timeZone), step } = request.query;
      if (step === 10)
        throw new ProblemError(400, 'invalid', 'What is usual is known by minutes: ask for 60.');
      const entries = await records.calendar.list(site, {
        from: addDays(day, -USUAL_DAYS_BACK),
        to: day,
      });
      const { kind, note, startsUs } = usualDays(day, timeZone, entries);
      const nowUs = Date.now() * 1000;
      const past = { fromUs: Math.min(...startsUs, nowUs - 1), toUs: nowUs };
      // Of a purpose that began in between, fewer days tell what is usual.
      const fromMs = await purposes.requireFrom(
        request,
        request.query.purpose,
        readOf(site, past, [area]),
      );
      const covered = startsUs.filter((startUs) => startUs >= fromMs * 1000);
      const points =
        covered.length > 0 ? await warehouse.usualDensity(site, area, step, covered) : [];
      return {
        area,
        day,
        kind,
        note,
        stepS: step,
        points: points.map((point) => ({
          ...point,
          density: rounded(point.density),
          densityLow: rounded(point.densityLow),
          densityHigh: rounded(point.densityHigh),
        })),
      };
    },
  );

  api.get(
    '/sites/:site/areas/:area/dwell',
    {
      ...viewer,
      schema: { tags, params: areaParams, querystring: span, response: { 200: dwell } },
    },
    async (request) => {
      const { site, area } = request.params;
      planWith(site, 'areas', area);
      const { fromUs, toUs } = readSpan(request.query);
      const read = readOf(site, { fromUs, toUs }, [area]);
      await purposes.require(request, request.query.purpose, read);
      const sum = await warehouse.dwellSum(site, area, tilesOf(fromUs, toUs, Date.now() * 1000));
      return { area, legs: sum.legs, meanInsideS: rounded(sum.meanInsideS) };
    },
  );

  api.get(
    '/sites/:site/lines/:line/series',
    {
      ...viewer,
      schema: {
        tags,
        params: z.object({ site: z.string(), line: z.string() }),
        querystring: asked.extend({ format }),
        response: { 200: lineSeries },
      },
    },
    async (request, reply) => {
      const { site, line } = request.params;
      planWith(site, 'lines', line);
      const period = readPeriod(request.query);
      await purposes.require(request, request.query.purpose, readOf(site, period, [line]));
      const rows = await warehouse.lineSeries(site, {
        lengthS: period.stepS,
        fromUs: period.fromUs,
        toUs: period.toUs,
        subject: line,
      });
      const points = rows.map(linePoint);
      if (request.query.format === 'csv')
        return sendCsv(reply, `${site}-${line}`, csvText(LINE_COLUMNS, points.map(lineCells)));
      return { line, stepS: request.query.step, points };
    },
  );

  api.get(
    '/sites/:site/flows',
    {
      ...viewer,
      schema: {
        tags,
        params: z.object({ site: z.string() }),
        querystring: span.extend({ format }),
        response: { 200: flows },
      },
    },
    async (request, reply) => {
      const { site } = request.params;
      requirePlan(plans, site);
      const { fromUs, toUs } = readSpan(request.query);
      await purposes.require(request, request.query.purpose, readOf(site, { fromUs, toUs }));
      const sums = await warehouse.journeySums(site, tilesOf(fromUs, toUs, Date.now() * 1000));
      const pairs = sums.map(({ fromPlace, toPlace, ...sum }) => ({
        from: fromPlace,
        to: toPlace,
        journeys: sum.journeys,
        meanTravelS: rounded(sum.meanTravelS),
        joinedShare: rounded(sum.joinedShare),
        meanConfidence: rounded(sum.meanConfidence),
      }));
      if (request.query.format === 'csv') {
        const header = [
          'from',
          'to',
          'journeys',
          'mean_travel_s',
          'joined_share',
          'mean_confidence',
        ];
        const cells = pairs.map((pair) => Object.values(pair));
        return sendCsv(reply, `${site}-flows`, csvText(header, cells));
      }
      const iso = (us: number): string => new Date(us / 1000).toISOString();
      return { from: iso(fromUs), to: iso(toUs), pairs };
    },
  );

  api.get(
    '/sites/:site/history',
    {
      ...viewer,
      schema: {
        tags,
        params: z.object({ site: z.string() }),
        querystring: asked.extend({ format }),
        response: { 200: history },
      },
    },
    async (request, reply) => {
      const { site } = request.params;
      const plan = requirePlan(plans, site);
      const period = readPeriod(request.query, plan.areas.length + plan.lines.length);
      await purposes.require(request, request.query.purpose, readOf(site, period));
      const found = await historyOf(warehouse, site, period);
      if (request.query.format === 'csv')
        return sendCsv(reply, `${site}-history`, historyCsv(found));
      return { ...found, stepS: request.query.step };
    },
  );
}
