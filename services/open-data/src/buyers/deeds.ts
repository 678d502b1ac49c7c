import { randomBytes } from 'node:crypto';
import { HitonamiError, type SitePlan } from '@hitonami/model';
import type { Words } from '@hitonami/privacy';
import {
  BUYER_FAULTS,
  BUYER_LIMITS,
  contractInForce,
  type BuyerFile,
  type Records,
} from '@hitonami/records';
import { WEBHOOK_SIGNATURE } from '@hitonami/service';
import { FILES_PATH } from './api.js';
import { keyChoices, readKeyForm } from './key-form.js';
import { lineOf } from './reading.js';
import { secretPage } from './use-parts.js';
import { targetProblem, type TargetRules } from './webhook-target.js';

/** Of the secret that signs webhooks, bytes. */
const SECRET_BYTES = 32;

interface Asked {
  readonly form: URLSearchParams;
  readonly file: BuyerFile;
  readonly words: Words;
  readonly plan: SitePlan;
  readonly token: string;
}

/** What became of it: a page of its own, what was wrong, or neither: then the contract page shows it. */
export interface Done {
  readonly page?: string;
  readonly problem?: string;
  /** For the audit log. */
  readonly noted?: { readonly action: string; readonly detail: string };
}

/** What a form behind the secret link asks for. */
export type Deed = (asked: Asked) => Promise<Done>;

interface Parts extends TargetRules {
  readonly records: Pick<Records, 'buyers' | 'buyerKeys' | 'buyerEnds'>;
  readonly url: string;
}

