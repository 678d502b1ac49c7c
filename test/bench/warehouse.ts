import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClosedWindow } from '@hitonami/crowd';
import { openWarehouse, startEmbeddedWarehouse, type Warehouse } from '@hitonami/warehouse';
import { startChild } from './child.js';
import { interleave, secondsSince, type BenchOptions, type Figure } from './measure.js';

const SOURCE = 'bench_source';
const LENGTH_US = 10_000_000;
const AREAS = 100;
const LINES = 40;
const FLOWS = 200;
const CAMERAS = 200;
const JOURNEYS = 60;
const LEGS = 460;
const ROWS_PER_WINDOW = AREAS + LINES + FLOWS + JOURNEYS + CAMERAS + LEGS;
const TABLES = [
  'area_measures',
  'line_measures',
  'flow_measures',
  'journey_measures',
  'camera_measures',
  'flow_legs',
];

/** What the process with the bare engine is told. */
export interface LimitOrder {
  folder: string;
  tables: { name: string; create: string; file: string; columns: string }[];
}

/** Closed windows into the embedded engine, against the same rows by the official client, and by the engine alone. */
export async function warehouse({ quick, folder, say }: BenchOptions): Promise<Figure[]> {
  say('inserts into the warehouse against the bare client and the bare engine');
  const engine = await startEmbeddedWarehouse({ folder: join(folder, 'inserts') });
  const windows = someWindows(quick ? 20 : 50);
  const rows = windows.length * ROWS_PER_WINDOW;
  const ours = openWarehouse({ url: engine.url, database: 'bench_ours' });
  const source = openWarehouse({ url: engine.url, database: SOURCE });
  const bare = openWarehouse({ url: engine.url, database: 'bench_bare' });
  const client = createClient({ url: engine.url, database: 'bench_bare' });
  try {
    for (const one of [ours, source, bare]) await one.migrate();
    const insert = { retention: 'keep', areaKinds: new Map(areaKinds()) } as const;
    await source.insertWindows(windows, insert);
    const tables = await Promise.all(
      TABLES.map((name) => contents(source, engine.url, name, folder)),
    );
    const found = tables.reduce((sum, table) => sum + table.rows.length, 0);
    if (found !== rows) throw new Error(`${String(found)} rows were kept, not ${String(rows)}`);
    const limit = await startLimit(join(folder, 'bare-engine'), tables);
    const rounds = await interleave(quick ? 3 : 9, {
      ours: async () => {
        const startMs = performance.now();
        await ours.insertWindows(windows, insert);
        return rows / secondsSince(startMs);
      },
      client: async () => {
        const startMs = performance.now();
        for (const table of tables)
          await client.insert({ table: table.name, values: table.rows, format: 'JSONEachRow' });
        return rows / secondsSince(startMs);
      },
      limit: async () => rows / (await limit.ask<number>('insert')),
    });
    await limit.stop();
    return [
      {
        key: 'warehouse_rows_per_s',
        value: rounds.rate('ours'),
        unit: 'rows/s',
        what: `insertWindows, ${String(rows)} rows of six tables at a time, to the embedded engine`,
      },
      {
        key: 'warehouse_insert_ratio',
        value: rounds.ratio('ours', 'client'),
        unit: '',
        what: '… over the bare official client with the same rows as JSONEachRow',
      },
      {
        key: 'warehouse_insert_limit_ratio',
        value: rounds.ratio('ours', 'limit'),
        unit: '',
        what: '… over the limit: the engine alone, finished Native blocks from files in memory',
      },
    ];
  } finally {
    await client.close();
    for (const one of [ours, source, bare]) await one.close();
    await engine.stop();
  }
}

/** The rows of a table in every form that the contenders take; none of it is timed. */
async function contents(source: Warehouse, url: string, name: string, folder: string) {
  const rows = await source.rows<Record<string, unknown>>(`SELECT * FROM ${SOURCE}.${name}`);
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  const native = await fetch(
    `${url}/?query=${encodeURIComponent(`SELECT * FROM ${SOURCE}.${name} FORMAT Native`)}`,
  );
  const file = join(folder, `${name}.native`);
  writeFileSync(file, Buffer.from(await native.arrayBuffer()));
  const [shown] = await source.rows<{ statement: string }>(`SHOW CREATE TABLE ${SOURCE}.${name}`);
  const create = shown?.statement.replace(`${SOURCE}.`, 'bare.') ?? '';
  return { name, rows, columns, file, create };
}

