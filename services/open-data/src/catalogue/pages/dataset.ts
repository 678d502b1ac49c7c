import type { ReleaseManifest } from '@hitonami/model';
import { html, Markup, type Words } from '@hitonami/privacy';
import { layout } from '../../pages/layout.js';
import { numberText } from '../../pages/instants.js';
import { paths } from '../addresses.js';
import type { DatasetEntry, Tombstone } from '../entries.js';
import { spanOf } from '../listed.js';
import { chartDrawing } from '../preview/chart.js';
import { mapDrawing } from '../preview/map.js';
import type { Preview } from '../preview/previews.js';
import type { View } from '../view.js';
import { citationOf, LICENCE_FACTS, periodWords, stepWords, SUBJECT_FACTS } from '../words.js';
import { audienceBadge, factList, machineLinks, madeAt, periodText } from './bits.js';
import { columnsSection, filesSection } from './files.js';
import { legalSection, protectionSection, qualitySection, termsSection } from './promises.js';
import { releasesSection } from './releases.js';
import { schemaOrg } from './schema-org.js';

export interface DatasetPage {
  readonly entry: DatasetEntry;
  readonly manifest: ReleaseManifest;
  readonly preview: Preview | undefined;
  readonly view: View;
  /** Whether the page is about the dataset, at its newest release, rather than about one release. */
  readonly isOfDataset: boolean;
  /** Of the table of its releases, from 1. */
  readonly releasesPage: number;
}

/** Everything that is to be known of a dataset, or of one release of it. */
export function datasetPage(about: DatasetPage, words: Words): string {
  const { entry, manifest, preview, view, isOfDataset, releasesPage } = about;
  const { say, pick, language } = words;
  const { dataset } = manifest;
  const address = (other: 'ja' | 'en'): string =>
    isOfDataset ? paths.dataset(other, entry) : paths.release(other, manifest);
  const period = periodText(manifest.period, words);
  return layout(
    {
      ...{ words, isWide: true, path: address },
      title: isOfDataset ? pick(dataset.title) : `${pick(dataset.title)} – ${period}`,
      site: pick(manifest.siteName),
      head: headOf(about, address, words),
    },
    html`<p>
        <a href="${paths.list(language, entry.site)}">${say('データの一覧', 'Data')}</a>
        ${!isOfDataset && html` › <a href="${paths.dataset(language, entry)}">${pick(dataset.title)}</a>`}
      </p>
      ${versionNotes(entry, manifest, words)}
      <p class="lead">${audienceBadge(manifest, words)} ${pick(dataset.description)}</p>
      ${factsOf(entry, manifest, words)} ${previewSection(manifest, preview, words)}
      ${filesSection(manifest, words)} ${columnsSection(manifest, words)}
      ${termsSection(manifest, words)} ${legalSection(manifest, words)}
      ${qualitySection(manifest, words)} ${protectionSection(manifest, words)}
      ${releasesSection(entry, releasesPage, words)}
      <section id="citation">
        <h2>${say('引用のしかた', 'How to cite')}</h2>
        <p class="words">
          ${pick(citationOf(manifest, view.url + paths.release(language, manifest)))}
        </p>
      </section>
      ${machineLinks(entry.site, words)}`,
  );
}

function headOf(
  { entry, manifest, view, isOfDataset }: DatasetPage,
  address: (language: 'ja' | 'en') => string,
  { pick }: Words,
): Markup {
  // What would end the block is written as JSON may write it.
  const json = JSON.stringify(schemaOrg(entry, manifest, view, isOfDataset)).replaceAll(
    '<',
    '\\u003c',
  );
  return html`<meta
      name="description"
      content="${pick(manifest.dataset.description).slice(0, 300)}"
    />
    <link rel="canonical" href="${view.url}${address('ja')}" />
    ${(['ja', 'en'] as const).map((language) => html`<link rel="alternate" hreflang="${language}" href="${view.url}${address(language)}" />`)}
    <link rel="alternate" type="text/turtle" href="/dataset/${entry.name}.ttl" />
    <link rel="alternate" type="application/ld+json" href="/dataset/${entry.name}.jsonld" />
    <script type="application/ld+json">
      ${new Markup(json)}
    </script>`;
}

function versionNotes(entry: DatasetEntry, manifest: ReleaseManifest, words: Words): Markup {
  const { say, pick, language } = words;
  const newest = entry.periods.find(({ period }) => period === manifest.period)?.newest;
  const isOld = newest !== undefined && newest.version > manifest.version;
  return html`${
    isOld &&
    html`<div class="notice">
      <p>
        <strong>${say('この版は訂正されました。', 'This version was corrected. ')}</strong>
        <a href="${paths.release(language, newest)}"
          >${say(`第${newest.version}版を見る`, `See version ${newest.version}`)}</a
        >
      </p>
    </div>`
  }${
    manifest.correction !== undefined &&
    html`<div class="notice">
      <p>
        <strong
          >${say(`第${manifest.version}版での訂正：`, `Corrected in version ${manifest.version}: `)}</strong
        >${pick(manifest.correction)}
      </p>
    </div>`
  }`;
}

