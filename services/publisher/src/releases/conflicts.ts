import {
  datasetPlaces,
  doTellTheSame,
  type BothLanguages,
  type PlanDataset,
  type ReleaseManifest,
  type SitePlan,
} from '@hitonami/model';
import type { ReleasePeriod } from './periods.js';

type Told = readonly ReleaseManifest[];

/**
 * Why a dataset may not be released for a period: the same people were told of with noise before and would be exactly now, or the
 * other way round; what was told stays known. Within one plan, its check says so.
 */
export function toldExactly(
  plan: SitePlan,
  dataset: PlanDataset,
  period: ReleasePeriod,
  releases: Told,
): BothLanguages | undefined {
  const isNoisy = dataset.noise !== undefined;
  const other = toldOf(plan, period, releases).find(
    (release) =>
      (release.protection.rule === 'noise') !== isNoisy &&
      doTellTheSame(plan, dataset, release.dataset),
  );
  if (other === undefined) return undefined;
  const [noisy, exact] = isNoisy ? [dataset.id, other.dataset.id] : [other.dataset.id, dataset.id];
  return {
    en: `'${noisy}' tells with noise what '${exact}' tells exactly, and what is told with noise is never told exactly too; give the two different places, or both noise, or neither`,
    ja: `「${noisy}」が雑音を加えて公開する値を「${exact}」はそのまま公開します。雑音を加えた値をそのまま公開することはできません。対象の場所を分けるか、両方に雑音を加えるか、どちらにも加えないでください`,
  };
}

/**
 * Why a dataset may not be released for a period: shorter and longer steps than its own are out for it already, and what those
 * withhold was chosen without it; together they can give away what it would have to withhold. Its own corrections are none.
 */
export function betweenSteps(
  plan: SitePlan,
  dataset: PlanDataset,
  period: ReleasePeriod,
  releases: Told,
): BothLanguages | undefined {
  if (dataset.noise !== undefined) return undefined;
  const told = toldOf(plan, period, releases);
  if (told.some((one) => one.dataset.id === dataset.id && one.period === period.name))
    return undefined;
  const places = new Set(datasetPlaces(plan, dataset));
  const others = told
    .filter(({ protection }) => protection.rule !== 'noise')
    .map((release) => release.dataset)
    .filter(({ subject }) => subject === dataset.subject)
    .filter((other) => datasetPlaces(plan, other).some((place) => places.has(place)));
  const shorter = others.find(({ stepS }) => stepS < dataset.stepS);
  const longer = others.find(({ stepS }) => stepS > dataset.stepS);
  if (shorter === undefined || longer === undefined) return undefined;
  return {
    en: `its steps lie between those of '${shorter.id}' and '${longer.id}', which are out for this time: together they could give away what it has to withhold; let it start on a day of which they are not`,
    ja: `時間の刻みが、この期間についてすでに公開した「${shorter.id}」と「${longer.id}」の間にあります。両者を合わせると、秘匿すべき値が分かるおそれがあります。まだ公開していない日から始めてください`,
  };
}

function toldOf(plan: SitePlan, { fromMs, toMs }: ReleasePeriod, releases: Told): Told {
  return releases.filter(
    (release) => release.site === plan.site && release.fromMs < toMs && release.toMs > fromMs,
  );
}
