import type { ReleaseManifest } from '@hitonami/model';
import { html, type Markup, type Words } from '@hitonami/privacy';
import { numberText } from '../../pages/instants.js';
import { LEGAL_FACTS, LICENCE_FACTS, NO_REIDENTIFICATION, SUPPLY_WORDS } from '../words.js';
import { factList } from './bits.js';

/** What may be done with it. */
export function termsSection(
  { dataset, publisher }: ReleaseManifest,
  { say, pick }: Words,
): Markup {
  const licence = LICENCE_FACTS[dataset.licence];
  return html`<section id="terms">
    <h2>${say('利用条件', 'Terms')}</h2>
    <p>
      ${licence.url === undefined ? html`<strong>${pick(licence.name)}</strong>` : html`<a href="${licence.url}" rel="license">${pick(licence.name)}</a>`}${say('：', ': ')}${pick(licence.words)}
    </p>
    ${licence.url !== undefined && dataset.licence !== 'CC0-1.0' && html`<p>${say(`出典：${pick(publisher)}`, `Source: ${pick(publisher)}`)}</p>`}
    <p>${pick(NO_REIDENTIFICATION)}</p>
  </section>`;
}

/** What the law calls it, and what follows from that. */
export function legalSection(
  { dataset, columns }: ReleaseManifest,
  { say, pick, list }: Words,
): Markup {
  const { name, words } = LEGAL_FACTS[dataset.legalClass];
  const way =
    dataset.audience === 'open'
      ? say('このページからのダウンロード', 'Download from this page')
      : say(
          '契約した利用者による、鍵を使ったダウンロード',
          'Download with a key, by those who have a contract',
        );
  return html`<section id="law">
    <h2>${say('法律上の区分と公表義務', 'Legal class and duty of publication')}</h2>
    <p><strong>${pick(name)}</strong>${say('：', ': ')}${pick(words)}</p>
    ${factList([
      {
        term: say('含まれる情報の項目', 'Items'),
        said: list(columns.map(({ title }) => pick(title))),
      },
      { term: say('提供の方法', 'How it is given'), said: way },
    ])}
  </section>`;
}

/** How good it is, what was missing, and what happens when it cannot be supplied. */
export function qualitySection(
  { quality }: ReleaseManifest,
  { say, pick, percent, language }: Words,
): Markup {
  const { coverage, cells, notSeenCells, protectedCells } = quality;
  const unknown = say('不明', 'unknown');
  const ofAll = (count: number): string =>
    cells === 0
      ? numberText(count, language)
      : `${numberText(count, language)} (${percent(count / cells)})`;
  return html`<section id="quality">
    <h2>${say('品質', 'Quality')}</h2>
    ${factList([
      {
        term: say('観測できた割合', 'Coverage'),
        said: coverage === null ? unknown : percent(coverage),
      },
      { term: say('値の数', 'Cells'), said: numberText(cells, language) },
      {
        term: say('停止などで観測できなかった値', 'Not seen, cameras being stopped or away'),
        said: ofAll(notSeenCells),
      },
      {
        term: say('人数が少なく伏せた値', 'Withheld to protect few'),
        said:
          protectedCells === undefined ? say('公表しません', 'Not told') : ofAll(protectedCells),
      },
    ])}
    <ul>
      ${SUPPLY_WORDS.map((words) => html`<li>${pick(words)}</li>`)}
    </ul>
  </section>`;
}

/** How people were protected, and what accuracy is left. */
export function protectionSection({ protection }: ReleaseManifest, { say, pick }: Words): Markup {
  const { k, roundedTo, epsilon, delta, contributionsMax, error95, words } = protection;
  return html`<section id="protection">
    <h2>${say('個人の保護', 'How people are protected')}</h2>
    <p>${pick(words)}</p>
    ${factList([
      { term: say('最少人数', 'Fewest people'), said: say(`${k}人`, String(k)) },
      {
        term: say('端数処理', 'Rounded to'),
        said:
          roundedTo === 1
            ? say('しません', 'not rounded')
            : say(`${roundedTo}単位`, `multiples of ${roundedTo}`),
      },
      { term: 'ε', said: epsilon === undefined ? undefined : String(epsilon) },
      { term: 'δ', said: delta === undefined ? undefined : String(delta) },
      {
        term: say('1人が影響する値の数の上限', 'Cells that one person counts in at most'),
        said: contributionsMax === undefined ? undefined : String(contributionsMax),
      },
      {
        term: say('95%の値の誤差の上限', 'Error that 95 % stay under'),
        said: error95 === undefined ? undefined : String(error95),
      },
    ])}
  </section>`;
}
