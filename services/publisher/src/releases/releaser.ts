import {
  HitonamiError,
  localInstantMs,
  type BothLanguages,
  type PlanDataset,
  type ReleaseManifest,
  type SitePlan,
} from '@hitonami/model';
import type { PlanVersionInForce } from '@hitonami/privacy';
import type { PlanFollower } from '@hitonami/service';
import type { PublisherMetrics } from '../metrics.js';
import { dueOf, reasonAgainst, SILENT_MS, type Due } from './due.js';
import { periodOf, type ReleasePeriod } from './periods.js';
import { releasePeriod, type ReleaseParts } from './release.js';

/** What became of one dataset's period: a line of the command's table. */
export interface ReleaseLine {
  readonly site: string;
  readonly dataset: string;
  /** Empty for a withdrawal. */
  readonly period: string;
  readonly outcome: 'released' | 'already' | 'running' | 'refused' | 'failed' | 'withdrawn';
  readonly version?: number | undefined;
  readonly cells?: number | undefined;
  readonly protectedCells?: number | undefined;
  readonly bytes?: number | undefined;
  readonly tookMs?: number | undefined;
  readonly because?: BothLanguages | undefined;
}

export interface ReleaserOptions extends ReleaseParts {
  readonly plans: Pick<PlanFollower, 'versions' | 'at' | 'sites'>;
  readonly metrics: PublisherMetrics;
  /** How long after its end a period is looked at, ms. */
  readonly settleMs: number;
  readonly now: () => number;
}

/** Which of what is due. */
export interface Selection {
  readonly site?: string | undefined;
  readonly dataset?: string | undefined;
  readonly period?: string | undefined;
}

/** What was computed in vain is computed again after this, ms. */
const SETTLED_MS = 6 * 3_600_000;

export interface RunOptions {
  readonly user: string | null;
  readonly signal: AbortSignal;
  /** Called between days: a loop that shows that it lives. */
  readonly beat: () => void;
}

/** Finds what is due, and releases it, one after the other. Nothing of it runs twice at once. */
export class Releaser {
  readonly #options: ReleaserOptions;
  /** Why each period was refused that was told of in the log. */
  readonly #told = new Map<string, string>();
  /** What was computed and refused (nothing may be told, the budget is spent): the same again would be refused again. */
  readonly #settled = new Map<string, { because: BothLanguages; untilMs: number }>();

  constructor(options: ReleaserOptions) {
    this.#options = options;
  }

  /**
   * Removes what publishers that were killed left, at the start: files of runs, and what was kept of datasets that are in no plan in
   * force any more, or withdrawn. Of a site whose plan is not known nothing that was kept goes.
   */
  async sweep(): Promise<void> {
    const { folder, plans, now, logger } = this.#options;
    const withdrawals = await folder.withdrawals();
    const swept = await folder.sweep(({ audience, site, dataset }) => {
      const plan = plans.at(site, now() * 1000);
      const isGone = withdrawals.some((one) => one.site === site && one.dataset === dataset);
      const isPlanned =
        plan === undefined ||
        plan.datasets.some((one) => one.id === dataset && one.audience === audience);
      return isPlanned && !isGone;
    });
    if (swept > 0) logger.info({ periods: swept }, 'what runs that were killed left is removed');
  }

