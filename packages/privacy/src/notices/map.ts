import type { Point, SitePlan } from '@hitonami/model';
import type { NoticeFacts } from './facts.js';
import { html, type Markup } from './html.js';
import type { Words } from './language.js';

/** Width of a drawing, in its own units; text and lines are sized in these. */
const WIDTH = 1_000;
/** A drawing is not higher than this share of its width, and not flatter than that. */
const HEIGHT_SHARE_MAX = 1.1;
const HEIGHT_SHARE_MIN = 0.3;
const MARGIN = 60;
/** Letters of an area's name, and the half of a camera's number's circle. */
const NAME_SIZE = 25;
const NAME_SIZE_MIN = 19;
const SIGN_RADIUS = 22;
/** Lengths that a scale bar may have, m. */
const BARS_M = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** A floor's map, and its height as a share of its width. */
export interface FloorMap {
  readonly drawing: Markup;
  readonly heightShare: number;
}

type Floor = SitePlan['floors'][number];

/** The floors with their areas, and every camera with its number, where it hangs and what it covers. */
export function maps(facts: NoticeFacts, words: Words): FloorMap[] {
  return facts.plan.floors
    .filter(({ id }) => facts.plan.cameras.some(({ floor }) => floor === id))
    .map((floor) => mapOf(floor, facts, words));
}

function mapOf(floor: Floor, facts: NoticeFacts, words: Words): FloorMap {
  const { plan } = facts;
  const areas = plan.areas.filter((area) => area.floor === floor.id);
  const lines = plan.ticketGates.filter((gate) => gate.floor === floor.id);
  const cameras = facts.cameras.filter((camera) => camera.floor === floor.id);
  const coverages = plan.cameras.filter((camera) => camera.floor === floor.id);
  const points = [
    ...areas.flatMap(({ polygon }) => polygon.coordinates.flat()),
    ...coverages.flatMap(({ coverage }) => coverage.coordinates.flat()),
    ...cameras.flatMap(({ place }): Point[] => (place ? [[place.x, place.y]] : [])),
  ];
  const view = viewOf(points);
  const { at, path } = view;
  const signs = cameras.map(({ place }, i) =>
    at(place ? [place.x, place.y] : middleOf(coverages[i]?.coverage.coordinates[0] ?? [])),
  );
  const name = words.pick(floor.name);
  const label = words.say(
    `${name}の地図。カメラ${cameras.length}台の位置と範囲`,
    `Map of ${name}: the places and ranges of ${cameras.length} cameras`,
  );
  const drawing = html`<figure class="map">
    <svg viewBox="0 0 ${WIDTH} ${view.height}" role="img" aria-label="${label}">
      <rect width="${WIDTH}" height="${view.height}" rx="16" fill="#f4f7f9" />
      ${areas.map(({ polygon }) => html`<path d="${path(polygon.coordinates)}" fill="#ffffff" stroke="#8fa3b3" stroke-width="2" fill-rule="evenodd" />`)}
      ${coverages.map(({ coverage }) => html`<path d="${path(coverage.coordinates)}" fill="#2f9e8f" fill-opacity="0.16" stroke="#1f7d71" stroke-width="2" stroke-dasharray="9 6" fill-rule="evenodd" />`)}
      ${lines.map(({ line }) => html`<path d="${path([line.coordinates], false)}" fill="none" stroke="#7a5195" stroke-width="6" />`)}
      ${areas.map(({ name: areaText, polygon }) => {
        const ring = polygon.coordinates[0] ?? [];
        const widthPx = view.pixelsPerM * spanOf(ring.map(([x]) => x));
        return areaName(words.pick(areaText), widthPx, at(middleOf(ring)), signs);
      })}
      ${cameras.map(({ number }, i) => cameraSign(number, signs[i] ?? [0, 0]))}
      ${scaleBar(view, plan.anchor.bearingDeg)}
    </svg>
    <figcaption>
      ${words.say(`${name}：番号がカメラ、緑の点線の内側が撮影範囲です。`, `${name}: a number is a camera, green and dashed is what it films.`)}
    </figcaption>
  </figure>`;
  return { drawing, heightShare: view.height / WIDTH };
}

interface View {
  readonly height: number;
  readonly pixelsPerM: number;
  readonly at: (point: Point) => readonly [number, number];
  readonly path: (rings: readonly (readonly Point[])[], isClosed?: boolean) => string;
}

/** From metres, y upwards, to the drawing's own units, y downwards. */
function viewOf(points: readonly Point[]): View {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right] = rangeOf(xs);
  const [bottom, top] = rangeOf(ys);
  const [widthM, heightM] = [Math.max(right - left, 1), Math.max(top - bottom, 1)];
  const inner = WIDTH - 2 * MARGIN;
  const pixelsPerM = Math.min(inner / widthM, (WIDTH * HEIGHT_SHARE_MAX - 2 * MARGIN) / heightM);
  const height = Math.max(heightM * pixelsPerM + 2 * MARGIN, WIDTH * HEIGHT_SHARE_MIN);
  const spareX = (WIDTH - widthM * pixelsPerM) / 2;
  const spareY = (height - heightM * pixelsPerM) / 2;
  const at = ([x, y]: Point): readonly [number, number] => [
    round(spareX + (x - left) * pixelsPerM),
    round(spareY + (top - y) * pixelsPerM),
  ];
  return {
    height: round(height),
    pixelsPerM,
    at,
    path: (rings, isClosed = true) =>
      rings
        .map(
          (ring) => `M${ring.map((point) => at(point).join(' ')).join('L')}${isClosed ? 'Z' : ''}`,
        )
        .join(''),
  };
}