/** By the end of the address that the form goes to. */
export function deedsOf({ records, url, allowsPrivate }: Parts): Readonly<Record<string, Deed>> {
  return {
    accept: async ({ form, file: { buyer }, words: { say } }) => {
      const person = lineOf(form, 'person');
      const problem = personProblem(form, say);
      if (problem !== undefined) return { problem };
      const version = wholeOf(form, 'version');
      const sha256 = form.get('sha256') ?? '';
      try {
        await records.buyers.accept(buyer.id, { version, sha256, person });
      } catch (error) {
        return {
          problem: told(error, {
            [BUYER_FAULTS.otherText]: say(
              '契約の内容が変わりました。最新の版をお読みになってから同意してください。',
              'The contract has changed. Please read the newest version before you accept it.',
            ),
            [BUYER_FAULTS.ended]: say('この契約は終了しています。', 'This contract has ended.'),
          }),
        };
      }
      const detail = `version ${version} of the contract, SHA-256 ${sha256}, by ${person}`;
      return { noted: { action: 'buyer.accept', detail } };
    },

    key: async ({ form, file: { buyer, contracts }, words, plan, token }) => {
      const { say } = words;
      const noContract = say('有効な契約がありません。', 'No contract is in force.');
      const contract = contractInForce(buyer, contracts);
      if (contract === undefined) return { problem: noContract };
      const asked = readKeyForm(form, keyChoices(plan, contract, words), words);
      if ('problem' in asked) return asked;
      const { datasets, purpose, downloadsPerMonth, bytesPerMonth } = asked.grant;
      try {
        const { key, id } = await records.buyerKeys.make(buyer.id, asked.grant);
        const detail = `key ${id} made for ${datasets.join(', ')}, for ${purpose}: ${downloadsPerMonth} downloads and ${bytesPerMonth} bytes a month`;
        return {
          noted: { action: 'buyer.key', detail },
          page: secretPage(
            { plan, words, token },
            {
              title: say('新しいキー', 'A new key'),
              lead: say(
                'このキーは今だけ表示されます。安全な場所に控えてください。',
                'This key is shown now and never again. Keep it in a safe place.',
              ),
              secret: key,
              use: `curl -H 'Authorization: Bearer ${key}' ${url}${FILES_PATH}`,
            },
          ),
        };
      } catch (error) {
        return {
          problem: told(error, {
            [BUYER_FAULTS.keysMany]: say(
              `キーは${BUYER_LIMITS.keys}個までです。`,
              `There are at most ${BUYER_LIMITS.keys} keys.`,
            ),
            [BUYER_FAULTS.overQuota]: say(
              'キーの上限は、契約の上限を超えられません。',
              'A key cannot have more than the contract gives.',
            ),
            // It changed in between.
            [BUYER_FAULTS.notInContract]: noContract,
            [BUYER_FAULTS.ended]: noContract,
          }),
        };
      }
    },

    'revoke-key': async ({ form, file: { buyer }, words: { say } }) => {
      const key = wholeOf(form, 'key');
      const revoked = await records.buyerKeys.revoke(buyer.id, key, { user: 'the buyer' });
      if (revoked === undefined)
        return { problem: say('そのキーはありません。', 'There is no such key.') };
      return { noted: { action: 'buyer.key-revoke', detail: `key ${key}, by the buyer` } };
    },

    webhook: async ({ form, file: { buyer }, words, plan, token }) => {
      const { say } = words;
      const target = lineOf(form, 'webhook');
      if (target === '') {
        await records.buyers.setWebhook(buyer.id, undefined);
        return { noted: { action: 'buyer.webhook', detail: 'removed' } };
      }
      const problem =
        target.length > BUYER_LIMITS.webhookUrl
          ? 'not-url'
          : targetProblem(target, { allowsPrivate });
      if (problem !== undefined)
        return {
          problem: {
            'not-url': say(
              '通知先はアドレス（URL）で入力してください。',
              'This is no address (URL).',
            ),
            'not-https': say(
              '通知先は https のアドレスにしてください。',
              'The address has to be https.',
            ),
            'has-password': say(
              '通知先にユーザー名やパスワードを含めないでください。',
              'The address must not have a user name or password in it.',
            ),
            private: say(
              '通知先はインターネットから届くアドレスにしてください。',
              'The address has to be one that can be reached on the internet.',
            ),
          }[problem],
        };
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      await records.buyers.setWebhook(buyer.id, { url: target, secret });
      return {
        noted: { action: 'buyer.webhook', detail: new URL(target).origin },
        page: secretPage(
          { plan, words, token },
          {
            title: say('通知の署名', 'The signature of messages'),
            lead: say(
              'この秘密の文字列は今だけ表示されます。通知が本物か確かめるのに使います。',
              'This secret is shown now and never again. With it you check that a message is genuine.',
            ),
            secret,
            use: `${WEBHOOK_SIGNATURE}: t=<unix seconds>,v1=<hex HMAC-SHA-256 of "<t>.<body>" under the secret>`,
          },
        ),
      };
    },

    'confirm-deletion': async ({ form, file: { buyer }, words: { say } }) => {
      const problem = personProblem(form, say);
      if (problem !== undefined) return { problem };
      const person = lineOf(form, 'person');
      try {
        const end = wholeOf(form, 'end');
        const { version, datasets } = await records.buyerEnds.confirm(buyer.id, { end, person });
        const detail = `all data of ${datasets.join(', ')} under version ${version} of the contract is deleted, says ${person}`;
        return { noted: { action: 'buyer.deleted', detail } };
      } catch (error) {
        return {
          problem: told(error, {
            [BUYER_FAULTS.inForce]: say(
              '契約は終了していないため、消去の報告は必要ありません。',
              'The contract has not ended yet: there is nothing to confirm.',
            ),
          }),
        };
      }
    },
  };
}

function personProblem(form: URLSearchParams, say: Words['say']): string | undefined {
  const { length } = lineOf(form, 'person');
  if (length === 0) return say('お名前をお書きください。', 'Please say your name.');
  if (length > BUYER_LIMITS.person)
    return say(
      `お名前は${BUYER_LIMITS.person}文字までにしてください。`,
      `A name may have at most ${BUYER_LIMITS.person} characters.`,
    );
  if (form.get('agree') !== 'yes')
    return say('確認の欄にチェックを入れてください。', 'Please tick the box.');
  return undefined;
}

function wholeOf(form: URLSearchParams, key: string): number {
  const text = form.get(key) ?? '';
  // No version, key or end has this number.
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 999_999_999;
}

/** A refusal of the records in words; any other error is thrown on. */
function told(error: unknown, words: Readonly<Record<string, string>>): string {
  const sentence = error instanceof HitonamiError ? words[error.detail ?? ''] : undefined;
  if (sentence === undefined) throw error;
  return sentence;
}
