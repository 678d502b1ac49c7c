import { dictionary } from '../../shared/i18n.js';

export const words = dictionary({
  viewWord: { ja: '見方', en: 'View' },
  plan: { ja: '図面', en: 'Plan' },
  asCamera: { ja: 'カメラから', en: 'As a camera sees it' },
  camera: { ja: 'カメラ', en: 'Camera' },
  picture: {
    ja: (camera: string) => `${camera}の位置から見た人のアイコン。人数は下に書かれています。`,
    en: (camera: string) =>
      `People as icons, as seen from ${camera}. How many there are is written below.`,
  },
  people: {
    ja: (all: string, walking: string) => `ここに見える人 ${all}人（歩いている人 ${walking}人）`,
    en: (all: string, walking: string) => `${all} people seen here, ${walking} of them walking`,
  },
  notSeeing: {
    ja: 'このカメラはいま見えていません。人がいないのではありません。',
    en: 'This camera does not see now. That is not to say that nobody is there.',
  },
  waiting: { ja: '最初の位置を待っています…', en: 'Waiting for the first positions…' },
  noStill: {
    ja: '無人の写真はまだありません。線は見ている範囲です。',
    en: 'There is no picture of the empty place yet. The line is what the camera sees of the floor.',
  },
  stillOf: {
    ja: (who: string, when: string, until: string) =>
      `無人の写真：${who}が${when}に登録、${until}に消去。映像から作ったものではありません。`,
    en: (who: string, when: string, until: string) =>
      `Picture of the empty place: brought by ${who} on ${when}, erased on ${until}. It is not made from the video.`,
  },
  change: { ja: '無人の写真を登録・変更', en: 'Bring or change the picture of the empty place' },
  file: { ja: '写真（PNG・JPEG、4 MiBまで）', en: 'Picture (PNG or JPEG, up to 4 MiB)' },
  why: {
    ja: '同じカメラで、同じ画角のまま、だれもいないときに撮った写真を選びます。撮影場所や日時などの情報は取り除いて保存します。',
    en: 'Take it with the same camera and the same crop while nobody is there. Where and when it was taken, and all other metadata, is removed.',
  },
  nobody: {
    ja: '確認しました。この写真にはだれも写っていません。',
    en: 'I have looked: nobody is in this picture.',
  },
  keepDays: { ja: '保存する日数（366まで）', en: 'Kept for, days (up to 366)' },
  bring: { ja: '登録する', en: 'Bring it' },
  bringing: { ja: '登録中…', en: 'Sending…' },
  remove: { ja: '写真を消す', en: 'Remove the picture' },
  removeSure: { ja: 'この写真を消しますか？', en: 'Remove this picture?' },
  notEmpty: {
    ja: '検出器がこの写真に人を見つけたので、保存しませんでした。だれもいないときに撮り直すか、人に似たものを塗りつぶしてください。',
    en: 'The detector finds somebody in this picture, so it is not kept. Take it when nobody is there, or paint over what only looks like somebody.',
  },
  tooLarge: { ja: '4 MiBより大きいファイルです。', en: 'The file is larger than 4 MiB.' },
  noPicture: { ja: 'PNGでもJPEGでもありません。', en: 'The file is no PNG and no JPEG.' },
});
