import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  DATASET_AUDIENCES,
  type DatasetAudience,
  type ReleaseManifest,
  type Withdrawal,
} from '@hitonami/model';
import { isAbsent } from '../files/disk.js';
import { codeOf } from '../files/faults.js';
import type { FolderProblem } from '../port.js';
import {
  isId,
  isPeriod,
  MANIFEST,
  TOMBSTONE,
  versionOf,
  type DatasetPlace,
  type PeriodPlace,
} from './layout.js';
import { readManifest } from './manifests.js';

/** Codes of a lack of file handles or memory, which passes. */
const EXHAUSTED = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/** More releases than this are not looked for: a thousand datasets of a day for three years. */
const RELEASES_MAX = 1_000_000;
/** Looked at side by side: most of the time is waiting. */
const PERIODS_AT_ONCE = 32;

interface Known {
  /** What tells whether the file is still the same one. */
  readonly sign: string;
  readonly manifest: ReleaseManifest | undefined;
}

export interface Scanned {
  /** Withdrawn ones too, by audience, site, dataset, period and version. */
  readonly releases: readonly ReleaseManifest[];
  readonly withdrawals: readonly Withdrawal[];
  /** What is there and cannot be read, said before or not. */
  readonly problems: readonly FolderProblem[];
}

/** Walks the folder's releases; a manifest is read once, for it never changes. */
export class ReleaseScan {
  readonly #root: string;
  readonly #audiences: readonly DatasetAudience[];
  readonly #onProblem: (problem: FolderProblem) => void;
  #known: Map<string, Known> = new Map<string, Known>();
  /** Problems that were said, so that each is said once for as long as it lasts. */
  #said = new Set<string>();
  #problems = new Map<string, FolderProblem>();

  constructor(
    root: string,
    onProblem: (problem: FolderProblem) => void,
    audiences: readonly DatasetAudience[] = DATASET_AUDIENCES,
  ) {
    this.#root = root;
    this.#onProblem = onProblem;
    this.#audiences = audiences;
  }

  /** @throws Error where this process has no more file handles or memory to look with */
  async scan(): Promise<Scanned> {
    const before = this.#known;
    try {
      return await this.#scan(before);
    } catch (error) {
      this.#known = before;
      throw error;
    }
  }

  async #scan(before: ReadonlyMap<string, Known>): Promise<Scanned> {
    this.#known = new Map();
    this.#problems = new Map();
    const releases: ReleaseManifest[] = [];
    const withdrawals: Withdrawal[] = [];
    for (const audience of this.#audiences)
      for (const site of await this.#folders(join(this.#root, audience), isId))
        for (const dataset of await this.#folders(join(this.#root, audience, site), isId)) {
          const place = { audience, site, dataset };
          const tombstone = await this.#tombstone(place);
          if (tombstone !== undefined) withdrawals.push(tombstone);
          await this.#releasesOf(place, before, releases);
        }
    this.#said = new Set(this.#problems.keys());
    return { releases, withdrawals, problems: [...this.#problems.values()] };
  }

  async #releasesOf(
    place: DatasetPlace,
    before: ReadonlyMap<string, Known>,
    releases: ReleaseManifest[],
  ): Promise<void> {
    const folder = join(this.#root, place.audience, place.site, place.dataset);
    const periods = await this.#folders(folder, isPeriod);
    for (let i = 0; i < periods.length; i += PERIODS_AT_ONCE) {
      const some = periods.slice(i, i + PERIODS_AT_ONCE);
      const found = await Promise.all(
        some.map((period) => this.#period(join(folder, period), { ...place, period }, before)),
      );
      for (const manifest of found.flat())
        if (releases.length < RELEASES_MAX) releases.push(manifest);
    }
  }

  async #period(
    folder: string,
    place: PeriodPlace,
    before: ReadonlyMap<string, Known>,
  ): Promise<ReleaseManifest[]> {
    const found = await this.#folders(folder, (name) => versionOf(name) !== undefined);
    const manifests: ReleaseManifest[] = [];
    for (const version of found.map((name) => versionOf(name) ?? 0).sort((a, b) => a - b)) {
      const manifest = await this.#manifest(
        join(folder, `v${version}`),
        { ...place, version },
        before,
      );
      if (manifest !== undefined) manifests.push(manifest);
    }
    return manifests;
  }

  async #manifest(
    folder: string,
    place: PeriodPlace & { version: number },
    before: ReadonlyMap<string, Known>,
  ): Promise<ReleaseManifest | undefined> {
    try {
      const { ino, mtimeMs, ctimeMs, size } = await lstat(join(folder, MANIFEST));
      const sign = `${ino} ${mtimeMs} ${ctimeMs} ${size}`;
      const known = before.get(folder);
      const manifest =
        known?.manifest !== undefined && known.sign === sign
          ? known.manifest
          : await readManifest(folder, place);
      this.#known.set(folder, { sign, manifest });
      return manifest;
    } catch (error) {
      this.#say(folder, error);
      return undefined;
    }
  }

  async #tombstone({ audience, site, dataset }: DatasetPlace): Promise<Withdrawal | undefined> {
    const path = join(this.#root, audience, site, dataset, TOMBSTONE);
    try {
      if (!(await lstat(path)).isFile()) throw new Error('it is no plain file');
      const read = JSON.parse(await readFile(path, 'utf8')) as Withdrawal;
      if (read.site !== site || read.dataset !== dataset)
        throw new Error('it is of another dataset than its folder');
      return read;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      this.#say(path, error);
      // It cannot be read, and somebody meant to withdraw: nothing of it is given.
      const unknown = { ja: '理由は読み取れません', en: 'The reason cannot be read' };
      return { site, dataset, withdrawnMs: 0, because: unknown };
    }
  }

  /** Names of the real folders in a folder, sorted; a link is none, and is said. */
  async #folders(folder: string, isOne: (name: string) => boolean): Promise<string[]> {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      const found: string[] = [];
      for (const entry of entries) {
        if (!isOne(entry.name)) continue;
        if (entry.isDirectory()) found.push(entry.name);
        else this.#say(join(folder, entry.name), new Error('it is no folder of its own'));
      }
      return found.sort();
    } catch (error) {
      if (!isAbsent(error)) this.#say(folder, error);
      return [];
    }
  }

  /** @throws what says nothing about the folder, but that this process or machine has no more to look with */
  #say(path: string, error: unknown): void {
    if (EXHAUSTED.has(codeOf(error))) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    const place = relative(this.#root, path);
    const text = `${place} ${problem}`;
    if (!this.#said.has(text) && !this.#problems.has(text))
      this.#onProblem({ path: place, problem });
    this.#problems.set(text, { path: place, problem });
  }
}
