import type { SitePlan } from '@hitonami/model';
import { html, type Markup, type Words } from '@hitonami/privacy';
import type { FrameFigure } from '@hitonami/service';
import type { ToldFigures } from '../site-documents.js';
import { instantText, numberText } from './instants.js';
import { layout } from './layout.js';

const NAMES: readonly (readonly [FrameFigure, string, string])[] = [
  ['received', '受け取った映像', 'Pictures received'],
  ['destroyed', '消した映像', 'Pictures destroyed'],
  ['processed', '位置を求めた映像', 'Turned into positions'],
  ['shed', '使わずに消した映像', 'Given up unused'],
  ['rejected', '読めなかった映像', 'Not readable'],
];

/** The figures, or that nobody knows them: never a 0 that was not counted. */
export function figuresBox(
  figures: ToldFigures | undefined,
  nowMs: number,
  timeZone: string,
  words: Words,
): Markup {
  const { say, language } = words;
  const unknown = say('不明', 'unknown');
  const told =
    figures === undefined ? awayText(nowMs, timeZone, words) : spanText(figures, timeZone, words);
  return html`<dl class="figures">
      ${NAMES.map(
        ([kind, ja, en]) =>
          html`<div>
            <dt>${say(ja, en)}</dt>
            <dd>${figures === undefined ? unknown : numberText(figures[kind], language)}</dd>
          </div>`,
      )}
    </dl>
    <p class="hint">${told}</p>`;
}

function awayText(nowMs: number, timeZone: string, { say, language }: Words): string {
  const at = instantText(nowMs, timeZone, language);
  return say(
    `いまは数を確かめられません（${at}）。`,
    `The figures cannot be told right now (${at}).`,
  );
}

function spanText(
  { sinceMs, atMs }: ToldFigures,
  timeZone: string,
  { say, language }: Words,
): string {
  const since = instantText(sinceMs, timeZone, language);
  const at = atMs === undefined ? undefined : instantText(atMs, timeZone, language);
  return say(
    `${since}から${at === undefined ? '、最後に知らされた時点まで' : `${at}まで`}。受け取った数と消した数の差は、処理中の映像です。`,
    `From ${since} to ${at ?? 'when they were told last'}. What was received and not destroyed yet was being worked on.`,
  );
}

export function figuresPage(
  plan: SitePlan,
  figures: ToldFigures | undefined,
  nowMs: number,
  words: Words,
): string {
  const back = `/${words.language}/${plan.site}/`;
  return layout(
    {
      words,
      title: words.say('映像の数', 'Pictures, counted'),
      site: words.pick(plan.name),
      path: (other) => `/${other}/${plan.site}/figures`,
    },
    html`${figuresBox(figures, nowMs, plan.timeZone, words)}
      <p><a href="${back}figures">${words.say('もう一度数える', 'Count again')}</a></p>
      <p><a href="${back}">${words.say('お知らせへ戻る', 'Back to the notice')}</a></p>`,
  );
}
