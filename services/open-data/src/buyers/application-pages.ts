import type { PlanDataset, SitePlan } from '@hitonami/model';
import { html, type Markup, type Words } from '@hitonami/privacy';
import { APPLICATION_KEPT_DAYS, BUYER_LIMITS } from '@hitonami/records';
import { layout } from '../pages/layout.js';
import { NOTHING, type Application } from './reading.js';

/** Under which address, below the site, buyers are at home. */
export const BUYERS_PATH = 'buyers';

export function datasetsForBuyers({ datasets }: SitePlan): PlanDataset[] {
  return datasets.filter(({ audience }) => audience === 'buyers');
}

/** What the class of the law means, in words. */
export function legalClassText({ legalClass }: PlanDataset, { say }: Words): string {
  return legalClass === 'statistical-information'
    ? say(
        '統計情報（個人情報保護法上の公表義務はありません）',
        'statistical information (no duty of publication under the Act on the Protection of Personal Information)',
      )
    : say(
        '匿名加工情報（含まれる項目と提供の方法を公表します。個人情報保護法第43条・第44条）',
        'anonymously processed information (its items and the way it is provided are published: articles 43 and 44 of the Act on the Protection of Personal Information)',
      );
}

/** What is offered to organisations, and the form to apply for it. @param problem what was wrong with what was written */
export function applicationPage(
  plan: SitePlan,
  words: Words,
  written: Application = NOTHING,
  problem?: string,
): string {
  const { say } = words;
  const path = `${plan.site}/${BUYERS_PATH}`;
  const offered = datasetsForBuyers(plan);
  return layout(
    {
      ...{ words, title: say('契約して利用するデータ', 'Data under a contract') },
      site: words.pick(plan.name),
      path: (other) => `/${other}/${path}`,
    },
    html`<p>
        ${say(
          '公開データより詳しいデータを、契約した団体に提供します。個人が特定できるデータ、一人ひとりの動き、映像は含みません。',
          'Organisations with a contract get more detail than open data has. There is nothing in it that tells who anybody is, no single person’s way, and no picture.',
        )}
      </p>
      ${offered.length === 0 ? nothing(words) : form(plan, offered, words, written, problem)}
      ${waysBack(plan, words)}`,
  );
}

/** To what is open, and to the notice. */
export function waysBack({ site, datasets }: SitePlan, { say, language }: Words): Markup {
  return html`<p>
    ${
      datasets.length > 0 &&
      html`<a href="/${language}/${site}/data/">${say('データの一覧', 'All data')}</a> · `
    }
    <a href="/${language}/${site}/">${say('お知らせへ戻る', 'Back to the notice')}</a>
  </p>`;
}

function nothing({ say }: Words): Markup {
  return html`<p class="notice">
    ${say('いま提供しているデータはありません。', 'Nothing is offered at the moment.')}
  </p>`;
}

