import type { LevelOfService } from '@hitonami/crowd';
import { levelOfServiceSql } from './views.js';
import type { Warehouse } from './warehouse.js';

/** The steps that a release tells of: half-open, without gaps, each from its start to the next one's, the last to the end. */
export interface ReadSteps {
  /** Rising, µs since 1970. */
  readonly startsUs: readonly number[];
  readonly endUs: number;
  /** Length of the rollups that they are made of, s: no step begins within one. */
  readonly baseS: 900 | 3_600;
}

/** An area over one step. Null where nothing of it was seen. */
export interface AreaStep {
  readonly area: string;
  /** Index of the step. */
  readonly step: number;
  readonly areaM2: number;
  readonly density: number | null;
  readonly occupancy: number | null;
  readonly occupancyMax: number | null;
  readonly los: LevelOfService | null;
  readonly meanSpeedMS: number | null;
  /** Persons × time that were seen, s; never more than there were. */
  readonly personS: number;
  /** Share of the area and of the whole step that was seen; what has no row was not. */
  readonly coverage: number;
  readonly saturation: number | null;
  readonly doubtful: number | null;
}

/** A count line over one step. */
export interface LineStep {
  readonly line: string;
  readonly step: number;
  readonly forward: number;
  readonly backward: number;
  readonly coverage: number;
  readonly doubtful: number | null;
}

/** Movements or sequences over one step, by when their last place was reached. */
export interface WayStep {
  /** From and to, or up to three areas. */
  readonly places: readonly string[];
  readonly step: number;
  readonly count: number;
  /** Distinct pseudonyms among them. */
  readonly tracks: number;
  readonly meanTravelS: number | null;
}

export interface ReleaseReads {
  /** By step, then area; areas without a row are left out. */
  areaSteps(site: string, areas: readonly string[], steps: ReadSteps): Promise<AreaStep[]>;
  lineSteps(site: string, lines: readonly string[], steps: ReadSteps): Promise<LineStep[]>;
  /** Distinct pseudonyms that reached a line, by line and step. */
  lineTracks(
    site: string,
    lines: readonly string[],
    steps: ReadSteps,
  ): Promise<{ line: string; step: number; tracks: number }[]>;
  /** Flow legs from one of the places to another. */
  movementSteps(site: string, places: readonly string[], steps: ReadSteps): Promise<WayStep[]>;
  /** Two and three of the areas, one after the other, of one pseudonym; other places on the way are left out. */
  sequenceSteps(site: string, areas: readonly string[], steps: ReadSteps): Promise<WayStep[]>;
  /** In which cells each pseudonym counts, without the pseudonym: a list for each, in no order that tells of anybody. */
  lineContributions(
    site: string,
    lines: readonly string[],
    steps: ReadSteps,
  ): AsyncIterable<Contribution[]>;
  movementContributions(
    site: string,
    places: readonly string[],
    steps: ReadSteps,
  ): AsyncIterable<Contribution[]>;
  /** Local days, `YYYY-MM-DD`, of which any area or line has a row, the newest first; those that begin at an instant or later. */
  measuredDays(site: string, timeZone: string, fromUs: number): Promise<string[]>;
  /** End of the newest minute that is rolled up after an instant, µs; undefined where there is none. */
  rolledUpUntilUs(site: string, afterUs: number): Promise<number | undefined>;
}

/** One cell that a pseudonym counts in: a line or from and to, and the step. */
export interface Contribution {
  readonly places: readonly string[];
  readonly step: number;
}

/** Longest that one question may take, s: below what the client waits for an answer. */
const QUERY_S_MAX = 55;
/** A pseudonym lives at most 18 min: where its first areas lie that the last of a sequence is in a step, µs. */
const LOOK_BACK_US = 20 * 60e6;
const DAYS_MAX = 1_100;

