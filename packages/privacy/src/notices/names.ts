import type { DataItem, Hop, SitePlan } from '@hitonami/model';
import type { Text, Words } from './language.js';

/** What there is of people, as a passenger would call it. */
export const ITEM_NAMES: Readonly<Record<DataItem, Text>> = {
  live: {
    ja: 'いま人がいる位置（地図上の点）',
    en: 'where people are right now (dots on a map)',
  },
  positions: {
    ja: '人がいた位置の記録（点と時刻）',
    en: 'where people were (points with times)',
  },
  'flow-legs': {
    ja: '移動の記録（どこからどこへ、何時ごろ）',
    en: 'movements (from where to where, at about what time)',
  },
  measures: {
    ja: '人数・混雑の度合い・人の流れの統計',
    en: 'statistics (how many people, how crowded, which way they move)',
  },
};

/** The devices and servers on the way, in the order of the way. */
export const HOP_NAMES: Readonly<Record<Hop, Text>> = {
  camera: { ja: 'カメラ', en: 'Camera' },
  ingestor: { ja: '映像処理サーバー', en: 'Picture processing' },
  log: { ja: '中継サーバー（イベントログ）', en: 'Relay (event log)' },
  aggregator: { ja: '集計サーバー', en: 'Counting' },
  warehouse: { ja: 'データベース', en: 'Database' },
  console: { ja: '係員用の画面', en: 'Staff console' },
  openData: { ja: '公開データ', en: 'Open data' },
};

/** The names of the areas and lines that a purpose is about. */
export function placeNames(
  plan: SitePlan,
  places: readonly string[] | undefined,
  words: Words,
): string {
  if (places === undefined) return words.say('全域', 'everywhere on the map');
  return words.list(
    [...plan.areas, ...plan.lines]
      .filter(({ id }) => places.includes(id))
      .map(({ name }) => words.pick(name)),
  );
}
