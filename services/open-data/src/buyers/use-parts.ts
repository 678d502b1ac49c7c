import { html, type Markup } from '@hitonami/privacy';
import { BUYER_LIMITS, type BuyerContract } from '@hitonami/records';
import { numberText } from '../pages/instants.js';
import { layout } from '../pages/layout.js';
import { FILES_PATH } from './api.js';
import { BUYERS_PATH } from './application-pages.js';
import { actionOf, at, type ContractPage } from './contract-page.js';

/** What a contract in force brings: what it covers, keys, use, the webhook. */
export function useParts(page: ContractPage, contract: BuyerContract): Markup {
  return html`${coveredPart(page, contract)} ${keysPart(page)} ${usagePart(page, contract)}
  ${webhookPart(page)}`;
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

function keysPart(page: ContractPage): Markup {
  const { keys, words, url } = page;
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
        ${keys.map(
          ({ id, ending, madeAt, revokedAt }) =>
            html`<li>
              ${say(`キー ${id}（末尾 `, `Key ${id} (ends in `)}<code>${ending}</code>${say('）', ')')}
              ${at(page, madeAt)}
              ${
                revokedAt === null
                  ? html`<form
                      class="inline"
                      method="post"
                      action="${actionOf(page, 'revoke-key')}"
                    >
                      <input type="hidden" name="key" value="${id}" />
                      <button class="small">
                        ${say(`キー ${id} を失効させる`, `Revoke key ${id}`)}
                      </button>
                    </form>`
                  : html`– ${say('失効', 'revoked')} ${at(page, revokedAt)}`
              }
            </li>`,
        )}
      </ul>`
    }
    ${
      open.length < BUYER_LIMITS.keys
        ? html`<form method="post" action="${actionOf(page, 'key')}">
            <button>${say('キーを発行する', 'Make a key')}</button>
          </form>`
        : html`<p class="hint">
            ${say(`キーは${BUYER_LIMITS.keys}個までです。使わないものを失効させると、新しく発行できます。`, `There are at most ${BUYER_LIMITS.keys} keys. Revoke one to make another.`)}
          </p>`
    }`;
}

function usagePart(page: ContractPage, contract: BuyerContract): Markup {
  const { month, usage, words } = page;
  const { say, language } = words;
  const of = (value: number, most: number): string =>
    `${numberText(value, language)} / ${numberText(most, language)}`;
  return html`<h2>${say('今月の利用', 'Used this month')}</h2>
    <dl class="figures">
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
  return html`<h2>${say('新しいデータの通知', 'Word of new data')}</h2>
    <p>
      ${say('新しいデータが出たとき、指定した https のアドレスに署名つきで知らせます。データそのものは送りません。', 'When a new release is out, a signed message is sent to an https address of yours. It has no data.')}
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
              ${one.dataset} ${one.period} v${one.version}: ${states[one.state]} ${at(page, one.at)}
              ${one.fault !== '' && html`<span class="hint">${one.fault}</span>`}
            </li>`,
        )}
      </ul>`
    }`;
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
