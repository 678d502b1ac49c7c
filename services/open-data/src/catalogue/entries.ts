import { createHash } from 'node:crypto';
import type { BothLanguages, ReleaseManifest, Withdrawal } from '@hitonami/model';
import type { Published } from '@hitonami/releases';
import { uuidOf } from './uuid.js';

/** CKAN's own limit, characters. */
const NAME_LENGTH_MAX = 100;

/** What a catalogue lists: a dataset with its releases, or what is left of one that was withdrawn. */
export type Entry = DatasetEntry | Tombstone;

interface EntryBase {
  readonly site: string;
  /** Of the dataset, in the plan of its site. */
  readonly dataset: string;
  /** Stable for ever. */
  readonly id: string;
  /** The same for people and addresses: `<site>_<dataset>`. */
  readonly name: string;
  readonly createdMs: number;
  /** Rises with whatever a harvester has to notice. */
  readonly modifiedMs: number;
}

export interface DatasetEntry extends EntryBase {
  readonly state: 'active';
  /** The newest period first. */
  readonly periods: readonly Period[];
  /** The newest version of the newest period: what the dataset is called and how it is described comes from it. */
  readonly newest: ReleaseManifest;
}

export interface Tombstone extends EntryBase {
  readonly state: 'deleted';
  readonly withdrawal: Withdrawal;
}

/** One period with all its versions, the newest first. */
export interface Period {
  readonly period: string;
  readonly newest: ReleaseManifest;
  readonly versions: readonly ReleaseManifest[];
}

/** Everything that is published, by site and dataset; the same object for as long as nothing changes. */
export interface Catalogue {
  readonly changedMs: number;
  /** By id. */
  readonly entries: readonly Entry[];
  readonly active: readonly DatasetEntry[];
  entry(site: string, dataset: string): Entry | undefined;
  /** By its stable id, or its name. */
  byId(idOrName: string): Entry | undefined;
  release(
    site: string,
    dataset: string,
    period: string,
    version: string,
  ): ReleaseManifest | undefined;
}

/** @param before entries that did not change are taken from it, with what hangs on them */
export function catalogueOf(
  { releases, withdrawals, changedMs }: Published,
  before?: Catalogue,
): Catalogue {
  const withdrawn = new Set(withdrawals.map(({ site, dataset }) => keyOf(site, dataset)));
  const groups = new Map<string, ReleaseManifest[]>();
  for (const manifest of releases) {
    const key = keyOf(manifest.site, manifest.dataset.id);
    if (withdrawn.has(key)) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [manifest]);
    else group.push(manifest);
  }
  const active = [...groups.values()].flatMap((all) => datasetEntry(all) ?? []);
  const entries = [...active, ...withdrawals.map(tombstone)]
    .map((entry) => sameAsBefore(before?.entry(entry.site, entry.dataset), entry))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const byKey = new Map(entries.map((entry) => [keyOf(entry.site, entry.dataset), entry]));
  const byId = new Map(
    entries.flatMap((entry) => [[entry.id, entry] as const, [entry.name, entry] as const]),
  );
  return {
    changedMs,
    entries,
    active: entries.filter((entry) => entry.state === 'active'),
    entry: (site, dataset) => byKey.get(keyOf(site, dataset)),
    byId: (idOrName) => byId.get(idOrName),
    release: (site, dataset, period, version) => {
      const entry = byKey.get(keyOf(site, dataset));
      if (entry?.state !== 'active') return undefined;
      return entry.periods
        .find((one) => one.period === period)
        ?.versions.find((manifest) => `v${manifest.version}` === version);
    },
  };
}

function datasetEntry(all: readonly ReleaseManifest[]): DatasetEntry | undefined {
  const byPeriod = new Map<string, ReleaseManifest[]>();
  for (const manifest of [...all].sort((a, b) => b.version - a.version)) {
    const versions = byPeriod.get(manifest.period);
    if (versions === undefined) byPeriod.set(manifest.period, [manifest]);
    else versions.push(manifest);
  }
  const periods = [...byPeriod].flatMap(([period, versions]): Period[] =>
    versions[0] === undefined ? [] : [{ period, newest: versions[0], versions }],
  );
  periods.sort((a, b) => b.newest.fromMs - a.newest.fromMs);
  const newest = periods[0]?.newest;
  if (newest === undefined) return undefined;
  const created = all.map(({ createdMs }) => createdMs);
  return {
    ...named(newest.site, newest.dataset.id),
    ...{ state: 'active', periods, newest },
    createdMs: created.reduce((a, b) => Math.min(a, b)),
    modifiedMs: created.reduce((a, b) => Math.max(a, b)),
  };
}

function tombstone(withdrawal: Withdrawal): Tombstone {
  const { site, dataset, withdrawnMs } = withdrawal;
  return {
    ...named(site, dataset),
    ...{ state: 'deleted', withdrawal },
    ...{ createdMs: withdrawnMs, modifiedMs: withdrawnMs },
  };
}

/** Names have no `_` within, so that no two datasets share one. */
function named(site: string, dataset: string): Pick<Entry, 'site' | 'dataset' | 'id' | 'name'> {
  const whole = `${site}_${dataset}`;
  const name =
    whole.length <= NAME_LENGTH_MAX
      ? whole
      : `${whole.slice(0, NAME_LENGTH_MAX - 17)}_${createHash('sha256').update(whole).digest('hex').slice(0, 16)}`;
  return { site, dataset, id: uuidOf(`dataset/${site}/${dataset}`), name };
}

/** So that what was made from an entry, and hangs on it, need not be made again. */
function sameAsBefore(before: Entry | undefined, now: Entry): Entry {
  if (before?.state !== now.state || before.modifiedMs !== now.modifiedMs) return now;
  const [had, has] = [manifestsOf(before), manifestsOf(now)];
  return had.length === has.length && had.every((manifest, i) => isSameRelease(manifest, has[i]))
    ? before
    : now;
}

function manifestsOf(entry: Entry): readonly ReleaseManifest[] {
  return entry.state === 'active' ? entry.periods.flatMap(({ versions }) => versions) : [];
}

/** A release never changes once it is there. */
function isSameRelease(a: ReleaseManifest, b: ReleaseManifest | undefined): boolean {
  return a.period === b?.period && a.version === b.version && a.createdMs === b.createdMs;
}

function keyOf(site: string, dataset: string): string {
  return `${site}/${dataset}`;
}

/** What a dataset is called; of one that was withdrawn the plan still knows it, or its id has to do. */
export function titleOf(entry: Entry, planTitle?: BothLanguages): BothLanguages {
  if (entry.state === 'active') return entry.newest.dataset.title;
  return planTitle ?? { ja: entry.dataset, en: entry.dataset };
}
