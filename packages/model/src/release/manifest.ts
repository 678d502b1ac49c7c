import type { PlanDataset } from '../plan/datasets.js';
import type { BothLanguages } from '../plan/refusals.js';

/** The formats of a release, each one file. */
export const RELEASE_FORMATS = [
  'csv',
  'csv-bom',
  'parquet',
  'geojson',
  'jsonl',
  'ngsi-ld',
  'mesh-csv',
  'table-schema',
] as const;
export type ReleaseFormat = (typeof RELEASE_FORMATS)[number];

/** A column of the tables of a release; the dictionary and the schema of its files come from it. */
export interface ReleaseColumn {
  /** a–z, 0–9 and _; its unit at its end. */
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'datetime';
  readonly title: BothLanguages;
  readonly description: BothLanguages;
  /** UCUM-like, for people: `persons`, `persons/m²`, `s`. */
  readonly unit?: string | undefined;
  readonly isRequired: boolean;
  /** The only values that a string has. */
  readonly allowed?: readonly string[] | undefined;
}

export interface ReleaseFile {
  /** Within the folder of the release. */
  readonly name: string;
  readonly format: ReleaseFormat;
  readonly mediaType: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Of data, without headers; 0 for a schema. */
  readonly rows: number;
}

/** How the release was protected, and what accuracy is left. */
export interface ReleaseProtection {
  /** Fewer distinct people than this are in no cell that is told. */
  readonly k: number;
  readonly rule: 'suppression' | 'noise';
  readonly roundedTo: number;
  /** With noise: what was spent on each source day, and the error that 95 % of the counts stay under. */
  readonly epsilon?: number | undefined;
  readonly delta?: number | undefined;
  readonly contributionsMax?: number | undefined;
  readonly error95?: number | undefined;
  /** The same in words, for the page and the dictionary. */
  readonly words: BothLanguages;
}

/** How good a release is as a whole. */
export interface ReleaseQuality {
  /** Mean share of places and steps that was seen. */
  readonly coverage: number | null;
  readonly cells: number;
  /** With noise, left out: how many were withheld would tell of few. */
  readonly protectedCells?: number | undefined;
  readonly notSeenCells: number;
}

/** What stands beside the files of a release, written last: without it a release does not exist. */
export interface ReleaseManifest {
  readonly site: string;
  /** Of the plan when it was made. */
  readonly siteName: BothLanguages;
  readonly publisher: BothLanguages;
  readonly contact: string;
  readonly timeZone: string;
  readonly dataset: PlanDataset;
  /** `2026-10` or `2026-10-05`, local. */
  readonly period: string;
  /** Rises with each correction. */
  readonly version: number;
  /** Why there is a version after the first. */
  readonly correction?: BothLanguages | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly createdMs: number;
  /** Versions of the site plan that were in force meanwhile. */
  readonly planVersions: readonly number[];
  readonly columns: readonly ReleaseColumn[];
  readonly protection: ReleaseProtection;
  readonly quality: ReleaseQuality;
  readonly files: readonly ReleaseFile[];
}

/** A dataset that is given no more; it stays as a tombstone, for harvesters that do not notice absence. */
export interface Withdrawal {
  readonly site: string;
  readonly dataset: string;
  readonly withdrawnMs: number;
  readonly because: BothLanguages;
}
