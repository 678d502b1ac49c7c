import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from '@placemarkio/check-geojson';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import type { ReleasedCell, ReleaseFormat, ReleaseManifest } from '@hitonami/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPublicFolder, type PublicFolderOptions, type ReleaseDraft } from '../src/index.js';
import { csvField, LocalTimes, spreadsheetField } from '../src/formats/text.js';
import {
  byStep,
  Duck,
  meant,
  parquetMetadata,
  readParquet,
  rowsOfGeoJson,
  rowsOfJsonLines,
  type Row,
} from './readers.js';
import {
  areaCells,
  draftOf,
  FROM_MS,
  HARD_NAME,
  HOUR_MS,
  stationPlan,
  waysCells,
} from './releases.js';
import { FIELD_PROFILE } from './table-schema-profile.js';

const root = mkdtempSync(join(tmpdir(), 'hitonami-formats-'));
const duck = new Duck();
afterAll(async () => {
  await duck.close();
  rmSync(root, { recursive: true, force: true });
});

/** A finished release and the paths of its files. */
interface Made {
  readonly manifest: ReleaseManifest;
  path(format: ReleaseFormat): string;
}

async function release(
  draft: ReleaseDraft,
  cells: Iterable<readonly ReleasedCell[]>,
  options: PublicFolderOptions = {},
): Promise<Made> {
  const folder = mkdtempSync(join(root, 'folder-'));
  const writer = await openPublicFolder(folder, options).begin(draft);
  for (const some of cells) await writer.write(some);
  const manifest = await writer.finish({ isCountOfProtectedTold: true });
  const { site, dataset, period } = manifest;
  return {
    manifest,
    path: (format) => {
      const name = manifest.files.find((file) => file.format === format)?.name;
      if (name === undefined) throw new Error(`there is no ${format}`);
      return join(folder, dataset.audience, site, dataset.id, period, 'v1', name);
    },
  };
}

const csvSql = (path: string): string =>
  `SELECT * FROM read_csv('${path}', header = true, nullstr = '', strict_mode = true)`;

/** Each format's rows as its own reader has them, all meaning the same. */
async function everyFormat(made: Made): Promise<Record<string, Row[]>> {
  const readers: Record<string, Record<string, unknown>[]> = {
    'CSV by DuckDB': await duck.rows(csvSql(made.path('csv'))),
    'Parquet by DuckDB': await duck.rows(`SELECT * FROM read_parquet('${made.path('parquet')}')`),
    'Parquet by hyparquet': await readParquet(made.path('parquet')),
    'JSON Lines': rowsOfJsonLines(made.path('jsonl')),
    GeoJSON: rowsOfGeoJson(made.path('geojson')),
  };
  return Object.fromEntries(
    Object.entries(readers).map(([name, rows]) => [name, byStep(rows.map(meant))]),
  );
}

const WAYS = {
  lines: waysCells([['stairs'], []], 24, 'both'),
  movements: waysCells([['hall', 'stairs'], ['stairs', 'gate'], []], 24),
  sequences: waysCells(
    [
      ['hall', 'gate'],
      ['hall', 'gate', 'platform'],
    ],
    24,
  ),
};

describe('the formats of a release', () => {
  let day: Made;
  beforeAll(async () => {
    day = await release(draftOf(), areaCells(24));
  });

  it('say the same, row by row, to readers that are not ours', async () => {
    const { 'JSON Lines': first = [], ...others } = await everyFormat(day);
    expect(first).toHaveLength(96);
    expect(first.filter((row) => row['absent_reason'] !== null).length).toBeGreaterThan(10);
    for (const [name, rows] of Object.entries(others)) expect(rows, name).toEqual(first);
  });

  it.each(Object.entries(WAYS))('do so of %s too', async (subject, cells) => {
    const made = await release(draftOf({ subject: subject as keyof typeof WAYS }), cells);
    const { 'JSON Lines': first = [], ...others } = await everyFormat(made);
    expect(first).toHaveLength(cells.flat().length);
    for (const [name, rows] of Object.entries(others)) expect(rows, name).toEqual(first);
  });

  it('have a column for where, when, each measure, why it is absent, and how far to believe it', () => {
    const names = day.manifest.columns.map(({ name }) => name);
    expect(names).toEqual([
      'area',
      'area_name_ja',
      'area_name_en',
      'floor',
      'start',
      'duration_s',
      'occupancy_mean_persons',
      'occupancy_max_persons',
      'density_mean_persons_per_m2',
      'level_of_service',
      'mean_speed_m_per_s',
      'absent_reason',
      'coverage',
      'doubtful_share',
      'saturation',
    ]);
    for (const { title, description } of day.manifest.columns)
      expect(
        Math.min(...[title, description].flatMap(({ ja, en }) => [ja.length, en.length])),
      ).toBeGreaterThan(0);
  });

  it('leave a value out that is absent, and say why: it is never zero', () => {
    const rows = rowsOfJsonLines(day.path('jsonl'));
    const measures = day.manifest.columns.slice(6, 11).map(({ name }) => name);
    for (const row of rows) {
      if (row['absent_reason'] === null) expect(row['occupancy_mean_persons']).toBeGreaterThan(0);
      else expect(measures.map((name) => row[name])).toEqual([null, null, null, null, null]);
    }
    expect(readFileSync(day.path('csv'), 'utf8')).toContain(',,,,,,protected,');
  });

  it('tell the sum over all places as *, which no place can be called', () => {
    const whole = rowsOfJsonLines(day.path('jsonl')).filter((row) => row['area'] === '*');
    expect(whole).toHaveLength(24);
    expect(whole[0]).toMatchObject({
      area_name_ja: '全体',
      area_name_en: 'All places',
      floor: null,
    });
  });
});

