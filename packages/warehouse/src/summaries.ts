import { QUERY_S_MAX } from './series.js';
import type { Parameters } from './warehouse.js';

type Rows = <Row>(sql: string, parameters: Parameters) => Promise<Row[]>;

/** Windows of one length that start in a half-open stretch of time, µs since 1970. */
export interface Tile {
  lengthS: number;
  fromUs: number;
  toUs: number;
}

const HOUR_US = 3_600e6;
const MINUTE_US = 60e6;
/** A rollup is written this long after its end at the latest; one that ended later is not counted upon, µs. */
const ROLLUP_DELAY_US = 300e6;

/**
 * The fewest windows that make up a stretch of time: whole hours in its middle, minutes at its ends.
 *
 * @param fromUs, toUs whole minutes
 */
export function tilesOf(fromUs: number, toUs: number, nowUs: number): Tile[] {
  const whole = Math.min(toUs, nowUs - ROLLUP_DELAY_US);
  const firstHour = Math.ceil(fromUs / HOUR_US) * HOUR_US;
  const lastHour = Math.floor(whole / HOUR_US) * HOUR_US;
  const minute = MINUTE_US / 1e6;
  if (lastHour <= firstHour) return [{ lengthS: minute, fromUs, toUs }];
  return [
    { lengthS: minute, fromUs, toUs: firstHour },
    { lengthS: HOUR_US / 1e6, fromUs: firstHour, toUs: lastHour },
    { lengthS: minute, fromUs: lastHour, toUs },
  ].filter((tile) => tile.toUs > tile.fromUs);
}

/** A condition for the windows of some tiles, and its parameters. */
function within(tiles: readonly Tile[]): { condition: string; parameters: Parameters } {
  const parameters: Record<string, number> = {};
  const parts = tiles.map(({ lengthS, fromUs, toUs }, i) => {
    Object.assign(parameters, {
      [`length_${i}`]: lengthS,
      [`from_${i}`]: fromUs,
      [`to_${i}`]: toUs,
    });
    return `(length_s = {length_${i}: UInt32}
      AND start >= fromUnixTimestamp64Micro({from_${i}: Int64}, 'UTC')
      AND start < fromUnixTimestamp64Micro({to_${i}: Int64}, 'UTC'))`;
  });
  return { condition: `(${parts.join(' OR ')})`, parameters };
}

/** Journeys between two places in a stretch of time. */
export interface JourneySum {
  fromPlace: string;
  toPlace: string;
  journeys: number;
  meanTravelS: number | null;
  joinedShare: number | null;
  meanConfidence: number | null;
}

/** Pairs of places that one answer may have. */
const PAIRS_MAX = 20_000;

export function journeySums(
  rows: Rows,
  site: string,
  tiles: readonly Tile[],
): Promise<JourneySum[]> {
  const { condition, parameters } = within(tiles);
  return rows<JourneySum>(
    `SELECT from_place AS fromPlace, to_place AS toPlace, sum(rows.journeys) AS journeys,
       if(journeys > 0, sum(travel_us) / journeys / 1000000, NULL) AS meanTravelS,
       if(journeys > 0, sum(joined) / journeys, NULL) AS joinedShare,
       if(journeys > 0, sum(confidence_permille) / journeys / 1000, NULL) AS meanConfidence
     FROM journey_measures_read AS rows
     WHERE site = {site: String} AND ${condition}
     GROUP BY fromPlace, toPlace
     ORDER BY journeys DESC, fromPlace, toPlace
     LIMIT ${PAIRS_MAX}
     SETTINGS max_execution_time = ${QUERY_S_MAX}`,
    { site, ...parameters },
  );
}

/** Legs that left an area, and their mean time inside, s. */
export interface DwellSum {
  legs: number;
  meanInsideS: number | null;
}

export async function dwellSum(
  rows: Rows,
  site: string,
  area: string,
  tiles: readonly Tile[],
): Promise<DwellSum> {
  const { condition, parameters } = within(tiles);
  const [found] = await rows<DwellSum>(
    `SELECT sum(rows.legs) AS legs, if(legs > 0, sum(inside_us) / legs / 1000000, NULL) AS meanInsideS
     FROM flow_measures_read AS rows
     WHERE site = {site: String} AND from_place = {area: String} AND ${condition}
     SETTINGS max_execution_time = ${QUERY_S_MAX}`,
    { site, area, ...parameters },
  );
  return found ?? { legs: 0, meanInsideS: null };
}

