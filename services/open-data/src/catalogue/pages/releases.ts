import { html, type Markup, type Words } from '@hitonami/privacy';
import { paths } from '../addresses.js';
import type { DatasetEntry } from '../entries.js';
import { madeAt, periodText } from './bits.js';

/** Periods in the table at once: a month of days. */
export const RELEASES_SHOWN = 31;

/** Every period with its versions, and what each corrected. */
export function releasesSection(entry: DatasetEntry, page: number, words: Words): Markup {
  const { say, pick, language } = words;
  const { periods } = entry;
  const pages = Math.max(1, Math.ceil(periods.length / RELEASES_SHOWN));
  const shown = periods.slice((page - 1) * RELEASES_SHOWN, page * RELEASES_SHOWN);
  const link = (to: number, name: string): Markup | false =>
    to >= 1 &&
    to <= pages &&
    html`<a href="${paths.dataset(language, entry)}?page=${to}#releases">${name}</a> `;
  return html`<section id="releases">
    <h2>${say('公開した期間と版', 'Periods and versions')}</h2>
    <table class="wide">
      <thead>
        <tr>
          <th scope="col">${say('期間', 'Period')}</th>
          <th scope="col">${say('版', 'Version')}</th>
          <th scope="col">${say('公開日時', 'Published')}</th>
          <th scope="col">${say('訂正の理由', 'Why it was corrected')}</th>
        </tr>
      </thead>
      <tbody>
        ${shown.flatMap(({ versions }) =>
          versions.map(
            (manifest) =>
              html`<tr>
                <td data-label="${say('期間', 'Period')}">
                  <a href="${paths.release(language, manifest)}"
                    >${periodText(manifest.period, words)}${versions.length > 1 && ` v${manifest.version}`}</a
                  >
                </td>
                <td data-label="${say('版', 'Version')}">${manifest.version}</td>
                <td data-label="${say('公開日時', 'Published')}">${madeAt(manifest, words)}</td>
                <td data-label="${say('訂正の理由', 'Why it was corrected')}">
                  ${manifest.correction === undefined ? '–' : pick(manifest.correction)}
                </td>
              </tr>`,
          ),
        )}
      </tbody>
    </table>
    ${pages > 1 && html`<p>${link(page - 1, say('新しい期間', 'Newer'))} ${page} / ${pages} ${link(page + 1, say('古い期間', 'Older'))}</p>`}
    <p>
      <a href="/api/v1/${entry.site}/datasets/${entry.dataset}/releases"
        >${say('すべての版とファイル（JSON）', 'All versions and files (JSON)')}</a
      >
    </p>
  </section>`;
}
