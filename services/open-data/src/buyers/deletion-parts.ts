import { html, type Markup } from '@hitonami/privacy';
import type { BuyerEnd } from '@hitonami/records';
import { actionOf, at, type ContractPage } from './contract-page.js';
import { agreeField, personField } from './fields.js';

/** What is to be deleted, and by when that is to be confirmed; and what was confirmed by whom. */
export function deletionParts(page: ContractPage): Markup | false {
  const { ends, words } = page;
  const { say } = words;
  const open = ends.filter((end) => end.confirmedAt === null && end.datasets.length > 0);
  const done = ends.filter(({ confirmedAt }) => confirmedAt !== null);
  if (open.length + done.length === 0) return false;
  return html`<h2>${say('データの消去', 'Deletion of the data')}</h2>
    ${open.map((end) => openPart(page, end))}
    ${
      done.length > 0 &&
      html`<ul>
        ${done.map(
          (end) =>
            html`<li>
              ${titlesOf(page, end)}<br />
              ${say('消去の確認：', 'Deletion confirmed: ')}${end.confirmedAt !== null && at(page, end.confirmedAt)}
              ${end.confirmedBy ?? ''}
            </li>`,
        )}
      </ul>`
    }`;
}

function openPart(page: ContractPage, end: BuyerEnd): Markup {
  const { words, nowMs } = page;
  const { say } = words;
  const because = {
    revoked: say('契約が終了しました。', 'The contract was ended.'),
    'run-out': say('契約の期間が終わりました。', 'The time of the contract is over.'),
    withdrawn: say('このデータの公開が終わりました。', 'This dataset was withdrawn.'),
    replaced: say(
      '新しい版の契約に、このデータが含まれていません。',
      'The newer version of the contract does not have this.',
    ),
  }[end.reason];
  const isLate = end.confirmBy.getTime() <= nowMs;
  return html`<form method="post" action="${actionOf(page, 'confirm-deletion')}">
    <fieldset>
      <legend>${titlesOf(page, end)}</legend>
      <p>
        ${because} ${at(page, end.endedAt)}<br />
        ${say(
          '契約にもとづき、受け取ったデータと、その写しをすべて消去し、消去したことをここでお知らせください。',
          'As the contract says, delete all data that you received and every copy of it, and confirm it here.',
        )}
      </p>
      <p class="${isLate ? 'error' : 'hint'}">
        ${say('報告の期限：', 'To be confirmed by: ')}${at(page, end.confirmBy)}
        ${isLate && say('（過ぎています）', '(this is over)')}
      </p>
      <input type="hidden" name="end" value="${end.id}" />
      ${personField(words, `person-${end.id}`)}
      ${agreeField(say('受け取ったデータとその写しをすべて消去しました。', 'All data that was received, and every copy, is deleted.'), `agree-${end.id}`)}
      <button>${say('消去を報告する', 'Confirm the deletion')}</button>
    </fieldset>
  </form>`;
}

function titlesOf({ plan, words: { pick, say } }: ContractPage, { datasets }: BuyerEnd): string {
  return datasets
    .map((id) => {
      const dataset = plan.datasets.find((one) => one.id === id);
      return dataset === undefined ? id : pick(dataset.title);
    })
    .join(say('、', ', '));
}