/** How dense an area was at one time of the day, over several days, persons/m². */
export interface UsualPoint {
  sinceS: number;
  density: number | null;
  densityLow: number | null;
  densityHigh: number | null;
  days: number;
}

/** Of an area that was seen less in a window, its density there says little of what is usual. */
const USUAL_COVERAGE_MIN = 0.5;
const DAY_US = 86_400e6;

/**
 * Median, tenth and ninetieth percentile of the density by the time since the day began, over the days that begin at
 * these instants (µs since 1970) and last 24 h.
 */
export async function usualDensity(
  rows: Rows,
  site: string,
  area: string,
  lengthS: number,
  dayStartsUs: readonly number[],
): Promise<UsualPoint[]> {
  if (dayStartsUs.length === 0) return [];
  const found = await rows<{ sinceS: number; spread: number[]; days: number }>(
    `SELECT intDiv(us - day, 1000000) AS sinceS,
       quantilesExactInclusive(0.1, 0.5, 0.9)(seen) AS spread, count() AS days
     FROM (
       SELECT toUnixTimestamp64Micro(start) AS us, assumeNotNull(rows.density) AS seen,
         arrayLast(begin -> begin <= us, {days: Array(Int64)}) AS day
       FROM area_measures_read AS rows
       WHERE site = {site: String} AND area = {area: String} AND length_s = {length_s: UInt32}
         AND start >= fromUnixTimestamp64Micro({from_us: Int64}, 'UTC')
         AND start < fromUnixTimestamp64Micro({to_us: Int64}, 'UTC')
         AND rows.density IS NOT NULL AND coverage >= ${USUAL_COVERAGE_MIN}
     )
     WHERE day > 0 AND us < day + ${DAY_US}
     GROUP BY sinceS
     ORDER BY sinceS
     SETTINGS max_execution_time = ${QUERY_S_MAX}`,
    {
      site,
      area,
      length_s: lengthS,
      days: [...dayStartsUs].sort((a, b) => a - b),
      from_us: Math.min(...dayStartsUs),
      to_us: Math.max(...dayStartsUs) + DAY_US,
    },
  );
  return found.map(({ sinceS, spread: [low = null, median = null, high = null], days }) => ({
    sinceS,
    density: median,
    densityLow: low,
    densityHigh: high,
    days,
  }));
}

/** An area over a stretch of time: for reports. */
export interface AreaSummary {
  area: string;
  meanOccupancy: number | null;
  occupancyMax: number | null;
  occupancyMaxAtUs: number | null;
  /** Windows at each level of service, in the order A to F. */
  atLevel: number[];
  /** Share of the area and time that was seen, over the windows that there are. */
  coverage: number | null;
  windows: number;
}

export function areaSummaries(rows: Rows, site: string, tile: Tile): Promise<AreaSummary[]> {
  const { condition, parameters } = within([tile]);
  return rows<AreaSummary>(
    `SELECT area,
       if(sum(observed_dm2_us) > 0, sum(person_us) / sum(observed_dm2_us) * argMax(area_dm2, start), NULL) AS meanOccupancy,
       max(occupancy_max) AS occupancyMax,
       if(occupancyMax IS NULL, NULL, toUnixTimestamp64Micro(argMax(start, coalesce(occupancy_max, 0)))) AS occupancyMaxAtUs,
       [${['A', 'B', 'C', 'D', 'E', 'F'].map((level) => `countIf(los = '${level}')`).join(', ')}] AS atLevel,
       avg(rows.coverage) AS coverage, count() AS windows
     FROM area_measures_read AS rows
     WHERE site = {site: String} AND ${condition}
     GROUP BY area
     ORDER BY area
     SETTINGS max_execution_time = ${QUERY_S_MAX}`,
    { site, ...parameters },
  );
}

/** Passages over a line in a stretch of time. */
export interface LineSummary {
  line: string;
  forward: number;
  backward: number;
  coverage: number | null;
  windows: number;
}

export function lineSummaries(rows: Rows, site: string, tile: Tile): Promise<LineSummary[]> {
  const { condition, parameters } = within([tile]);
  return rows<LineSummary>(
    `SELECT line, sum(rows.forward) AS forward, sum(rows.backward) AS backward, avg(rows.coverage) AS coverage,
       count() AS windows
     FROM line_measures_read AS rows
     WHERE site = {site: String} AND ${condition}
     GROUP BY line
     ORDER BY line
     SETTINGS max_execution_time = ${QUERY_S_MAX}`,
    { site, ...parameters },
  );
}
