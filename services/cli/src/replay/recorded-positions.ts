import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { HitonamiError, PEOPLE_PER_FRAME_MAX } from '@hitonami/model';

/** Everybody recorded at one instant. */
export interface RecordedFrame {
  capturedUs: number;
  ids: string[];
  xM: number[];
  yM: number[];
}

/** A time below this is seconds since the start of the recording, not since 1970. */
const EPOCH_SECONDS_MIN = 100_000_000;

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
 * @throws HitonamiError `INPUT` that names the line
 */
export async function* recordedPositions(
  file: string,
  startUs: number,
): AsyncGenerator<RecordedFrame> {
  const rowOf = rowReader(file.toLowerCase().endsWith('.csv'), startUs);
  let frame: RecordedFrame | undefined;
  let line = 0;
  for await (const text of createInterface({
    input: createReadStream(file),
    crlfDelay: Infinity,
  })) {
    line++;
    const row = text.trim() === '' ? undefined : rowOf(text, (what) => fault(file, line, what));
    if (!row) continue;
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
      try {
        values = JSON.parse(text) as Record<string, unknown>;
      } catch {
        throw refuse('it is not JSON');
      }
    }
    const xM = numberOf(values['x']);
    const yM = numberOf(values['y']);
    if (xM === undefined || yM === undefined) throw refuse('x and y must be numbers of metres');
    const id = String(values['id']);
    if (!/^\d{1,19}$/.test(id)) throw refuse('id must be a whole number');
    const timeUs = timeOf(values['time'], startUs);
    if (timeUs === undefined) throw refuse('time must be ISO 8601, or seconds');
    return { timeUs, id, xM, yM };
  };
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function timeOf(value: unknown, startUs: number): number | undefined {
  const seconds = numberOf(value);
  if (seconds === undefined) {
    const ms = Date.parse(String(value));
    return Number.isNaN(ms) ? undefined : ms * 1000;
  }
  if (seconds < 0) return undefined;
  return Math.round(seconds * 1e6) + (seconds < EPOCH_SECONDS_MIN ? startUs : 0);
}

function fault(file: string, line: number, what: string): HitonamiError {
  return new HitonamiError('INPUT', `${file}, line ${line}: ${what}`);
}
