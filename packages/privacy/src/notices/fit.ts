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

/** What stands where on a poster, and how large. */
export interface Fit {
  /** Of `POSTER_SIZES_PT`. */
  readonly size: number;
  /** Beside the maps. */
  readonly right: readonly Entry[];
  /** Under them. */
  readonly left: readonly Entry[];
}

/**
 * The largest size that keeps a poster one sheet, reckoned from the widths of letters, with the columns as even as they can
 * be; the smallest size where none does.
 * @param entries the first ones stand beside the maps, the rest under them
 * @param mapMm height of the maps
 */
export function fitted(entries: readonly Entry[], changes: readonly string[], mapMm: number): Fit {
  const taken =
    changes.length === 0
      ? 0
      : CHANGE_MM +
        CHANGE_LINE_MM *
          changes.reduce((sum, line) => sum + linesOf(line, CHANGE_PT, CHANGE_WIDTH_MM), 0);
  const heightAt = (count: number, sizePt: number): number =>
    Math.max(
      heightOf(entries.slice(0, count), sizePt, COLUMN_MM[1]),
      mapMm + heightOf(entries.slice(count), sizePt, COLUMN_MM[0]),
    );
  const counts = entries.map((_, i) => i + 1);
  const best = (sizePt: number): number =>
    counts.reduce((a, b) => (heightAt(b, sizePt) < heightAt(a, sizePt) ? b : a), 1);
  const found = POSTER_SIZES_PT.findIndex(
    (sizePt) => heightAt(best(sizePt), sizePt) <= BODY_MM - taken,
  );
  const size = found === -1 ? POSTER_SIZES_PT.length - 1 : found;
  const count = best(POSTER_SIZES_PT[size] ?? POSTER_SIZES_PT[0]);
  return { size, right: entries.slice(0, count), left: entries.slice(count) };
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
