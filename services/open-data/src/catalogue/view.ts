import type { BothLanguages, SitePlan } from '@hitonami/model';
import { planNow, type SiteReader } from '../site-documents.js';
import { titleOf, type Catalogue, type Entry } from './entries.js';
import { boxAround, type Box } from './box.js';
import type { CatalogueReader } from './reader.js';

/** What was looked at stands for so long, ms: many ask within it. */
const STANDS_MS = 250;

/** What pages and harvesters are told is made from this alone; the same object for as long as nothing of it changes. */
export interface View {
  readonly catalogue: Catalogue;
  /** The address that the public knows, without a slash at its end. */
  readonly url: string;
  /** Those that a plan was published of, by name. */
  sites(): readonly string[];
  /** The plan in force of a site; undefined where none was published. */
  planOf(site: string): SitePlan | undefined;
  titleOf(entry: Entry): BothLanguages;
  /** What is around the site, degrees; undefined where nobody knows. */
  boxOf(site: string): Box | undefined;
}

export class ViewReader {
  readonly #catalogues: Pick<CatalogueReader, 'look'>;
  readonly #sites: Pick<SiteReader, 'of' | 'sites'>;
  readonly #url: string;
  #view: View | undefined;
  #plans = '';
  #looked: { untilMs: number; view: Promise<View> } | undefined;

  constructor(
    catalogues: Pick<CatalogueReader, 'look'>,
    sites: Pick<SiteReader, 'of' | 'sites'>,
    url: string,
  ) {
    this.#catalogues = catalogues;
    this.#sites = sites;
    this.#url = url.replace(/\/$/, '');
  }

  look(): Promise<View> {
    const nowMs = performance.now();
    if (this.#looked === undefined || this.#looked.untilMs <= nowMs) {
      const looked = { untilMs: nowMs + STANDS_MS, view: this.#look() };
      this.#looked = looked;
      // What failed is tried again at once.
      looked.view.catch(() => (this.#looked = undefined));
    }
    return this.#looked.view;
  }

  async #look(): Promise<View> {
    const catalogue = await this.#catalogues.look();
    const names = await this.#sites.sites();
    const facts = await Promise.all(names.map((site) => this.#sites.of(site)));
    const nowMs = Date.now();
    const plans = new Map(
      facts.flatMap((one) => {
        const plan = planNow(one, nowMs);
        return plan === undefined ? [] : [[plan.site, plan] as const];
      }),
    );
    const seen = [...plans.values()].map(({ site, version }) => `${site} ${version}`).join('\n');
    if (this.#view?.catalogue !== catalogue || this.#plans !== seen) {
      this.#view = viewOf(catalogue, plans, this.#url);
      this.#plans = seen;
    }
    return this.#view;
  }
}

function viewOf(catalogue: Catalogue, plans: ReadonlyMap<string, SitePlan>, url: string): View {
  const boxes = new Map<string, Box | undefined>();
  return {
    catalogue,
    url,
    sites: () => [...plans.keys()].sort(),
    planOf: (site) => plans.get(site),
    titleOf: (entry) =>
      titleOf(entry, plans.get(entry.site)?.datasets.find(({ id }) => id === entry.dataset)?.title),
    boxOf: (site) => {
      if (!boxes.has(site)) {
        const plan = plans.get(site);
        boxes.set(site, plan && boxAround(plan));
      }
      return boxes.get(site);
    },
  };
}
