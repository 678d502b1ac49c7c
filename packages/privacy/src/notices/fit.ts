import { emsOf } from './map.js';
import { POSTER_SIZES_PT } from './style.js';

/** Widths of a poster's two columns, and what is left for them of a sheet with everything above and below; mm. */
const COLUMN_MM = [94, 87] as const;
const BODY_MM = 176;
/** What the words on changes take of it. */
const CHANGE_MM = 9;
const CHANGE_LINE_MM = 4.8;
const CHANGE_WIDTH_MM = 176;
const CHANGE_PT = 9;

const MM_PER_PT = 0.3528;
const LINE_HEIGHT = 1.42;
const HEADING_MARGIN_MM = 2.4;
const LINE_MARGIN_MM = 0.4;
/** Lines end early, at the end of a word or a phrase. */
const RAGGED = 1.1;

/** A heading with its lines. */
export type Entry = readonly [string, readonly string[]];

/**
 * Which of `POSTER_SIZES_PT` is the largest that keeps a poster one sheet, reckoned from the widths of letters; the
 * smallest where none does.
 * @param mapMm height of the maps above the left column
 */
export function fittingSize(
  left: readonly Entry[],
  right: readonly Entry[],
  changes: readonly string[],
  mapMm: number,
): number {
  const taken =
    changes.length === 0
      ? 0
      : CHANGE_MM +
        CHANGE_LINE_MM *
          changes.reduce((sum, line) => sum + linesOf(line, CHANGE_PT, CHANGE_WIDTH_MM), 0);
  const fits = (sizePt: number): boolean =>
    mapMm + heightOf(left, sizePt, COLUMN_MM[0]) <= BODY_MM - taken &&
    heightOf(right, sizePt, COLUMN_MM[1]) <= BODY_MM - taken;
  const found = POSTER_SIZES_PT.findIndex(fits);
  return found === -1 ? POSTER_SIZES_PT.length - 1 : found;
}

function heightOf(entries: readonly Entry[], sizePt: number, widthMm: number): number {
  const lineMm = sizePt * MM_PER_PT * LINE_HEIGHT;
  return entries.reduce(
    (sum, [, all]) =>
      sum +
      HEADING_MARGIN_MM +
      lineMm +
      all.reduce((mm, one) => mm + LINE_MARGIN_MM + lineMm * linesOf(one, sizePt, widthMm), 0),
    0,
  );
}

function linesOf(text: string, sizePt: number, widthMm: number): number {
  return Math.max(1, Math.ceil((emsOf(text) * sizePt * MM_PER_PT * RAGGED) / widthMm));
}
