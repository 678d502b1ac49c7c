import { changesBetween } from './changes.js';
import type { NoticeDocument } from './documents.js';
import type { NoticeFacts } from './facts.js';
import { fitted, type Entry } from './fit.js';
import { html, type Markup } from './html.js';
import { sentence, wordsOf, type Words } from './language.js';
import { maps } from './map.js';
import { MARK, STEP_ICONS } from './mark.js';
import { ITEM_NAMES, placeNames } from './names.js';
import { htmlPage } from './page.js';
import { pathSentence } from './path-section.js';
import { qrCode } from './qr.js';
import { otherRecorders, retentionRows, startText } from './sections.js';
import { POSTER_STYLE, STICKER_STYLE } from './style.js';

/** Width of the maps on a poster, and what stands under each; mm. */
const MAP_MM = 94;
const MAP_CAPTION_MM = 8;
/** Changes that a poster names; the page names all. */
const CHANGES_MAX = 3;

/** The notice at the place. */
export function posterPage(
  { title, lead }: NoticeDocument,
  notice: NoticeFacts,
  words: Words,
): string {
  const { say, pick } = words;
  const { plan, purposes } = notice;
  const colon = say('：', ': ');
  const lines = (rows: readonly (readonly [string, string])[]): string[] =>
    rows.map(([name, value]) => `${name}${colon}${value}`);
  const entries: Entry[] = [
    [say('開始日', 'Since'), [startText(notice, words)]],
    [
      say('何のために', 'What for'),
      purposes.map(({ purpose }) => {
        const places = placeNames(plan, purpose.places, words);
        const where = purpose.places === undefined ? '' : say(`（${places}）`, ` (${places})`);
        return `${pick(purpose.name)}${where}${colon}${pick(purpose.description)}`;
      }),
    ],
    [
      say('利用される方の利点', 'What you have of it'),
      [...new Set(purposes.map(({ purpose }) => pick(purpose.benefit)))],
    ],
    [
      say('ひとりの道筋を区別できるか', 'Can one person’s path be told?'),
      [pathSentence(notice, words)],
    ],
    [
      say('データを受け取る者', 'Who receives data'),
      plan.governance.recipients.map(({ id, name }) => {
        const uses = purposes.filter(({ purpose }) => purpose.recipients.includes(id));
        const what = uses.map(({ purpose }) => pick(purpose.name)).join(say('、', '; '));
        return `${pick(name)}${colon}${what === '' ? say('なし', 'nothing') : what}`;
      }),
    ],
    [
      say('映像から作るデータ', 'What is made from the picture'),
      [...notice.items].map((item) => sentence(pick(ITEM_NAMES[item]))),
    ],
    [say('保存期間', 'Kept for'), lines(retentionRows(notice, words))],
    [say('ほかに録画する者', 'Who else records'), lines(otherRecorders(notice, words))],
  ];
  const changed = changeLines(notice, words);
  const floors = maps(notice, words);
  const mapMm = floors.reduce(
    (sum, { heightShare }) => sum + heightShare * MAP_MM + MAP_CAPTION_MM,
    0,
  );
  const { size, left, right } = fitted(entries, changed, mapMm);
  const other = words.language === 'ja' ? 'en' : 'ja';
  return htmlPage(
    { language: words.language, title, style: POSTER_STYLE },
    html`<main class="s${size}">
      <div class="head">
        ${MARK}
        <div>
          <h1>${title}</h1>
          <p>${lead}</p>
        </div>
      </div>
      ${steps(words)} ${changes(changed, words)}
      <div class="body">
        <div class="maps">
          ${floors.map(({ drawing }) => drawing)}
          <dl class="under">${left.map(entry)}</dl>
        </div>
        <dl>${right.map(entry)}</dl>
      </div>
      <div class="foot">
        ${notice.url !== undefined && qrCode(notice.url)}
        <div>
          <p class="who">${pick(notice.operator.name)}</p>
          <p>${say('お問い合わせ・ご意見：', 'Questions, opinions: ')}${plan.operator.contact}</p>
          ${notice.url !== undefined && html`<p class="url">${say('詳しい説明：', 'All of it: ')}${notice.url}</p>`}
          <p class="other" lang="${other}">${glance(notice, wordsOf(other))}</p>
        </div>
      </div>
    </main>`,
  );
}

/** The sticker: a mark, two lines, and where to learn more. */
export function stickerPage({ title }: NoticeDocument, notice: NoticeFacts, words: Words): string {
  const { say, pick } = words;
  const other = words.language === 'ja' ? 'en' : 'ja';
  return htmlPage(
    { language: words.language, title, style: STICKER_STYLE },
    html`<main>
      <div class="top">
        ${MARK}
        <div>
          <h1 class="big">${say('混雑を測っています', 'Measuring crowding')}</h1>
          <p>
            ${say('映像は保存しません。誰であるかを見分けません。', 'No picture is kept. Nobody is recognised.')}
          </p>
          <p class="other" lang="${other}">${glance(notice, wordsOf(other))}</p>
        </div>
      </div>
      <div class="bottom">
        ${notice.url !== undefined && qrCode(notice.url)}
        <div>
          <p>
            ${say('目的：', 'For: ')}${words.list(notice.purposes.map(({ purpose }) => pick(purpose.name)))}
          </p>
          <p class="who">${pick(notice.operator.name)}</p>
          <p>${say('お問い合わせ：', 'Contact: ')}${notice.plan.operator.contact}</p>
          ${notice.url !== undefined && html`<p>${notice.url}</p>`}
        </div>
      </div>
    </main>`,
  );
}

/** All of it in one line of the other language, for those who do not read the first. */
function glance(_: NoticeFacts, { say }: Words): string {
  return say(
    'カメラで混雑を測っています。映像は保存しません。',
    'Cameras measure crowding here. No picture is kept; nobody is recognised.',
  );
}

function steps({ say }: Words): Markup {
  return html`<div class="steps">
    <div>
      ${STEP_ICONS.camera}
      <p>${say('カメラで見て', 'A camera looks')}</p>
    </div>
    <div>
      ${STEP_ICONS.dots}
      <p>${say('人のいる場所を点にして', 'People become dots')}</p>
    </div>
    <div>
      ${STEP_ICONS.gone}
      <p>${say('映像はすぐに消します', 'The picture is destroyed')}</p>
    </div>
  </div>`;
}

function entry([name, all]: Entry): Markup {
  return html`<dt>${name}</dt>
    ${all.map((one) => html`<dd>${one}</dd>`)}`;
}

function changes(changed: readonly string[], { say }: Words): Markup | false {
  if (changed.length === 0) return false;
  return html`<div class="change">
    <h2>${say('変わること', 'What changes')}</h2>
    <ul>
      ${changed.map((line) => html`<li>${line}</li>`)}
    </ul>
  </div>`;
}

function changeLines({ plan, before }: NoticeFacts, { say, pick, day }: Words): string[] {
  const found = before === undefined ? [] : changesBetween(before, plan);
  const none = say('なし', 'none');
  const more = found.length - CHANGES_MAX;
  const named = found.slice(0, CHANGES_MAX).map(({ what, before: old, after, from }) => {
    const since = from === undefined ? '' : say(`（${day(from)}から）`, ` (from ${day(from)})`);
    const [then, now] = [old, after].map((text) => (text === undefined ? none : pick(text)));
    return `${pick(what)}${say('：', ': ')}${then ?? ''} → ${now ?? ''}${since}`;
  });
  if (more <= 0) return named;
  return [
    ...named,
    say(`ほか${more}件（詳しい説明をご覧ください）`, `and ${more} more: see the page`),
  ];
}
