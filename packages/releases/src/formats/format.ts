import type { ReleaseColumn, ReleasedCell, ReleaseFile, ReleaseFormat } from '@hitonami/model';
import type { WrittenFile } from '../files/output-file.js';
import type { ReleaseDraft } from '../port.js';
import type { Places } from '../tables/places.js';
import type { Value } from '../tables/table.js';
import type { LocalTimes } from './text.js';

/** What every format of a release is written from. */
export interface ReleaseContext {
  readonly draft: ReleaseDraft;
  readonly version: number;
  readonly columns: readonly ReleaseColumn[];
  readonly places: Places;
  readonly times: LocalTimes;
  /** Where files are written; no name of one is taken there. */
  readonly folder: string;
  /** Rows that are held in memory at once: a row group of Parquet, and what is turned for GeoJSON. */
  readonly rowsAtOnce: number;
  /** How the names of files begin. */
  readonly stem: string;
}

/** Some cells, and the same as rows: a value for each column. */
export interface Batch {
  readonly cells: readonly ReleasedCell[];
  readonly rows: readonly (readonly Value[])[];
}

/** One file of a release that is being written. */
export interface FormatWriter {
  /** Resolves when there is room for more. */
  take(batch: Batch): Promise<void>;
  finish(): Promise<ReleaseFile>;
  /** Lets go of it as it is; may be called at any time, and again. */
  close(): Promise<void>;
}

/** Undefined where the format has nothing to say of such a release. */
export type Format = (context: ReleaseContext) => Promise<FormatWriter | undefined>;

export const MEDIA_TYPES: Readonly<Record<ReleaseFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  'csv-bom': 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
  geojson: 'application/geo+json',
  jsonl: 'application/jsonl; charset=utf-8',
  'ngsi-ld': 'application/ld+json',
  'mesh-csv': 'text/csv; charset=utf-8; header=present',
  'table-schema': 'application/json',
};

export function releaseFile(
  name: string,
  format: ReleaseFormat,
  written: WrittenFile,
  rows: number,
): ReleaseFile {
  return { name, format, mediaType: MEDIA_TYPES[format], ...written, rows };
}
