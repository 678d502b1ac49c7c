import { dictionary } from '../shared/i18n.js';

/** Words around every chart: periods, downloads, what marks mean. */
export const chartWords = dictionary({
  csv: { ja: 'CSVを保存', en: 'Download CSV' },
  png: { ja: '画像を保存', en: 'Download PNG' },
  table: { ja: '数値の表', en: 'Numbers as a table' },
  day: { ja: '運行日', en: 'Service day' },
  from: { ja: '開始', en: 'From' },
  to: { ja: '終了', en: 'To' },
  step: { ja: '間隔', en: 'Step' },
  today: { ja: '今日', en: 'Today' },
  previous: { ja: '前の日', en: 'Day before' },
  next: { ja: '次の日', en: 'Day after' },
  period: { ja: '期間', en: 'Period' },
  oneDay: { ja: '1日', en: 'One day' },
  anyPeriod: { ja: '任意の期間', en: 'Any period' },
  step10: { ja: '10秒', en: '10 s' },
  step60: { ja: '1分', en: '1 min' },
  step900: { ja: '15分', en: '15 min' },
  step3600: { ja: '1時間', en: '1 h' },
  unseen: { ja: '見えていない', en: 'not seen' },
  doubtful: { ja: '信頼できない', en: 'doubtful' },
  unseenMark: {
    ja: '灰色：見えていない時間（0人ではありません）',
    en: 'Grey: not seen (this is not zero people)',
  },
  doubtfulMark: {
    ja: '黄：信頼できない時間（カメラのずれ、検出の飽和、見えた割合の不足）',
    en: 'Yellow: doubtful (camera moved, detector saturated, or too little seen)',
  },
  none: { ja: 'この期間の数値はありません。', en: 'There are no numbers for this period.' },
  periodWrong: {
    ja: '終了は開始より後にしてください。',
    en: 'The end must be after the beginning.',
  },
  capped: {
    ja: (days: string) => `この間隔では最大${days}日です。間隔を長くしてください。`,
    en: (days: string) => `At most ${days} days with this step: choose a longer one.`,
  },
});
