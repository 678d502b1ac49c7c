import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet';
import type { Value } from '../src/tables/table.js';

/** Files as programs that are not ours read them. */

export type Row = Record<string, Value>;

/** One engine for a file of tests. */
export class Duck {
  readonly #instance = DuckDBInstance.create(':memory:', { threads: '1' });

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    const connection = await (await this.#instance).connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      return (await connection.runAndReadAll(sql)).getRowObjectsJS();
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    (await this.#instance).closeSync();
  }
}

export async function readParquet(path: string): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: bufferOf(path) });
}

export async function parquetMetadata(path: string): Promise<FileMetaData> {
  return parquetMetadataAsync(bufferOf(path));
}

function bufferOf(path: string): ArrayBuffer {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

/** What any reader gave, as the row that it means: instants in ms, numbers, texts, null. */
export function meant(row: Record<string, unknown>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]): [string, Value] => {
      if (value instanceof Date) return [name, value.getTime()];
      if (name === 'start') return [name, Date.parse(String(value))];
      if (typeof value === 'bigint') return [name, Number(value)];
      if (value === undefined || value === null) return [name, null];
      return [name, value as string | number];
    }),
  );
}

interface Collection {
  features: {
    id: string;
    properties: Record<string, Value> & { series: Record<string, Value[]> };
  }[];
}

/** Rows of a GeoJSON file: what a feature has as properties, with each step of its series. */
export function rowsOfGeoJson(path: string): Row[] {
  const { features } = JSON.parse(readFileSync(path, 'utf8')) as Collection;
  return features.flatMap(({ properties }) => {
    const { series, ...same } = properties;
    return (series['start'] ?? []).map((_, i) => ({
      ...same,
      ...Object.fromEntries(
        Object.entries(series).map(([name, values]) => [name, values[i] ?? null]),
      ),
    }));
  });
}

export function rowsOfJsonLines(path: string): Row[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

/** By step, then as they came; formats that go by place are put into the order of the others. */
export function byStep(rows: readonly Row[]): Row[] {
  const key = (row: Row): string =>
    `${String(row['start'])} ${JSON.stringify(Object.values(row).slice(0, 8))}`;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
