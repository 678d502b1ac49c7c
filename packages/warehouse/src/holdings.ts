import type { Retention } from './retention.js';
import type { Parameters } from './warehouse.js';

type Rows = <Row>(sql: string, parameters: Parameters) => Promise<Row[]>;

/** What the site plan in force allows to be there. */
export interface StoredLimits {
  retention: Retention;
  /** Whether a purpose in force has positions, and flow legs. */
  mayHavePositions: boolean;
  mayHaveFlowLegs: boolean;
  /** Length of the plan's windows, s: rows of this length are not rollups. */
  windowS: number;
  legTimeStepS: number;
  smallestGroup: number;
  /** Ticket gates, within `gateExclusionM` of which no position may be; metres. */
  gates: readonly {
    floor: string;
    line: readonly [readonly [number, number], readonly [number, number]];
  }[];
  gateExclusionM: number;
}

/** What a table holds of a kind, and how much of that it may not hold. */
export interface Holding {
  table: string;
  /** Which of its rows. */
  what: HoldingKind;
  /** How old a row may become, s; 0 where none may be there at all. */
  limitS: number;
  /** Until when the engine has removed what is older, s after the limit. */
  removedWithinS: number;
  rows: number;
  /** Age of the oldest, counted from the end of its window, s; null where there is none. */
  oldestS: number | null;
  /** Rows that may not be there. */
  over: number;
}

export type HoldingKind =
  'rows' | 'windows' | 'rollups' | 'small groups' | 'near a ticket gate' | 'times between steps';

const HOUR_S = 3_600;
const DAY_S = 86_400;
/** Tables of what is short-lived look for expired rows every ten minutes (`merge_with_ttl_timeout`); a merge takes its time. */
export const SHORT_REMOVED_WITHIN_S = 30 * 60;
/** The others every four hours, ClickHouse's default. */
export const LONG_REMOVED_WITHIN_S = 5 * HOUR_S;

const MEASURES = [
  'area_measures',
  'line_measures',
  'flow_measures',
  'journey_measures',
  'camera_measures',
] as const;
const COUNTS: Readonly<Record<string, string>> = {
  flow_measures: 'legs',
  journey_measures: 'journeys',
};
/** Every table that this program makes. */
const TABLES: readonly string[] = [
  ...MEASURES,
  'flow_legs',
  'positions',
  'late_frames',
  'schema_migrations',
];

/** A check as SQL: the rows it is about, their age in seconds, and which of them may not be there at all. */
interface Check {
  table: string;
  what: HoldingKind;
  where: string;
  ageS: string;
  limitS: number;
  removedWithinS: number;
}

/**
 * Asks every table what of a site it holds, how old the oldest is, and what may not be there. What is not yet removed
 * although its time has come is allowed for as long as the engine may take.
 */
export async function holdingsOf(
  rows: Rows,
  site: string,
  limits: StoredLimits,
  nowMs: number,
): Promise<Holding[]> {
  const found: Holding[] = [];
  for (const check of checksOf(limits)) {
    const { table, what, where, ageS, limitS, removedWithinS } = check;
    const mostS = limitS === 0 ? -1 : limitS + removedWithinS;
    const [row] = await rows<{ rows: number; oldest: number; over: number }>(
      `SELECT count() AS rows, max(${ageS}) AS oldest, countIf(${ageS} > {most: Int64}) AS over
       FROM ${table} WHERE site = {site: String} AND ${where}`,
      { site, most: mostS, now: Math.floor(nowMs / 1000) },
    );
    if (row === undefined) continue;
    const oldestS = row.rows > 0 ? row.oldest : null;
    found.push({ table, what, limitS, removedWithinS, rows: row.rows, oldestS, over: row.over });
  }
  return found;
}

