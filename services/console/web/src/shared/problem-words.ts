import { ApiError } from './api.js';
import { dictionary, inLanguage } from './i18n.js';
import type { Language } from './i18n.js';

const words = dictionary({
  'signed-out': {
    ja: 'サインインの期限が切れました。もう一度サインインしてください。',
    en: 'Your session has ended. Please sign in again.',
  },
  refused: {
    ja: '名前またはパスワードが違います。',
    en: 'The name or the password is wrong.',
  },
  forbidden: {
    ja: 'この操作をする権限がありません。管理者に相談してください。',
    en: 'Your role does not allow this. Ask an administrator.',
  },
  csrf: {
    ja: 'ページが古くなっています。再読み込みしてからやり直してください。',
    en: 'This page is out of date. Reload it and try again.',
  },
  invalid: { ja: '入力に誤りがあります。', en: 'Something that was entered is not valid.' },
  'not-found': {
    ja: '見つかりません。すでに無くなった可能性があります。',
    en: 'It was not found; it may be gone.',
  },
  conflict: {
    ja: 'ほかの人が先に変更しました。最新のものを開いてからやり直してください。',
    en: 'Somebody else changed it first. Open the newest one and try again.',
  },
  'too-many': {
    ja: '要求が多すぎます。しばらく待ってからやり直してください。',
    en: 'Too many requests. Wait a moment and try again.',
  },
  unavailable: {
    ja: 'サーバーの一部が応答していません。自動で再試行します。',
    en: 'Part of the server does not answer. It is tried again by itself.',
  },
  offline: {
    ja: 'サーバーにつながりません。ネットワークを確認してください。自動で再接続します。',
    en: 'The server cannot be reached. Check the network; it reconnects by itself.',
  },
  timeout: {
    ja: 'サーバーの応答に時間がかかりすぎています。もう一度お試しください。',
    en: 'The server took too long to answer. Please try again.',
  },
  unknown: { ja: '予期しない問題が起きました。', en: 'Something unexpected went wrong.' },
});

function isKnown(code: string): code is keyof typeof words {
  return Object.hasOwn(words, code);
}

/** An error of the API as a sentence for the person in front of it; what the server said of parts follows. */
export function problemSentence(error: unknown, language: Language): string {
  const t = inLanguage(words, language);
  if (!(error instanceof ApiError)) return t.unknown;
  if (error.sentence !== undefined) return error.sentence[language];
  const byStatus = error.status === 409 ? 'conflict' : 'unknown';
  const sentence = t[isKnown(error.code) ? error.code : byStatus];
  const parts = error.issues.map(({ key, problem, mend }) => `${key}: ${problem} (${mend})`);
  const isUnclear = sentence === t.unknown && error.message !== '';
  return [sentence, ...(isUnclear ? [`(${error.message})`] : []), ...parts].join(' ');
}