function rangeOf(all: readonly number[]): [number, number] {
  return all.reduce<[number, number]>(
    ([low, high], n) => [Math.min(low, n), Math.max(high, n)],
    [Infinity, -Infinity],
  );
}

function spanOf(all: readonly number[]): number {
  const [low, high] = rangeOf(all);
  return Math.max(high - low, 0);
}

/** An area's name in its middle, as large as the area is wide, and beside what is there already. */
function areaName(
  name: string,
  widthPx: number,
  [x, y]: readonly [number, number],
  signs: readonly (readonly [number, number])[],
): Markup {
  const lines = emsOf(name) * NAME_SIZE > widthPx ? halvesOf(name) : [name];
  const ems = Math.max(...lines.map(emsOf));
  const size = round(Math.min(NAME_SIZE, Math.max(NAME_SIZE_MIN, widthPx / ems)));
  const isUnder = ([signX, signY]: readonly [number, number]): boolean =>
    Math.abs(signX - x) < (ems * size) / 2 + SIGN_RADIUS && Math.abs(signY - y) < 2 * SIGN_RADIUS;
  const below = signs.find(isUnder);
  const nameY = below === undefined ? y : below[1] + SIGN_RADIUS + size + 4;
  return html`<text
    text-anchor="middle"
    font-size="${size}"
    fill="#33475b"
    stroke="#fff"
    stroke-width="6"
    paint-order="stroke"
    stroke-linejoin="round"
    >${lines.map((line, i) => html`<tspan x="${x}" y="${round(nameY + i * size * 1.15)}">${line}</tspan>`)}</text
  >`;
}

/** How wide a text is, in heights of its letters. */
export function emsOf(text: string): number {
  return Array.from(text).reduce((sum, char) => sum + (char < '\u2e80' ? 0.5 : 1), 0);
}

/** Two lines of a name, cut at a space where there is one. */
function halvesOf(name: string): string[] {
  const middle = name.length / 2;
  const spaces = [...name.matchAll(/[ 　]/g)].map(({ index }) => index);
  const cut = spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  const at = cut ?? Math.ceil(middle);
  return [name.slice(0, at).trim(), name.slice(at).trim()].filter((line) => line !== '');
}

function cameraSign(number: number, [x, y]: readonly [number, number]): Markup {
  return html`<g
    ><circle
      cx="${x}"
      cy="${y}"
      r="${SIGN_RADIUS}"
      fill="#0f3d5c"
      stroke="#fff"
      stroke-width="4"
    /><text
      x="${x}"
      y="${y + 8.5}"
      text-anchor="middle"
      font-size="24"
      font-weight="700"
      fill="#fff"
      >${number}</text
    ></g
  >`;
}

/** A length to compare with, and where north is: the y axis of a floor is turned clockwise from it. */
function scaleBar({ height, pixelsPerM }: View, bearingDeg: number): Markup {
  const lengthM = BARS_M.filter((bar) => bar * pixelsPerM <= WIDTH / 4).at(-1) ?? 1;
  const [x, y] = [24, height - 18];
  return html`<path
      d="M${x} ${y - 8}v8h${round(lengthM * pixelsPerM)}v-8"
      fill="none"
      stroke="#33475b"
      stroke-width="3"
    /><text x="${x + 8}" y="${y - 12}" font-size="20" fill="#33475b">${lengthM} m</text>
    <g transform="translate(${WIDTH - 38} 42) rotate(${round(-bearingDeg)})"
      ><path d="M0 -26 L11 16 L0 8 L-11 16 Z" fill="#33475b" /></g
    ><text x="${WIDTH - 38}" y="82" text-anchor="middle" font-size="20" fill="#33475b">N</text>`;
}

/** The centre of gravity of a ring; the mean of its corners where it has no area. */
function middleOf(ring: readonly Point[]): Point {
  let [area, sumX, sumY] = [0, 0, 0];
  ring.forEach(([x0, y0], i) => {
    const [x1, y1] = ring[(i + 1) % ring.length] ?? [x0, y0];
    const cross = x0 * y1 - x1 * y0;
    area += cross / 2;
    sumX += ((x0 + x1) * cross) / 6;
    sumY += ((y0 + y1) * cross) / 6;
  });
  if (Math.abs(area) > 1e-9) return [sumX / area, sumY / area];
  const count = Math.max(ring.length, 1);
  return [
    ring.reduce((sum, [x]) => sum + x, 0) / count,
    ring.reduce((sum, [, y]) => sum + y, 0) / count,
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
