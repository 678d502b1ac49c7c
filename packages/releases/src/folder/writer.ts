import { randomUUID } from 'node:crypto';
import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { HitonamiError, type ReleasedCell, type ReleaseManifest } from '@hitonami/model';
import type { FolderLock } from '@hitonami/process';
import { isThere, makeFolder, syncFolder, writeWhole } from '../files/disk.js';
import { codeOf, diskFault } from '../files/faults.js';
import type { ReleaseContext } from '../formats/format.js';
import { LocalTimes } from '../formats/text.js';
import type { ReleaseDraft, ReleaseWriter } from '../port.js';
import { placesOf } from '../tables/places.js';
import { tableOf } from '../tables/table.js';
import { CellOrder } from './cell-order.js';
import { KeptWork } from './kept.js';
import {
  CHECKSUMS,
  MANIFEST,
  periodFolder,
  TOMBSTONE,
  workFolder,
  type PeriodPlace,
} from './layout.js';
import { checksumsText, sha256 } from './manifests.js';
import { ReleaseFiles } from './release-files.js';

export interface WriterOptions {
  readonly root: string;
  readonly draft: ReleaseDraft;
  readonly version: number;
  readonly lock: FolderLock;
  readonly rowsAtOnce: number;
  /** Told when the release is visible. */
  readonly onPublished: () => Promise<void>;
}

/** One run that writes one version; whoever made it holds the lock of its dataset's period. */
export class FolderReleaseWriter implements ReleaseWriter {
  readonly version: number;
  readonly isGoingOn: boolean;
  readonly #options: WriterOptions;
  readonly #place: PeriodPlace;
  readonly #kept: KeptWork;
  readonly #run: string;
  readonly #files: ReleaseFiles;
  readonly #columns: ReleaseManifest['columns'];
  #state: 'writing' | 'failed' | 'ended' = 'writing';
  /** What is being done: calls come one after the other, even where somebody did not wait. */
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(
    options: WriterOptions,
    parts: {
      kept: KeptWork;
      isGoingOn: boolean;
      run: string;
      files: ReleaseFiles;
      columns: ReleaseManifest['columns'];
    },
  ) {
    this.#options = options;
    this.#place = placeOf(options.draft);
    this.version = options.version;
    this.isGoingOn = parts.isGoingOn;
    this.#kept = parts.kept;
    this.#run = parts.run;
    this.#files = parts.files;
    this.#columns = parts.columns;
  }

  static async begin(options: WriterOptions): Promise<FolderReleaseWriter> {
    const { root, draft, version } = options;
    const work = workFolder(root, placeOf(draft));
    const kept = new KeptWork(work, version);
    try {
      await clearWork(work, version);
      const isGoingOn = await kept.isThere();
      await kept.begin();
      const run = join(work, `run-${randomUUID()}`);
      await makeFolder(run);
      const places = placesOf(draft.plan, draft.dataset);
      const table = tableOf(draft.dataset.subject, places);
      const context: ReleaseContext = {
        draft,
        version,
        columns: table.columns,
        places,
        times: new LocalTimes(draft.timeZone),
        folder: run,
        rowsAtOnce: options.rowsAtOnce,
        stem: `${draft.site}_${draft.dataset.id}_${draft.period}_v${version}`,
      };
      const files = await ReleaseFiles.create(context, table, new CellOrder(draft, places));
      return new FolderReleaseWriter(options, {
        kept,
        isGoingOn,
        run,
        files,
        columns: table.columns,
      });
    } catch (error) {
      throw diskFault('beginning a release', error);
    }
  }

  keep(name: string, bytes: Uint8Array): Promise<void> {
    return this.#guarded(() => this.#kept.keep(name, bytes), false);
  }

  kept(name: string): Promise<Uint8Array | undefined> {
    return this.#guarded(() => this.#kept.kept(name), false);
  }

  write(cells: readonly ReleasedCell[]): Promise<void> {
    return this.#guarded(() => this.#files.take(cells), true);
  }