/** What releases are computed from. Each read is of a bounded stretch of time and set of places, and is tried again. */
export function releaseReads(warehouse: Pick<Warehouse, 'rows' | 'query'>): ReleaseReads {
  const contributions = async function* (
    cells: string,
    condition: string,
    site: string,
    places: readonly string[],
    steps: ReadSteps,
  ): AsyncGenerator<Contribution[]> {
    // Shuffled by a hash that is drawn anew: the order of the rows must not be that of the pseudonyms.
    const sql = `SELECT groupUniqArray((${cells}, step)) AS cells
       FROM (SELECT track, from_place, to_place, ${STEP_OF_LEG} AS step FROM flow_legs FINAL
             WHERE site = {site: String} AND ${WITHIN_LEGS} AND ${condition})
       GROUP BY track ORDER BY rand64() SETTINGS max_execution_time = ${QUERY_S_MAX}`;
    const text = await warehouse.query(
      sqlOf(sql, places, steps),
      parametersOf(site, steps),
      'JSONEachRow',
    );
    for await (const line of linesOf(text)) {
      const row = JSON.parse(line) as { cells: [string[], number][] };
      yield row.cells.map(([found, step]) => ({ places: found, step: step - 1 }));
    }
  };
  return {
    areaSteps: (site, areas, steps) =>
      warehouse.rows<AreaStep>(sqlOf(AREA_STEPS, areas, steps), parametersOf(site, steps)),
    lineSteps: (site, lines, steps) =>
      warehouse.rows<LineStep>(sqlOf(LINE_STEPS, lines, steps), parametersOf(site, steps)),
    lineTracks: (site, lines, steps) =>
      warehouse.rows(sqlOf(LINE_TRACKS, lines, steps), parametersOf(site, steps)),
    movementSteps: (site, places, steps) =>
      warehouse.rows<WayStep>(sqlOf(MOVEMENT_STEPS, places, steps), parametersOf(site, steps)),
    sequenceSteps: (site, areas, steps) =>
      warehouse.rows<WayStep>(sqlOf(SEQUENCE_STEPS, areas, steps), parametersOf(site, steps)),
    lineContributions: (site, lines, steps) =>
      contributions('[to_place]', 'to_place IN {places: Array(String)}', site, lines, steps),
    movementContributions: (site, places, steps) =>
      contributions('[from_place, to_place]', BOTH_ENDS, site, places, steps),
    async measuredDays(site, timeZone, fromUs) {
      const found = await warehouse.rows<{ day: string }>(
        `SELECT DISTINCT toString(toDate(start, {zone: String})) AS day
         FROM (${['area_measures', 'line_measures']
           .map(
             (table) => `SELECT start FROM ${table} WHERE site = {site: String} AND length_s = 3600
           AND start >= fromUnixTimestamp64Micro({from_us: Int64}, 'UTC')`,
           )
           .join(' UNION ALL ')})
         ORDER BY day DESC LIMIT ${DAYS_MAX} SETTINGS max_execution_time = ${QUERY_S_MAX}`,
        { site, zone: timeZone, from_us: Math.max(0, fromUs) },
      );
      return found.map(({ day }) => day);
    },
    async rolledUpUntilUs(site, afterUs) {
      const [found] = await warehouse.rows<{ rows: number; us: number }>(
        `SELECT count() AS rows, toUnixTimestamp64Micro(max(start)) + 60000000 AS us FROM area_measures
         WHERE site = {site: String} AND length_s = 60
           AND start >= fromUnixTimestamp64Micro({after_us: Int64}, 'UTC')
         SETTINGS max_execution_time = ${QUERY_S_MAX}`,
        { site, after_us: Math.max(0, afterUs) },
      );
      return found === undefined || found.rows === 0 ? undefined : found.us;
    },
  };
}

/** Of lists, the statement has the text: as parameters they would make an address that is longer than servers take. */
function sqlOf(statement: string, places: readonly string[], steps: ReadSteps): string {
  return statement
    .replaceAll(
      '{starts: Array(Int64)}',
      `CAST([${steps.startsUs.map((us) => us.toFixed(0)).join(',')}], 'Array(Int64)')`,
    )
    .replaceAll('{places: Array(String)}', () => `[${places.map(quoted).join(',')}]`);
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}

function parametersOf(site: string, steps: ReadSteps) {
  return {
    site,
    from_us: steps.startsUs[0] ?? steps.endUs,
    to_us: steps.endUs,
    base_s: steps.baseS,
    look_back_us: LOOK_BACK_US,
  };
}

/** Of 1: the last step that has begun by then. */
const stepOf = (us: string): string =>
  `arrayLastIndex(begin -> begin <= ${us}, {starts: Array(Int64)})`;
/** Length of a step, µs. */
const STEP_US =
  'arrayElement(arrayConcat({starts: Array(Int64)}, [{to_us: Int64}]), number + 1) - arrayElement({starts: Array(Int64)}, number)';
const STEP_OF_LEG = stepOf('toUnixTimestamp64Micro(reached)');
const WITHIN_LEGS = `reached >= fromUnixTimestamp64Micro({from_us: Int64}, 'UTC')
  AND reached < fromUnixTimestamp64Micro({to_us: Int64}, 'UTC')`;
const BOTH_ENDS = 'from_place IN {places: Array(String)} AND to_place IN {places: Array(String)}';
const WITHIN_ROWS = `site = {site: String} AND length_s = {base_s: UInt32}
  AND start >= fromUnixTimestamp64Micro({from_us: Int64}, 'UTC')
  AND start < fromUnixTimestamp64Micro({to_us: Int64}, 'UTC')`;