describe('CSV', () => {
  it('is read back as it was, whatever a text holds', async () => {
    const text = fc
      .string({
        unit: fc.constantFrom(
          'a',
          '"',
          ',',
          '\r',
          '\n',
          ' ',
          '=',
          '+',
          '-',
          '@',
          '\t',
          "'",
          '駅',
          '🚉',
          ';',
        ),
        maxLength: 8,
      })
      .filter((value) => value !== '');
    const path = join(root, 'property.csv');
    const { writeFileSync } = await import('node:fs');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 20 }),
        async (pairs) => {
          writeFileSync(
            path,
            `a,b\r\n${pairs.map((pair) => pair.map(csvField).join(',') + '\r\n').join('')}`,
          );
          const sql = `SELECT * FROM read_csv('${path}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', new_line = '\\r\\n', auto_detect = false, columns = {a: 'VARCHAR', b: 'VARCHAR'})`;
          const read = await duck.rows(sql);
          expect(read.map(({ a, b }) => [a, b])).toEqual(pairs);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('for spreadsheets begins with a byte order mark and holds no text that is taken for a formula', async () => {
    const { path } = await release(draftOf(), areaCells(1));
    const bytes = readFileSync(path('csv-bom'));
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString('utf8')).toContain(`"'${HARD_NAME.ja.replaceAll('"', '""')}"`);
    const [, gate] = await duck.rows(csvSql(path('csv-bom')));
    expect(gate?.['area_name_en']).toBe(`'${HARD_NAME.en}`);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(spreadsheetField(text).replace(/^"/, '')).not.toMatch(/^[=+\-@＝＋－＠\t\r]/);
      }),
    );
  });

  it('tells times with the offset that the site had then', () => {
    const times = new LocalTimes('Europe/Berlin');
    expect(times.text(Date.UTC(2026, 9, 25, 0))).toBe('2026-10-25T02:00:00+02:00');
    expect(times.text(Date.UTC(2026, 9, 25, 1))).toBe('2026-10-25T02:00:00+01:00');
    expect(new LocalTimes('UTC').text(0)).toBe('1970-01-01T00:00:00+00:00');
    expect(new LocalTimes('America/St_Johns').text(Date.UTC(2026, 0, 1))).toBe(
      '2025-12-31T20:30:00-03:30',
    );
    expect(new LocalTimes('Asia/Tokyo').text(FROM_MS)).toBe('2026-10-01T00:00:00+09:00');
  });
});

describe('Parquet', () => {
  it('has instants, whole numbers, doubles and dictionaries of texts, and goes in row groups; many rows are turned for GeoJSON', async () => {
    const plan = stationPlan();
    const areas = Array.from({ length: 30 }, (_, i) => `a${i}`);
    const large = stationPlan({
      areas: areas.map((id) => ({ ...plan.areas[0], id })),
      lines: [],
    });
    const draft = draftOf({ period: 'month', stepS: 900 }, { plan: large });
    const made = await release(draft, areaCells(100, areas, 900_000), { rowsAtOnce: 1_000 });
    const metadata = await parquetMetadata(made.path('parquet'));
    expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([
      1_000, 1_000, 1_000, 100,
    ]);
    const types = await duck.rows(
      `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('${made.path('parquet')}'))`,
    );
    expect(
      Object.fromEntries(types.map((type) => [type['column_name'], type['column_type']])),
    ).toMatchObject({
      area: 'VARCHAR',
      start: 'TIMESTAMP WITH TIME ZONE',
      duration_s: 'INTEGER',
      occupancy_mean_persons: 'DOUBLE',
      occupancy_max_persons: 'INTEGER',
    });
    const encodings = metadata.row_groups[0]?.columns.map(({ meta_data }) => [
      meta_data?.path_in_schema[0],
      meta_data?.encodings.includes('RLE_DICTIONARY'),
    ]);
    expect(Object.fromEntries(encodings ?? [])).toMatchObject({
      area: true,
      area_name_ja: true,
      level_of_service: true,
    });
    const [sums] = await duck.rows(
      `SELECT count(*) AS n, count(DISTINCT area) AS areas, min(start) AS first, sum(occupancy_max_persons) AS most FROM read_parquet('${made.path('parquet')}')`,
    );
    const [same] = await duck.rows(
      `SELECT count(*) AS n, count(DISTINCT area) AS areas, min(start) AS first, sum(occupancy_max_persons) AS most FROM (${csvSql(made.path('csv'))})`,
    );
    expect(sums).toEqual(same);
    expect(sums).toMatchObject({ n: 3_100n, areas: 31n });
    // So they are turned from by-step to by-place in four goes.
    const byArea = new Map<string, Row[]>([...areas, '*'].map((area) => [area, []]));
    for (const row of rowsOfJsonLines(made.path('jsonl')))
      byArea.get(String(row['area']))?.push(row);
    const given = [...byArea.values()].flat();
    const turned = rowsOfGeoJson(made.path('geojson'));
    expect(turned).toHaveLength(given.length);
    const other = turned.findIndex((row, i) => JSON.stringify(row) !== JSON.stringify(given[i]));
    expect(turned[other]).toBe(undefined);
  });
});

