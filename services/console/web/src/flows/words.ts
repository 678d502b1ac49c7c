import { dictionary } from '../shared/i18n.js';

export const words = dictionary({
  title: { ja: '流れ', en: 'Flows' },
  lead: {
    ja: '最初に見えた場所から、最後に見えた場所まで。一人ひとりの経路ではなく、人数の合計です。',
    en: 'From the first place where people were seen to the last. Sums of people, never the path of one.',
  },
  sankey: { ja: '場所から場所へ', en: 'From place to place' },
  matrix: { ja: 'OD表（人の移動）', en: 'Origin–destination table' },
  total: { ja: (n: string) => `${n}件の移動`, en: (n: string) => `${n} movements` },
  journeys: { ja: (n: string) => `${n}件`, en: (n: string) => `${n} movements` },
  from: { ja: '出発', en: 'From' },
  to: { ja: '到着', en: 'To' },
  sum: { ja: '合計', en: 'Total' },
  none: {
    ja: 'この期間に記録された移動はありません。流れは図面の flowLegsDays の間だけ残ります。',
    en: 'No movements were recorded in this period. Legs are kept only for the plan’s flowLegsDays.',
  },
  largest: {
    ja: (from: string, to: string, n: string) => `最も多いのは${from}から${to}（${n}件）`,
    en: (from: string, to: string, n: string) => `most go from ${from} to ${to} (${n})`,
  },
  joined: {
    ja: (share: string) => `移動の${share}は、途中で見失った軌跡をつないだ推定を含みます。`,
    en: (share: string) =>
      `${share} of these movements lead over a guess: a track that was lost and joined again.`,
  },
  joinedNone: {
    ja: 'つないだ推定を含む移動はありません。',
    en: 'None of these movements leads over a guess.',
  },
  joinedUnknown: {
    ja: 'つないだ推定の割合は分かりません。',
    en: 'How many of these movements lead over a guess is not known.',
  },
  sure: {
    ja: (share: string) => `つなぎの確かさは平均${share}です。`,
    en: (share: string) => `Those joins are ${share} sure on average.`,
  },
  careful: {
    ja: '推定が多い期間です。割合の目安としてだけ使ってください。',
    en: 'Much is guessed here: use it for proportions only.',
  },
  withoutSmall: {
    ja: (days: string, k: string) =>
      `${days}日より前については、${k}人未満の移動は消されており、合計に入っていません。`,
    en: (days: string, k: string) =>
      `Beyond ${days} days ago movements of fewer than ${k} people are erased, and in no sum.`,
  },
  pairCard: { ja: '選んだ移動', en: 'The movement chosen' },
  travel: { ja: '平均所要時間', en: 'Mean time' },
  joinedShare: { ja: '推定を含む割合', en: 'Over a guess' },
  confidence: { ja: 'つなぎの確かさ', en: 'How sure' },
  people: { ja: '人数', en: 'Movements' },
  share: { ja: '割合', en: 'Share' },
  shareOfOrigin: { ja: '出発地に占める割合', en: 'Share of its origin' },
  trust: { ja: 'どこまで確かか', en: 'How far to trust it' },
  shown: {
    ja: (n: string, of: string) => `図は多い順に${n}件（全${of}件は表にあります）`,
    en: (n: string, of: string) => `the ${n} largest of ${of}; all are in the table`,
  },
  list: { ja: '多い順', en: 'Largest first' },
  hint: {
    ja: '色が強いほど多い移動。≈ はその移動の3割以上が推定を含むもの。',
    en: 'The stronger the colour, the more. ≈ marks movements of which 30 % or more lead over a guess.',
  },
});