  finish({
    isCountOfProtectedTold,
  }: {
    isCountOfProtectedTold: boolean;
  }): Promise<ReleaseManifest> {
    return this.#guarded(async () => {
      const { draft } = this.#options;
      const files = await this.#files.finish();
      const { plan: _, ...told } = draft;
      const manifest: ReleaseManifest = {
        ...told,
        version: this.version,
        createdMs: Date.now(),
        columns: this.#columns,
        quality: this.#files.quality(isCountOfProtectedTold),
        files,
      };
      await this.#seal(manifest);
      await this.#publish();
      this.#state = 'ended';
      await this.#options.onPublished();
      await this.#kept.forget();
      await this.#options.lock.release();
      return manifest;
    }, true);
  }

  leave(): Promise<void> {
    return this.#end(false);
  }

  abandon(): Promise<void> {
    return this.#end(true);
  }

  /** The manifest is last: without it, what lies in the folder is no release. */
  async #seal(manifest: ReleaseManifest): Promise<void> {
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    const sums = checksumsText([...manifest.files, { name: MANIFEST, sha256: sha256(text) }]);
    await writeWhole(join(this.#run, CHECKSUMS), sums, { mode: 0o444 });
    await writeWhole(join(this.#run, MANIFEST), text, { mode: 0o444 });
    await chmod(this.#run, 0o755);
    await syncFolder(this.#run);
  }

  /** One rename makes it visible. It cannot take the place of a release that is there: that folder is not empty. */
  async #publish(): Promise<void> {
    const { root, lock } = this.#options;
    const period = periodFolder(root, this.#place);
    if (lock.isLost()) throw takenOver();
    if (await isThere(join(period, '..', TOMBSTONE)))
      throw new HitonamiError('INPUT', `${this.#place.dataset} was withdrawn meanwhile`, {
        detail: 'withdrawn',
      });
    await makeFolder(period);
    try {
      await rename(this.#run, join(period, `v${this.version}`));
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
      throw new HitonamiError('INPUT', `version ${this.version} is there already`, {
        cause: error,
        detail: 'already-there',
      });
    }
    await syncFolder(period);
  }

  #guarded<T>(act: () => Promise<T>, isFatal: boolean): Promise<T> {
    const done = this.#busy.then(() => this.#checked(act, isFatal));
    this.#busy = done.catch(() => undefined);
    return done;
  }

  async #checked<T>(act: () => Promise<T>, isFatal: boolean): Promise<T> {
    if (this.#state !== 'writing')
      throw new HitonamiError(
        'STOPPED',
        this.#state === 'failed'
          ? 'the release failed before: leave it or abandon it'
          : 'the release is over',
      );
    try {
      return await act();
    } catch (error) {
      // A release that is visible stays so, whatever fails afterwards. What threw here may have left a file half written.
      if (isFatal) this.#state = 'failed';
      // Whoever took over threw this run's files away.
      if (this.#options.lock.isLost()) throw takenOver(error);
      throw diskFault('writing a release', error);
    }
  }

  async #end(isForgotten: boolean): Promise<void> {
    await this.#busy;
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    await this.#files.close();
    await rm(this.#run, { recursive: true, force: true });
    if (isForgotten) await this.#kept.forget();
    await this.#options.lock.release();
  }
}

/** What earlier runs left, and what other versions kept, goes. Only whoever has the lock may do so. */
async function clearWork(work: string, version: number): Promise<void> {
  for (const name of await readdir(work)) {
    const isOld =
      name.startsWith('run-') || (name.startsWith('kept-v') && name !== `kept-v${version}`);
    if (isOld) await rm(join(work, basename(name)), { recursive: true, force: true });
  }
}

function takenOver(cause?: unknown): HitonamiError {
  return new HitonamiError(
    'UNAVAILABLE',
    'another publisher took this release over, since this one gave no sign of life: it is left to that one',
    { detail: 'in-use', cause },
  );
}

export function placeOf({ site, dataset, period }: ReleaseDraft): PeriodPlace {
  return { audience: dataset.audience, site, dataset: dataset.id, period };
}
