import { dictionary } from '../shared/i18n.js';

export const words = dictionary({
  title: { ja: 'システム', en: 'System' },
  cautions: { ja: '今、信頼してはいけない数値', en: 'Numbers that must not be trusted now' },
  allTrusted: {
    ja: '疑わしい数値は今のところありません。',
    en: 'Nothing is known that speaks against any number.',
  },
  since: { ja: (at: string) => `（${at}から）`, en: (at: string) => ` (since ${at})` },
  silent: {
    ja: (what: string) => `${what} から映像が来ません。そのカメラの範囲は見えていません。`,
    en: (what: string) => `${what} sends nothing: what it watches is not seen.`,
  },
  blind: {
    ja: (what: string) =>
      `${what} は何も見えていません（覆い・ピンぼけ・暗さ）。その範囲は見えていません。`,
    en: (what: string) =>
      `${what} sees nothing (covered, out of focus or dark): what it watches is not seen.`,
  },
  moved: {
    ja: (what: string) =>
      `${what} は動いた可能性があります。その範囲の位置・密度・通過数は信頼できません。校正をやり直してください。`,
    en: (what: string) =>
      `${what} was probably moved: positions, densities and passages in its range are wrong. Calibrate it again.`,
  },
  skew: {
    ja: (what: string, value: string) =>
      `${what} の時計が${value}秒ずれています。時刻をまたぐ数値がずれます。`,
    en: (what: string, value: string) =>
      `The clock of ${what} is off by ${value} s: what it sees is counted at the wrong time.`,
  },
  shed: {
    ja: (what: string, value: string) =>
      `${what} の映像が毎秒${value}枚捨てられています。処理が追いついていません。`,
    en: (what: string, value: string) =>
      `${value} frames/s of ${what} are shed: the detector does not keep up.`,
  },
  saturated: {
    ja: (what: string) =>
      `${what} では検出が飽和しています。人数と密度は「以上」と読んでください。`,
    en: (what: string) => `The detector at ${what} is saturated: read its numbers as "at least".`,
  },
  coverage: {
    ja: (what: string, value: string) =>
      `${what} は${value}しか見えていません。人数は見えている分だけです。`,
    en: (what: string, value: string) =>
      `Only ${value} of ${what} is seen: its people are those in sight alone.`,
  },
  lag: {
    ja: (what: string, value: string) =>
      `${what} の処理が遅れています（${value}）。表示は古いものです。`,
    en: (what: string, value: string) => `${what} lags behind (${value}): what is shown is old.`,
  },
  ingestor: {
    ja: (what: string) =>
      `取り込み ${what} が動いていません。そこにつながるカメラは見えていません。`,
    en: (what: string) => `The ingestor ${what} is down: the cameras behind it are not seen.`,
  },
  warehouse: {
    ja: (what: string) =>
      `${what} が書き込みを拒んでいます。履歴と報告書に穴が空くおそれがあります。`,
    en: (what: string) => `${what} refuses rows: history and reports may have gaps.`,
  },
  withheld: {
    ja: '人数を外部の受信先に送っていません（Webhook・MQTT）',
    en: 'No headcounts are sent to their receivers (webhook, MQTT)',
  },
  cameras: { ja: 'カメラ', en: 'Cameras' },
  camera: { ja: 'カメラ', en: 'Camera' },
  floor: { ja: '階', en: 'Floor' },
  state: { ja: '状態', en: 'State' },
  stateSeeing: { ja: '見えている', en: 'Seeing' },
  stateBlind: { ja: '見えない', en: 'Blind' },
  stateSilent: { ja: '映像なし', en: 'Silent' },
  stateNever: { ja: '一度も来ていない', en: 'Never heard of' },
  stateNotStarted: { ja: '未開始', en: 'Not started' },
  wasMoved: { ja: '動いた可能性', en: 'Probably moved' },
  lastSeen: { ja: '最後の映像', en: 'Last picture' },
  ago: { ja: (t: string) => `${t}前`, en: (t: string) => `${t} ago` },
  skewHead: { ja: '時計のずれ', en: 'Clock skew' },
  frames: { ja: '映像/秒', en: 'Frames/s' },
  shedHead: { ja: '破棄/秒', en: 'Shed/s' },
  rejected: { ja: '拒否/秒', en: 'Refused/s' },
  saturation: { ja: '飽和', en: 'Saturation' },
  services: { ja: 'サービス', en: 'Services' },
  service: { ja: 'サービス', en: 'Service' },
  address: { ja: 'アドレス', en: 'Address' },
  ready: { ja: '稼働中', en: 'Running' },
  notReady: { ja: '準備中', en: 'Not ready' },
  down: { ja: '停止', en: 'Down' },
  detail: { ja: '詳細', en: 'Details' },
  noServices: {
    ja: '監視するサービスが設定されていません（HITONAMI_METRICS_SOURCES）。取り込みの枚数などは分かりません。',
    en: 'No services to watch are configured (HITONAMI_METRICS_SOURCES): frame rates and the like are not known.',
  },
  framesTitle: { ja: '映像の行方', en: 'What became of the pictures' },
  framesSince: {
    ja: (at: string) => `${at}から。受け取った数と消した数の差は、いま処理している映像です。`,
    en: (at: string) =>
      `Since ${at}. What was received and is not destroyed yet is being worked on.`,
  },
  framesUnknown: {
    ja: '答えないサービスがあるため、枚数は分かりません。',
    en: 'Not known, since not every service answers.',
  },
  framesReceived: { ja: '受け取った', en: 'Received' },
  framesDestroyed: { ja: '消した', en: 'Destroyed' },
  framesProcessed: { ja: '位置を求めた', en: 'Turned into positions' },
  framesShed: { ja: '使わずに消した', en: 'Given up unused' },
  framesRejected: { ja: '断った', en: 'Refused' },
  pipeline: { ja: '処理', en: 'Pipeline' },
  logLag: { ja: '未処理の記録', en: 'Records waiting' },
  watermark: { ja: '集計の遅れ', en: 'Measures are behind by' },
  written: { ja: '保存済み', en: 'Written until' },
  refusals: { ja: '倉庫の拒否（累計）', en: 'Refused by the warehouse' },
  asOf: { ja: (at: string) => `${at}現在`, en: (at: string) => `as of ${at}` },
});
