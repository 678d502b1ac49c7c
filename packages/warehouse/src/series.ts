import type { LevelOfService } from '@hitonami/crowd';
import { HitonamiError } from '@hitonami/model';
import type { Parameters } from './warehouse.js';

/** Which part of the past, in windows of one length. */
export interface SeriesRange {
  lengthS: number;
  /** Windows that start at or after it, µs since 1970. */
  fromUs: number;
  /** Windows that start before it. */
  toUs: number;
  /** Only this area or line. */
  subject?: string;
  /** Refused where there are more; default 250,000. */
  rowsMax?: number;
}

/** A window of an area as it is shown. Null where nothing is known. */
export interface AreaPoint {
  area: string;
  startUs: number;
  density: number | null;
  /** Highest local density, persons/m². */
  peakDensity: number | null;
  los: LevelOfService | null;
  occupancy: number | null;
  occupancyMax: number | null;
  meanSpeedMS: number | null;
  coverage: number | null;
  saturation: number | null;
  doubtful: number | null;
  /** Crowd pressure, 1/s²: mean and maximum of its highest value; null also where no spot was dense enough to have one. */
  pressure: number | null;
  pressureMax: number | null;
}

/** A window of a count line as it is shown. */
export interface LinePoint {
  line: string;
  startUs: number;
  forward: number;
  backward: number;
  observedUs: number;
  forwardPerMin: number | null;
  backwardPerMin: number | null;
  coverage: number | null;
  doubtful: number | null;
}

/** Rows of one series, or of all areas or lines of a site for one day of minutes. */
const ROWS_MAX = 250_000;
/** Longest that a question from the console may take, s. */
export const QUERY_S_MAX = 20;

type Rows = <Row>(sql: string, parameters: Parameters) => Promise<Row[]>;

/** The windows of one area, or of all of a site, by area and start. */
export function areaSeries(rows: Rows, site: string, range: SeriesRange): Promise<AreaPoint[]> {
  return series<AreaPoint>(rows, 'area_measures_read', 'area', site, range, [
    'density',
    'peak_density AS peakDensity',
    'los',
    'occupancy',
    'occupancy_max AS occupancyMax',
    'mean_speed_m_s AS meanSpeedMS',
    'coverage',
    'saturation',
    'doubtful',
    'pressure',
    'pressure_max AS pressureMax',
  ]);
}

/** The windows of one line, or of all of a site, by line and start. */
export function lineSeries(rows: Rows, site: string, range: SeriesRange): Promise<LinePoint[]> {
  return series<LinePoint>(rows, 'line_measures_read', 'line', site, range, [
    'forward',
    'backward',
    'observed_us AS observedUs',
    'forward_per_min AS forwardPerMin',
    'backward_per_min AS backwardPerMin',
    'coverage',
    'doubtful',
  ]);
}

async function series<Row>(
  rows: Rows,
  view: string,
  subject: string,
  site: string,
  range: SeriesRange,
  columns: readonly string[],
): Promise<Row[]> {
  const rowsMax = range.rowsMax ?? ROWS_MAX;
  const found = await rows<Row>(
    `SELECT ${subject}, toUnixTimestamp64Micro(start) AS startUs, ${columns.join(', ')}
     FROM ${view}
     WHERE site = {site: String} AND length_s = {length_s: UInt32}
       ${range.subject === undefined ? '' : `AND ${subject} = {subject: String}`}
       AND start >= fromUnixTimestamp64Micro({from_us: Int64}, 'UTC')
       AND start < fromUnixTimestamp64Micro({to_us: Int64}, 'UTC')
     ORDER BY ${subject}, startUs
     LIMIT {limit: UInt32}
     SETTINGS max_execution_time = ${QUERY_S_MAX}`,
    {
      site,
      length_s: range.lengthS,
      from_us: range.fromUs,
      to_us: range.toUs,
      limit: rowsMax + 1,
      ...(range.subject === undefined ? {} : { subject: range.subject }),
    },
  );
  if (found.length > rowsMax) {
    throw new HitonamiError(
      'INPUT',
      `more than ${rowsMax} rows: ask for a shorter time or for longer windows`,
    );
  }
  return found;
}
