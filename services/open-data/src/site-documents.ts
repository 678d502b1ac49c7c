import { HitonamiError, type SitePlan } from '@hitonami/model';
import type { PublishedFolder, SiteDocuments } from '@hitonami/releases';
import type { FrameFigures, Logger } from '@hitonami/service';
import { z } from 'zod';

/** What was read of a site stands for so long, ms: the publisher renews it about every minute. */
const STANDS_MS = 500;
/** Figures that were told longer ago are no longer known: their teller is gone, ms. */
const FIGURES_STAND_MS = 5 * 60_000;
/** Sites whose documents are kept in memory; the one looked at longest ago goes first. */
const SITES_MAX = 1_000;

const count = z.int().nonnegative();
const figuresShape = z.object({
  received: count,
  processed: count,
  shed: count,
  rejected: count,
  destroyed: count,
  sinceMs: z.number().positive(),
  /** When they were counted; left out: nobody knows, and the time is not told. */
  atMs: z.number().positive().optional(),
});
const headShape = z.object({
  day: z.string(),
  id: z.int(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Frames of a site, and when they were counted. */
export interface ToldFigures extends FrameFigures {
  readonly atMs?: number | undefined;
}

/** The newest hash of the audit log on a day. */
export type ToldHead = z.output<typeof headShape>;

/** A version of a plan, and from when it is in force. */
export type PlanVersion = SiteDocuments['plans'][number];

/** What the publisher tells of a site. */
export interface SiteFacts {
  readonly plans: readonly PlanVersion[];
  readonly figures: ToldFigures | undefined;
  readonly auditHeads: readonly ToldHead[];
}

/** Reads the documents of sites in the public folder, each anew after some seconds. */
export class SiteReader {
  readonly #folder: Pick<PublishedFolder, 'site' | 'sites'>;
  readonly #logger: Logger;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, { readMs: number; facts: Promise<SiteFacts | undefined> }>();

  constructor(
    folder: Pick<PublishedFolder, 'site' | 'sites'>,
    logger: Logger,
    nowMs: () => number = Date.now,
  ) {
    this.#folder = folder;
    this.#logger = logger;
    this.#nowMs = nowMs;
  }

  sites(): Promise<readonly string[]> {
    return this.#folder.sites();
  }

  /** Undefined for a site that nothing is told of. */
  async of(site: string): Promise<SiteFacts | undefined> {
    const nowMs = this.#nowMs();
    const known = this.#known.get(site);
    if (known !== undefined && nowMs - known.readMs < STANDS_MS) return known.facts;
    const facts = this.#read(site);
    this.#known.delete(site);
    this.#known.set(site, { readMs: nowMs, facts });
    if (this.#known.size > SITES_MAX) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    // What could not be read is tried again at once; a name that is no site's is not kept.
    facts.then(
      (read) => read === undefined && this.#known.delete(site),
      () => this.#known.delete(site),
    );
    return facts;
  }

  async #read(site: string): Promise<SiteFacts | undefined> {
    const documents = await this.#folder.site(site);
    if (documents === undefined) return undefined;
    return {
      plans: documents.plans,
      figures: this.#figures(site, documents.figures),
      auditHeads: this.#heads(site, documents.auditHeads),
    };
  }

  #figures(site: string, told: unknown): ToldFigures | undefined {
    if (told === undefined || told === null) return undefined;
    const { data, error } = figuresShape.safeParse(told);
    if (error !== undefined)
      this.#logger.warn({ err: error, site }, 'the figures of frames cannot be read');
    const isOld = data?.atMs !== undefined && this.#nowMs() - data.atMs > FIGURES_STAND_MS;
    return isOld ? undefined : data;
  }

  #heads(site: string, told: readonly unknown[]): ToldHead[] {
    const { data, error } = z.array(headShape).safeParse(told);
    if (data !== undefined) return data;
    throw new HitonamiError('INPUT', `The heads of the audit log of ${site} cannot be read`, {
      cause: error,
    });
  }
}

/** The newest plan that is in force, else the first to come; undefined where there is none. */
export function planNow(facts: SiteFacts | undefined, nowMs: number): SitePlan | undefined {
  const sorted = [...(facts?.plans ?? [])].sort((a, b) => a.fromMs - b.fromMs);
  return (sorted.findLast(({ fromMs }) => fromMs <= nowMs) ?? sorted[0])?.plan;
}
