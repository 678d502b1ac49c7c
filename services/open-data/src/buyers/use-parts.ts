import { html, type Markup } from '@hitonami/privacy';
import {
  BUYER_LIMITS,
  type BuyerContract,
  type BuyerDelivery,
  type BuyerKey,
} from '@hitonami/records';
import { numberText } from '../pages/instants.js';
import { layout } from '../pages/layout.js';
import { FILES_PATH } from './api.js';
import { BUYERS_PATH } from './application-pages.js';
import { actionOf, at, type ContractPage } from './contract-page.js';
import { keyChoices, keyForm } from './key-form.js';

/** What a contract in force brings: what it covers, keys, use, the webhook. */
export function useParts(page: ContractPage, contract: BuyerContract): Markup {
  return html`${coveredPart(page, contract)} ${keysPart(page, contract)}
  ${usagePart(page, contract)} ${webhookPart(page)}`;
}

function coveredPart(page: ContractPage, contract: BuyerContract): Markup {
  const { plan, words } = page;
  const { say, pick } = words;
  const nameOf = (id: string, all: readonly { id: string }[], name: (one: never) => string) => {
    const one = all.find((each) => each.id === id);
    return one === undefined ? id : name(one as never);
  };
  const datasets = contract.datasets.map((id) =>
    nameOf(id, plan.datasets, ({ title }: (typeof plan.datasets)[number]) => pick(title)),
  );
  const { purposes } = plan.governance;
  const named = contract.purposes.map((id) =>
    nameOf(id, purposes, ({ name }: (typeof purposes)[number]) => pick(name)),
  );
  const separator = say('、', ', ');
  return html`<h2>${say('有効な契約', 'The contract in force')}</h2>
    <dl>
      <dt>${say('データセット', 'Datasets')}</dt>
      <dd>${datasets.join(separator)}</dd>
      <dt>${say('利用目的', 'Purposes')}</dt>
      <dd>${named.join(separator)}</dd>
      <dt>${say('期限', 'Until')}</dt>
      <dd>${at(page, contract.validUntil)}</dd>
    </dl>`;
}

function keysPart(page: ContractPage, contract: BuyerContract): Markup {
  const { keys, words, url, plan } = page;
  const { say } = words;
  const open = keys.filter(({ revokedAt }) => revokedAt === null);
  return html`<h2>${say('キー', 'Keys')}</h2>
    <p>
      ${say('キーはデータのダウンロードに使います。発行したときに一度だけ表示されます。', 'A key is what you download with. It is shown once, when it is made.')}
      <code>GET ${url}${FILES_PATH}</code>
      ${say('で、ダウンロードできるファイルの一覧が得られます。', 'lists what it may fetch.')}
    </p>
    ${
      keys.length > 0 &&
      html`<ul>
        ${keys.map((key) => keyItem(page, contract, key))}
      </ul>`
    }
    ${
      open.length < BUYER_LIMITS.keys
        ? keyForm(keyChoices(plan, contract, words), contract, actionOf(page, 'key'), words)
        : html`<p class="hint">
            ${say(`キーは${BUYER_LIMITS.keys}個までです。使わないものを失効させると、新しく発行できます。`, `There are at most ${BUYER_LIMITS.keys} keys. Revoke one to make another.`)}
          </p>`
    }`;
}

