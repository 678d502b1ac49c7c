import type { BothLanguages, DataItem, PlanRetention } from '@hitonami/model';

export const both = (en: string, ja: string): BothLanguages => ({ en, ja });

/** What the items are called in a sentence. */
export const ITEM_WORDS: Readonly<Record<DataItem, BothLanguages>> = {
  live: both('where people are now', '現在の人の位置'),
  positions: both('stored positions', '保存された位置'),
  'flow-legs': both('movements from place to place', '場所から場所への移動'),
  measures: both('counts and densities', '人数・混雑度の集計値'),
};

/** How long each kind is kept, in its own unit. */
export const KEPT: Readonly<
  Record<keyof PlanRetention, { words: BothLanguages; unit: BothLanguages; unitMs: number }>
> = {
  positionsHours: {
    words: both('positions', '位置'),
    unit: both('hours', '時間'),
    unitMs: 3_600_000,
  },
  flowLegsDays: { words: both('flow legs', '移動'), unit: both('days', '日'), unitMs: 86_400_000 },
  measuresDays: {
    words: both('measures of the base window', '基本時間窓の集計値'),
    unit: both('days', '日'),
    unitMs: 86_400_000,
  },
  rollupDays: {
    words: both('measures of a minute and longer', '1分以上の集計値'),
    unit: both('days', '日'),
    unitMs: 86_400_000,
  },
};

/** Ids as a list of either language. */
export const listed = (ids: readonly string[]): BothLanguages =>
  both(ids.join(', '), ids.join('、'));
