import type { SitePlan } from '@hitonami/model';
import type { AlertRecord, Records } from '@hitonami/records';
import { LEVELS } from '@hitonami/crowd';
import type { AreaSummary, Warehouse } from '@hitonami/warehouse';
import type { AreaPoint, Report } from '../contract/index.js';
import { iso } from '../live/site-picture.js';
import { areaPoint, rounded } from '../measures/points.js';
import { cautionsOf } from './cautions.js';
import { periodOf, type ReportPeriod } from './report-period.js';

/** Alerts that one report counts. */
const ALERTS_MAX = 1_000;
const HOUR_S = 3_600;

export interface ReportParts {
  warehouse: Warehouse;
  records: Pick<Records, 'alerts'>;
}

/** A service day, or the service days of a month, of one site: what the printable page shows. */
export async function reportOf(
  { warehouse, records }: ReportParts,
  plan: SitePlan,
  period: Report['period'],
  date: string,
  nowMs: number,
): Promise<Report> {
  const when = periodOf(period, date, plan.timeZone, nowMs);
  const tile = { lengthS: when.windowS, fromUs: when.fromUs, toUs: when.untilUs };
  const [areaRows, lineRows, points, alerts] = await Promise.all([
    warehouse.areaSummaries(plan.site, tile),
    warehouse.lineSummaries(plan.site, tile),
    warehouse.areaSeries(plan.site, { ...tile, lengthS: when.seriesS }),
    records.alerts.between(
      plan.site,
      new Date(when.fromUs / 1000),
      new Date(when.toUs / 1000),
      ALERTS_MAX,
    ),
  ]);
  const series = new Map<string, AreaPoint[]>();
  for (const point of points) {
    const known = series.get(point.area) ?? [];
    series.set(point.area, known);
    known.push(areaPoint(point));
  }
  const windows = Math.max(0, (when.untilUs - when.fromUs) / (when.windowS * 1e6));
  const areas = plan.areas.map(({ id }) => {
    const row = areaRows.find(({ area }) => area === id);
    return areaOf(id, row, series.get(id) ?? [], when, windows);
  });
  return {
    site: plan.site,
    period,
    from: iso(when.fromUs),
    to: iso(when.toUs),
    areas,
    lines: plan.lines.map(({ id }) => {
      const row = lineRows.find(({ line }) => line === id);
      const coverage = ofAll(row?.coverage ?? null, row?.windows ?? 0, windows);
      return { line: id, forward: row?.forward ?? 0, backward: row?.backward ?? 0, coverage };
    }),
    alerts: alertSums(alerts, when, nowMs),
    cautions: cautionsOf(plan, areas, when, alerts.length >= ALERTS_MAX),
  };
}

function areaOf(
  area: string,
  row: AreaSummary | undefined,
  points: AreaPoint[],
  { windowS, seriesS }: ReportPeriod,
  windows: number,
): Report['areas'][number] {
  const hours = (count: number): number => rounded((count * windowS) / HOUR_S) ?? 0;
  const atLevel = row?.atLevel ?? [];
  const known = atLevel.reduce((sum, count) => sum + count, 0);
  const at = row?.occupancyMaxAtUs ?? null;
  return {
    area,
    meanOccupancy: rounded(row?.meanOccupancy ?? null),
    occupancyMax: row?.occupancyMax ?? null,
    occupancyMaxAt: at === null ? null : iso(at),
    hoursAtLevel: Object.fromEntries(LEVELS.map((level, i) => [level, hours(atLevel[i] ?? 0)])),
    hoursUnseen: hours(Math.max(0, windows - known)),
    coverage: ofAll(row?.coverage ?? null, row?.windows ?? 0, windows),
    series: { area, stepS: seriesS, points },
  };
}

/** The mean over the windows that there are, with those that are missing as not seen. */
function ofAll(mean: number | null, found: number, expected: number): number | null {
  return mean === null || expected === 0 ? null : rounded(Math.min(1, (mean * found) / expected));
}

function alertSums(
  alerts: readonly AlertRecord[],
  { fromUs, toUs }: ReportPeriod,
  nowMs: number,
): Report['alerts'] {
  const sums = new Map<string, Report['alerts'][number]>();
  for (const { rule, subject, severity, since, at, state } of alerts) {
    const key = `${rule} ${subject} ${severity}`;
    const sum = sums.get(key) ?? { rule, subject, severity, count: 0, firingS: 0 };
    sums.set(key, sum);
    const endMs = Math.min(state === 'resolved' ? at.getTime() : nowMs, toUs / 1000);
    sum.count += 1;
    sum.firingS += Math.round(Math.max(0, endMs - Math.max(since.getTime(), fromUs / 1000)) / 1000);
  }
  return [...sums.values()].sort((a, b) => b.firingS - a.firingS);
}
