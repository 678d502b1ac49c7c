import { addDays, localDay, localInstantMs } from '@hitonami/model';
import type { BuyerMonth, BuyerRefusal } from '@hitonami/records';
import type { DownloadRefusal } from '../downloads/gate.js';
import { instantText, numberText } from '../pages/instants.js';

/** Why nothing is given, as it is counted: a closed list. */
export type RefusalReason =
  | BuyerRefusal
  | 'key-missing'
  | 'no-key'
  | 'too-fast'
  | 'key-downloads-spent'
  | 'key-bytes-spent'
  | 'contract-downloads-spent'
  | 'contract-bytes-spent'
  | 'records-away';

/** What is said to who has no key that opens, or not this. */
export const REFUSALS = {
  'key-missing': {
    status: 401,
    words: {
      ja: 'このデータには契約が必要です。契約のページで発行したキーを、要求の「Authorization: Bearer」に入れてください。',
      en: 'This takes a contract. Send the key from your contract page in the header “Authorization: Bearer”.',
    },
  },
  'no-key': {
    status: 401,
    words: {
      ja: 'キーが正しくありません。契約のページで新しいキーを発行できます。',
      en: 'This key is not known. A new one can be made at your contract page.',
    },
  },
  revoked: {
    status: 401,
    words: {
      ja: 'このキーは失効しています。契約のページで新しいキーを発行してください。',
      en: 'This key was revoked. Make a new one at your contract page.',
    },
  },
  ended: {
    status: 403,
    words: {
      ja: '契約は終了しています。お持ちのデータをすべて消去し、契約のページで消去の完了をお知らせください。',
      en: 'The contract has ended. Delete all data that you have, and confirm it at your contract page.',
    },
  },
  'not-listed': {
    status: 403,
    words: {
      ja: 'このデータセットは契約に含まれていません。契約のページで内容をご確認ください。',
      en: 'This dataset is not in your contract. Your contract page says what is.',
    },
  },
  'not-of-key': {
    status: 403,
    words: {
      ja: 'このキーはこのデータセット用ではありません。契約には含まれていますので、契約のページでこのデータセット用のキーを発行してください。',
      en: 'This key was not made for this dataset. Your contract has it: make a key for it at your contract page.',
    },
  },
  'other-purpose': {
    status: 403,
    words: {
      ja: 'このデータセットは、このキーの利用目的には提供されていません。契約のページで、目的の合うキーを発行してください。',
      en: 'This dataset is not given for the purpose of this key. Your contract page says for which it is: make a key for that one.',
    },
  },
} as const satisfies Record<
  BuyerRefusal | Extract<RefusalReason, 'key-missing' | 'no-key'>,
  DownloadRefusal
>;

export function tooFast(waitS: number): DownloadRefusal {
  return {
    status: 429,
    waitS,
    words: {
      ja: `このキーでの要求が多すぎます。${waitS}秒後にもう一度お試しください。`,
      en: `Too many requests with this key. Try again in ${waitS} seconds.`,
    },
  };
}

/** The quota of the month is spent: of the key, or of the contract. */
export function spent(
  what: 'downloads-spent' | 'bytes-spent',
  of: 'key' | 'contract',
  { downloads, bytes }: BuyerMonth,
  timeZone: string,
  nowMs: number,
): DownloadRefusal {
  const renewsMs = monthEndMs(nowMs, timeZone);
  const whose =
    of === 'key'
      ? { ja: 'このキーの', en: ' of this key' }
      : { ja: '契約の', en: ' of the contract' };
  const [ja, en] =
    what === 'downloads-spent'
      ? [
          `今月のダウンロード数（${numberText(downloads, 'ja')}件）`,
          `downloads${whose.en} of this month (${numberText(downloads, 'en')})`,
        ]
      : [
          `今月のデータ量（${numberText(bytes, 'ja')}バイト）`,
          `bytes${whose.en} of this month (${numberText(bytes, 'en')} so far)`,
        ];
  return {
    status: 429,
    waitS: Math.ceil((renewsMs - nowMs) / 1000),
    words: {
      ja: `${ja}が${whose.ja}上限に達しました。${instantText(renewsMs, timeZone, 'ja')}（${timeZone}）から再び利用できます。`,
      en: `The ${en} are spent, or this would be more than is left. They renew at ${instantText(renewsMs, timeZone, 'en')} (${timeZone}).`,
    },
  };
}

/** When the local month is over, ms since 1970. */
export function monthEndMs(nowMs: number, timeZone: string): number {
  const first = `${localDay(nowMs, timeZone).slice(0, 7)}-01`;
  // No month has more than 31 days, and none so few that this is the one after the next.
  const next = `${addDays(first, 31).slice(0, 7)}-01`;
  return localInstantMs(next, 0, timeZone);
}