const AREA_STEPS = `SELECT area, number - 1 AS step, area_m2 AS areaM2,
    if(observed > 0, person * 100 / observed, NULL) AS density, density * area_m2 AS occupancy,
    if(observed > 0, people, NULL) AS occupancyMax, ${levelOfServiceSql()} AS los,
    if(person > 0, speed / person / 1000, NULL) AS meanSpeedMS, person / 1000000 AS personS,
    least(1, if(area_m2 > 0, observed / (area_m2 * 100 * (${STEP_US})), 0)) AS coverage,
    if(observed > 0, saturated / observed / 1000, NULL) AS saturation,
    if(observed > 0, doubted / observed, NULL) AS doubtful
  FROM (
    SELECT area, ${stepOf('toUnixTimestamp64Micro(start)')} AS number,
      argMax(area_dm2, start) / 100 AS area_m2, argMax(rows.kind, start) AS kind,
      sum(person_us) AS person, sum(observed_dm2_us) AS observed, max(people_max) AS people,
      sum(speed_mm_us) AS speed, sum(saturation_dm2_us) AS saturated, sum(doubtful_dm2_us) AS doubted
    FROM area_measures_read AS rows
    WHERE ${WITHIN_ROWS} AND area IN {places: Array(String)}
    GROUP BY area, number
  )
  ORDER BY step, area SETTINGS max_execution_time = ${QUERY_S_MAX}`;

const LINE_STEPS = `SELECT line, number - 1 AS step, passed_forward AS forward, passed_backward AS backward,
    least(1, observed / (${STEP_US})) AS coverage, if(observed > 0, doubted / observed, NULL) AS doubtful
  FROM (
    SELECT line, ${stepOf('toUnixTimestamp64Micro(start)')} AS number, sum(rows.forward) AS passed_forward,
      sum(rows.backward) AS passed_backward, sum(observed_us) AS observed, sum(doubtful_us) AS doubted
    FROM line_measures_read AS rows
    WHERE ${WITHIN_ROWS} AND line IN {places: Array(String)}
    GROUP BY line, number
  )
  ORDER BY step, line SETTINGS max_execution_time = ${QUERY_S_MAX}`;

/** The ways of `length` areas that end at the `i`th visit. */
const way = (length: number): string => {
  const places = Array.from({ length }, (_, back) => `visits[i - ${length - 1 - back}].3`);
  return `arrayMap(i -> ([${places.join(', ')}], visits[i].1, visits[i - ${length - 1}].1),
    arrayFilter(i -> i >= ${length}, arrayEnumerate(visits)))`;
};

const LINE_TRACKS = `SELECT to_place AS line, ${STEP_OF_LEG} - 1 AS step, uniqExact(track) AS tracks
  FROM flow_legs
  WHERE site = {site: String} AND ${WITHIN_LEGS} AND to_place IN {places: Array(String)}
  GROUP BY line, step ORDER BY step, line SETTINGS max_execution_time = ${QUERY_S_MAX}`;

const MOVEMENT_STEPS = `SELECT [from_place, to_place] AS places, ${STEP_OF_LEG} - 1 AS step, count() AS count,
    uniqExact(track) AS tracks, avg(dateDiff('second', left, reached)) AS meanTravelS
  FROM flow_legs FINAL
  WHERE site = {site: String} AND ${WITHIN_LEGS} AND ${BOTH_ENDS}
  GROUP BY places, step ORDER BY step, places SETTINGS max_execution_time = ${QUERY_S_MAX}`;

const SEQUENCE_STEPS = `SELECT places, ${stepOf('us')} - 1 AS step, count() AS count,
    uniqExact(track) AS tracks, avg(us - began_us) / 1000000 AS meanTravelS
  FROM (
    SELECT track, arrayJoin(arrayConcat(${way(2)}, ${way(3)})) AS found,
      tupleElement(found, 1) AS places, tupleElement(found, 2) AS us, tupleElement(found, 3) AS began_us
    FROM (
      SELECT track, arraySort(visit -> (visit.1, visit.2), groupArray((us, nth, place))) AS all_visits,
        arrayFilter((visit, i) -> i = 1 OR all_visits[i - 1].3 != visit.3, all_visits, arrayEnumerate(all_visits)) AS visits
      FROM (
        SELECT track, toUnixTimestamp64Micro(reached) AS us, nth, toString(to_place) AS place
        FROM flow_legs FINAL
        WHERE site = {site: String} AND to_place IN {places: Array(String)}
          AND reached >= fromUnixTimestamp64Micro({from_us: Int64} - {look_back_us: Int64}, 'UTC')
          AND reached < fromUnixTimestamp64Micro({to_us: Int64}, 'UTC')
      )
      GROUP BY track
    )
  )
  WHERE us >= {from_us: Int64}
  GROUP BY places, step ORDER BY step, places SETTINGS max_execution_time = ${QUERY_S_MAX}`;

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}
