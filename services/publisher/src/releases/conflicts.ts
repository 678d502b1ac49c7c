import type { BothLanguages, PlanDataset, ReleaseManifest, SitePlan } from '@hitonami/model';
import { placesOf } from './permission.js';

/** Two datasets of which one tells with noise what the other would tell exactly. */
export interface Conflict {
  readonly noisy: string;
  readonly because: BothLanguages;
}

/**
 * Why a dataset without noise may not be released: another of the plan tells the same people with noise, and the exact numbers
 * would take the noise away. What reaches a line is the sum of the movements to it, and two areas of a sequence are a movement.
 */
export function conflictOf(plan: SitePlan, dataset: PlanDataset): Conflict | undefined {
  if (dataset.noise !== undefined) return undefined;
  const noisy = plan.datasets.find(
    (other) => other.noise !== undefined && doOverlap(plan, dataset, other),
  );
  return noisy && conflict(noisy.id, dataset.id);
}

/** Why a dataset with noise may not be released for a period: the same was told exactly before, and stays known. */
export function toldExactly(
  plan: SitePlan,
  dataset: PlanDataset,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  releases: readonly ReleaseManifest[],
): Conflict | undefined {
  const same = releases.filter(
    (release) => release.site === plan.site && release.fromMs < toMs && release.toMs > fromMs,
  );
  const isNoisy = dataset.noise !== undefined;
  const other = same.find(
    (release) =>
      (release.protection.rule === 'noise') !== isNoisy &&
      doOverlap(plan, dataset, release.dataset),
  );
  if (other === undefined) return undefined;
  return isNoisy ? conflict(dataset.id, other.dataset.id) : conflict(other.dataset.id, dataset.id);
}

function conflict(noisy: string, exact: string): Conflict {
  return {
    noisy,
    because: {
      en: `'${noisy}' tells with noise what '${exact}' tells exactly, and what is told with noise is never told exactly too; give the two different places, or both noise, or neither`,
      ja: `「${noisy}」が雑音を加えて公開する値を「${exact}」はそのまま公開します。雑音を加えた値をそのまま公開することはできません。対象の場所を分けるか、両方に雑音を加えるか、どちらにも加えないでください`,
    },
  };
}

function doOverlap(plan: SitePlan, a: PlanDataset, b: PlanDataset): boolean {
  const [first, second] = [a, b].map((one) => new Set(placesOf(plan, one)));
  const common = [...(first ?? [])].filter((place) => second?.has(place) === true);
  const subjects = new Set([a.subject, b.subject]);
  if (subjects.has('areas')) return false;
  // A line is enough: the movements to it add up to what passed it.
  const lines = new Set(plan.lines.map(({ id }) => id));
  if (subjects.has('lines')) return common.some((place) => lines.has(place));
  return common.length >= 2;
}
