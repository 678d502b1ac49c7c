import { Parser, type Quad } from 'n3';

/** Harvesters as portals run them: each keeps a mirror, and tells what changed in it. */

export interface Notice {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly withdrawn: readonly string[];
}

export interface CkanPackage {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly state: string;
  readonly metadata_modified: string;
  readonly resources: readonly { id: string; url: string; hash: string; size: number }[];
  readonly extras: readonly { key: string; value: string }[];
}

interface SearchResult {
  success: boolean;
  result: { count: number; results: CkanPackage[] };
}

type Get = (path: string) => Promise<{ status: number; text: string }>;

/** As ckanext-harvest: pages of `package_search` until one is empty; after the first time what was modified since. */
export class CkanHarvester {
  readonly mirror = new Map<string, CkanPackage>();
  /** How many pages the last harvest took. */
  pages = 0;
  readonly #get: Get;
  readonly #rows: number;
  #lastStarted: Date | undefined;

  constructor(get: Get, rows: number) {
    this.#get = get;
    this.#rows = rows;
  }

  async harvest(): Promise<Notice> {
    const started = new Date();
    const found: CkanPackage[] = [];
    this.pages = 0;
    for (let start = 0; start < 10_000; start += this.#rows) {
      const query = new URLSearchParams({
        ...{ rows: String(this.#rows), start: String(start), sort: 'id asc' },
        ...(this.#lastStarted && {
          fq: `metadata_modified:[${this.#lastStarted.toISOString()} TO *]`,
        }),
      });
      const { status, text } = await this.#get(`/api/3/action/package_search?${query.toString()}`);
      const { success, result } = JSON.parse(text) as SearchResult;
      if (status !== 200 || !success) throw new Error(text);
      this.pages += 1;
      if (result.results.length === 0) break;
      found.push(...result.results);
    }
    const ids = found.map(({ id }) => id);
    if (new Set(ids).size !== ids.length || ids.join() !== [...ids].sort().join())
      throw new Error('pages overlap, or are out of order');
    this.#lastStarted = started;
    return this.#take(found);
  }

  #take(found: readonly CkanPackage[]): Notice {
    const notice = { added: [] as string[], changed: [] as string[], withdrawn: [] as string[] };
    for (const one of found) {
      const known = this.mirror.get(one.id);
      if (one.state === 'deleted') {
        if (this.mirror.delete(one.id)) notice.withdrawn.push(one.name);
        continue;
      }
      if (known === undefined) notice.added.push(one.name);
      else if (known.metadata_modified !== one.metadata_modified) notice.changed.push(one.name);
      this.mirror.set(one.id, one);
    }
    return notice;
  }
}

const DCAT = 'http://www.w3.org/ns/dcat#';
const DCT = 'http://purl.org/dc/terms/';
const HYDRA = 'http://www.w3.org/ns/hydra/core#';

/** As ckanext-dcat: follows `hydra:nextPage`, and deletes whatever a dump has no more. */
export class DcatHarvester {
  /** When each dataset was modified, by its address. */
  readonly mirror = new Map<string, string>();
  pages = 0;
  readonly #get: Get;

  constructor(get: Get) {
    this.#get = get;
  }

  async harvest(): Promise<Notice> {
    const dump = await this.#dump('/catalog.ttl');
    const withdrawn = [...this.mirror.keys()].filter((address) => !dump.has(address));
    for (const address of withdrawn) this.mirror.delete(address);
    return { ...this.#take(dump), withdrawn };
  }

  /** Only what was modified since; of what is gone this tells nothing. */
  async harvestSince(since: Date): Promise<Notice> {
    const dump = await this.#dump(`/catalog.ttl?modified_since=${since.toISOString()}`);
    return { ...this.#take(dump), withdrawn: [] };
  }

  #take(dump: ReadonlyMap<string, string>): Pick<Notice, 'added' | 'changed'> {
    const added = [...dump.keys()].filter((address) => !this.mirror.has(address));
    const changed = [...dump].flatMap(([address, modified]) =>
      this.mirror.has(address) && this.mirror.get(address) !== modified ? [address] : [],
    );
    for (const [address, modified] of dump) this.mirror.set(address, modified);
    return { added, changed };
  }

  async #dump(path: string): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    this.pages = 0;
    for (let next: string | undefined = path; next !== undefined && this.pages < 100;) {
      const { status, text } = await this.#get(next);
      if (status !== 200) throw new Error(text);
      this.pages += 1;
      const quads: Quad[] = new Parser().parse(text);
      const objectOf = (subject: string, predicate: string): string | undefined =>
        quads.find((quad) => quad.subject.value === subject && quad.predicate.value === predicate)
          ?.object.value;
      for (const { predicate, object } of quads)
        if (predicate.value === `${DCAT}dataset`)
          found.set(object.value, objectOf(object.value, `${DCT}modified`) ?? '');
      const link: string | undefined = quads.find(
        ({ predicate }) => predicate.value === `${HYDRA}nextPage`,
      )?.object.value;
      next = link === undefined ? undefined : new URL(link).pathname + new URL(link).search;
    }
    return found;
  }
}