function form(
  plan: SitePlan,
  offered: readonly PlanDataset[],
  words: Words,
  written: Application,
  problem: string | undefined,
): Markup {
  const { say, language } = words;
  return html`<h2>${say('利用までの流れ', 'How it goes')}</h2>
    <ol>
      <li>
        ${say('下のフォームで申し込みます。表示されるリンクが、契約のページになります。', 'Apply with the form below. The link that you get is your contract page.')}
      </li>
      <li>
        ${say('担当者が契約を用意します。契約のページで内容を読み、同意します。', 'The staff prepare a contract. You read and accept it at your contract page.')}
      </li>
      <li>
        ${say('契約のページでキーを発行し、データをダウンロードします。', 'You make a key at your contract page, and download with it.')}
      </li>
    </ol>
    <p>
      ${say(
        '契約では、個人の再識別、契約に挙げる情報との照合、第三者への提供を禁じ、終了時の消去と報告を求めます。',
        'Every contract forbids to find out who somebody is, to combine the data with what it lists, and to pass it on; at its end everything is deleted, and that is confirmed.',
      )}
    </p>
    ${problem !== undefined && html`<p class="error" role="alert">${problem}</p>`}
    <form method="post" action="/${language}/${plan.site}/${BUYERS_PATH}">
      <fieldset>
        <legend>${say('データセット', 'Datasets')}</legend>
        ${offered.map((dataset) => datasetChoice(dataset, words, written))}
      </fieldset>
      ${lineField('organisation', say('団体名', 'Organisation'), undefined, written.organisation, 'organization')}
      ${lineField(
        'contact',
        say('連絡先', 'Contact'),
        say(
          '担当の方のメールアドレスまたは電話番号',
          'An e-mail address or telephone number of who is responsible',
        ),
        written.contact,
        'off',
      )}
      <label for="intent">${say('利用目的', 'What it is for')}</label>
      <p class="hint" id="intent-hint">
        ${say(`${BUYER_LIMITS.intent}文字まで。何のために、どう使うかをお書きください。`, `At most ${BUYER_LIMITS.intent} characters: what you want to find out, and how the data will be used.`)}
      </p>
      <textarea
        id="intent"
        name="intent"
        required
        maxlength="${BUYER_LIMITS.intent}"
        aria-describedby="intent-hint"
      >
${written.intent}</textarea>
      <div class="trap" aria-hidden="true">
        <label for="website">${say('ここには書かないでください', 'Leave this empty')}</label
        ><input id="website" name="website" tabindex="-1" autocomplete="off" />
      </div>
      <p class="hint">
        ${say(
          `契約に至らなかった申し込みは、${APPLICATION_KEPT_DAYS}日後に消します。`,
          `What does not become a contract is erased after ${APPLICATION_KEPT_DAYS} days.`,
        )}
      </p>
      <button>${say('申し込む', 'Apply')}</button>
    </form>`;
}

function datasetChoice(dataset: PlanDataset, words: Words, { wanted }: Application): Markup {
  const { say, pick } = words;
  const { id, title, description, price } = dataset;
  const isWanted = wanted.includes(id);
  const box = isWanted
    ? html`<input type="checkbox" id="wanted-${id}" name="wanted" value="${id}" checked />`
    : html`<input type="checkbox" id="wanted-${id}" name="wanted" value="${id}" />`;
  return html`<div class="choice">
    ${box}<label for="wanted-${id}">${pick(title)}</label>
    <p class="hint">${pick(description)}</p>
    <p class="hint">
      ${price && html`${say('料金：', 'Price: ')}${pick(price)}<br />`}${say('法律上の区分：', 'Legal class: ')}${legalClassText(dataset, words)}
    </p>
  </div>`;
}

function lineField(
  name: 'organisation' | 'contact',
  label: string,
  hint: string | undefined,
  value: string,
  complete: string,
): Markup {
  const most = BUYER_LIMITS[name];
  return html`<label for="${name}">${label}</label>
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    <input
      id="${name}"
      name="${name}"
      required
      maxlength="${most}"
      autocomplete="${complete}"
      value="${value}"
      ${hint !== undefined && html`aria-describedby="${name}-hint"`}
    />`;
}

/** That it has come, with the link to the contract page. */
export function appliedPage(
  plan: SitePlan,
  number: number | undefined,
  link: string,
  words: Words,
): string {
  const { say } = words;
  return layout(
    {
      words,
      title: say('申し込みを受け付けました', 'Your application has come in'),
      site: words.pick(plan.name),
    },
    html`${number !== undefined && html`<p>${say('受付番号：', 'Number: ')}<strong>${number}</strong></p>`}
      <p>
        ${say(
          '次のリンクが契約のページです。契約への同意、キーの発行、利用状況の確認はここで行います。リンクを知っている人は誰でも操作できますので、大切に保管してください。あとから調べ直すことはできません。',
          'This is your contract page: there you accept the contract, make keys, and see what was used. Whoever has the link can do all that, and it cannot be found again later: please keep it safe.',
        )}
      </p>
      <p class="link"><a href="${link}">${link}</a></p>
      <p>
        <a href="/${words.language}/${plan.site}/"
          >${say('お知らせへ戻る', 'Back to the notice')}</a
        >
      </p>`,
  );
}
