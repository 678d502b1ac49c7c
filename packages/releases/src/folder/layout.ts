import { join } from 'node:path';
import { DATASET_AUDIENCES, HitonamiError, type DatasetAudience } from '@hitonami/model';

/**
 * How the public folder is laid out. Open and bought data have roots of their own, so that each can be served, mounted and guarded
 * apart. Names that begin with a dot are being written and nobody's business.
 *
 *     open/<site>/<dataset>/<period>/v<version>/   files, SHA256SUMS, manifest.json
 *     open/<site>/<dataset>/withdrawn.json         a tombstone
 *     buyers/…                                     the same
 *     sites/<site>.json                            plans, figures, heads of the audit log
 *     travellers/<site>/<area>/                    now.json and the pictures that it names
 *     .work/<audience>/<site>/<dataset>/<period>/  locks, kept work, files of a run
 *     .changes                                     rewritten after every change of releases
 */
export const MANIFEST = 'manifest.json';
export const CHECKSUMS = 'SHA256SUMS';
export const TOMBSTONE = 'withdrawn.json';
export const CHANGES = '.changes';
export const NOW = 'now.json';

const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
const PERIOD = /^\d{4}-\d{2}(-\d{2})?$/;
const VERSION = /^v([1-9]\d{0,5})$/;
const FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

export const isId = (name: string): boolean => ID.test(name);
export const isPeriod = (name: string): boolean => PERIOD.test(name);
export const isFileName = (name: string): boolean => FILE.test(name);

/** Of the name of a version's folder. */
export function versionOf(name: string): number | undefined {
  const n = VERSION.exec(name)?.[1];
  return n === undefined ? undefined : Number(n);
}

export interface DatasetPlace {
  readonly audience: DatasetAudience;
  readonly site: string;
  readonly dataset: string;
}
export interface PeriodPlace extends DatasetPlace {
  readonly period: string;
}

/** @throws HitonamiError `INPUT` for a name that is none: nothing outside the folder can be named */
export function datasetFolder(root: string, { audience, site, dataset }: DatasetPlace): string {
  if (!DATASET_AUDIENCES.includes(audience)) throw unnamed('an audience', audience);
  return join(root, audience, checkedId(site, 'a site'), checkedId(dataset, 'a dataset'));
}

export function periodFolder(root: string, place: PeriodPlace): string {
  if (!isPeriod(place.period)) throw unnamed('a period', place.period);
  return join(datasetFolder(root, place), place.period);
}

export function workFolder(root: string, place: PeriodPlace): string {
  return periodFolder(join(root, '.work'), place);
}

export function siteFile(root: string, site: string): string {
  return join(root, 'sites', `${checkedId(site, 'a site')}.json`);
}

export function travellerFolder(root: string, site: string, area: string): string {
  return join(root, 'travellers', checkedId(site, 'a site'), checkedId(area, 'an area'));
}

function checkedId(id: string, what: string): string {
  if (!isId(id)) throw unnamed(what, id);
  return id;
}

function unnamed(what: string, name: string): HitonamiError {
  return new HitonamiError('INPUT', `${JSON.stringify(name.slice(0, 80))} is no name of ${what}`);
}
