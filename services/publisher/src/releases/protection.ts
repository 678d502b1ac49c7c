import type { BothLanguages, PlanDataset, ReleaseProtection, SitePlan } from '@hitonami/model';
import { noisyCells, type NoiseRules, type RandomBytes } from '@hitonami/privacy';

/** Of a dataset with noise. Its counts are pseudonyms: so many of them are k people at least. */
export function noiseRules(
  { governance }: SitePlan,
  { roundedTo }: PlanDataset,
  { mechanism, epsilon, delta, contributionsMax }: NonNullable<PlanDataset['noise']>,
): NoiseRules {
  const leastTold = Math.ceil(governance.smallestGroup * governance.tracksPerPerson);
  return { mechanism, epsilon, delta, contributionsMax, roundedTo, leastTold };
}

/** How a release is protected, for its manifest and in words. */
export function protectionOf(
  plan: SitePlan,
  dataset: PlanDataset,
  random: RandomBytes,
): ReleaseProtection {
  const k = plan.governance.smallestGroup;
  const { roundedTo, noise } = dataset;
  if (noise === undefined)
    return { k, rule: 'suppression', roundedTo, words: suppressionWords(k, roundedTo) };
  // The error follows from the rules, and not from what is drawn.
  const { error95 } = noisyCells([], [], noiseRules(plan, dataset, noise), random);
  const { epsilon, delta, mechanism, contributionsMax } = noise;
  return {
    ...{ k, rule: 'noise', roundedTo, epsilon, contributionsMax, error95 },
    ...(mechanism === 'gaussian' && { delta }),
    words: noiseWords(epsilon, contributionsMax, error95),
  };
}

function suppressionWords(k: number, roundedTo: number): BothLanguages {
  const rounding =
    roundedTo === 1
      ? { en: 'Values are rounded to whole people.', ja: '値は1人単位に丸めています。' }
      : {
          en: `Values are rounded to multiples of ${roundedTo} people.`,
          ja: `値は${roundedTo}人単位に丸めています。`,
        };
  return {
    en: `A cell behind which there may be fewer than ${k} distinct people has no values, nor have others from which it could be worked out; none and few are not told apart. ${rounding.en}`,
    ja: `異なる${k}人以上がいたと言えない集計値と、それを逆算できる集計値は公開しません。0人の場合も区別しません。${rounding.ja}`,
  };
}

function noiseWords(epsilon: number, contributionsMax: number, error95: number): BothLanguages {
  return {
    en: `Counts of pseudonyms with noise (differential privacy, ε ${epsilon} for the life of one pseudonym, each in at most ${contributionsMax} cells): 95 of 100 counts are within ${error95} of what was counted. Small noisy counts are left out.`,
    ja: `仮名の数に雑音を加えています（差分プライバシー、1つの仮名の存続期間あたりε ${epsilon}、1つの仮名は最大${contributionsMax}個の集計値に数えます）。100個のうち95個は、数えた値との差が${error95}以内です。雑音を加えた値が小さいものは公開しません。`,
  };
}