/** Tables in the database that are not this program's: nobody knows what they hold, and nothing removes it. */
export async function foreignTables(rows: Rows): Promise<string[]> {
  const found = await rows<{ name: string }>(
    `SELECT name FROM system.tables
     WHERE database = currentDatabase() AND engine NOT LIKE '%View' AND NOT is_temporary
       AND name NOT IN {known: Array(String)} ORDER BY name`,
    { known: TABLES },
  );
  return found.map(({ name }) => name);
}

const NOW = '{now: Int64}';

function checksOf(limits: StoredLimits): Check[] {
  const { retention, windowS, legTimeStepS, smallestGroup } = limits;
  const measuresS = retention.measuresDays * DAY_S;
  const short = { removedWithinS: SHORT_REMOVED_WITHIN_S };
  const long = { removedWithinS: LONG_REMOVED_WITHIN_S };
  const position = {
    table: 'positions',
    ageS: `${NOW} - toInt64(toUnixTimestamp(captured))`,
    ...short,
  };
  // A time in steps stands for the whole step: a leg may seem older by one than it is.
  const leg = {
    ...{ table: 'flow_legs', ...short },
    ageS: `${NOW} - ${legTimeStepS} - toInt64(toUnixTimestamp(greatest(left, reached)))`,
  };
  const rowAge = `${NOW} - toInt64(toUnixTimestamp(start)) - toInt64(length_s)`;
  const isWindow = `length_s = ${windowS}`;
  const window = {
    what: 'windows' as const,
    where: isWindow,
    ageS: rowAge,
    limitS: measuresS,
    ...long,
  };
  const rollup = { where: `NOT (${isWindow})`, ageS: rowAge, ...long };
  const rollupS = retention.rollupDays * DAY_S;
  const positionsS = limits.mayHavePositions ? retention.positionsHours * HOUR_S : 0;
  const legsS = limits.mayHaveFlowLegs ? retention.flowLegsDays * DAY_S : 0;
  const step = legTimeStepS * 1e6;
  const offStep = (column: string): string => `toUnixTimestamp64Micro(${column}) % ${step} != 0`;
  return [
    { ...position, what: 'rows', where: '1', limitS: positionsS },
    ...(limits.gates.length === 0
      ? []
      : [
          { ...position, what: 'near a ticket gate' as const, where: nearGates(limits), limitS: 0 },
        ]),
    { ...leg, what: 'rows', where: '1', limitS: legsS },
    {
      ...{ ...leg, what: 'times between steps', limitS: 0 },
      where: `(${offStep('left')} OR ${offStep('reached')} OR inside_us % ${step} != 0)`,
    },
    ...MEASURES.map((table) => ({ table, ...window })),
    ...MEASURES.map((table) => ({ table, what: 'rollups' as const, ...rollup, limitS: rollupS })),
    ...Object.entries(COUNTS).map(([table, count]) => ({
      ...{ table, what: 'small groups' as const, ...rollup, limitS: measuresS },
      where: `NOT (${isWindow}) AND ${count} < ${smallestGroup}`,
    })),
    {
      ...{ table: 'late_frames', what: 'rows', where: '1', limitS: measuresS, ...long },
      ageS: `${NOW} - toInt64(toUnixTimestamp(captured))`,
    },
  ];
}

/** The distance to a line with two ends, as SQL; numbers of the plan alone stand in it, floors as quoted text. */
function nearGates({ gates, gateExclusionM }: StoredLimits): string {
  const near = gates.map(({ floor, line: [[ax, ay], [bx, by]] }) => {
    const [dx, dy] = [bx - ax, by - ay];
    const length2 = dx * dx + dy * dy;
    const [x, y] = [`(x_mm / 1000 - (${ax}))`, `(y_mm / 1000 - (${ay}))`];
    const along =
      length2 === 0 ? '0' : `greatest(0, least(1, (${x} * (${dx}) + ${y} * (${dy})) / ${length2}))`;
    return `(floor = '${floor.replace(/['\\]/g, '\\$&')}' AND hypot(${x} - ${along} * (${dx}), ${y} - ${along} * (${dy})) < ${gateExclusionM})`;
  });
  return `(${near.join(' OR ')})`;
}
