import { html, type Markup, type Words } from '@hitonami/privacy';
import type { ReleaseColumn } from '@hitonami/model';
import type { MapShape } from './previews.js';

/** In units of the drawing. */
const WIDTH = 720;
const HEIGHT_MIN = 120;
const HEIGHT_MAX = 480;
const MARGIN = 24;
/** From little to much: told apart also without seeing colours, by lightness. */
const SHADES = ['#e3eef4', '#b9d6e3', '#86b8cd', '#4a92b0', '#12658a', '#07405b'] as const;
const UNKNOWN = '#ffffff';
/** Letters of a name; one in Latin script is about half as wide. */
const NAME_SIZE = 21;
/** Of more places, names would cover each other. */
const NAMED_MAX = 24;

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
  const told = shapes.slice(0, NAMED_MAX).map((shape) => saidOf(shape, words));
  const label = say(
    `${shapes.length}か所の地図。${pick(column.title)}の期間平均が多いほど濃い色です。${told.join('、')}`,
    `Map of ${shapes.length} places, darker for a higher mean over the period of: ${pick(column.title)}. ${told.join('; ')}`,
  );
  return html`<figure class="chart">
    <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">
      <rect width="${WIDTH}" height="${height}" rx="10" fill="#f4f7f9" />
      ${areas.map((shape) => html`<path d="${pathOf(shape, at)}Z" fill="${shadeOf(shape, most)}" stroke="#3d5163" stroke-width="1.5">${titleOf(shape, words)}</path>`)}
      ${lines.map((shape) => html`<path d="${pathOf(shape, at)}" fill="none" stroke="${shape.mean === null ? '#8fa3b3' : shadeOf(shape, most)}" stroke-width="${lineWidth(shape, most)}" stroke-linecap="round">${titleOf(shape, words)}</path>`)}
      ${areas.length <= NAMED_MAX && areas.map((shape) => nameOf(shape, at, words))}
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

const titleOf = (shape: MapShape, words: Words): Markup =>
  html`<title>${saidOf(shape, words)}</title>`;

const saidOf = ({ name, mean }: MapShape, { pick, say }: Words): string =>
  `${pick(name)}: ${mean === null ? say('値なし', 'no value') : String(round(mean))}`;

/** The name of an area in its middle where it has room, readable on any shade. */
function nameOf({ name, points }: MapShape, at: At, { pick }: Words): Markup | false {
  const places = points.map(at);
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const middle = (all: number[]): number => round((Math.min(...all) + Math.max(...all)) / 2);
  const widths = Array.from(pick(name), (letter) => (letter < '\u2000' ? 0.55 : 1) * NAME_SIZE);
  const room = Math.max(...xs) - Math.min(...xs);
  if (widths.reduce((sum, width) => sum + width, 0) > room) return false;
  return html`<text
    x="${middle(xs)}"
    y="${middle(ys)}"
    text-anchor="middle"
    font-size="${NAME_SIZE}"
    fill="#0b2233"
    stroke="#ffffff"
    stroke-width="5"
    stroke-linejoin="round"
    paint-order="stroke"
    >${pick(name)}</text
  >`;
}

function shadeOf({ mean }: MapShape, most: number): string {
  if (mean === null) return UNKNOWN;
  return SHADES[Math.min(SHADES.length - 1, Math.floor((mean / most) * SHADES.length))] ?? UNKNOWN;
}

const lineWidth = ({ mean }: MapShape, most: number): number =>
  mean === null ? 2 : round(3 + 7 * (mean / most));

const round = (value: number): number => Math.round(value * 10) / 10;