function keyItem(page: ContractPage, contract: BuyerContract, key: BuyerKey): Markup {
  const { say } = page.words;
  const { id, ending, madeAt, revokedAt } = key;
  return html`<li>
    ${say(`キー ${id}（末尾 `, `Key ${id} (ends in `)}<code>${ending}</code>${say('）', ')')}
    ${at(page, madeAt)}
    ${
      revokedAt === null
        ? html`<form class="inline" method="post" action="${actionOf(page, 'revoke-key')}">
              <input type="hidden" name="key" value="${id}" />
              <button class="small">${say(`キー ${id} を失効させる`, `Revoke key ${id}`)}</button>
            </form>
            <span class="hint">${grantText(page, contract, key)}</span>`
        : html`– ${say('失効', 'revoked')} ${at(page, revokedAt)}`
    }
  </li>`;
}

/** What a key is for, and what was fetched with it this month. */
function grantText(page: ContractPage, contract: BuyerContract, key: BuyerKey): string {
  const { plan, words, months } = page;
  const { say, pick, language } = words;
  const titleOf = (id: string): string => {
    const dataset = plan.datasets.find((each) => each.id === id);
    return dataset === undefined ? id : pick(dataset.title);
  };
  const purpose = plan.governance.purposes.find(({ id }) => id === key.purpose);
  const purposeName = purpose === undefined ? key.purpose : pick(purpose.name);
  const datasets = (key.datasets ?? contract.datasets).map(titleOf).join(say('、', ', '));
  const { downloads, bytes } = months.get(key.id) ?? { downloads: 0, bytes: 0 };
  const number = (value: number): string => numberText(value, language);
  const used = {
    downloads: `${number(downloads)} / ${number(key.downloadsPerMonth ?? contract.downloadsPerMonth)}`,
    bytes: `${number(bytes)} / ${number(key.bytesPerMonth ?? contract.bytesPerMonth)}`,
  };
  return say(
    `${datasets}${purposeName === null ? '' : `（目的：${purposeName}）`}。今月 ${used.downloads}件、${used.bytes}バイト`,
    `${datasets}${purposeName === null ? '' : ` (for: ${purposeName})`}. This month ${used.downloads} downloads, ${used.bytes} bytes`,
  );
}

function usagePart(page: ContractPage, contract: BuyerContract): Markup {
  const { month, usage, words } = page;
  const { say, language } = words;
  const of = (value: number, most: number): string =>
    `${numberText(value, language)} / ${numberText(most, language)}`;
  return html`<h2>${say('今月の利用', 'Used this month')}</h2>
    <dl class="figures long">
      <div>
        <dt>
          ${say('ダウンロード（1日に同じファイルは1件）', 'Downloads (a file counts once a day)')}
        </dt>
        <dd>${of(month.downloads, contract.downloadsPerMonth)}</dd>
      </div>
      <div>
        <dt>${say('バイト', 'Bytes')}</dt>
        <dd>${of(month.bytes, contract.bytesPerMonth)}</dd>
      </div>
    </dl>
    ${
      usage.length > 0 &&
      html`<div
        class="table-box"
        role="group"
        aria-label="${say('今月の利用', 'Used this month')}"
        tabindex="0"
      >
        <table>
          <thead>
            <tr>
              <th scope="col">${say('日', 'Day')}</th>
              <th scope="col">${say('ファイル', 'File')}</th>
              <th scope="col">${say('キー', 'Key')}</th>
              <th scope="col">${say('目的', 'Purpose')}</th>
              <th scope="col">${say('バイト', 'Bytes')}</th>
            </tr>
          </thead>
          <tbody>
            ${usage.map(
              (row) =>
                html`<tr>
                  <td>${row.day}</td>
                  <td>${`${row.dataset} ${row.period} v${row.version} ${row.file}`}</td>
                  <td>${row.key}</td>
                  <td>${row.purpose ?? ''}</td>
                  <td>${numberText(row.bytes, language)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
    }`;
}

function webhookPart(page: ContractPage): Markup {
  const { buyer, deliveries, words } = page;
  const { say } = words;
  const states = {
    waiting: say('再試行を待っています', 'to be tried again'),
    delivered: say('届きました', 'delivered'),
    'given-up': say('届きませんでした', 'given up'),
  };
  return html`<h2>${say('通知', 'Messages to you')}</h2>
    <p>
      ${say('新しいデータが出たとき、契約が終わったとき、指定した https のアドレスに署名つきで知らせます。データそのものは送りません。', 'When a new release is out, and when the contract ends, a signed message is sent to an https address of yours. It has no data.')}
    </p>
    <form method="post" action="${actionOf(page, 'webhook')}">
      <label for="webhook"
        >${say('通知先（空にするとやめます）', 'Address (leave it empty to stop)')}</label
      >
      <input
        id="webhook"
        name="webhook"
        type="url"
        maxlength="${BUYER_LIMITS.webhookUrl}"
        autocomplete="off"
        value="${buyer.webhookUrl ?? ''}"
      />
      <button>${say('通知先を変える', 'Change the address')}</button>
    </form>
    ${
      deliveries.length > 0 &&
      html`<ul>
        ${deliveries.map(
          (one) =>
            html`<li>
              ${newsText(page, one)}: ${states[one.state]} ${at(page, one.at)}
              ${one.fault !== '' && html`<span class="hint">${one.fault}</span>`}
            </li>`,
        )}
      </ul>`
    }`;
}

function newsText({ ends, words: { say } }: ContractPage, news: BuyerDelivery): string {
  if (news.kind === 'release') return `${news.dataset} ${news.period} v${news.version}`;
  const end = ends.find(({ id }) => id === news.end);
  return say(
    `契約の終了（${end?.datasets.join('、') ?? ''}）`,
    `end of the contract (${end?.datasets.join(', ') ?? ''})`,
  );
}

/** A key or a secret, this once. */
export function secretPage(
  page: Pick<ContractPage, 'plan' | 'words' | 'token'>,
  what: { title: string; lead: string; secret: string; use: string },
): string {
  const { plan, words, token } = page;
  const { say, language } = words;
  return layout(
    { words, title: what.title, site: words.pick(plan.name) },
    html`<p class="notice" role="status">${what.lead}</p>
      <p class="words"><code>${what.secret}</code></p>
      <p class="hint">${say('使い方', 'How it is used')}</p>
      <p class="words"><code>${what.use}</code></p>
      <p>
        <a href="/${language}/${plan.site}/${BUYERS_PATH}/${token}"
          >${say('契約のページへ', 'To the contract page')}</a
        >
      </p>`,
  );
}
