import { once } from 'node:events';
import { Readable } from 'node:stream';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import type { ClosedWindow, LateFrame } from '@hitonami/crowd';
import { HitonamiError } from '@hitonami/model';
import { encodeLateFrames, encodeWindows, type InsertOptions, type TableBlock } from './encode.js';
import { type Retry, RETRY_DEFAULT, warehouseFault, withRetry } from './faults.js';
import { foreignTables, holdingsOf, type Holding, type StoredLimits } from './holdings.js';
import type { MeasureRange, Measures } from './measures.js';
import { MIGRATIONS } from './migrations/index.js';
import { expiry, type RetentionOrKeep } from './retention.js';
import { ROLLUP_STATEMENTS, rollupParameters, type RollupRequest } from './rollup.js';
import {
  areaSeries,
  lineSeries,
  type AreaPoint,
  type LinePoint,
  type SeriesRange,
} from './series.js';
import {
  areaSummaries,
  dwellSum,
  journeySums,
  lineSummaries,
  usualDensity,
  type AreaSummary,
  type DwellSum,
  type JourneySum,
  type LineSummary,
  type Tile,
  type UsualPoint,
} from './summaries.js';
import { resultText } from './text.js';
import {
  createViewStatement,
  CUT_TRACKS_VIEW,
  READ_VIEW_NAMES,
  READ_VIEWS,
  type ReadViewName,
  valueColumns,
} from './views.js';

export interface WarehouseOptions {
  /** Of a ClickHouse server or of the embedded engine. */
  url: string;
  /** Made by `migrate` where it is missing. Letters, digits and _. */
  database: string;
  username?: string;
  password?: string;
  /** Longest wait for one request, ms. Default 60 s. */
  requestMs?: number;
  retry?: Partial<Retry>;
}

export type Parameters = Record<
  string,
  string | number | boolean | null | readonly (string | number)[]
>;

/** A rollup, and for how long what it makes is kept. */
export type RollupCall = Omit<RollupRequest, 'expiresAtS' | 'smallExpiresAtS'> & {
  retention: RetentionOrKeep;
};

export interface Warehouse {
  /** Brings the schema to this code's version. Harmless when repeated or done by two processes at once. */
  migrate(): Promise<void>;
  /** Writes everything that the windows hold; resolves when ClickHouse has it. The same windows again do no harm. */
  insertWindows(windows: readonly ClosedWindow[], options: InsertOptions): Promise<void>;
  insertLateFrames(frames: readonly LateFrame[], retention: RetentionOrKeep): Promise<void>;
  /**
   * Sums one whole bucket of short windows into a long one. The caller says when a bucket is whole. What fewer people did
   * than the smallest group (movements from place to place) expires with the short windows.
   */
  rollup(request: RollupCall): Promise<void>;
  /** Rows of the read views of one site and window length, in a canonical order. */
  measures(site: string, range: MeasureRange): Promise<Measures>;
  exportMeasures(site: string, lengthS: number): Promise<Measures>;
  /** Windows of one area, or of all of a site, as they are shown. */
  areaSeries(site: string, range: SeriesRange): Promise<AreaPoint[]>;
  lineSeries(site: string, range: SeriesRange): Promise<LinePoint[]>;
  /** Journeys between places, the most frequent pair first; see `tilesOf`. */
  journeySums(site: string, tiles: readonly Tile[]): Promise<JourneySum[]>;
  dwellSum(site: string, area: string, tiles: readonly Tile[]): Promise<DwellSum>;
  /** How dense an area is by the time since its day began, over days that begin at these instants. */
  usualDensity(
    site: string,
    area: string,
    lengthS: number,
    dayStartsUs: readonly number[],
  ): Promise<UsualPoint[]>;
  areaSummaries(site: string, tile: Tile): Promise<AreaSummary[]>;
  lineSummaries(site: string, tile: Tile): Promise<LineSummary[]>;
  /** What the tables hold of a site, how old it is, and what of it may not be there; see `holdingsOf`. */
  holdings(site: string, limits: StoredLimits, nowMs: number): Promise<Holding[]>;
  /** Tables in the database that this program did not make. */
  foreignTables(): Promise<string[]>;
  /** Runs any SQL and streams its result as text in the format (or the one that the SQL names). */
  query(sql: string, parameters?: Parameters, format?: string): Promise<AsyncIterable<string>>;
  /** The rows of a query as objects; 64-bit numbers as numbers. */
  rows<Row>(sql: string, parameters?: Parameters): Promise<Row[]>;
  /** Whether it answers, without throwing. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

const REQUEST_MS = 60_000;
/** Idle connections are closed by us after this, ms: well before any server does. */
const IDLE_SOCKET_MS = 2_000;
/** Rows that one call of `measures` may return of one view. */
const MEASURE_ROWS_MAX = 2_000_000;
const SETTINGS = {
  // Every insert is complete when it is answered, and none is dropped for looking like an earlier one.
  async_insert: 0,
  insert_deduplicate: 0,
  date_time_output_format: 'simple',
  output_format_json_quote_64bit_integers: 0,
} as const;

/** Connects to nothing yet: the first request does. */
export function openWarehouse(options: WarehouseOptions): Warehouse {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(options.database)) {
    throw new HitonamiError(
      'CONFIG',
      `${JSON.stringify(options.database)} cannot be the name of the warehouse's database: use letters, digits and _`,
    );
  }
  return new ClickHouseWarehouse(options);
}

