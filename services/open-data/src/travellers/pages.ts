import type { SitePlan } from '@hitonami/model';
import type { TravellerNow } from '@hitonami/releases';
import { html, type Markup, type Words } from '@hitonami/privacy';
import { paths } from '../catalogue/addresses.js';
import { layout } from '../pages/layout.js';
import type { PlaceNow } from './places.js';

/** More than this of the usual peak fills the bar. */
const BAR_SHARE_MAX = 2;
const BAR_WIDTH = 400;

/** All places of a site at a glance. */
export function nowPage(plan: SitePlan, places: readonly PlaceNow[], words: Words): string {
  const { say, pick, language } = words;
  return layout(
    {
      ...{ words, title: say('いまの混雑', 'How crowded it is now'), site: pick(plan.name) },
      path: (other) => paths.now(other, plan.site),
    },
    html`${
        places.length === 0
          ? html`<p>
              ${say('お知らせしている場所はありません。', 'No place is told about here.')}
            </p>`
          : html`<ul class="datasets">
              ${places.map(
                (place) =>
                  html`<li>
                    <h2>
                      <a href="${paths.now(language, plan.site)}/${place.area}"
                        >${pick(place.title)}</a
                      >
                    </h2>
                    ${stateOf(place.now, plan.timeZone, words)}
                  </li>`,
              )}
            </ul>`
      }
      <p><a href="${paths.now(language, plan.site)}">${say('最新の情報にする', 'Renew')}</a></p>
      <p class="hint">${about(words)} <a href="/api/v1/${plan.site}/now.json">JSON</a></p>
      <p>
        <a href="/${language}/${plan.site}/"
          >${say('計測のお知らせへ', 'The notice on what is measured')}</a
        >
      </p>`,
  );
}

export interface PlacePage {
  readonly plan: SitePlan;
  readonly place: PlaceNow;
  readonly hasStill: boolean;
  /** The address that the public knows, without a slash at its end. */
  readonly url: string;
}

/** One place with its picture. */
export function placePage({ plan, place, hasStill, url }: PlacePage, words: Words): string {
  const { say, pick, language } = words;
  const base = paths.now(language, plan.site);
  const frame = `<iframe src="${url}/embed${base}/${place.area}" title="${pick(place.title)}" width="480" height="480"></iframe>`;
  return layout(
    {
      ...{ words, title: pick(place.title), site: pick(plan.name) },
      path: (other) => `${paths.now(other, plan.site)}/${place.area}`,
    },
    html`${stateOf(place.now, plan.timeZone, words)} ${sceneOf(plan.site, place, hasStill, words)}
      <p>
        <a href="${base}/${place.area}">${say('最新の情報にする', 'Renew')}</a> ·
        <a href="${base}">${say('ほかの場所', 'Other places')}</a>
      </p>
      <p class="hint">${about(words)}</p>
      <section>
        <h2>${say('自分のページに載せる', 'Show it on a page of yours')}</h2>
        <p><code>${frame}</code></p>
      </section>`,
  );
}

/** The same to be shown within pages of others: no links out of it but one. */
export function embeddedPage({ plan, place, hasStill, url }: PlacePage, words: Words): string {
  const { pick, language, say } = words;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${pick(place.title)} – ${pick(plan.name)}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <main class="embedded">
          <h1>${pick(place.title)}</h1>
          ${stateOf(place.now, plan.timeZone, words)} ${sceneOf(plan.site, place, hasStill, words)}
          <p class="hint">
            <a
              href="${url}${paths.now(language, plan.site)}/${place.area}"
              target="_blank"
              rel="noopener"
              >${say(`${pick(plan.name)}の混雑情報`, `Crowding at ${pick(plan.name)}`)}</a
            >
          </p>
        </main>
      </body>
    </html> `.html;
}

/** Said in a picture where there is none. */
export function noPicture(): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" role="img" aria-label="データなし / No data"><rect width="640" height="360" fill="#e8eff4"/><text x="320" y="175" font-size="30" text-anchor="middle" font-family="sans-serif" fill="#33414d">データなし</text><text x="320" y="215" font-size="24" text-anchor="middle" font-family="sans-serif" fill="#33414d">No data</text></svg>`;
}

/** In words and percent, with the usual beside it. */
function stateOf(now: TravellerNow | undefined, timeZone: string, words: Words): Markup {
  const { say, percent, language } = words;
  if (now === undefined)
    return html`<p class="state none"><strong>${say('データなし', 'No data')}</strong></p>`;
  const level = {
    quiet: say('空いています', 'Quiet'),
    busy: say('やや混んでいます', 'Busy'),
    'very-busy': say('混んでいます', 'Very busy'),
  };
  const { percentageOfBaseline: share, usualPercentageOfBaseline: usual } = now;
  const time = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    ...{ timeZone, hour: '2-digit', minute: '2-digit' },
  }).format(now.atMs);
  return html`<p class="state ${now.level ?? 'none'}">
      <strong
        >${now.level === null ? say('混み具合は不明です', 'Not known') : level[now.level]}</strong
      >
      <span>${say(`${time}現在`, `at ${time}`)}</span>
    </p>
    <table class="shares">
      <tbody>
        ${shareRow(say('いま', 'Now'), share, say('少人数のため数は出しません', 'Too few for a figure'), '#0b5a7a', percent)}
        ${shareRow(say('普段のこの時間', 'Usual at this time'), usual, say('不明', 'Not known'), '#6b7f8f', percent)}
      </tbody>
    </table>
    <p class="hint">
      ${say('普段の最も混む時間を100%とした割合です。', '100% is the usual peak of a day.')}
    </p>`;
}

function shareRow(
  name: string,
  share: number | null,
  otherwise: string,
  colour: string,
  percent: (share: number) => string,
): Markup {
  const width = Math.round((Math.min(share ?? 0, BAR_SHARE_MAX) / BAR_SHARE_MAX) * BAR_WIDTH);
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${share === null ? otherwise : percent(share)}</td>
    <td>
      <svg viewBox="0 0 ${BAR_WIDTH} 20" aria-hidden="true" focusable="false">
        <rect width="${BAR_WIDTH}" height="20" fill="#e3eaf0" />
        <rect width="${width}" height="20" fill="${colour}" />
        <rect x="${BAR_WIDTH / BAR_SHARE_MAX}" width="2" height="20" fill="#3d5163" />
      </svg>
    </td>
  </tr>`;
}

function sceneOf(
  site: string,
  { area, title, now }: PlaceNow,
  hasStill: boolean,
  { say, pick }: Words,
): Markup | false {
  if (now === undefined) return false;
  const label = say(
    `${pick(title)}のいまの様子を人型の印で示した図。青は動いている人、橙は立ち止まっている人。`,
    `${pick(title)} now, with marks for people: blue ones walk, orange ones stand.`,
  );
  return html`<figure>
    <div class="scene">
      ${hasStill && html`<img src="/pictures/${site}/${area}/still" alt="" />`}
      <img src="/pictures/${site}/${area}/icons.svg" alt="${label}" />
    </div>
    <figcaption>
      ${say('青は動いている人、橙は立ち止まっている人。位置は2m四方ごとにまとめた、おおよその数の印です。', 'Blue marks walk, orange ones stand; they stand for roughly as many people, within squares of two metres.')}
    </figcaption>
  </figure>`;
}

function about({ say }: Words): string {
  return say(
    'およそ1分ごとに新しくなり、前の図は消します。人は印で示し、人の映った映像は使いません。',
    'Renewed about once a minute; the older picture is destroyed. People are marks: no camera picture of anybody is shown.',
  );
}
