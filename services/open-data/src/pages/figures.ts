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
  { say, language }: Words,
): Markup {
  const unknown = say('不明', 'unknown');
  const at = instantText(figures?.atMs ?? nowMs, timeZone, language);
  const told =
    figures === undefined
      ? say(
          `いまは数を確かめられません（${at}）。`,
          `The figures cannot be told right now (${at}).`,
        )
      : say(
          `${instantText(figures.sinceMs, timeZone, language)}から${at}まで。受け取った数と消した数の差は、いま処理している映像です。`,
          `From ${instantText(figures.sinceMs, timeZone, language)} to ${at}. What was received and not destroyed yet is being worked on.`,
        );
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
