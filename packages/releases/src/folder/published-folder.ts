import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { DatasetAudience, ReleaseManifest } from '@hitonami/model';
import { isAbsent, readWhereThere } from '../files/disk.js';
import type {
  FolderProblem,
  Published,
  PublishedFolder,
  SiteDocuments,
  TravellerNow,
  TravellerPicture,
} from '../port.js';
import { CHANGES, isId, periodFolder, siteFile, travellerFolder } from './layout.js';
import { Renewed } from './renewed.js';
import { ReleaseScan } from './scan.js';
import { readNow, readPicture } from './travellers.js';

/** How old what is given may be, ms. */
const LOOK_EVERY_MS = 1_000;
/** The whole folder is looked at this often though nothing said that it changed, ms. */
const SCAN_EVERY_MS = 30_000;
/** Problems that are remembered as said. */
const SAID_MAX = 1_000;

export interface PublishedFolderOptions {
  /** Told what could not be read and was left out; each problem once for as long as it lasts. */
  readonly onProblem?: (problem: FolderProblem) => void;
  /** Whose data is looked at; left out: everybody's. */
  readonly audiences?: readonly DatasetAudience[];
  /** For tests. */
  readonly lookEveryMs?: number;
  readonly scanEveryMs?: number;
}

/** The open-data service's side of the public folder: it only reads. A folder that is not there yet is empty. */
export function openPublishedFolder(
  folder: string,
  options: PublishedFolderOptions = {},
): PublishedFolder {
  return new FilesFolder(resolve(folder), options);
}

class FilesFolder implements PublishedFolder {
  readonly #root: string;
  readonly #onProblem: (problem: FolderProblem) => void;
  readonly #scan: ReleaseScan;
  readonly #scanEveryMs: number;
  readonly #lookEveryMs: number;
  readonly #published: Renewed<Published>;
  readonly #sites: Renewed<readonly string[]>;
  readonly #travellerSites: Renewed<readonly string[]>;
  readonly #ofSite = new Map<
    string,
    { documents: Renewed<SiteDocuments | null>; now: Renewed<readonly TravellerNow[]> }
  >();
  /** By path; asked for two hundred times a second, a damaged picture is said once. */
  readonly #said = new Map<string, string>();
  #last: Published | undefined;
  #byKey: ReadonlyMap<string, ReleaseManifest> = new Map();
  #lastText = '';
  #lastSign = '';
  #scannedMs = -Infinity;
  /** A look at the whole folder that nobody waits for; the scan is one's at a time. */
  #behind: Promise<void> | undefined;

  constructor(root: string, options: PublishedFolderOptions) {
    this.#root = root;
    this.#onProblem = options.onProblem ?? (() => undefined);
    this.#scan = new ReleaseScan(root, this.#onProblem, options.audiences);
    this.#scanEveryMs = options.scanEveryMs ?? SCAN_EVERY_MS;
    this.#lookEveryMs = options.lookEveryMs ?? LOOK_EVERY_MS;
    this.#published = new Renewed(() => this.#lookNow(), this.#lookEveryMs);
    this.#sites = new Renewed(() => this.#names('sites', /\.json$/), this.#lookEveryMs);
    this.#travellerSites = new Renewed(() => this.#names('travellers', /$/), this.#lookEveryMs);
  }

  look(): Promise<Published> {
    return this.#published.get();
  }

  sites(): Promise<readonly string[]> {
    return this.#sites.get();
  }

