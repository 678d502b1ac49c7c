import type { SitePlan } from '@hitonami/model';
import { html, type Markup, type Words } from '@hitonami/privacy';
import {
  buyerState,
  contractInForce,
  type Buyer,
  type BuyerContract,
  type BuyerDelivery,
  type BuyerEnd,
  type BuyerKey,
  type BuyerMonth,
  type BuyerUsage,
} from '@hitonami/records';
import { instantText } from '../pages/instants.js';
import { layout } from '../pages/layout.js';
import { BUYERS_PATH, waysBack } from './application-pages.js';
import { deletionParts } from './deletion-parts.js';
import { agreeField, personField } from './fields.js';
import { useParts } from './use-parts.js';

/** Everything that the contract page shows. */
export interface ContractPage {
  readonly plan: SitePlan;
  readonly words: Words;
  readonly token: string;
  readonly buyer: Buyer;
  /** The newest first. */
  readonly contracts: readonly BuyerContract[];
  /** The newest first. */
  readonly ends: readonly BuyerEnd[];
  readonly keys: readonly BuyerKey[];
  /** Of all keys together. */
  readonly month: BuyerMonth;
  /** By key. */
  readonly months: ReadonlyMap<number, BuyerMonth>;
  /** Of this month, the newest at the end. */
  readonly usage: readonly BuyerUsage[];
  readonly deliveries: readonly BuyerDelivery[];
  /** The address that the public knows. */
  readonly url: string;
  readonly nowMs: number;
  /** What was wrong with what was just sent. */
  readonly problem?: string | undefined;
}

/** Where a form of the page goes. */
export function actionOf({ plan, words, token }: ContractPage, deed: string): string {
  return `/${words.language}/${plan.site}/${BUYERS_PATH}/${token}/${deed}`;
}

/** What an organisation sees behind its secret link: its application, contract, keys, use, and the end. */
export function contractPage(page: ContractPage): string {
  const { plan, words, buyer, contracts, nowMs, token, problem } = page;
  const { say } = words;
  const now = new Date(nowMs);
  const inForce = contractInForce(buyer, contracts, now);
  const state = buyerState(buyer, contracts, now);
  const [newest] = contracts;
  const isOffered =
    newest?.acceptedAt === null && buyer.endedAt === null && newest.validUntil > now;
  return layout(
    {
      ...{
        words,
        title: say(`契約のページ（受付番号 ${buyer.id}）`, `Contract page (number ${buyer.id})`),
      },
      site: words.pick(plan.name),
      path: (other) => `/${other}/${plan.site}/${BUYERS_PATH}/${token}`,
    },
    html`<p class="lead">${buyer.organisation}</p>
      ${problem !== undefined && html`<p class="error" role="alert">${problem}</p>`}
      ${state === 'applied' && standing(say('申し込みを受け付けています。契約の用意ができるまでお待ちください。', 'Your application has come in. Please look again later: the contract is being prepared.'))}
      ${state === 'ended' && endPart(page)} ${deletionParts(page)}
      ${isOffered && offerPart(page, newest, inForce !== undefined)}
      ${inForce && useParts(page, inForce)} ${contracts.length > 0 && versionsPart(page)}
      <h2>${say('申し込みの内容', 'What you applied for')}</h2>
      <p class="hint">${at(page, buyer.appliedAt)}</p>
      <p class="words">${buyer.intent}</p>
      ${waysBack(plan, words)}`,
  );
}

export function at({ plan, words }: ContractPage, instant: Date): string {
  return instantText(instant.getTime(), plan.timeZone, words.language);
}

function standing(text: string): Markup {
  return html`<p class="notice" role="status">${text}</p>`;
}

/** A version that waits to be accepted: both texts, the one that binds and its translation. */
function offerPart(page: ContractPage, contract: BuyerContract, isChange: boolean): Markup {
  const { say, language } = page.words;
  const [own, other] =
    language === 'ja'
      ? ([contract.textJa, contract.textEn] as const)
      : ([contract.textEn, contract.textJa] as const);
  const otherLanguage = language === 'ja' ? 'en' : 'ja';
  return html`<h2>
      ${say(`契約 第${contract.version}版`, `Contract, version ${contract.version}`)}
    </h2>
    ${standing(
      isChange
        ? say(
            '新しい版の契約が届いています。同意するまでは、これまでの版が有効です。',
            'A new version of the contract is offered. Until you accept it, the one before is in force.',
          )
        : say('契約をお読みになり、同意してください。', 'Please read the contract, and accept it.'),
    )}
    <div
      class="words contract"
      lang="${language}"
      role="region"
      aria-label="${say('契約の本文', 'Text of the contract')}"
      tabindex="0"
    >
      ${own}
    </div>
    <details>
      <summary>${say('英語の本文', 'The Japanese text')}</summary>
      <div
        class="words contract"
        lang="${otherLanguage}"
        role="region"
        aria-label="${say('英語の本文', 'The Japanese text')}"
        tabindex="0"
      >
        ${other}
      </div>
    </details>
    <p class="hint">
      ${say('本文のSHA-256：', 'SHA-256 of the text: ')}<code>${contract.sha256}</code> ·
      <a href="${textLink(page, contract)}">${say('本文のファイル', 'The text as a file')}</a>
    </p>
    <form method="post" action="${actionOf(page, 'accept')}">
      <input type="hidden" name="version" value="${contract.version}" />
      <input type="hidden" name="sha256" value="${contract.sha256}" />
      ${personField(page.words)}
      ${agreeField(say('契約の全文を読み、団体を代表して同意します。', 'I have read the whole contract and accept it for the organisation.'))}
      <button>${say('同意する', 'Accept')}</button>
    </form>`;
}

/** That it has ended. What is to be deleted then is said by `deletionParts`. */
function endPart(page: ContractPage): Markup {
  const { buyer, contracts, words } = page;
  const { say } = words;
  const last = contracts.find(({ acceptedAt }) => acceptedAt !== null);
  const endedAt = buyer.endedAt ?? last?.validUntil;
  return html`<p class="notice" role="status">
    ${say('契約は終了しています。', 'The contract has ended.')} ${endedAt && at(page, endedAt)}
    ${buyer.endReason !== null && html`<br />${buyer.endReason}`}
  </p>`;
}

function versionsPart(page: ContractPage): Markup {
  const { contracts, words } = page;
  const { say } = words;
  return html`<h2>${say('契約の版', 'Versions of the contract')}</h2>
    <ul>
      ${contracts.map(
        (contract) =>
          html`<li>
            <a href="${textLink(page, contract)}"
              >${say(`第${contract.version}版`, `Version ${contract.version}`)}</a
            >
            ${
              contract.acceptedAt === null
                ? say('（同意されていません）', '(not accepted)')
                : say(
                    `（${at(page, contract.acceptedAt)} ${contract.acceptedBy ?? ''}が同意）`,
                    `(accepted ${at(page, contract.acceptedAt)} by ${contract.acceptedBy ?? ''})`,
                  )
            }
          </li>`,
      )}
    </ul>`;
}

function textLink(page: ContractPage, { version }: BuyerContract): string {
  return actionOf(page, `contract-${version}.txt`);
}