describe('GeoJSON', () => {
  it('is valid, one feature a place, counter-clockwise, the whole without a place on the earth', async () => {
    const { path } = await release(draftOf(), areaCells(24));
    const read = check(readFileSync(path('geojson'), 'utf8'));
    if (read.type !== 'FeatureCollection') throw new Error(read.type);
    expect(read.features.map(({ id }) => id)).toEqual(['hall', 'gate', 'platform', '*']);
    expect(read.features.at(-1)?.geometry).toBeNull();
    const [hall] = read.features;
    if (hall?.geometry.type !== 'Polygon') throw new Error('no polygon');
    const ring = hall.geometry.coordinates[0] as [number, number][];
    const twice = ring
      .slice(1)
      .reduce((sum, [x, y], i) => sum + (ring[i]?.[0] ?? 0) * y - x * (ring[i]?.[1] ?? 0), 0);
    expect(twice).toBeGreaterThan(0);
  });

  it('draws a movement from the middle of one place to the middle of the other', async () => {
    const { path } = await release(draftOf({ subject: 'movements' }), WAYS.movements);
    const read = check(readFileSync(path('geojson'), 'utf8'));
    if (read.type !== 'FeatureCollection') throw new Error(read.type);
    expect(
      read.features.map(({ id, geometry }) => [id, (geometry as { type: string } | null)?.type]),
    ).toEqual([
      ['hall>stairs', 'LineString'],
      ['stairs>gate', 'LineString'],
      ['*', undefined],
    ]);
  });
});

describe('NGSI-LD', () => {
  interface Entity {
    id: string;
    type: string;
    '@context': string[];
    [name: string]: unknown;
  }
  const valueOf = (entity: Entity | undefined, name: string): unknown =>
    (entity?.[name] as { value?: unknown } | undefined)?.value;

  it('has the peak of an area as its people, its speed in km/h, and neither an occupancy nor a density', async () => {
    const { path } = await release(draftOf(), areaCells(24));
    const entities = JSON.parse(readFileSync(path('ngsi-ld'), 'utf8')) as Entity[];
    const rows = rowsOfJsonLines(path('jsonl'));
    expect(new Set(entities.map(({ id }) => id)).size).toBe(rows.length);
    for (const [i, entity] of entities.entries()) {
      const row = rows[i];
      expect(entity.type).toBe('CrowdFlowObserved');
      expect(valueOf(entity, 'dateObserved')).toMatchObject({ '@type': 'DateTime' });
      expect(valueOf(entity, 'peopleCount') ?? null).toBe(row?.['occupancy_max_persons']);
      expect(valueOf(entity, 'absentReason') ?? null).toBe(row?.['absent_reason']);
      expect(valueOf(entity, 'coverage')).toBe(row?.['coverage']);
      expect(valueOf(entity, 'congested')).toBe(
        row?.['absent_reason'] === null ? row['level_of_service'] === 'F' : undefined,
      );
      expect(Object.keys(entity)).not.toContain('occupancy');
      expect(Object.keys(entity).join(' ')).not.toMatch(/density/i);
      const speed = row?.['mean_speed_m_per_s'];
      if (typeof speed === 'number')
        expect(valueOf(entity, 'averageCrowdSpeed')).toBeCloseTo(speed * 3.6, 9);
    }
    expect(entities[0]?.['@context']).toHaveLength(2);
  });

  it('counts the passages of a line towards and away, and is not made of ways', async () => {
    const lines = await release(draftOf({ subject: 'lines' }), WAYS.lines);
    const [forward, backward] = JSON.parse(readFileSync(lines.path('ngsi-ld'), 'utf8')) as Entity[];
    expect(valueOf(forward, 'peopleCountTowards')).toBe(10);
    expect(forward?.['peopleCountAway']).toBeUndefined();
    expect(valueOf(backward, 'peopleCountAway')).toBe(11);
    const ways = await release(draftOf({ subject: 'movements' }), WAYS.movements);
    expect(ways.manifest.files.map(({ format }) => format)).not.toContain('ngsi-ld');
  });
});

