import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  DATASET_AUDIENCES,
  HitonamiError,
  type ReleasedCell,
  type ReleaseManifest,
  type Withdrawal,
} from '@hitonami/model';
import { lockFolder, type LockTimes } from '@hitonami/process';
import { isAbsent, isThere, makeFolder, writeWhole } from '../files/disk.js';
import { diskFault } from '../files/faults.js';
import type {
  FolderProblem,
  PublicFolder,
  ReleaseDraft,
  ReleaseWriter,
  SiteDocuments,
  TravellerNow,
} from '../port.js';
import {
  CHANGES,
  datasetFolder,
  periodFolder,
  siteFile,
  TOMBSTONE,
  travellerFolder,
  versionOf,
  workFolder,
} from './layout.js';
import { ReleaseScan, type Scanned } from './scan.js';
import { sweepWork } from './sweep.js';
import { toldCells } from './told.js';
import { removeNow, writeNow } from './travellers.js';
import { FolderReleaseWriter, placeOf } from './writer.js';

/** What readers of Parquet like, and with it a process stays near 300 MB, rows. */
const ROWS_AT_ONCE = 65_536;

export interface PublicFolderOptions {
  /** Told what could not be read and was left out. */
  readonly onProblem?: (problem: FolderProblem) => void;
  /** Rows that are held in memory at once, and a row group of Parquet; default `ROWS_AT_ONCE`. */
  readonly rowsAtOnce?: number;
  /** For tests: how soon a publisher on another machine counts as gone. */
  readonly lockTimes?: LockTimes;
}

/** The publisher's side of the public folder, which is made where it is not there. Nothing is touched before the first call. */
export function openPublicFolder(folder: string, options: PublicFolderOptions = {}): PublicFolder {
  const root = resolve(folder);
  const scan = new ReleaseScan(root, options.onProblem ?? (() => undefined));
  let scanning: Promise<Scanned> | undefined;
  const scanned = (): Promise<Scanned> =>
    (scanning ??= scan.scan().finally(() => (scanning = undefined)));
  const changed = async (): Promise<void> => {
    // Readers look here; they look at everything once in a while too, should this be lost.
    await writeWhole(join(root, CHANGES), randomUUID());
  };
  return {
    begin: (draft) => begin(root, draft, options, changed),
    releases: async () => allOf(await scanned()),
    withdrawals: async () => (await scanned()).withdrawals,
    told: (manifest) => told(root, manifest),
    withdraw: async (withdrawal) => {
      await doing('withdrawing a dataset', () => withdraw(root, withdrawal));
      await changed();
    },
    writeSite: (site, documents) =>
      doing('writing a site', () => writeSite(siteFile(root, site), documents)),
    writeTraveller: (now: TravellerNow, picture) =>
      doing('writing for travellers', () =>
        writeNow(travellerFolder(root, now.site, now.area), now, picture),
      ),
    sweep: (mayGoOn) =>
      doing('sweeping what was left', () => sweepWork(root, mayGoOn, options.lockTimes)),
    removeTraveller: (site, area) =>
      doing('removing what travellers were told', () =>
        removeNow(travellerFolder(root, site, area)),
      ),
  };
}

/** A release that cannot be read was told all the same: whoever went on without it would tell what it protects. */
function allOf({ releases, problems }: Scanned): readonly ReleaseManifest[] {
  const [first] = problems;
  if (first === undefined) return releases;
  throw new HitonamiError(
    'UNAVAILABLE',
    `${first.path} cannot be read (${first.problem}): restore it from a copy, for what was told has to be known before more is told`,
    { detail: 'damaged' },
  );
}

async function begin(
  root: string,
  draft: ReleaseDraft,
  { lockTimes, rowsAtOnce = ROWS_AT_ONCE }: PublicFolderOptions,
  onPublished: () => Promise<void>,
): Promise<ReleaseWriter> {
  const place = placeOf(draft);
  const work = workFolder(root, place);
  return doing('beginning a release', async () => {
    await makeFolder(work);
    const lock = await lockFolder(work, inUse, lockTimes);
    try {
      if (await isThere(join(datasetFolder(root, place), TOMBSTONE)))
        throw new HitonamiError(
          'INPUT',
          `${place.dataset} of ${place.site} was withdrawn: publish it under another id`,
          { detail: 'withdrawn' },
        );
      const version = (await lastVersion(periodFolder(root, place))) + 1;
      if (version > 1 && draft.correction === undefined)
        throw new HitonamiError(
          'INPUT',
          `${place.dataset} of ${place.site}, ${place.period}, is there already, and a release never changes: say in a correction why there is to be another version`,
          { detail: 'already-there' },
        );
      return await FolderReleaseWriter.begin({
        ...{ root, draft, version, lock, rowsAtOnce, onPublished },
      });
    } catch (error) {
      await lock.release();
      throw error;
    }
  });
}

/** Of what is visible, even damaged: its number is never given again. */
async function lastVersion(period: string): Promise<number> {
  try {
    return (await readdir(period)).reduce((last, name) => Math.max(last, versionOf(name) ?? 0), 0);
  } catch (error) {
    if (isAbsent(error)) return 0;
    throw error;
  }
}

async function* told(
  root: string,
  manifest: ReleaseManifest,
): AsyncIterable<readonly ReleasedCell[]> {
  const { site, dataset, period, version, files } = manifest;
  const folder = periodFolder(root, {
    audience: dataset.audience,
    site,
    dataset: dataset.id,
    period,
  });
  const file = files.find(({ format }) => format === 'jsonl');
  if (file === undefined) return;
  yield* toldCells(join(folder, `v${version}`, file.name), file, dataset.subject);
}

async function withdraw(root: string, withdrawal: Withdrawal): Promise<void> {
  const { site, dataset } = withdrawal;
  let isFound = false;
  for (const audience of DATASET_AUDIENCES) {
    const folder = datasetFolder(root, { audience, site, dataset });
    if (!(await isThere(folder))) continue;
    isFound = true;
    await writeWhole(join(folder, TOMBSTONE), `${JSON.stringify(withdrawal, null, 2)}\n`, {
      onlyFirst: true,
    });
  }
  if (!isFound)
    throw new HitonamiError(
      'INPUT',
      `nothing of ${dataset} of ${site} was published: check its id`,
    );
}

async function writeSite(path: string, documents: SiteDocuments): Promise<void> {
  await makeFolder(dirname(path));
  await writeWhole(path, JSON.stringify(documents));
}

async function doing<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw diskFault(what, error);
  }
}

function inUse(who: string): HitonamiError {
  return new HitonamiError(
    'UNAVAILABLE',
    `this release is being written by ${who}: wait for its end, or stop it`,
    { canRetry: true, detail: 'in-use' },
  );
}
