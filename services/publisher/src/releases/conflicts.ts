import {
  doTellTheSame,
  type BothLanguages,
  type PlanDataset,
  type ReleaseManifest,
  type SitePlan,
} from '@hitonami/model';

/** Two datasets of which one tells with noise what the other would tell exactly. */
export interface Conflict {
  readonly noisy: string;
  readonly because: BothLanguages;
}

/**
 * Why a dataset may not be released for a period: the same people were told of with noise before and would be exactly now, or the
 * other way round; what was told stays known. Within one plan, its check says so.
 */
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
      doTellTheSame(plan, dataset, release.dataset),
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
