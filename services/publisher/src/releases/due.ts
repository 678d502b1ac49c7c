import type {
  BothLanguages,
  PlanDataset,
  ReleaseManifest,
  SitePlan,
  Withdrawal,
} from '@hitonami/model';
import type { PlanVersionInForce } from '@hitonami/privacy';
import { betweenSteps, toldExactly } from './conflicts.js';
import { refusalOf } from './permission.js';
import { periodOf, periodsWith, type ReleasePeriod } from './periods.js';

/** What is to become of one dataset's period. */
export interface Due {
  readonly dataset: PlanDataset;
  readonly period: ReleasePeriod;
  /**
   * `due`: it can be released now. `released`: its first version is there. `running`: it is not over, or not yet rolled up.
   * `refused`: it may never be, or not as the plan stands. `withdrawn`: nothing of the dataset is released any more.
   */
  readonly state: 'due' | 'released' | 'running' | 'refused' | 'withdrawn';
  readonly because?: BothLanguages | undefined;
}

export interface DueInput {
  readonly plan: SitePlan;
  readonly versions: readonly PlanVersionInForce[];
  /** Local days that were measured. */
  readonly days: readonly string[];
  readonly releases: readonly ReleaseManifest[];
  readonly withdrawals: readonly Withdrawal[];
  readonly nowMs: number;
  /** How long after its end a period is looked at, ms. */
  readonly settleMs: number;
}

/** A site that falls silent rolls nothing up after a period: it is whole when nothing that is on the log could still come, ms. */
export const SILENT_MS = 2 * 3_600_000;

/**
 * Every period of every dataset of a plan that holds a day that was measured: first those whose source is soon gone, the newest
 * first, for they are surely still there; of the same time shorter steps first, so that none comes between two that are out.
 */
export function dueOf(input: DueInput): Due[] {
  const { plan, days, releases, withdrawals } = input;
  const own = releases.filter(({ site }) => site === plan.site);
  const told = new Set(own.map((release) => `${release.dataset.id} ${release.period}`));
  return plan.datasets
    .flatMap((dataset) => {
      const isWithdrawn = withdrawals.some(
        (one) => one.site === plan.site && one.dataset === dataset.id,
      );
      return periodsWith(dataset, days).map((name): Due => {
        const period = periodOf(dataset, name, plan.timeZone);
        if (isWithdrawn) return { dataset, period, state: 'withdrawn' };
        if (told.has(`${dataset.id} ${name}`)) return { dataset, period, state: 'released' };
        if (period.toMs + input.settleMs > input.nowMs)
          return { dataset, period, state: 'running' };
        const because = reasonAgainst(input, dataset, period, own);
        return because
          ? { dataset, period, state: 'refused', because }
          : { dataset, period, state: 'due' };
      });
    })
    .sort(
      (a, b) =>
        Number(a.dataset.subject === 'areas') - Number(b.dataset.subject === 'areas') ||
        b.period.fromMs - a.period.fromMs ||
        a.dataset.stepS - b.dataset.stepS ||
        (a.dataset.id < b.dataset.id ? -1 : 1),
    );
}

/** Why a period may not be released, also not as a correction; undefined where it may. */
export function reasonAgainst(
  { plan, versions, nowMs }: Pick<DueInput, 'plan' | 'versions' | 'nowMs'>,
  dataset: PlanDataset,
  period: ReleasePeriod,
  releases: readonly ReleaseManifest[],
): BothLanguages | undefined {
  return (
    toldExactly(plan, dataset, period, releases) ??
    betweenSteps(plan, dataset, period, releases) ??
    refusalOf(versions, plan, dataset, { fromMs: period.fromMs, toMs: period.toMs, nowMs })?.because
  );
}
