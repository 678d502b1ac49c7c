import type { EventLog } from '@hitonami/event-log';
import type { SitePlan } from '@hitonami/model';
import { topicSpecs, type Environment } from '@hitonami/service';
import type { Holding, Warehouse } from '@hitonami/warehouse';
import { limitsOf } from '../audit/limits.js';
import { openPlaces, type PlacesOptions } from '../audit/places.js';
import { formatTable } from '../table.js';

const HOUR_S = 3_600;
const DAY_S = 86_400;

/** One line of the check: what is where, how old it may be and is, and whether that is as promised. */
interface Line {
  where: string;
  what: string;
  limit: string;
  held: string;
  oldest: string;
  /** What is wrong; undefined where nothing is. */
  fault?: string | undefined;
}

/**
 * `hitonami stored`: proves of every topic and table that nothing is there that is older than it may be, or that may not be
 * there at all. @returns the exit code: 1 where something is
 */
export async function stored(
  options: PlacesOptions,
  environment: Environment,
  print: (line: string) => void,
): Promise<number> {
  const nowMs = Date.now();
  const places = await openPlaces(options, environment, nowMs);
  try {
    const lines = await topicLines(places.log, nowMs);
    for (const plan of places.plans)
      lines.push(...(await tableLines(places.warehouse, plan, nowMs)));
    for (const name of await places.warehouse.foreignTables())
      lines.push(
        foreign(`table ${name}`, 'hitonami did not make it: nothing removes what is in it'),
      );
    lines.push(...(await strayLines(places.warehouse, places.plans)));
    print(tableOf(lines));
    const faults = lines.filter(({ fault }) => fault !== undefined);
    for (const { where, what, fault } of faults) print(`FAULT: ${where}, ${what}: ${fault ?? ''}`);
    print(
      faults.length === 0
        ? 'nothing is older than it may be'
        : `${faults.length} of ${lines.length} checks found what may not be there`,
    );
    return faults.length === 0 ? 0 : 1;
  } finally {
    await places.close();
  }
}

function tableOf(lines: readonly Line[]): string {
  const columns = [
    { head: 'where' },
    { head: 'what' },
    { head: 'kept at most', align: 'right' as const },
    { head: 'held', align: 'right' as const },
    { head: 'oldest', align: 'right' as const },
    { head: '' },
  ];
  return formatTable(
    columns,
    lines.map(({ where, what, limit, held, oldest, fault }) => [
      ...[where, what, limit, held, oldest],
      fault === undefined ? 'ok' : 'FAULT',
    ]),
  );
}

/** Every topic of the log: made with the retention that it should have, and nothing in it from before that. */
async function topicLines(log: EventLog, nowMs: number): Promise<Line[]> {
  const specs = new Map(topicSpecs().map((spec) => [spec.name, spec.retentionMs]));
  const lines: Line[] = [];
  for (const { name, retentionMs, deletedWithinMs } of await log.topics()) {
    const limitMs = specs.get(name);
    const where = `topic ${name}`;
    if (limitMs === undefined) {
      lines.push(foreign(where, 'hitonami did not make it'));
      continue;
    }
    const mostMs = limitMs + deletedWithinMs;
    const all = await log.countOlder(name, nowMs + HOUR_S * 1000);
    const over = limitMs === Infinity ? 0 : await log.countOlder(name, nowMs - mostMs);
    const late = `${over} records are older than ${span(limitMs / 1000)}`;
    const wrong = `its retention is ${span(retentionMs / 1000)}: start a service of this version, which mends it`;
    const fault = over > 0 ? late : retentionMs > limitMs ? wrong : undefined;
    const held = String(all);
    lines.push({ where, what: 'records', limit: span(limitMs / 1000), held, oldest: '', fault });
  }
  return lines;
}

async function tableLines(warehouse: Warehouse, plan: SitePlan, nowMs: number): Promise<Line[]> {
  const found = await warehouse.holdings(plan.site, limitsOf(plan, nowMs), nowMs);
  return found.map((holding) => ({
    where: `${plan.site}: ${holding.table}`,
    what: holding.what,
    limit: holding.limitS === 0 ? 'none' : span(holding.limitS),
    held: String(holding.rows),
    oldest: holding.oldestS === null ? '' : span(Math.max(0, holding.oldestS)),
    fault: faultOf(holding),
  }));
}

function faultOf({ over, what, limitS }: Holding): string | undefined {
  if (over === 0) return undefined;
  if (what === 'times between steps') return `${over} rows have times finer than the plan’s step`;
  if (what === 'near a ticket gate') return `${over} positions are within 5 m of a ticket gate`;
  if (limitS === 0) return `${over} rows, though no purpose of the plan in force has them`;
  return `${over} rows are older than ${span(limitS)}, and still there after the time that the engine takes to remove them`;
}

/** Rows of sites that no plan speaks of any more: no limit is known for them. */
async function strayLines(warehouse: Warehouse, plans: readonly SitePlan[]): Promise<Line[]> {
  const known = new Set(plans.map(({ site }) => site));
  const tables = ['positions', 'flow_legs', 'area_measures', 'camera_measures'];
  const found = await warehouse.rows<{ site: string }>(
    tables.map((table) => `SELECT DISTINCT site FROM ${table}`).join(' UNION DISTINCT '),
  );
  return found
    .filter(({ site }) => !known.has(site))
    .map(({ site }) => foreign(`site ${site}`, 'its rows have no plan on this log'));
}

function foreign(where: string, fault: string): Line {
  return { where, what: 'unknown', limit: '', held: '', oldest: '', fault };
}

/** A length of time in the unit in which people think of it. */
function span(seconds: number): string {
  if (seconds === Infinity) return 'for ever';
  const round = (value: number): string => String(Math.round(value * 10) / 10);
  if (seconds >= 2 * DAY_S) return `${round(seconds / DAY_S)} d`;
  if (seconds >= 2 * HOUR_S) return `${round(seconds / HOUR_S)} h`;
  return seconds >= 120 ? `${round(seconds / 60)} min` : `${round(seconds)} s`;
}