describe('the table schema', () => {
  it.each(['areas', 'lines', 'movements', 'sequences'] as const)(
    'of %s keeps the rules of Frictionless, names the columns of the CSV, and holds its rows',
    async (subject) => {
      const cells = subject === 'areas' ? [...areaCells(24)] : WAYS[subject];
      const { path } = await release(draftOf({ subject }), cells);
      const schema = JSON.parse(readFileSync(path('table-schema'), 'utf8')) as {
        fields: {
          name: string;
          type: string;
          title: string;
          titles: { ja: string; en: string };
          constraints: { required: boolean; enum?: string[] };
        }[];
      };
      const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
      expect(ajv.validate(FIELD_PROFILE, schema), ajv.errorsText()).toBe(true);
      const header = readFileSync(path('csv'), 'utf8').split('\r\n')[0];
      expect(schema.fields.map(({ name }) => name).join(',')).toBe(header);
      for (const { title, titles } of schema.fields)
        expect(title).toBe(`${titles.ja} / ${titles.en}`);
      const types: Record<string, string> = {
        string: 'string',
        datetime: 'string',
        integer: 'integer',
        number: 'number',
      };
      const rowSchema = {
        type: 'object',
        additionalProperties: false,
        required: schema.fields.map(({ name }) => name),
        properties: Object.fromEntries(
          schema.fields.map(({ name, type, constraints }) => [
            name,
            {
              type: constraints.required ? types[type] : [types[type], 'null'],
              ...(constraints.enum === undefined ? {} : { enum: [...constraints.enum, null] }),
            },
          ]),
        ),
      };
      const isRow = ajv.compile(rowSchema);
      for (const row of rowsOfJsonLines(path('jsonl')))
        expect(isRow(row), ajv.errorsText(isRow.errors)).toBe(true);
    },
  );
});

describe('cells that are no part of a release', () => {
  const cell = (
    changes: Omit<Partial<ReleasedCell>, 'key'> & { key?: Partial<ReleasedCell['key']> },
  ): ReleasedCell => ({
    measures: { occupancy: 12 },
    quality: { coverage: 1, doubtful: null, saturation: null },
    ...changes,
    key: { places: ['hall'], startMs: FROM_MS, lengthMs: HOUR_MS, ...changes.key },
  });

  it.each<[string, ReleasedCell[], RegExp]>([
    [
      'an absent one with a value',
      [cell({ absent: 'protected' })],
      /absent \(protected\) and has a value/,
    ],
    ['a measure without a column', [cell({ measures: { count: 3 } })], /has count, for which/],
    [
      'a place that is not its own',
      [cell({ key: { places: ['street'] } })],
      /'street', which is no place/,
    ],
    ['another day', [cell({ key: { startMs: FROM_MS - HOUR_MS } })], /outside the time/],
    ['another step', [cell({ key: { lengthMs: 900_000 } })], /a step of 900000 ms/],
    ['a direction of an area', [cell({ key: { direction: 'forward' } })], /has a direction/],
    ['two places', [cell({ key: { places: ['hall', 'gate'] } })], /has 2 places/],
    ['the same twice', [cell({}), cell({})], /comes twice/],
    [
      'a step back',
      [cell({ key: { startMs: FROM_MS + HOUR_MS } }), cell({})],
      /after a later step/,
    ],
    [
      'no coverage',
      [cell({ quality: { coverage: NaN, doubtful: null, saturation: null } })],
      /'NaN' as coverage/,
    ],
    [
      'half a person at most',
      [cell({ measures: { occupancyMax: 0.5 } })],
      /'0.5' as occupancy_max_persons/,
    ],
    ['a level of its own', [cell({ measures: { los: 'G' } })], /'G' as level_of_service/],
  ])('are refused: %s', async (_, cells, words) => {
    const folder = mkdtempSync(join(root, 'refused-'));
    const writer = await openPublicFolder(folder).begin(draftOf());
    await expect(writer.write(cells)).rejects.toMatchObject({
      code: 'INPUT',
      message: expect.stringMatching(words) as string,
    });
    await expect(writer.finish({ isCountOfProtectedTold: true })).rejects.toMatchObject({
      code: 'STOPPED',
    });
    await writer.abandon();
    expect(await openPublicFolder(folder).releases()).toEqual([]);
  });
});
