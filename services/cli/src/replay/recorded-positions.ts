import { HitonamiError, PEOPLE_PER_FRAME_MAX } from '@hitonami/model';
import { textLines } from '../read-text.js';

/** Everybody recorded at one instant. */
export interface RecordedFrame {
  capturedUs: number;
  ids: string[];
  xM: number[];
  yM: number[];
}

/** A time below this is seconds since the start of the recording, not since 1970. */
const EPOCH_SECONDS_MIN = 100_000_000;
/** The last microsecond that is counted exactly, in the year 2255. */
const TIME_US_MAX = Number.MAX_SAFE_INTEGER;
const TIME_WANTED = 'time must be ISO 8601, or seconds, from 1970 to 2255; are these milliseconds?';

interface Row {
  timeUs: number;
  id: string;
  xM: number;
  yM: number;
}

/**
 * Reads recorded positions, instant by instant: CSV with a head that names `time`, `id`, `x` and `y` (others are passed
 * over), or JSON Lines with these keys. Time is ISO 8601, or seconds since 1970 or since the start; x and y are metres.
 * Rows must be ordered by time; ids are whole numbers.
 *
 * @param startUs capture time of second 0, for times that count from the start
 * @param untilUs whatever is later is refused: it is in the future
 * @throws HitonamiError `INPUT` that names the line
 */
export async function* recordedPositions(
  file: string,
  startUs: number,
  untilUs = TIME_US_MAX,
): AsyncGenerator<RecordedFrame> {
  const rowOf = rowReader(file.toLowerCase().endsWith('.csv'), startUs);
  let frame: RecordedFrame | undefined;
  let line = 0;
  for await (const text of textLines(file)) {
    line++;
    const row = text.trim() === '' ? undefined : rowOf(text, (what) => fault(file, line, what));
    if (!row) continue;
    if (row.timeUs > untilUs) {
      const at = new Date(row.timeUs / 1000).toISOString();
      throw fault(file, line, `its time, ${at}, is in the future`);
    }
    if (frame && row.timeUs < frame.capturedUs)
      throw fault(file, line, 'its time is before that of the line above; sort the file by time');
    if (frame && row.timeUs > frame.capturedUs) {
      yield frame;
      frame = undefined;
    }
    frame ??= { capturedUs: row.timeUs, ids: [], xM: [], yM: [] };
    if (frame.ids.length >= PEOPLE_PER_FRAME_MAX)
      throw fault(file, line, `over ${PEOPLE_PER_FRAME_MAX} positions at one instant`);
    frame.ids.push(row.id);
    frame.xM.push(row.xM);
    frame.yM.push(row.yM);
  }
  if (frame) yield frame;
}

type RowReader = (text: string, refuse: (what: string) => HitonamiError) => Row | undefined;

function rowReader(isCsv: boolean, startUs: number): RowReader {
  let columns: string[] | undefined;
  return (text, refuse) => {
    let values: Record<string, unknown>;
    if (isCsv) {
      const cells = text.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
      if (!columns) {
        const head = cells.map((cell) => cell.toLowerCase());
        const missing = ['time', 'id', 'x', 'y'].filter((name) => !head.includes(name));
        if (missing.length > 0)
          throw refuse(`the head must name time, id, x and y; it lacks ${missing.join(', ')}`);
        columns = head;
        return undefined;
      }
      values = Object.fromEntries(columns.map((name, i) => [name, cells[i]]));
    } else {
      values = objectOf(text, refuse);
    }
    const xM = numberOf(values['x']);
    const yM = numberOf(values['y']);
    if (xM === undefined || yM === undefined) throw refuse('x and y must be numbers of metres');
    const id = idOf(values['id'], refuse);
    const timeUs = timeOf(values['time'], startUs);
    if (timeUs === undefined) throw refuse(TIME_WANTED);
    return { timeUs, id, xM, yM };
  };
}

function objectOf(text: string, refuse: (what: string) => HitonamiError): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('it is not JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw refuse('it is no object with time, id, x and y');
}

function idOf(value: unknown, refuse: (what: string) => HitonamiError): string {
  // A larger number has been rounded by JSON: two people may have become one.
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw refuse(`id ${value} is above 2^53: write it as text, in quotes`);
  const id = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (!/^\d{1,19}$/.test(id)) throw refuse('id must be a whole number');
  return id;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function timeOf(value: unknown, startUs: number): number | undefined {
  const seconds = numberOf(value);
  if (seconds === undefined) {
    const us = Date.parse(String(value)) * 1000;
    return us > 0 && us <= TIME_US_MAX ? us : undefined;
  }
  if (seconds < 0) return undefined;
  const us = Math.round(seconds * 1e6) + (seconds < EPOCH_SECONDS_MIN ? startUs : 0);
  return us <= TIME_US_MAX ? us : undefined;
}

/**
 * Reads a recording of positions through, before anything of it is played.
 * @returns how long after its second 0 it ends, s; 0 where its times are not counted from its start
 * @throws HitonamiError `INPUT` as `recordedPositions`; for one without a position, or that ends in the future
 */
export async function positionsDurationS(file: string, nowMs: number): Promise<number> {
  let lastUs: number | undefined;
  for await (const { capturedUs } of recordedPositions(file, 0, nowMs * 1000)) lastUs = capturedUs;
  if (lastUs === undefined) throw new HitonamiError('INPUT', `no positions in ${file}`);
  return lastUs < EPOCH_SECONDS_MIN * 1e6 ? lastUs / 1e6 : 0;
}

function fault(file: string, line: number, what: string): HitonamiError {
  return new HitonamiError('INPUT', `${file}, line ${line}: ${what}`);
}
