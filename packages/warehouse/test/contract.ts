import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openWarehouse, type Warehouse, type WarehouseOptions } from '../src/index.js';
import { bytesOf } from './bytes.js';
import { measuresContract } from './measures-contract.js';
import { readsContract } from './reads-contract.js';
import { releaseReadsContract } from './release-reads-contract.js';

export interface Target {
  options: Omit<WarehouseOptions, 'database'>;
  stop(): Promise<void>;
}

/** What hitonami asks of a ClickHouse, embedded or server: one suite for both. */
export function warehouseContract(name: string, start: () => Promise<Target>): void {
  describe(`a warehouse: ${name}`, () => {
    const database = `hitonami_test_${process.pid}`;
    let target: Target;
    let warehouse: Warehouse;
    const client = () => createClient({ ...target.options, database, log: { level: 127 } });

    beforeAll(async () => {
      target = await start();
      warehouse = openWarehouse({ ...target.options, database });
      await warehouse.migrate();
    }, 60_000);

    afterAll(async () => {
      const last = client();
      await last.command({ query: `DROP DATABASE IF EXISTS ${database}` }).catch(() => undefined);
      await last.close();
      await warehouse.close();
      await target.stop();
    });

    it('migrates again, and by several at once, without harm', async () => {
      await Promise.all([1, 2, 3].map(() => warehouse.migrate()));
      const rows = await warehouse.rows<{ version: number }>(
        'SELECT DISTINCT version FROM schema_migrations ORDER BY version',
      );
      expect(rows).toEqual([
        { version: 1 },
        { version: 2 },
        { version: 3 },
        { version: 4 },
        { version: 5 },
      ]);
    });

    it('refuses a schema that is newer than the program', async () => {
      const other = openWarehouse({ ...target.options, database: `${database}_newer` });
      await other.migrate();
      const raw = client();
      await raw.command({
        query: `INSERT INTO ${database}_newer.schema_migrations (version, name) VALUES (999, 'x')`,
      });
      await expect(other.migrate()).rejects.toThrow(/at version 999, this program knows 5/);
      await raw.command({ query: `DROP DATABASE ${database}_newer` });
      await raw.close();
      await other.close();
    });

    it('has these columns and no others: nothing of a picture, of a body or of what somebody looks like', async () => {
      const columns = await warehouse.rows<{ table: string; names: string }>(
        `SELECT table, arrayStringConcat(arraySort(groupArray(name)), ' ') AS names FROM system.columns
         WHERE database = currentDatabase() AND table NOT LIKE '%_read' GROUP BY table ORDER BY table`,
      );
      // A column that is new here has to be argued for in this list.
      expect(Object.fromEntries(columns.map(({ table, names }) => [table, names]))).toEqual({
        area_measures:
          'area area_dm2 doubtful_dm2_us expires_at generation kind length_s observed_dm2_us peak_per_1000_m2 peak_samples ' +
          'people_max person_us pressure_micro_max pressure_micro_sum pressure_samples saturation_dm2_us site speed_mm_us start written_at',
        camera_measures:
          'blind_us camera expires_at frames generation length_s moved_since_us observed_us person_us renewed saturation_us ' +
          'site start written_at',
        flow_legs:
          'confidence_permille expires_at from_place inside_us joins left nth reached site to_place track',
        flow_measures:
          'confidence_permille expires_at from_place generation inside_us joined legs length_s site start to_place written_at',
        journey_measures:
          'confidence_permille expires_at from_place generation joined journeys length_s site start to_place travel_us written_at',
        late_frames: 'camera captured expires_at late_us sequence session site',
        line_measures:
          'backward doubtful_us expires_at forward generation length_s line observed_us site start written_at',
        // No name, no number, and no velocity, which would help to make paths of them again.
        positions: 'captured expires_at floor kind site x_mm y_mm',
        schema_migrations: 'applied_at name version',
      });
    });

    it('removes by itself what has expired: every table but that of its own steps has a time to live', async () => {
      const without = await warehouse.rows<{ name: string }>(
        `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine NOT LIKE '%View'
           AND engine_full NOT LIKE '%TTL expires_at%'`,
      );
      expect(without).toEqual([{ name: 'schema_migrations' }]);
    });

    it('deletes what has expired without being asked', async () => {
      for await (const _ of await warehouse.query(
        `INSERT INTO positions (site, captured, floor, x_mm, y_mm, kind, expires_at)
         SELECT 'gone', now64(6), 'f', number, 1, 0, now() + 1 FROM numbers(100)`,
      ));
      const left = () => warehouse.rows("SELECT count() AS n FROM positions WHERE site = 'gone'");
      expect(await left()).toEqual([{ n: 100 }]);
      await vi.waitFor(async () => expect(await left()).toEqual([{ n: 0 }]), 15_000);
    }, 20_000);

    it('binds parameters, whatever is in them', async () => {
      const text = `'; DROP TABLE x; -- \\ "駅"`;
      const rows = await warehouse.rows(
        'SELECT {text: String} AS text, {n: Int32} AS n, {list: Array(UInt8)} AS list',
        { text, n: -5, list: [1, 2] },
      );
      expect(rows).toEqual([{ text, n: -5, list: [1, 2] }]);
    });

    it('keeps the settings of one request from the next', async () => {
      const raw = client();
      const read = async (settings: Record<string, string>): Promise<unknown> =>
        (
          await raw.query({
            query: `SELECT getSetting('max_block_size') AS size`,
            format: 'JSONEachRow',
            clickhouse_settings: settings,
          })
        ).json();
      const usual = await read({});
      expect(await read({ max_block_size: '77' })).not.toEqual(usual);
      expect(await read({})).toEqual(usual);
      await raw.close();
    });

    it('streams a large result', async () => {
      let rows = 0;
      let last = '';
      for await (const piece of await warehouse.query(
        'SELECT number FROM numbers({n: UInt32})',
        { n: 1_000_000 },
        'TSV',
      )) {
        for (const char of piece) if (char === '\n') rows += 1;
        last = piece;
      }
      expect(rows).toBe(1_000_000);
      expect(last.endsWith('999999\n')).toBe(true);
    });

    it('ends a result that breaks off with the error, never as if it were whole', async () => {
      const read = async (): Promise<void> => {
        const sql = 'SELECT throwIf(number = 3000000), number FROM numbers(10000000)';
        for await (const piece of await warehouse.query(sql, {}, 'TSV')) {
          expect(piece).not.toContain('__exception__');
        }
      };
      await expect(read()).rejects.toMatchObject({ name: 'HitonamiError' });
    });

    it('takes inserts in text and binary formats, plain and compressed', async () => {
      const raw = client();
      await raw.command({
        query: 'CREATE TABLE formats (a UInt32, b String) ENGINE = MergeTree ORDER BY a',
      });
      await raw.insert({ table: 'formats', values: [{ a: 1, b: 'é' }], format: 'JSONEachRow' });
      await raw.insert({
        table: 'formats',
        values: Readable.from(['2,"x"\n'], { objectMode: false }),
        format: 'CSV',
      });
      await raw.command({ query: `INSERT INTO formats VALUES (3, 'FORMAT; \\'')` });
      await raw.command({ query: 'INSERT INTO formats SELECT 4, toString(4)' });
      const bytes = Buffer.from([5, 0, 0, 0, 4, 0, 255, 10, 13]);
      for (const body of [bytes, gzipSync(Buffer.from([6, 0, 0, 0, 1, 200]))]) {
        const answer = await raw.exec({
          query: 'INSERT INTO formats FORMAT RowBinary',
          values: Readable.from([body]),
          ...(body === bytes ? {} : { http_headers: { 'Content-Encoding': 'gzip' } }),
        });
        answer.stream.resume();
      }
      for (const format of ['Native', 'Parquet', 'ArrowStream', 'RowBinaryWithNamesAndTypes']) {
        const made = await raw.exec({
          query: `SELECT toUInt32(10) AS a, unhex('00ff80') AS b FORMAT ${format}`,
        });
        const block = await bytesOf(made.stream);
        const answer = await raw.exec({
          query: `INSERT INTO formats (a, b) FORMAT ${format}`,
          values: Readable.from([block]),
        });
        answer.stream.resume();
      }
      const read = await raw.query({
        query: 'SELECT a, hex(b) AS b, count() AS n FROM formats GROUP BY ALL ORDER BY a',
        format: 'JSONCompactEachRow',
      });
      const rows = await read.json<[number, string, unknown]>();
      expect(rows.map(([a, b, n]) => [a, b, Number(n)])).toEqual([
        [1, 'C3A9', 1],
        [2, '78', 1],
        [3, Buffer.from(`FORMAT; '`).toString('hex').toUpperCase(), 1],
        [4, '34', 1],
        [5, '00FF0A0D', 1],
        [6, 'C8', 1],
        [10, '00FF80', 4],
      ]);
      await raw.close();
    });

    it('tells errors by code, and which may be tried again', async () => {
      const bad = { code: 'WAREHOUSE', canRetry: false };
      await expect(warehouse.rows('SELEC 1')).rejects.toMatchObject({ ...bad, detail: '62' });
      await expect(warehouse.rows('SELECT * FROM nope')).rejects.toMatchObject({
        ...bad,
        detail: '60',
      });
      await expect(warehouse.rows('SELECT {x: UInt8}')).rejects.toMatchObject({
        ...bad,
        detail: '456',
      });
      const absent = openWarehouse({
        url: 'http://127.0.0.1:1',
        database,
        retry: { attempts: 2, firstMs: 1 },
      });
      await expect(absent.rows('SELECT 1')).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        canRetry: true,
        detail: 'ECONNREFUSED',
      });
      await absent.close();
      expect(await warehouse.ping()).toBe(true);
    });

    measuresContract(() => warehouse);
    readsContract(() => warehouse);
    releaseReadsContract(() => warehouse);
  });
}
