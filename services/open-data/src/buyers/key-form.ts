import type { SitePlan } from '@hitonami/model';
import { html, type Markup, type Words } from '@hitonami/privacy';
import type { BuyerContract, BuyerKeyGrant } from '@hitonami/records';
import { numberText } from '../pages/instants.js';

/** As files are told of, bytes. */
const MEGABYTE = 1_000_000;

/** For what a key can be made: a purpose of the contract, with the datasets that the plan gives for it. */
export interface KeyChoice {
  readonly purpose: string;
  readonly name: string;
  readonly datasets: readonly { readonly id: string; readonly title: string }[];
}

/** What the contract gives and the plan still has, by purpose; a purpose without a dataset is none. */
export function keyChoices(
  plan: SitePlan,
  { datasets, purposes }: BuyerContract,
  { pick }: Words,
): KeyChoice[] {
  const given = plan.datasets.filter(({ id }) => datasets.includes(id));
  return plan.governance.purposes
    .filter(({ id }) => purposes.includes(id))
    .map(({ id: purpose, name }) => ({
      purpose,
      name: pick(name),
      datasets: given
        .filter((dataset) => dataset.purpose === purpose)
        .map(({ id, title }) => ({ id, title: pick(title) })),
    }))
    .filter((choice) => choice.datasets.length > 0);
}

/** A form for each purpose: without scripts, datasets of another purpose cannot be hidden otherwise. */
export function keyForm(
  choices: readonly KeyChoice[],
  { downloadsPerMonth, bytesPerMonth }: BuyerContract,
  action: string,
  { say, language }: Words,
): Markup {
  const most = (value: number): string => numberText(value, language);
  return html`${choices.map(
    ({ purpose, name, datasets }) =>
      html`<form method="post" action="${action}">
        <fieldset>
          <legend>
            ${say(`新しいキー：${name}のために`, `A new key, to be used for: ${name}`)}
          </legend>
          <input type="hidden" name="purpose" value="${purpose}" />
          ${datasets.map(({ id, title }) => datasetBox(purpose, id, title, datasets.length === 1))}
          <label for="downloads-${purpose}"
            >${say(`月のダウンロード数（${most(downloadsPerMonth)}まで）`, `Downloads a month (at most ${most(downloadsPerMonth)})`)}</label
          >
          <input
            id="downloads-${purpose}"
            name="downloads"
            inputmode="numeric"
            maxlength="9"
            required
            value="${downloadsPerMonth}"
          />
          <label for="megabytes-${purpose}"
            >${say(`月のデータ量（MB、${most(bytesPerMonth / MEGABYTE)}まで）`, `Data a month (MB, at most ${most(bytesPerMonth / MEGABYTE)})`)}</label
          >
          <input
            id="megabytes-${purpose}"
            name="megabytes"
            inputmode="decimal"
            maxlength="17"
            required
            value="${bytesPerMonth / MEGABYTE}"
          />
          <button>${say('キーを発行する', 'Make a key')}</button>
        </fieldset>
      </form>`,
  )}`;
}

function datasetBox(purpose: string, id: string, title: string, isOnly: boolean): Markup {
  const field = `key-${purpose}-${id}`;
  const box = isOnly
    ? html`<input type="checkbox" id="${field}" name="dataset" value="${id}" checked />`
    : html`<input type="checkbox" id="${field}" name="dataset" value="${id}" />`;
  return html`<div class="choice">${box}<label for="${field}">${title}</label></div>`;
}

/** What the form asked for, or what is wrong with it. */
export function readKeyForm(
  form: URLSearchParams,
  choices: readonly KeyChoice[],
  { say }: Words,
): { grant: BuyerKeyGrant } | { problem: string } {
  const wanted = [...new Set(form.getAll('dataset'))];
  const choice = choices.find(({ purpose }) => purpose === form.get('purpose'));
  if (choice === undefined)
    return {
      problem: say(
        'キーの利用目的を、契約にあるものから一つ選んでください。',
        'Please name one purpose of the contract that the key is for.',
      ),
    };
  if (wanted.length === 0)
    return {
      problem: say(
        'キーで利用するデータセットを一つ以上選んでください。',
        'Please choose at least one dataset that the key is for.',
      ),
    };
  if (!wanted.every((id) => choice.datasets.some((one) => one.id === id)))
    return {
      problem: say(
        `選ばれたデータセットの中に、契約にないか、「${choice.name}」のためには提供していないものがあります。`,
        `One of these datasets is not in the contract, or not given for “${choice.name}”.`,
      ),
    };
  const downloads = form.get('downloads')?.trim() ?? '';
  const megabytes = form.get('megabytes')?.trim() ?? '';
  const bytesPerMonth = Math.round(Number(megabytes) * MEGABYTE);
  if (
    !/^[1-9]\d{0,8}$/.test(downloads) ||
    !/^\d{1,10}(\.\d{1,6})?$/.test(megabytes) ||
    bytesPerMonth < 1
  )
    return {
      problem: say(
        'キーの上限は、1以上の数で入力してください。',
        'Please say how much the key may fetch, as numbers from 1.',
      ),
    };
  const downloadsPerMonth = Number(downloads);
  return {
    grant: { datasets: wanted, purpose: choice.purpose, downloadsPerMonth, bytesPerMonth },
  };
}
