import { HitonamiError } from '@hitonami/model';
import { READ_VIEW_NAMES, READ_VIEWS, type ReadViewName } from './views.js';

export interface RollupRequest {
  site: string;
  /** Start of the bucket, a whole number of bucket lengths since 1970, µs. */
  bucketStartUs: number;
  /** Length of the bucket, s: 60, 900 or 3600 in hitonami, but any multiple of the base will do. */
  lengthS: number;
  /** Length of the rows that are summed, s. Default 10. */
  baseLengthS?: number;
  /** End of the rollup's retention, s since 1970. */
  expiresAtS: number;
  /** End of that of a movement that fewer people made than `smallestGroup`, s since 1970. */
  smallExpiresAtS: number;
  smallestGroup: number;
}

/** How a stored column of a long window comes from those of its short ones. Sums are sums; the rest is said here. */
const OTHER: Readonly<Record<string, (column: string) => string>> = {
  people_max: (column) => `max(${column})`,
  peak_per_1000_m2: (column) => `max(${column})`,
  pressure_micro_max: (column) => `max(${column})`,
  moved_since_us: (column) => `max(${column})`,
  // Properties of the area, which a new plan may change within the bucket: those last in force.
  kind: (column) => `argMax(${column}, rows.start)`,
  area_dm2: (column) => `argMax(${column}, rows.start)`,
};

/**
 * Fills one bucket of one table from all its short rows as read (highest generation, one per key). The rollup's
 * generation is the highest among them. Only what was observed is summed, so coverage is right where rows are missing.
 */
export function rollupStatement(name: ReadViewName): string {
  const { table, subject, kept } = READ_VIEWS[name];
  const values = kept.map((column) => {
    const how = OTHER[column] ?? ((plain: string) => `sum(${plain})`);
    return how(`rows.${column}`);
  });
  return `INSERT INTO ${table}
      (site, ${subject.join(', ')}, length_s, start, generation, ${kept.join(', ')}, expires_at)
    SELECT rows.site, ${subject.map((column) => `rows.${column}`).join(', ')},
      {length_s: UInt32}, fromUnixTimestamp64Micro({start_us: Int64}, 'UTC'), max(rows.generation),
      ${values.join(', ')}, ${expiryOf(name)}
    FROM ${name} AS rows
    WHERE rows.site = {site: String} AND rows.length_s = {base_s: UInt32}
      AND rows.start >= fromUnixTimestamp64Micro({start_us: Int64}, 'UTC')
      AND rows.start < fromUnixTimestamp64Micro({end_us: Int64}, 'UTC')
    GROUP BY rows.site, ${subject.map((column) => `rows.${column}`).join(', ')}`;
}

/** What people do from one place to another, counted: a count below the smallest group soon goes. */
const COUNTED: Partial<Record<ReadViewName, string>> = {
  flow_measures_read: 'legs',
  journey_measures_read: 'journeys',
};

/** When a row of a rollup expires. Every statement takes the same parameters, so each may name them. */
function expiryOf(name: ReadViewName): string {
  const counted = COUNTED[name];
  const isSmall = counted === undefined ? '0 = 1' : `sum(rows.${counted}) < {smallest: UInt32}`;
  return `toDateTime(if(${isSmall}, {small_expires_at: UInt32}, {expires_at: UInt32}), 'UTC')`;
}

export const ROLLUP_STATEMENTS: readonly string[] = READ_VIEW_NAMES.map(rollupStatement);

/** Checks a request and gives the parameters of the statements. */
export function rollupParameters(request: RollupRequest): Record<string, string | number> {
  const base = request.baseLengthS ?? 10;
  const lengthUs = request.lengthS * 1e6;
  if (
    !Number.isInteger(request.lengthS) ||
    request.lengthS <= base ||
    request.lengthS % base !== 0
  ) {
    throw new HitonamiError(
      'INPUT',
      `a rollup of ${request.lengthS} s cannot be made of rows of ${base} s: give a multiple of it`,
    );
  }
  if (!Number.isSafeInteger(request.bucketStartUs) || request.bucketStartUs % lengthUs !== 0) {
    throw new HitonamiError(
      'INPUT',
      `${request.bucketStartUs} µs is not the start of a bucket of ${request.lengthS} s`,
    );
  }
  return {
    site: request.site,
    length_s: request.lengthS,
    base_s: base,
    start_us: request.bucketStartUs,
    end_us: request.bucketStartUs + lengthUs,
    expires_at: request.expiresAtS,
    small_expires_at: Math.min(request.smallExpiresAtS, request.expiresAtS),
    smallest: request.smallestGroup,
  };
}
