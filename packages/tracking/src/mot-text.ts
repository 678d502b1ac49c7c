import { HitonamiError } from '@hitonami/model';
import type { Box } from './box-motion.js';

/** One row of a MOTChallenge text file: `frame,id,left,top,width,height,confidence,X,Y,Z`. */
export interface MotRow {
  /** From 1. */
  frame: number;
  /** −1 where the file holds detections. */
  id: number;
  /** Pixels, 1-based as in the file. */
  left: number;
  top: number;
  width: number;
  height: number;
  confidence: number;
  /** Place in the world, metres; −1 where not known. */
  x: number;
  y: number;
  z: number;
}

const MIN_COLUMNS = 6;
const MAX_COLUMNS = 10;
const COLUMN_NAMES = ['frame', 'id', 'left', 'top', 'width', 'height', 'confidence', 'X', 'Y', 'Z'];

/**
 * Reads the MOT text format. Columns from the seventh on may be missing (confidence 1, place unknown); empty
 * lines are passed over; rows with confidence 0 are dropped, since they mark what is not to be judged.
 *
 * @param name of what the text is from, for an error
 * @throws HitonamiError `INPUT` that names the line and the column
 */
export function parseMot(text: string, name = 'MOT text'): MotRow[] {
  const rows: MotRow[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] as string).trim();
    if (line === '') continue;
    const row = parseLine(line, `${name}, line ${i + 1}`);
    if (row.confidence !== 0) rows.push(row);
  }
  return rows;
}

function parseLine(line: string, place: string): MotRow {
  const cells = line.split(',');
  if (cells.length < MIN_COLUMNS || cells.length > MAX_COLUMNS) {
    fail(
      place,
      `${cells.length} columns where ${MIN_COLUMNS} to ${MAX_COLUMNS} are due (${COLUMN_NAMES.join(',')})`,
    );
  }
  const values = cells.map((cell, column) => {
    const value = cell.trim() === '' ? NaN : Number(cell);
    if (!Number.isFinite(value)) {
      fail(place, `${COLUMN_NAMES[column] ?? ''} is not a number: '${cell.trim().slice(0, 40)}'`);
    }
    return value;
  });
  const at = (column: number, missing: number): number => values[column] ?? missing;
  const frame = at(0, NaN);
  const id = at(1, NaN);
  if (!Number.isSafeInteger(frame) || frame < 1) fail(place, 'frame must be an integer from 1');
  if (!Number.isSafeInteger(id) || id < -1) fail(place, 'id must be an integer from −1');
  if (!(at(4, 0) > 0) || !(at(5, 0) > 0)) fail(place, 'width and height must be above 0');
  return {
    frame,
    id,
    left: at(2, NaN),
    top: at(3, NaN),
    width: at(4, NaN),
    height: at(5, NaN),
    confidence: at(6, 1),
    x: at(7, -1),
    y: at(8, -1),
    z: at(9, -1),
  };
}

function fail(place: string, what: string): never {
  throw new HitonamiError('INPUT', `${place}: ${what}`);
}

/** Decimals of a pixel and of a metre or a confidence in the text. */
const PIXEL_DECIMALS = 2;
const FINE_DECIMALS = 4;

/** Writes rows as MOT text, one line each, ending with a line feed; '' for no rows. */
export function formatMot(rows: Iterable<MotRow>): string {
  let text = '';
  for (const r of rows) {
    const box = [r.left, r.top, r.width, r.height].map((v) => shortened(v, PIXEL_DECIMALS));
    const rest = [r.confidence, r.x, r.y, r.z].map((v) => shortened(v, FINE_DECIMALS));
    text += `${r.frame},${r.id},${box.join(',')},${rest.join(',')}\n`;
  }
  return text;
}

function shortened(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}

/** The corners of a row's box, in the file's pixels. */
export function boxOfMotRow(row: MotRow): Box {
  return [row.left, row.top, row.left + row.width, row.top + row.height];
}

/** Rows by frame number, ready for `evaluateTracking`. */
export function framesOfMotRows(rows: Iterable<MotRow>): Map<number, { id: number; box: Box }[]> {
  const frames = new Map<number, { id: number; box: Box }[]>();
  for (const row of rows) {
    const boxes = frames.get(row.frame);
    const entry = { id: row.id, box: boxOfMotRow(row) };
    if (boxes === undefined) frames.set(row.frame, [entry]);
    else boxes.push(entry);
  }
  return frames;
}