  /** Everything that is due now; what fails is told of, and keeps nothing else from being released. */
  async runDue(selection: Selection, options: RunOptions): Promise<ReleaseLine[]> {
    const lines: ReleaseLine[] = [];
    for (const plan of this.#plans(selection)) {
      requireDataset(plan, selection.dataset);
      for (const due of await this.#due(plan, selection)) {
        if (options.signal.aborted) return lines;
        lines.push(await this.#one(plan, due, options, selection.period !== undefined));
        options.beat();
      }
      this.#showState(plan, lines, selection);
    }
    if (selection.period !== undefined && lines.length === 0) lines.push(...this.#none(selection));
    return lines;
  }

  /** A new version of a release that is there. @throws HitonamiError `INPUT` where none is, or it is refused */
  async correct(
    selection: Selection & { dataset: string; period: string },
    because: BothLanguages,
    options: RunOptions,
  ): Promise<ReleaseLine> {
    const plan = this.#onlyPlan(selection);
    const dataset = requireDataset(plan, selection.dataset) as PlanDataset;
    const period = periodOf(dataset, selection.period, plan.timeZone);
    const releases = await this.#options.folder.releases();
    const isThere = releases.some(
      (one) =>
        one.site === plan.site && one.dataset.id === dataset.id && one.period === period.name,
    );
    if (!isThere)
      throw new HitonamiError(
        'INPUT',
        `nothing of '${dataset.id}' was released for ${period.name}: there is nothing to correct`,
      );
    const nowMs = this.#options.now();
    const versions = this.#versions(plan.site);
    const refused = reasonAgainst({ plan, versions, nowMs }, dataset, period, releases);
    if (refused !== undefined)
      return lineOf(plan, dataset, period, 'refused', { because: refused });
    return this.#release(plan, dataset, period, releases, options, because);
  }

  /** The dataset is given no more. */
  async withdraw(
    selection: Selection & { dataset: string },
    because: BothLanguages,
    user: string | null,
  ): Promise<ReleaseLine> {
    const { folder, records, now } = this.#options;
    const releases = await folder.releases();
    const sites = [
      ...new Set(
        releases.filter((one) => one.dataset.id === selection.dataset).map(({ site }) => site),
      ),
    ].filter((site) => selection.site === undefined || site === selection.site);
    const [site] = sites;
    if (site === undefined || sites.length > 1)
      throw new HitonamiError(
        'INPUT',
        site === undefined
          ? `nothing of '${selection.dataset}' was ever released: there is nothing to withdraw`
          : `'${selection.dataset}' is a dataset of ${sites.join(' and ')}: name one with --site`,
      );
    await records.audit.append({
      ...{ user, action: 'release.withdraw', subject: `${site}/${selection.dataset}` },
      ...{ detail: because.en, address: user === null ? '' : 'this machine' },
    });
    await folder.withdraw({ site, dataset: selection.dataset, withdrawnMs: now(), because });
    return { site, dataset: selection.dataset, period: '', outcome: 'withdrawn', because };
  }

  #plans({ site }: Selection): SitePlan[] {
    const { plans, now } = this.#options;
    const found = plans.sites().flatMap((one) => plans.at(one, now() * 1000) ?? []);
    const chosen = found.filter((plan) => site === undefined || plan.site === site);
    if (site !== undefined && chosen.length === 0)
      throw new HitonamiError('INPUT', `no plan of a site '${site}' is in force`);
    return chosen;
  }

  #onlyPlan(selection: Selection): SitePlan {
    const having = this.#plans(selection).filter((plan) =>
      plan.datasets.some(({ id }) => id === selection.dataset),
    );
    const [plan, second] = having;
    if (plan === undefined)
      throw new HitonamiError(
        'INPUT',
        `no plan in force has a dataset '${selection.dataset ?? ''}'`,
      );
    if (second !== undefined)
      throw new HitonamiError('INPUT', 'several sites have such a dataset: name one with --site');
    return plan;
  }

  #versions(site: string): PlanVersionInForce[] {
    return this.#options.plans
      .versions(site)
      .map(({ plan, inForceFromUs }) => ({ plan, fromMs: inForceFromUs / 1000 }));
  }

  /** Local days of which something was measured, since the first dataset starts. */
  async #measuredDays(plan: SitePlan): Promise<string[]> {
    const [first] = plan.datasets.map(({ startsOn }) => startsOn).sort();
    if (first === undefined) return [];
    const fromMs = localInstantMs(first, 0, plan.timeZone);
    return this.#options.reads.measuredDays(plan.site, plan.timeZone, fromMs * 1000);
  }

  /** What there is to say of a plan's periods; one that is over and not rolled up yet still runs. */
  async #due(plan: SitePlan, selection: Selection): Promise<Due[]> {
    const { folder, reads, settleMs, now } = this.#options;
    if (plan.datasets.length === 0) return [];
    const days = await this.#measuredDays(plan);
    const [releases, withdrawals] = [await folder.releases(), await folder.withdrawals()];
    const nowMs = now();
    const all = dueOf({
      ...{ plan, days, releases, withdrawals, nowMs, settleMs },
      versions: this.#versions(plan.site),
    }).filter(
      ({ dataset, period }) =>
        (selection.dataset === undefined || dataset.id === selection.dataset) &&
        (selection.period === undefined || period.name === selection.period),
    );
    const found: Due[] = [];
    for (const due of all) {
      const isFresh = due.state === 'due' && nowMs < due.period.toMs + SILENT_MS;
      const isWhole =
        !isFresh || (await reads.rolledUpUntilUs(plan.site, due.period.toMs * 1000)) !== undefined;
      found.push(isWhole ? due : { ...due, state: 'running' });
    }
    return found;
  }

  async #one(
    plan: SitePlan,
    due: Due,
    options: RunOptions,
    isAskedFor: boolean,
  ): Promise<ReleaseLine> {
    const { dataset, period, state, because } = due;
    if (state === 'due') {
      const settled = this.#settled.get(settledKey(plan, dataset, period));
      if (settled && settled.untilMs > this.#options.now() && !isAskedFor)
        return this.#refused(plan, dataset, period, settled.because);
      const releases = await this.#options.folder.releases();
      // What was told a moment ago may speak against what comes now.
      const input = {
        plan,
        versions: this.#versions(plan.site),
        nowMs: this.#options.now(),
      };
      const refused = reasonAgainst(input, dataset, period, releases);
      if (refused === undefined)
        return this.#release(plan, dataset, period, releases, options, undefined);
      return this.#refused(plan, dataset, period, refused);
    }
    if (state === 'refused' && because) return this.#refused(plan, dataset, period, because);
    const outcome = state === 'released' ? 'already' : state === 'withdrawn' ? state : 'running';
    return lineOf(plan, dataset, period, outcome);
  }

  #refused(
    plan: SitePlan,
    dataset: PlanDataset,
    period: ReleasePeriod,
    because: BothLanguages,
  ): ReleaseLine {
    const key = `${plan.site}/${dataset.id}/${period.name}`;
    // Asked each minute, said once.
    if (this.#told.get(key) !== because.en)
      this.#options.logger.warn({ release: key, because: because.en }, 'a release is refused');
    this.#told.set(key, because.en);
    return lineOf(plan, dataset, period, 'refused', { because });
  }

  async #release(
    plan: SitePlan,
    dataset: PlanDataset,
    period: ReleasePeriod,
    releases: readonly ReleaseManifest[],
    { user, signal, beat }: RunOptions,
    correction: BothLanguages | undefined,
  ): Promise<ReleaseLine> {
    const { metrics, logger, now } = this.#options;
    const startedMs = performance.now();
    const versions = this.#versions(plan.site);
    const about = { release: `${plan.site}/${dataset.id}/${period.name}` };
    try {
      const manifest = await releasePeriod(this.#options, {
        ...{ plan, versions, dataset, period, releases, correction, user, signal },
        measuredDays: new Set(await this.#measuredDays(plan)),
        onDay: beat,
      });
      const tookMs = Math.round(performance.now() - startedMs);
      const { version, quality, files } = manifest;
      metrics.released(plan.site, dataset.id, now());
      logger.info({ ...about, version, cells: quality.cells, tookMs }, 'a release is out');
      return lineOf(plan, dataset, period, 'released', {
        ...{ version, tookMs, cells: quality.cells, protectedCells: quality.protectedCells },
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      });
    } catch (error) {
      if (!(error instanceof HitonamiError)) throw error;
      if (error.code === 'STOPPED') return lineOf(plan, dataset, period, 'running');
      const because = { en: error.message, ja: `公開できません（${error.message}）` };
      if (error.code === 'INPUT' || error.code === 'PLAN') {
        const untilMs = now() + SETTLED_MS;
        this.#settled.set(settledKey(plan, dataset, period), { because, untilMs });
        return this.#refused(plan, dataset, period, because);
      }
      metrics.failed(plan.site, dataset.id);
      logger.warn({ ...about, err: error }, 'a release failed; it is tried again');
      return lineOf(plan, dataset, period, 'failed', { because });
    }
  }

  #showState(plan: SitePlan, lines: readonly ReleaseLine[], selection: Selection): void {
    // Of a part of the periods nothing can be said about all.
    if (selection.dataset !== undefined || selection.period !== undefined) return;
    const { metrics, settleMs, now } = this.#options;
    for (const dataset of plan.datasets) {
      const own = lines.filter((line) => line.site === plan.site && line.dataset === dataset.id);
      const overdue = own.filter(({ outcome }) => outcome === 'failed');
      const oldestMs = Math.min(
        ...overdue.map(({ period }) => periodOf(dataset, period, plan.timeZone).toMs + settleMs),
      );
      metrics.state(plan.site, dataset.id, {
        refused: own.filter(({ outcome }) => outcome === 'refused').length,
        behindS: overdue.length === 0 ? 0 : (now() - oldestMs) / 1000,
      });
    }
  }

  #none(selection: Selection): ReleaseLine[] {
    return this.#plans(selection).flatMap((plan) =>
      plan.datasets
        .filter(({ id }) => selection.dataset === undefined || id === selection.dataset)
        .filter(({ period }) => (period === 'day') === /-\d\d-/.test(selection.period ?? ''))
        .map((dataset) => {
          const period = periodOf(dataset, selection.period ?? '', plan.timeZone);
          const because = {
            en: `nothing was measured in ${period.name}, or it begins before ${dataset.startsOn}, when the dataset does`,
            ja: `${period.name} に測定したデータがないか、データセットの開始日 ${dataset.startsOn} より前です`,
          };
          return lineOf(plan, dataset, period, 'refused', { because });
        }),
    );
  }
}

function settledKey({ site, version }: SitePlan, { id }: PlanDataset, { name }: ReleasePeriod) {
  return `${site}/${version}/${id}/${name}`;
}

function lineOf(
  { site }: SitePlan,
  { id }: PlanDataset,
  { name }: ReleasePeriod,
  outcome: ReleaseLine['outcome'],
  more: Partial<ReleaseLine> = {},
): ReleaseLine {
  return { ...{ site, dataset: id, period: name, outcome }, ...more };
}

/** @throws HitonamiError `INPUT` where the plan has no such dataset */
function requireDataset(plan: SitePlan, id: string | undefined): PlanDataset | undefined {
  const found = plan.datasets.find((dataset) => dataset.id === id);
  if (id !== undefined && found === undefined)
    throw new HitonamiError(
      'INPUT',
      `'${id}' is no dataset of '${plan.site}'; it has ${plan.datasets.map((one) => one.id).join(', ') || 'none'}`,
    );
  return found;
}
