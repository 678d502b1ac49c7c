import { html, type Markup, type Words } from '@hitonami/privacy';
import type { ReleaseColumn } from '@hitonami/model';
import type { Chart } from './previews.js';

/** In units of the drawing. */
const WIDTH = 720;
const HEIGHT = 260;
const LEFT = 64;
const RIGHT = 16;
const TOP = 16;
const BOTTOM = 42;
const LABELS_MAX = 6;

/** How a measure went over the period, as a drawing; gaps are gaps. */
export function chartDrawing(
  chart: Chart,
  column: ReleaseColumn,
  timeZone: string,
  words: Words,
): Markup {
  const { say, pick, language } = words;
  const { startsMs, values, stepMs } = chart;
  const fromMs = startsMs[0] ?? 0;
  const toMs = (startsMs.at(-1) ?? 0) + stepMs;
  const top = niceTop(Math.max(...values.map((value) => value ?? 0)));
  const x = (ms: number): number =>
    LEFT + ((ms - fromMs) / (toMs - fromMs)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const told = values.filter((value) => value !== null);
  const most = Math.max(...told);
  const label = say(
    `${pick(chart.name)}の${pick(column.title)}の推移。最大${most}、値のある時間帯は${values.length}のうち${told.length}。`,
    `${pick(column.title)} of ${pick(chart.name)} over time: at most ${most}, told for ${told.length} of ${values.length} steps.`,
  );
  const isDays = toMs - fromMs > 3 * 86_400_000;
  const format = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone,
    ...(isDays ? { month: 'numeric', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' }),
  });
  return html`<figure class="chart">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
      <rect width="${WIDTH}" height="${HEIGHT}" rx="10" fill="#f4f7f9" />
      ${absences(chart).map(([start, end]) => html`<rect x="${round(x(start))}" y="${TOP}" width="${round(x(end) - x(start))}" height="${HEIGHT - TOP - BOTTOM}" fill="#dbe3ea" />`)}
      ${[0, 0.5, 1].map(
        (share) =>
          html`<line
              x1="${LEFT}"
              x2="${WIDTH - RIGHT}"
              y1="${round(y(share * top))}"
              y2="${round(y(share * top))}"
              stroke="#b5c2cd"
            />
            <text
              x="${LEFT - 8}"
              y="${round(y(share * top)) + 5}"
              text-anchor="end"
              font-size="18"
              fill="#3d5163"
              >${round(share * top)}</text
            >`,
      )}
      ${steps(startsMs.length).map((i) => html`<text x="${round(x(startsMs[i] ?? 0))}" y="${HEIGHT - 18}" text-anchor="middle" font-size="18" fill="#3d5163">${format.format(startsMs[i])}</text>`)}
      <path
        d="${pathOf(chart, x, y)}"
        fill="none"
        stroke="#0b5a7a"
        stroke-width="2.5"
        stroke-linejoin="round"
      />
    </svg>
    <figcaption>
      ${pick(chart.name)}: ${pick(column.title)}${column.unit !== undefined && ` (${column.unit})`}.
      ${told.length < values.length && say('灰色は値がない時間帯です（0ではありません）。', 'Grey: no value, which is not zero.')}
    </figcaption>
  </figure>`;
}

/** Steps: flat for as long as each lasts. */
function pathOf(
  { startsMs, values, stepMs }: Chart,
  x: (ms: number) => number,
  y: (value: number) => number,
): string {
  let isDown = false;
  return values
    .map((value, i) => {
      if (value === null) {
        isDown = false;
        return '';
      }
      const [from, to, at] = [startsMs[i] ?? 0, (startsMs[i] ?? 0) + stepMs, round(y(value))];
      const text = `${isDown ? 'L' : 'M'}${round(x(from))} ${at}L${round(x(to))} ${at}`;
      isDown = true;
      return text;
    })
    .join('');
}

/** Stretches without a value, from and to. */
function absences({ startsMs, values, stepMs }: Chart): [number, number][] {
  const stretches: [number, number][] = [];
  for (const [i, value] of values.entries()) {
    const start = startsMs[i] ?? 0;
    if (value !== null) continue;
    const last = stretches.at(-1);
    if (last?.[1] === start) last[1] = start + stepMs;
    else stretches.push([start, start + stepMs]);
  }
  return stretches;
}

/** Which steps are written below: a few, evenly. */
function steps(count: number): number[] {
  const every = Math.max(1, Math.ceil(count / LABELS_MAX));
  return Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
}

/** 1, 2 or 5 times a power of ten, over the most. */
function niceTop(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((times) => times * power >= most) ?? 10) * power;
}

const round = (value: number): number => Math.round(value * 10) / 10;
