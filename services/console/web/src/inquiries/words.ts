import { dictionary } from '../shared/i18n.js';

export const words = dictionary({
  title: { ja: 'お問い合わせ・ご意見', en: 'Questions and opinions' },
  lead: {
    ja: (days: string) =>
      `公開ページから寄せられたものです。回答は送った方だけが見られるリンクに表示されます。回答から${days}日後に消え、件数だけが残ります。`,
    en: (days: string) =>
      `What came by the public’s pages. Whoever sent it sees the answer behind a secret link. ${days} days after the answer it is erased; only the count stays.`,
  },
  open: { ja: (n: string) => `未回答 ${n}件`, en: (n: string) => `${n} open` },
  show: { ja: '表示', en: 'Show' },
  openOnes: { ja: '未回答', en: 'Open' },
  answeredOnes: { ja: '回答済み', en: 'Answered' },
  all: { ja: 'すべて', en: 'All' },
  kind: { ja: '種類', en: 'Kind' },
  both: { ja: '質問と意見', en: 'Questions and opinions' },
  inquiry: { ja: '質問', en: 'Question' },
  opinion: { ja: '意見', en: 'Opinion' },
  number: { ja: (n: number) => `受付番号 ${n}`, en: (n: number) => `Number ${n}` },
  contact: { ja: '連絡先', en: 'Contact' },
  inLanguage: {
    ja: (language: 'ja' | 'en') => (language === 'ja' ? '日本語' : '英語'),
    en: (language: 'ja' | 'en') => (language === 'ja' ? 'Japanese' : 'English'),
  },
  answer: { ja: '回答', en: 'Answer' },
  answeredBy: {
    ja: (at: string, who: string) => `${at} ${who}が回答`,
    en: (at: string, who: string) => `answered ${at} by ${who}`,
  },
  useReady: { ja: '「何を持っているか」の文を入れる', en: 'Put in what is and is not held' },
  send: { ja: '回答する', en: 'Answer' },
  onlyOnce: {
    ja: '送ると、相手の方にそのまま表示されます。あとから変えることはできません。',
    en: 'It is shown as it is, and cannot be changed later.',
  },
  none: { ja: 'ありません。', en: 'There is none.' },
  older: { ja: '以前のもの', en: 'Older ones' },
  byMonth: { ja: '月ごとの件数', en: 'By month' },
  month: { ja: '月', en: 'Month' },
  questions: { ja: '質問', en: 'Questions' },
  opinions: { ja: '意見', en: 'Opinions' },
  operatorOnly: {
    ja: 'お問い合わせを読むには運用者以上の権限が必要です。',
    en: 'Reading these takes the role of an operator.',
  },
});