function startLimit(folder: string, tables: LimitOrder['tables']) {
  const order: LimitOrder = {
    folder,
    tables: tables.map(({ name, create, file, columns }) => ({ name, create, file, columns })),
  };
  return startChild('warehouse-limit-process.js', order);
}

function areaKinds(): [string, 'walkway'][] {
  return Array.from({ length: AREAS }, (_, i) => [`area-${String(i)}`, 'walkway']);
}

/** Windows of one busy site, one after the other; the numbers have the sizes that real ones have. */
function someWindows(count: number): ClosedWindow[] {
  const firstUs = Math.floor((Date.now() * 1000) / LENGTH_US) * LENGTH_US - count * LENGTH_US;
  return Array.from({ length: count }, (_, w): ClosedWindow => {
    const startUs = firstUs + w * LENGTH_US;
    const key = { site: 'bench', startUs, lengthUs: LENGTH_US, generation: 0 };
    const each = <T>(length: number, make: (i: number) => T): T[] =>
      Array.from({ length }, (_, i) => make(i));
    return {
      site: 'bench',
      startUs,
      lengthUs: LENGTH_US,
      planVersion: 1,
      areas: each(AREAS, (i) => ({
        ...key,
        area: `area-${String(i)}`,
        areaDm2: 62_500 + i,
        personUs: 431_234_567 + 7919 * (w + i),
        observedDm2Us: 600_000_000_000 + i,
        peopleMax: 50 + ((w + i) % 17),
        speedMmUs: 523_456_789_012 + w,
        saturationDm2Us: 0,
        doubtfulDm2Us: 0,
        ...{ peakSamples: 10, peakPer1000M2: 1_000 + (i % 500), pressureSamples: 1 },
        ...{ pressureMicroSum: 12_000 + (i % 100), pressureMicroMax: 12_000 + (i % 100) },
      })),
      lines: each(LINES, (i) => ({
        ...key,
        line: `line-${String(i)}`,
        forward: (w * 7 + i) % 31,
        backward: (w * 5 + i) % 29,
        observedUs: LENGTH_US,
        doubtfulUs: 0,
      })),
      flows: each(FLOWS, (i) => ({
        ...key,
        fromPlace: `area-${String(i % AREAS)}`,
        toPlace: `area-${String((i * 7 + 1 + Math.floor(i / AREAS)) % AREAS)}`,
        legs: 1 + (i % 9),
        insideUs: 12_345_678 + i,
        joined: i % 2,
        confidencePermille: 987,
      })),
      journeys: each(JOURNEYS, (i) => ({
        ...key,
        fromPlace: `area-${String(i % AREAS)}`,
        toPlace: `area-${String((i * 5 + 2 + Math.floor(i / AREAS)) % AREAS)}`,
        journeys: 1 + (i % 5),
        travelUs: 45_678_901 + i,
        joined: i % 2,
        confidencePermille: 987,
      })),
      cameras: each(CAMERAS, (i) => ({
        ...key,
        camera: `camera-${String(i)}`,
        frames: 50,
        observedUs: LENGTH_US - i,
        blindUs: 0,
        personUs: 198_765_432 + i,
        saturationUs: 0,
        renewed: i % 3,
        movedSinceUs: 0,
      })),
      legs: each(LEGS, (i) => ({
        site: 'bench',
        trackHi: Math.imul(w * LEGS + i, 0x9e3779b1) >>> 0,
        trackLo: Math.imul(w * LEGS + i, 0x85ebca6b) >>> 0,
        fromPlace: `area-${String(i % AREAS)}`,
        toPlace: `area-${String((i + 1) % AREAS)}`,
        leftUs: startUs + 1000 * i,
        reachedUs: startUs + 1000 * i + 2_000_000,
        insideUs: 8_765_432 + i,
        joins: 0,
        confidencePermille: 1_000,
        nth: 0,
      })),
      positions: {
        count: 0,
        floors: ['f1'],
        capturedUs: new Float64Array(0),
        floor: new Uint8Array(0),
        xMm: new Int32Array(0),
        yMm: new Int32Array(0),
        vxMmS: new Int32Array(0),
        vyMmS: new Int32Array(0),
        kind: new Uint8Array(0),
      },
    };
  });
}
