import type { Block, Section } from './document.js';
import type { NoticeDocument } from './documents.js';
import type { NoticeFacts } from './facts.js';
import { html, Markup } from './html.js';
import type { Language, Words } from './language.js';
import { MARK } from './mark.js';
import { qrCode } from './qr.js';
import { READING_STYLE } from './style.js';

/** A whole page; its style is its only one, so that a server can allow that alone. */
export function htmlPage(
  { language, title, style }: { language: Language; title: string; style: string },
  body: Markup,
): string {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Markup(style)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.html;
}

/** A document to be read, top to bottom. */
export function readingPage(
  { title, lead, sections }: NoticeDocument,
  notice: NoticeFacts,
  words: Words,
): string {
  const { plan, url, publishedOn } = notice;
  const site = words.pick(plan.name);
  const made = words.say(
    `計画 第${plan.version}版から作成。掲示日 ${words.day(publishedOn)}。`,
    `Made from version ${plan.version} of the plan. Put up on ${words.day(publishedOn)}.`,
  );
  return htmlPage(
    {
      language: words.language,
      title: `${title} ${words.say('―', '–')} ${site}`,
      style: READING_STYLE,
    },
    html`<main>
      <header>
        ${MARK}
        <div>
          <p class="site">${site}</p>
          <h1>${title}</h1>
        </div>
      </header>
      <p class="lead">${lead}</p>
      ${sections.map(sectionHtml)}
      <footer>
        ${url !== undefined && qrCode(url)}
        <div>
          ${url !== undefined && html`<p>${url}</p>`}
          <p>${made}</p>
        </div>
      </footer>
    </main>`,
  );
}

export function sectionHtml({ id, title, blocks }: Section): Markup {
  return html`<section id="${id}">
    <h2>${title}</h2>
    ${blocks.map(blockHtml)}
  </section> `;
}

/** From so many columns on, and characters in a row, a table is one of cards on a phone. */
const WIDE_COLUMNS = 3;
const WIDE_CHARACTERS = 40;

function blockHtml(block: Block): Markup {
  switch (block.kind) {
    case 'text':
      return html`<p>${block.text}</p>`;
    case 'points':
      return html`<ul>
        ${block.points.map((point) => html`<li>${point}</li>`)}
      </ul>`;
    case 'facts':
      return html`<table>
        <tbody>
          ${block.rows.map(
            ([name, value]) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${value}</td>
              </tr>`,
          )}
        </tbody>
      </table>`;
    case 'table':
      return html`<table${isWide(block) && new Markup(' class="wide"')}><thead><tr>${block.head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${block.rows.map(
        (row) =>
          html`<tr>
            ${row.map((value, i) => html`<td data-label="${block.head[i] ?? ''}">${value}</td>`)}
          </tr>`,
      )}</tbody></table>`;
    case 'drawings':
      return html`${block.drawings}`;
    case 'fill':
      return html`${block.labels.map((label) => html`<div class="fill">${label}</div>`)}`;
  }
}

function isWide({ head, rows }: Extract<Block, { kind: 'table' }>): boolean {
  return head.length >= WIDE_COLUMNS && rows.some((row) => row.join('').length > WIDE_CHARACTERS);
}
