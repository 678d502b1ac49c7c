import type { SitePlan } from '@hitonami/model';
import { html, type Markup, type Words } from '@hitonami/privacy';
import { BUYERS_PATH, datasetsForBuyers } from '../../buyers/application-pages.js';
import { layout } from '../../pages/layout.js';
import { paths } from '../addresses.js';
import type { DatasetEntry, Tombstone } from '../entries.js';
import { QUERY_LENGTH_MAX } from '../search.js';
import { FORMAT_FACTS, LICENCE_FACTS, periodWords, stepWords, SUBJECT_FACTS } from '../words.js';
import { audienceBadge, machineLinks, periodText } from './bits.js';

/** Datasets on one page. */
export const LIST_LENGTH = 20;

export interface ListPage {
  readonly plan: SitePlan;
  readonly query: string;
  /** Of this page. */
  readonly found: readonly DatasetEntry[];
  readonly total: number;
  readonly page: number;
  readonly withdrawn: readonly Tombstone[];
  readonly titleOf: (entry: Tombstone) => { ja: string; en: string };
}

/** What a site publishes and sells, and what is found of it. */
export function listPage(
  { plan, query, found, total, page, withdrawn, titleOf }: ListPage,
  words: Words,
): string {
  const { say, pick, language } = words;
  const base = paths.list(language, plan.site);
  return layout(
    {
      ...{ words, title: say('データの一覧', 'Data'), site: pick(plan.name), isWide: true },
      path: (other) => paths.list(other, plan.site) + queryText(query, page),
      head: html`<link
        rel="alternate"
        type="application/atom+xml"
        href="${base}feed.atom"
        title="${say('更新', 'What is new')}"
      />`,
    },
    html`<p class="lead">
        ${say('この場所で測った混雑と人の流れの統計です。個人の位置や映像は含みません。', 'Statistics of how crowded this place is and how people move through it; nobody’s position, and no picture.')}
      </p>
      <form class="search" role="search" action="${base}">
        <label for="q">${say('データを探す', 'Search')}</label>
        <div>
          <input id="q" name="q" type="search" maxlength="${QUERY_LENGTH_MAX}" value="${query}" />
          <button>${say('検索', 'Search')}</button>
        </div>
      </form>
      <p role="status">
        ${query === '' ? say(`${total}件`, `${total} datasets`) : say(`「${query}」で${total}件`, `${total} found for “${query}”`)}
        ${query !== '' && html` · <a href="${base}">${say('すべて表示', 'Show all')}</a>`}
      </p>
      <ul class="datasets">
        ${found.map((entry) => item(entry, words))}
      </ul>
      ${pager(base, query, page, Math.ceil(total / LIST_LENGTH), words)}
      ${
        withdrawn.length > 0 &&
        html`<section id="withdrawn">
          <h2>${say('公開を終えたデータ', 'Published no more')}</h2>
          <ul>
            ${withdrawn.map((entry) => html`<li><a href="${paths.dataset(language, entry)}">${pick(titleOf(entry))}</a></li>`)}
          </ul>
        </section>`
      }
      ${
        datasetsForBuyers(plan).length > 0 &&
        html`<p>
          <a href="/${language}/${plan.site}/${BUYERS_PATH}"
            >${say('より詳しいデータは、契約して利用できます', 'More detail can be had under a contract')}</a
          >
        </p>`
      }
      ${machineLinks(plan.site, words)}
      <p>
        <a href="/${language}/${plan.site}/"
          >${say('計測のお知らせへ', 'The notice on what is measured')}</a
        >
      </p>`,
  );
}

function item(entry: DatasetEntry, words: Words): Markup {
  const { pick, language, say } = words;
  const { newest } = entry;
  const { dataset } = newest;
  const formats = [...new Set(newest.files.map(({ format }) => FORMAT_FACTS[format].name))];
  return html`<li>
    <h2><a href="${paths.dataset(language, entry)}">${pick(dataset.title)}</a></h2>
    <p>
      ${audienceBadge(newest, words)} ${pick(SUBJECT_FACTS[dataset.subject].name)} ·
      ${pick(stepWords(dataset))} · ${pick(periodWords(dataset))} ·
      ${pick(LICENCE_FACTS[dataset.licence].name)}
    </p>
    <p>${pick(dataset.description)}</p>
    ${dataset.price !== undefined && html`<p><strong>${say('料金：', 'Price: ')}</strong>${pick(dataset.price)}</p>`}
    <p class="hint">
      ${say('最新：', 'Newest: ')}${periodText(newest.period, words)} · ${formats.join(', ')}
    </p>
  </li>`;
}

function pager(
  base: string,
  query: string,
  page: number,
  pages: number,
  { say }: Words,
): Markup | false {
  if (pages <= 1) return false;
  const link = (to: number, name: string): Markup | false =>
    to >= 1 && to <= pages && html`<a href="${base}${queryText(query, to)}">${name}</a> `;
  return html`<nav aria-label="${say('ページ', 'Pages')}">
    <p>
      ${link(page - 1, say('前のページ', 'Previous page'))} ${page} / ${pages}
      ${link(page + 1, say('次のページ', 'Next page'))}
    </p>
  </nav>`;
}

function queryText(query: string, page: number): string {
  const parameters = new URLSearchParams();
  if (query !== '') parameters.set('q', query);
  if (page > 1) parameters.set('page', String(page));
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
