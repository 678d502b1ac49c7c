import type { ReleaseFile, ReleaseManifest } from '@hitonami/model';
import type { DatasetEntry } from './entries.js';

/**
 * Periods whose files harvesters are told of, the newest: two years of months. A hundred datasets of so many come to some 40 MB of
 * RDF/XML, and harvesters read 50 MB at most; the pages of a dataset, and `/api/v1/…/releases`, name all of them.
 */
export const PERIODS_LISTED = 24;

/** A file that a harvester is told of; of each period those of its newest version. */
export interface ListedFile {
  readonly manifest: ReleaseManifest;
  readonly file: ReleaseFile;
}

export function listedFiles({ periods }: DatasetEntry): ListedFile[] {
  return periods
    .slice(0, PERIODS_LISTED)
    .flatMap(({ newest }) => newest.files.map((file) => ({ manifest: newest, file })));
}

/** When everything that is published of a dataset begins and ends, ms. */
export function spanOf({ periods }: DatasetEntry): { fromMs: number; toMs: number } {
  return {
    fromMs: Math.min(...periods.map(({ newest }) => newest.fromMs)),
    toMs: Math.max(...periods.map(({ newest }) => newest.toMs)),
  };
}
