import { html, type Markup, type Words } from '@hitonami/privacy';
import type { ReleaseColumn } from '@hitonami/model';
import type { MapShape } from './previews.js';

/** In units of the drawing. */
const WIDTH = 960;
const HEIGHT_MIN = 160;
const HEIGHT_MAX = 640;
const MARGIN = 24;
/** From little to much: told apart also without seeing colours, by lightness. */
const SHADES = ['#e3eef4', '#b9d6e3', '#86b8cd', '#4a92b0', '#12658a', '#07405b'] as const;
const UNKNOWN = '#ffffff';

/** Where the places are, darker where there was more; north is up. */
export function mapDrawing(
  shapes: readonly MapShape[],
  column: ReleaseColumn,
  words: Words,
): Markup {
  const { say, pick } = words;
  const { at, height } = projectionOf(shapes.flatMap(({ points }) => points));
  const most = Math.max(...shapes.map(({ mean }) => mean ?? 0), Number.MIN_VALUE);
  const areas = shapes.filter(({ isArea }) => isArea);
  const lines = shapes.filter(({ isArea }) => !isArea);
  const label = say(
    `場所の地図。${shapes.length}か所の${pick(column.title)}の平均を濃さで示します。値は下の表にあります。`,
    `Map of ${shapes.length} places, darker for a higher mean of: ${pick(column.title)}. The figures are in the table below.`,
  );
  return html`<figure class="chart">
    <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">
      <rect width="${WIDTH}" height="${height}" rx="10" fill="#f4f7f9" />
      ${areas.map((shape) => html`<path d="${pathOf(shape, at)}Z" fill="${shadeOf(shape, most)}" stroke="#3d5163" stroke-width="1.5">${titleOf(shape, words)}</path>`)}
      ${lines.map((shape) => html`<path d="${pathOf(shape, at)}" fill="none" stroke="${shape.mean === null ? '#8fa3b3' : shadeOf(shape, most)}" stroke-width="${lineWidth(shape, most)}" stroke-linecap="round">${titleOf(shape, words)}</path>`)}
    </svg>
    <figcaption>
      ${say('濃いほど多く、白や灰色は値がない場所です。北が上です。', 'The darker, the more; white or grey: no value. North is up.')}
      ${column.unit !== undefined && say(`最大 ${round(most)} ${column.unit}`, `Most: ${round(most)} ${column.unit}`)}
    </figcaption>
  </figure>`;
}

type At = (point: readonly [number, number]) => readonly [number, number];

/** Degrees to the drawing; over a site the earth is flat enough. */
function projectionOf(points: readonly (readonly [number, number])[]): { at: At; height: number } {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [longitude, latitude] of points) {
    [west, east] = [Math.min(west, longitude), Math.max(east, longitude)];
    [south, north] = [Math.min(south, latitude), Math.max(north, latitude)];
  }
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const wide = Math.max((east - west) * narrowing, 1e-9);
  const high = Math.max(north - south, 1e-9);
  const perDegree = Math.min((WIDTH - 2 * MARGIN) / wide, (HEIGHT_MAX - 2 * MARGIN) / high);
  const height = Math.max(HEIGHT_MIN, high * perDegree + 2 * MARGIN);
  const [left, top] = [(WIDTH - wide * perDegree) / 2, (height - high * perDegree) / 2];
  return {
    height: Math.round(height),
    at: ([longitude, latitude]) => [
      round(left + (longitude - west) * narrowing * perDegree),
      round(top + (north - latitude) * perDegree),
    ],
  };
}

const pathOf = ({ points }: MapShape, at: At): string =>
  points.map((point, i) => `${i === 0 ? 'M' : 'L'}${at(point).join(' ')}`).join('');

function titleOf({ name, mean }: MapShape, { pick, say }: Words): Markup {
  return html`<title>
    ${pick(name)}: ${mean === null ? say('値なし', 'no value') : String(round(mean))}
  </title>`;
}

function shadeOf({ mean }: MapShape, most: number): string {
  if (mean === null) return UNKNOWN;
  return SHADES[Math.min(SHADES.length - 1, Math.floor((mean / most) * SHADES.length))] ?? UNKNOWN;
}

const lineWidth = ({ mean }: MapShape, most: number): number =>
  mean === null ? 2 : round(3 + 7 * (mean / most));

const round = (value: number): number => Math.round(value * 10) / 10;
