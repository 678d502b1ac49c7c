import { closeSync, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseColumn } from '@hitonami/model';
import { AnchoredPlane } from '../earth/anchored.js';
import { OutputFile } from '../files/output-file.js';
import type { Value } from '../tables/table.js';
import { releaseFile, type Format } from './format.js';
import { jsonOf } from './jsonl.js';
import { geometryOf } from './shapes.js';

/** A place (a line and direction, a way) and where its rows lie in the spool: pieces that begin with the lengths of their columns. */
interface Feature {
  readonly id: string;
  readonly ids: readonly string[];
  /** The columns that are the same in all its rows. */
  readonly properties: string;
  /** Numbers alone, since a year of a thousand places has a hundred thousand pieces: offset and length, by turns. */
  readonly pieces: number[];
  waiting: (readonly Value[])[];
}

/**
 * GeoJSON (RFC 7946): one feature for each place, with its outline once, what stays the same as properties, and its steps as columns
 * under `series`. A feature for each place and step would repeat the outline thousands of times. Cells come by step, so they are
 * turned by way of a spool on the disk: memory holds `rowsAtOnce` rows, or all steps of one place.
 */
export const geojson: Format = async (context) => {
  const { columns, times, folder, stem, draft, version, places, rowsAtOnce } = context;
  const name = `${stem}.geojson`;
  const spoolPath = join(folder, '.turning');
  const file = await OutputFile.create(join(folder, name));
  const spool = await OutputFile.create(spoolPath);
  const plane = new AnchoredPlane(draft.plan.anchor);
  const json = jsonOf(columns, times);
  const start = columns.findIndex((column) => column.name === 'start');
  const series = columns.map((column, i) => ({ ...column, i })).slice(start);
  const features = new Map<string, Feature>();
  let waiting = 0;
  let spooled = 0;
  let rows = 0;

  const turn = async (): Promise<void> => {
    for (const feature of features.values()) {
      if (feature.waiting.length === 0) continue;
      const texts = series.map(({ i }) =>
        Buffer.from(joined(feature.waiting, (row) => json(row[i], i))),
      );
      feature.waiting = [];
      const lengths = Buffer.alloc(texts.length * 4);
      for (const [i, text] of texts.entries()) lengths.writeUInt32LE(text.length, i * 4);
      const piece = Buffer.concat([lengths, ...texts]);
      feature.pieces.push(spooled, piece.length);
      spooled += piece.length;
      await spool.bytes(piece);
    }
    waiting = 0;
  };

  return {
    take: async ({ rows: taken, cells }) => {
      for (const [n, row] of taken.entries()) {
        const key = cells[n]?.key;
        if (key === undefined) continue;
        const way = key.direction === undefined ? '' : `:${key.direction}`;
        const id = `${key.places.join('>') || '*'}${way}`;
        let feature = features.get(id);
        if (feature === undefined) {
          const properties = propertiesOf(columns.slice(0, start), row, json);
          feature = { id, ids: key.places, properties, pieces: [], waiting: [] };
          features.set(id, feature);
        }
        feature.waiting.push(row);
        rows++;
        if (++waiting >= rowsAtOnce) await turn();
      }
    },
    finish: async () => {
      await turn();
      await spool.finish();
      const about = { site: draft.site, dataset: draft.dataset.id, period: draft.period, version };
      await file.text(
        `{"type":"FeatureCollection",${JSON.stringify(about).slice(1, -1)},"features":[`,
      );
      const fd = openSync(spoolPath, 'r');
      try {
        let between = '\n';
        for (const feature of features.values()) {
          const of = feature.ids.map((id) => places.get(id)).filter((place) => place !== undefined);
          const geometry = JSON.stringify(geometryOf(of, plane));
          await file.text(
            `${between}{"type":"Feature","id":${JSON.stringify(feature.id)},"geometry":${geometry},` +
              `"properties":{${feature.properties}"series":{`,
          );
          await file.text(seriesOf(fd, feature, series));
          await file.text('}}}');
          between = ',\n';
        }
      } finally {
        closeSync(fd);
      }
      await file.text('\n]}\n');
      await rm(spoolPath);
      return releaseFile(name, 'geojson', await file.finish(), rows);
    },
    close: async () => {
      await spool.close();
      await file.close();
    },
  };
};

function propertiesOf(
  columns: readonly ReleaseColumn[],
  row: readonly Value[],
  json: (value: Value | undefined, column: number) => string,
): string {
  return columns.map((column, i) => `${JSON.stringify(column.name)}:${json(row[i], i)},`).join('');
}

/** Puts the pieces of a place together again, column by column. Read at once: each takes microseconds, a place some hundred of them. */
function seriesOf(fd: number, { pieces }: Feature, series: readonly ReleaseColumn[]): string {
  const read: string[][] = [];
  for (let i = 0; i < pieces.length; i += 2) {
    const [at = 0, length = 0] = pieces.slice(i, i + 2);
    const bytes = Buffer.alloc(length);
    for (let got = 0; got < length;) got += readSync(fd, bytes, got, length - got, at + got);
    let from = series.length * 4;
    read.push(
      series.map((_, c) => bytes.toString('utf8', from, (from += bytes.readUInt32LE(c * 4)))),
    );
  }
  return series
    .map(
      (column, c) => `${JSON.stringify(column.name)}:[${read.map((piece) => piece[c]).join(',')}]`,
    )
    .join(',');
}

function joined<T>(items: readonly T[], text: (item: T) => string): string {
  let all = '';
  for (const [i, item] of items.entries()) all += i === 0 ? text(item) : `,${text(item)}`;
  return all;
}
