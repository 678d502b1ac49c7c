import { cameraStart, type CameraStart } from '@hitonami/model';
import {
  type AuditFigures,
  html,
  noticeDocument,
  sectionHtml,
  type Markup,
  type NoticeName,
  type Words,
} from '@hitonami/privacy';
import { BUYERS_PATH, datasetsForBuyers } from '../buyers/application-pages.js';
import type { ToldFigures } from '../site-documents.js';
import { inputOf, type Notice, type SiteNotices } from '../notices.js';
import { figuresBox } from './figures.js';
import { instantText } from './instants.js';
import { layout } from './layout.js';

/** The documents that the public may read; the briefing and the assessment are for those who work there. */
export const PUBLIC_NAMES = [
  'page',
  'explanation',
  'register',
  'prior-notice',
  'poster',
  'sticker',
] as const satisfies readonly NoticeName[];
export type PublicName = (typeof PUBLIC_NAMES)[number];

export function isPublicName(name: string): name is PublicName {
  return (PUBLIC_NAMES as readonly string[]).includes(name);
}

const LINKED: Readonly<Record<Exclude<PublicName, 'page'>, { ja: string; en: string }>> = {
  explanation: { ja: '詳しい説明', en: 'The whole explanation' },
  register: { ja: 'データと管理責任者の台帳', en: 'Register of data and who answers for it' },
  'prior-notice': { ja: '事前のお知らせ', en: 'Prior notice' },
  poster: { ja: '掲示用ポスター', en: 'Poster' },
  sticker: { ja: 'ステッカー', en: 'Sticker' },
};

export interface SitePage {
  notices: SiteNotices;
  figures: ToldFigures | undefined;
  audit: AuditFigures | undefined;
  /** The address that the public knows of this page. */
  url: string;
  nowMs: number;
  words: Words;
}

/** What somebody sees who scanned the code on the poster. */
export function sitePage({ notices, figures, audit, url, nowMs, words }: SitePage): string {
  const { current, coming } = notices;
  const { plan } = current;
  const { say, pick, language } = words;
  const { title, lead, sections } = noticeDocument(
    hasBegun(current, nowMs) ? 'page' : 'prior-notice',
    inputOf(current, url, audit),
    language,
  );
  const base = `/${language}/${plan.site}`;
  const names = Object.entries(LINKED) as [keyof typeof LINKED, { ja: string; en: string }][];
  return layout(
    {
      ...{ words, title, site: pick(plan.name) },
      path: (other) => `/${other}/${plan.site}/`,
    },
    html`<p class="lead">${lead}</p>
      ${coming.map((next) => comingBox(next, base, words))}
      <ul class="doors">
        <li><a href="${base}/ask">${say('質問する', 'Ask a question')}</a></li>
        <li><a href="${base}/opinion">${say('意見を送る', 'Tell us what you think')}</a></li>
        ${plan.datasets.length > 0 && html`<li><a href="${base}/data/">${say('統計データを使う', 'Use the statistics')}</a></li>`}
        ${datasetsForBuyers(plan).length > 0 && html`<li><a href="${base}/${BUYERS_PATH}">${say('契約してデータを使う', 'Data under a contract')}</a></li>`}
        ${plan.travellers.length > 0 && html`<li><a href="${base}/now">${say('いまの混雑を見る', 'How crowded it is now')}</a></li>`}
      </ul>
      <section id="figures">
        <h2>${say('映像はいま、こう処理されています', 'What becomes of the pictures, now')}</h2>
        ${figuresBox(figures, nowMs, plan.timeZone, words)}
        <p>
          <a href="${base}/figures">${say('数字だけを見る', 'The figures alone')}</a>
        </p>
      </section>
      ${sections.map(sectionHtml)}
      <section id="more">
        <h2>${say('ほかの資料', 'More')}</h2>
        <ul>
          ${names.map(([name, text]) => html`<li><a href="${base}/notices/${name}">${pick(text)}</a></li>`)}
          <li>
            <a href="${base}/audit-heads"
              >${say('閲覧記録の改ざんを防ぐ日々の公表値', 'Daily heads of the log of who read what')}</a
            >
          </li>
        </ul>
      </section>
      <footer>
        <p>
          ${say(`計画 第${plan.version}版から作成`, `Made from version ${plan.version} of the plan`)}
        </p>
      </footer>`,
  );
}

/** Whether any camera may send already: before that a notice says what will be. */
function hasBegun({ plan, inForceFromMs }: Notice, nowMs: number): boolean {
  const begins = ({ fromMs = Infinity }: CameraStart): boolean => fromMs <= nowMs;
  return inForceFromMs <= nowMs && plan.cameras.some((camera) => begins(cameraStart(plan, camera)));
}

function comingBox(
  { plan, inForceFromMs }: Notice,
  base: string,
  { say, language }: Words,
): Markup {
  const from = instantText(inForceFromMs, plan.timeZone, language);
  return html`<div class="notice">
    <p>
      <strong>${say('お知らせ：', 'Notice: ')}</strong
      >${say(`${from}から内容が変わります。`, `This changes from ${from}. `)}
      <a href="${base}/notices/prior-notice?version=${plan.version}"
        >${say('変わることを読む', 'Read what changes')}</a
      >
    </p>
  </div>`;
}