  async site(site: string): Promise<SiteDocuments | undefined> {
    if (!(await this.sites()).includes(site)) return undefined;
    return (await this.#of(site).documents.get()) ?? undefined;
  }

  async travellers(site: string): Promise<readonly TravellerNow[]> {
    if (!(await this.#travellerSites.get()).includes(site)) return [];
    const nowMs = Date.now();
    return (await this.#of(site).now.get()).filter(({ untilMs }) => untilMs > nowMs);
  }

  async fileOf(manifest: ReleaseManifest, name: string): Promise<string | undefined> {
    await this.look();
    // Believed is what was read here, not what is asked for.
    const release = this.#byKey.get(keyOf(manifest));
    const file = release?.files.find((known) => known.name === name);
    if (release === undefined || file === undefined) return undefined;
    const { site, dataset, period, version } = release;
    const place = { audience: dataset.audience, site, dataset: dataset.id, period };
    const path = join(periodFolder(this.#root, place), `v${version}`, file.name);
    return (await this.#isInside(path)) ? path : undefined;
  }

  pictureOf(site: string, area: string): Promise<TravellerPicture | undefined> {
    return this.#picture(site, area, 'icons');
  }

  stillOf(site: string, area: string): Promise<TravellerPicture | undefined> {
    return this.#picture(site, area, 'still');
  }

  async #picture(
    site: string,
    area: string,
    kind: 'icons' | 'still',
  ): Promise<TravellerPicture | undefined> {
    if (!isId(site) || !isId(area)) return undefined;
    const folder = travellerFolder(this.#root, site, area);
    try {
      if (!(await this.#isInside(folder))) return undefined;
      return await readPicture(folder, kind, Date.now());
    } catch (error) {
      this.#say(`travellers/${site}/${area}`, error);
      return undefined;
    }
  }

  /** What was there before is given on where the folder cannot be looked at: harvesters delete what they do not find. */
  async #lookNow(): Promise<Published> {
    try {
      const published = await this.#changed();
      this.#said.delete('');
      return published;
    } catch (error) {
      if (this.#last === undefined) throw error;
      this.#say('', error);
      return this.#last;
    }
  }

  async #changed(): Promise<Published> {
    const sign = await this.#sign();
    if (sign === '' && this.#lastSign !== '')
      throw new Error('it is not there any more: what was published is shown as it was');
    if (this.#last === undefined || sign !== this.#lastSign) {
      await this.#behind;
      return this.#scanned(sign);
    }
    if (this.#behind === undefined && performance.now() - this.#scannedMs >= this.#scanEveryMs)
      // Nobody waits for it: most often it finds what is known.
      this.#behind = this.#scanned(sign)
        .catch((error: unknown) => {
          this.#say('', error);
        })
        .then(() => {
          this.#behind = undefined;
        });
    return this.#last;
  }

  async #scanned(sign: string): Promise<Published> {
    const { releases, withdrawals } = await this.#scan.scan();
    const gone = new Set(withdrawals.map(({ site, dataset }) => `${site}/${dataset}`));
    const given = releases.filter(({ site, dataset }) => !gone.has(`${site}/${dataset.id}`));
    this.#lastSign = sign;
    this.#scannedMs = performance.now();
    const text = JSON.stringify([
      given.map(({ site, dataset, period, version, createdMs }) => [
        site,
        dataset.id,
        dataset.audience,
        period,
        version,
        createdMs,
      ]),
      withdrawals,
    ]);
    if (this.#last === undefined || text !== this.#lastText) {
      this.#byKey = new Map(given.map((release) => [keyOf(release), release]));
      this.#last = {
        releases: given,
        withdrawals,
        changedMs: Math.max(
          0,
          releases.reduce((last, { createdMs }) => Math.max(last, createdMs), 0),
          ...withdrawals.map(({ withdrawnMs }) => withdrawnMs),
        ),
      };
    }
    this.#lastText = text;
    return this.#last;
  }

  /** Differs after every change that a publisher finished; '' before the first. */
  async #sign(): Promise<string> {
    try {
      const { ino, mtimeMs, ctimeMs } = await stat(join(this.#root, CHANGES));
      return `${ino} ${mtimeMs} ${ctimeMs}`;
    } catch (error) {
      if (isAbsent(error)) return '';
      throw error;
    }
  }

  async #names(folder: string, ending: RegExp): Promise<readonly string[]> {
    try {
      const names = await readdir(join(this.#root, folder));
      return names.flatMap((name) => {
        const id = name.replace(ending, '');
        return ending.test(name) && isId(id) ? [id] : [];
      });
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }

  #of(site: string): {
    documents: Renewed<SiteDocuments | null>;
    now: Renewed<readonly TravellerNow[]>;
  } {
    let of = this.#ofSite.get(site);
    if (of === undefined) {
      of = {
        documents: new Renewed(() => this.#documents(site), this.#lookEveryMs),
        now: new Renewed(() => this.#nowOf(site), this.#lookEveryMs),
      };
      this.#ofSite.set(site, of);
    }
    return of;
  }

  async #documents(site: string): Promise<SiteDocuments | null> {
    const path = siteFile(this.#root, site);
    try {
      if (!(await this.#isInside(path))) return null;
      const bytes = await readWhereThere(path);
      return bytes === undefined ? null : (JSON.parse(bytes.toString('utf8')) as SiteDocuments);
    } catch (error) {
      this.#say(`sites/${site}.json`, error);
      return null;
    }
  }

  async #nowOf(site: string): Promise<readonly TravellerNow[]> {
    const areas = (await this.#names(join('travellers', site), /$/)).toSorted();
    const found: TravellerNow[] = [];
    for (const area of areas) {
      const folder = travellerFolder(this.#root, site, area);
      try {
        if (!(await this.#isInside(folder))) continue;
        const file = await readNow(folder);
        if (file?.now.site === site && file.now.area === area) found.push(file.now);
      } catch (error) {
        this.#say(`travellers/${site}/${area}`, error);
      }
    }
    return found;
  }

  /** Whether it is there, as itself: no link, and none on the way to it. */
  async #isInside(path: string): Promise<boolean> {
    try {
      if ((await lstat(path)).isSymbolicLink()) return this.#isLink(path);
      const root = await realpath(this.#root);
      const real = await realpath(path);
      if (real === join(root, path.slice(this.#root.length)) && real.startsWith(root + sep))
        return true;
      return this.#isLink(path);
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  #isLink(path: string): false {
    this.#say(path.slice(this.#root.length + 1), new Error('it is a link, which is not followed'));
    return false;
  }

  #say(path: string, error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (this.#said.get(path) === problem) return;
    if (this.#said.size >= SAID_MAX) this.#said.clear();
    this.#said.set(path, problem);
    this.#onProblem({ path, problem });
  }
}

function keyOf({ site, dataset, period, version }: ReleaseManifest): string {
  return JSON.stringify([site, dataset.audience, dataset.id, period, version]);
}