class ClickHouseWarehouse implements Warehouse {
  readonly #client: ClickHouseClient;
  readonly #options: WarehouseOptions;
  readonly #retry: Retry;
  readonly #read = <Row>(sql: string, parameters: Parameters): Promise<Row[]> =>
    this.rows<Row>(sql, parameters);

  constructor(options: WarehouseOptions) {
    this.#options = options;
    this.#retry = { ...RETRY_DEFAULT, ...options.retry };
    this.#client = this.#connect(options.database);
  }

  async migrate(): Promise<void> {
    const { database } = this.#options;
    const outside = this.#connect('default');
    try {
      await this.#command(
        outside,
        'make the database',
        `CREATE DATABASE IF NOT EXISTS ${database}`,
      );
    } finally {
      await outside.close();
    }
    await this.#command(
      this.#client,
      'make the table of migrations',
      `CREATE TABLE IF NOT EXISTS schema_migrations (version UInt32, name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
       ENGINE = ReplacingMergeTree ORDER BY version`,
    );
    const [applied] = await this.rows<{ version: number }>(
      'SELECT max(version) AS version FROM schema_migrations',
    );
    const there = applied?.version ?? 0;
    const known = MIGRATIONS.at(-1)?.version ?? 0;
    if (there > known) {
      throw new HitonamiError(
        'WAREHOUSE',
        `the schema of database ${database} is at version ${there}, this program knows ${known}: run a newer program`,
      );
    }
    for (const migration of MIGRATIONS.filter(({ version }) => version > there)) {
      const doing = `migrate to version ${migration.version} (${migration.name})`;
      for (const statement of migration.statements)
        await this.#command(this.#client, doing, statement);
      await this.#command(
        this.#client,
        doing,
        'INSERT INTO schema_migrations (version, name) SELECT {version: UInt32}, {name: String}',
        { version: migration.version, name: migration.name },
      );
    }
    for (const name of READ_VIEW_NAMES) {
      await this.#command(this.#client, `make the view ${name}`, createViewStatement(name));
    }
    await this.#command(this.#client, 'make the view cut_tracks_read', CUT_TRACKS_VIEW);
  }

  async insertWindows(windows: readonly ClosedWindow[], options: InsertOptions): Promise<void> {
    for (const block of encodeWindows(windows, options)) await this.#insert(block);
  }

  async insertLateFrames(frames: readonly LateFrame[], retention: RetentionOrKeep): Promise<void> {
    if (frames.length > 0) await this.#insert(encodeLateFrames(frames, retention));
  }

  async rollup({ retention, ...request }: RollupCall): Promise<void> {
    const endUs = request.bucketStartUs + request.lengthS * 1e6;
    const expiresAtS = expiry(retention, 'rollupDays')(endUs);
    const smallExpiresAtS = expiry(retention, 'measuresDays')(endUs);
    const parameters = rollupParameters({ ...request, expiresAtS, smallExpiresAtS });
    const doing = `roll up ${request.lengthS} s of ${request.site}`;
    for (const statement of ROLLUP_STATEMENTS) {
      await this.#command(this.#client, doing, statement, parameters);
    }
  }

  async measures(site: string, range: MeasureRange): Promise<Measures> {
    const read = async <Row>(name: ReadViewName): Promise<Row[]> =>
      (await this.#measureRows(name, site, range)) as Row[];
    return {
      areas: await read('area_measures_read'),
      lines: await read('line_measures_read'),
      flows: await read('flow_measures_read'),
      journeys: await read('journey_measures_read'),
      cameras: await read('camera_measures_read'),
    };
  }

  exportMeasures(site: string, lengthS: number): Promise<Measures> {
    return this.measures(site, { lengthS });
  }

  areaSeries(site: string, range: SeriesRange): Promise<AreaPoint[]> {
    return areaSeries(this.#read, site, range);
  }

  lineSeries(site: string, range: SeriesRange): Promise<LinePoint[]> {
    return lineSeries(this.#read, site, range);
  }

  journeySums(site: string, tiles: readonly Tile[]): Promise<JourneySum[]> {
    return journeySums(this.#read, site, tiles);
  }

  dwellSum(site: string, area: string, tiles: readonly Tile[]): Promise<DwellSum> {
    return dwellSum(this.#read, site, area, tiles);
  }

  usualDensity(
    site: string,
    area: string,
    lengthS: number,
    dayStartsUs: readonly number[],
  ): Promise<UsualPoint[]> {
    return usualDensity(this.#read, site, area, lengthS, dayStartsUs);
  }

  areaSummaries(site: string, tile: Tile): Promise<AreaSummary[]> {
    return areaSummaries(this.#read, site, tile);
  }

  lineSummaries(site: string, tile: Tile): Promise<LineSummary[]> {
    return lineSummaries(this.#read, site, tile);
  }

  holdings(site: string, limits: StoredLimits, nowMs: number): Promise<Holding[]> {
    return holdingsOf(this.#read, site, limits, nowMs);
  }

  foreignTables(): Promise<string[]> {
    return foreignTables(this.#read);
  }

  async query(
    sql: string,
    parameters: Parameters = {},
    format = 'PrettyCompact',
  ): Promise<AsyncIterable<string>> {
    try {
      const answer = await this.#client.exec({
        query: sql,
        query_params: parameters,
        // A parameter of the interface rather than a setting, which the client sends the same way.
        clickhouse_settings: { default_format: format } as Record<string, string>,
      });
      return resultText(answer.stream, answer.response_headers['x-clickhouse-exception-tag']);
    } catch (error) {
      throw warehouseFault(error, 'run the query');
    }
  }

  rows<Row>(sql: string, parameters: Parameters = {}): Promise<Row[]> {
    return withRetry(this.#retry, 'read from the warehouse', async () => {
      const answer = await this.#client.query({
        query: sql,
        query_params: parameters,
        format: 'JSONEachRow',
      });
      return answer.json<Row>();
    });
  }

  async ping(): Promise<boolean> {
    return (await this.#client.ping()).success;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #connect(database: string): ClickHouseClient {
    const { url, username, password, requestMs } = this.#options;
    return createClient({
      url,
      database,
      application: 'hitonami',
      request_timeout: requestMs ?? REQUEST_MS,
      keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS },
      clickhouse_settings: SETTINGS,
      // Faults are thrown, and what throws them says what was being done.
      log: { level: 127 },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
  }

  #command(
    client: ClickHouseClient,
    doing: string,
    query: string,
    parameters: Parameters = {},
  ): Promise<void> {
    return withRetry(this.#retry, doing, async () => {
      await client.command({ query, query_params: parameters });
    });
  }

  /** Sends one block. A try that failed halfway is repeated whole: rows replace each other by key. */
  #insert({ table, block }: TableBlock): Promise<void> {
    const pieces = block.encode();
    const query = `INSERT INTO ${table} (${block.names.join(', ')}) FORMAT Native`;
    return withRetry(this.#retry, `write ${block.rows} rows to ${table}`, async () => {
      const answer = await this.#client.exec({
        query,
        values: Readable.from(pieces, { objectMode: false }),
      });
      answer.stream.resume();
      await once(answer.stream, 'end');
    });
  }

  async #measureRows(name: ReadViewName, site: string, range: MeasureRange): Promise<unknown[]> {
    const subject = READ_VIEWS[name].subject;
    const columns = [...subject, 'length_s', 'generation', ...valueColumns(name)];
    const rows = await this.rows<Record<string, unknown>>(
      `SELECT site, toUnixTimestamp64Micro(start) AS start_us, ${columns.join(', ')}
       FROM ${name}
       WHERE site = {site: String} AND length_s = {length_s: UInt32}
         AND start >= fromUnixTimestamp64Micro({from_us: Int64}, 'UTC')
         AND start < fromUnixTimestamp64Micro({to_us: Int64}, 'UTC')
       ORDER BY ${subject.join(', ')}, start_us
       LIMIT {limit: UInt32}`,
      {
        site,
        length_s: range.lengthS,
        from_us: range.fromUs ?? 0,
        to_us: range.toUs ?? 4_102_444_800e6,
        limit: MEASURE_ROWS_MAX + 1,
      },
    );
    if (rows.length > MEASURE_ROWS_MAX) {
      throw new HitonamiError(
        'INPUT',
        `more than ${MEASURE_ROWS_MAX} rows of ${name}: ask for a shorter range`,
      );
    }
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([column, value]) => [camel(column), value])),
    );
  }
}

/** `mean_speed_m_s` → `meanSpeedMS`. */
function camel(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
