import type { ReleaseFile, ReleaseManifest } from '@hitonami/model';
import type { DatasetEntry } from './entries.js';

/**
 * Periods whose files harvesters are told of, the newest: a month of days. A catalogue of years of days would be too large to read
 * at once; the pages of a dataset, and `releases.json`, name all of them.
 */
export const PERIODS_LISTED = 31;

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