function factsOf(entry: DatasetEntry, manifest: ReleaseManifest, words: Words): Markup {
  const { say, pick, list } = words;
  const { dataset, publisher, contact, period, version } = manifest;
  const { fromMs, toMs } = spanOf(entry);
  const day = (ms: number): string =>
    words.day(
      new Intl.DateTimeFormat('en-CA', { timeZone: manifest.timeZone, dateStyle: 'short' }).format(
        ms,
      ),
    );
  const licence = LICENCE_FACTS[dataset.licence];
  return factList([
    { term: say('内容', 'What'), said: pick(SUBJECT_FACTS[dataset.subject].words) },
    { term: say('公開者', 'Publisher'), said: pick(publisher) },
    { term: say('問い合わせ先', 'Contact'), said: contact },
    {
      term: say('ライセンス', 'Licence'),
      said:
        licence.url === undefined
          ? html`<a href="#terms">${pick(licence.name)}</a>`
          : html`<a href="${licence.url}" rel="license">${pick(licence.name)}</a>`,
    },
    { term: say('料金', 'Price'), said: dataset.price && pick(dataset.price) },
    { term: say('時間の単位', 'Step'), said: pick(stepWords(dataset)) },
    { term: say('更新', 'Published'), said: pick(periodWords(dataset)) },
    { term: say('全体の期間', 'All periods'), said: `${day(fromMs)} – ${day(toMs - 1)}` },
    {
      term: say('このページの版', 'This release'),
      said: html`${periodText(period, words)}, ${say(`第${version}版`, `version ${version}`)},
      ${madeAt(manifest, words)}`,
    },
    { term: say('タイムゾーン', 'Time zone'), said: manifest.timeZone },
    {
      term: say('キーワード', 'Keywords'),
      said: dataset.keywords.length === 0 ? undefined : list(dataset.keywords.map(pick)),
    },
  ]);
}

function previewSection(
  manifest: ReleaseManifest,
  preview: Preview | undefined,
  words: Words,
): Markup {
  const { say, pick, language } = words;
  const heading = html`<h2>${say('プレビュー', 'Preview')}</h2>`;
  if (manifest.dataset.audience !== 'open')
    return html`<section id="preview">
      ${heading}
      <p>
        ${say('契約データのため、値は表示しません。項目は下の表にあります。', 'It is for those who have a contract, so no values are shown; its columns are below.')}
      </p>
    </section>`;
  if (preview === undefined)
    return html`<section id="preview">
      ${heading}
      <p>${say('いまはプレビューを表示できません。', 'The preview cannot be shown right now.')}</p>
    </section>`;
  const { chart, column, shapes, rows, rowsBefore } = preview;
  return html`<section id="preview">
    ${heading}
    ${preview.isTooLarge && html`<p class="hint">${say('ファイルが大きいため、図は表示しません。', 'The files are too large to draw.')}</p>`}
    ${chart && column && chartDrawing(chart, column, manifest.timeZone, words)}
    ${shapes.length > 0 && column && mapDrawing(shapes, column, words)}
    ${
      rows.length > 0 &&
      html`<div
        class="scroll"
        tabindex="0"
        role="region"
        aria-label="${say('いくつかの行', 'Some rows')}"
      >
        <table>
          <caption>
            ${say(`${rowsBefore + 1}行目からの${rows.length}行`, `${rows.length} rows, from row ${rowsBefore + 1} on`)}
          </caption>
          <thead>
            <tr>
              ${manifest.columns.map(({ title, name }) => html`<th scope="col"><abbr title="${name}">${pick(title)}</abbr></th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr>
                  ${manifest.columns.map(({ name }) => html`<td>${valueText(row[name], language)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
    }
  </section>`;
}

function valueText(value: string | number | null | undefined, language: 'ja' | 'en'): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? numberText(value, language) : value;
}

/** What is left of a dataset that was withdrawn. */
export function tombstonePage(
  entry: Tombstone,
  title: { ja: string; en: string },
  site: { ja: string; en: string },
  timeZone: string,
  words: Words,
): string {
  const { say, pick, language } = words;
  const { because, withdrawnMs } = entry.withdrawal;
  const day = words.day(
    new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(withdrawnMs),
  );
  return layout(
    {
      ...{ words, title: pick(title), site: pick(site) },
      path: (other) => paths.dataset(other, entry),
      head: html`<meta name="robots" content="noindex" />`,
    },
    html`<div class="notice">
        <p>
          <strong
            >${say(`このデータの公開は${day}に終わりました。`, `This is published no more since ${day}.`)}</strong
          >
        </p>
        <p>${pick(because)}</p>
      </div>
      <p>
        ${say('すでに取得した方は、この理由をご確認のうえ、利用を続けるかご判断ください。', 'If you have a copy, please consider this reason before you go on using it.')}
      </p>
      <p><a href="${paths.list(language, entry.site)}">${say('データの一覧', 'Data')}</a></p>`,
  );
}
