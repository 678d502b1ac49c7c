import type { ReleaseColumn, ReleaseManifest } from '@hitonami/model';
import { html, type Markup, type Words } from '@hitonami/privacy';
import { numberText } from '../../pages/instants.js';
import { paths } from '../addresses.js';
import { FORMAT_FACTS } from '../words.js';
import { bytesText } from './bits.js';

/** The files of a release: open ones to be downloaded, those of buyers with how to get them. */
export function filesSection(manifest: ReleaseManifest, words: Words): Markup {
  const { say, pick, language } = words;
  const isOpen = manifest.dataset.audience === 'open';
  const { price } = manifest.dataset;
  return html`<section id="files">
    <h2>${say('ファイル', 'Files')}</h2>
    ${
      !isOpen &&
      html`<div class="notice">
        <p>
          ${say('契約した利用者に、鍵（キー）で提供します。', 'For those who have a contract, with a key. ')}
          ${price !== undefined && html`${say('料金：', 'Price: ')}${pick(price)}${say('。', '. ')}`}
          <a href="/${language}/${manifest.site}/buyers"
            >${say('登録と契約の手続き', 'How to register and get a contract')}</a
          >
        </p>
      </div>`
    }
    <div
      class="scroll"
      tabindex="0"
      role="region"
      aria-label="${say('ファイルの表', 'Table of files')}"
    >
      <table>
        <thead>
          <tr>
            <th scope="col">${say('ファイル', 'File')}</th>
            <th scope="col">${say('形式', 'Format')}</th>
            <th scope="col">${say('大きさ', 'Size')}</th>
            <th scope="col">${say('行数', 'Rows')}</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          ${manifest.files.map((file) => {
            const { name, words: about } = FORMAT_FACTS[file.format];
            return html`<tr>
              <td>
                ${isOpen ? html`<a href="${paths.file(manifest, file)}" download>${file.name}</a>` : file.name}
              </td>
              <td>${name}<br /><span class="hint">${pick(about)}</span></td>
              <td class="number">${bytesText(file.bytes)}</td>
              <td class="number">${file.rows === 0 ? '' : numberText(file.rows, language)}</td>
              <td><code>${file.sha256}</code></td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** The dictionary. */
export function columnsSection({ columns }: ReleaseManifest, { say, pick }: Words): Markup {
  const unitOf = ({ unit, type }: ReleaseColumn): string => unit ?? type;
  return html`<section id="columns">
    <h2>${say('項目', 'Columns')}</h2>
    <table class="wide">
      <thead>
        <tr>
          <th scope="col">${say('項目', 'Column')}</th>
          <th scope="col">${say('単位・型', 'Unit or type')}</th>
          <th scope="col">${say('説明', 'What it is')}</th>
        </tr>
      </thead>
      <tbody>
        ${columns.map(
          (column) =>
            html`<tr>
              <td data-label="${say('項目', 'Column')}">
                ${pick(column.title)}<br /><code>${column.name}</code>
              </td>
              <td data-label="${say('単位・型', 'Unit or type')}">${unitOf(column)}</td>
              <td data-label="${say('説明', 'What it is')}">
                ${pick(column.description)}
                ${column.allowed && html`<br /><code>${column.allowed.join(', ')}</code>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
