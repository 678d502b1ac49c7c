import { HitonamiError } from '@hitonami/model';
import { pick } from './columns.js';
import type { Positions } from './positions.js';

/** Rows of trajectories as columns, in any order. */
export interface TrajectoryColumns {
  /** Whose row it is: any whole number. */
  person: ArrayLike<number>;
  frame: ArrayLike<number>;
  /** Metres. */
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** A value for each frame: `values[i]` belongs to frame `firstFrame + i`. */
export interface Series {
  firstFrame: number;
  values: Float64Array;
}

/**
 * Where everybody was, frame by frame: what the measures of a recording, a simulation or a laboratory run read. People may
 * come and go, and may be missing in frames between.
 *
 * Rows lie by person, then frame; what is computed for each row (a speed) is a column of the same order.
 */
export class Trajectories {
  readonly framesPerS: number;
  readonly length: number;
  /** Ids of the people, ascending; person `k` has the rows `starts[k]` to `starts[k + 1]`. */
  readonly ids: Float64Array;
  readonly starts: Int32Array;
  /** Of every row: whose it is. */
  readonly person: Float64Array;
  readonly frame: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** Rows by frame, then person. */
  private readonly order: Int32Array;
  private readonly frameStarts: Int32Array;
  private readonly indexOfId: ReadonlyMap<number, number>;

  /** @throws HitonamiError `INPUT` for ragged columns, numbers that are none, and two rows of one person in one frame */
  constructor(columns: TrajectoryColumns, framesPerS: number) {
    const { person, frame, x, y } = columns;
    const { length } = person;
    if (frame.length !== length || x.length !== length || y.length !== length)
      throw refused(
        `its columns have ${length}, ${frame.length}, ${x.length} and ${y.length} rows`,
      );
    if (!(framesPerS > 0 && Number.isFinite(framesPerS)))
      throw refused(`${framesPerS} frames/s is no rate`);
    for (let i = 0; i < length; i++) {
      if (!Number.isSafeInteger(person[i]) || !isInt32(frame[i] as number))
        throw refused(`row ${i}: person and frame must be whole numbers`);
      if (!Number.isFinite(x[i]) || !Number.isFinite(y[i]))
        throw refused(`row ${i}: x and y must be finite metres`);
    }
    const rows = Int32Array.from({ length }, (_, i) => i).sort(
      (a, b) =>
        (person[a] as number) - (person[b] as number) ||
        (frame[a] as number) - (frame[b] as number),
    );
    this.framesPerS = framesPerS;
    this.length = length;
    this.person = Float64Array.from(rows, (row) => person[row] as number);
    this.frame = Int32Array.from(rows, (row) => frame[row] as number);
    this.x = Float64Array.from(rows, (row) => x[row] as number);
    this.y = Float64Array.from(rows, (row) => y[row] as number);
    const ids: number[] = [];
    const starts: number[] = [];
    rows.forEach((row, i) => {
      const id = person[row] as number;
      if (id !== ids.at(-1)) {
        ids.push(id);
        starts.push(i);
      } else if (this.frame[i] === this.frame[i - 1])
        throw refused(`person ${id} is twice in frame ${this.frame[i] as number}`);
    });
    this.ids = Float64Array.from(ids);
    this.indexOfId = new Map(ids.map((id, k) => [id, k]));
    this.starts = Int32Array.from([...starts, length]);
    this.firstFrame = this.frame.reduce((a, b) => Math.min(a, b), length > 0 ? Infinity : 0);
    this.lastFrame = this.frame.reduce((a, b) => Math.max(a, b), length > 0 ? -Infinity : -1);
    if (this.lastFrame - this.firstFrame >= FRAMES_MAX)
      throw refused(`frames ${this.firstFrame} to ${this.lastFrame} are over ${FRAMES_MAX} frames`);
    // The sort is stable, so that the rows of a frame stay by person.
    this.order = Int32Array.from({ length }, (_, row) => row).sort(
      (a, b) => (this.frame[a] as number) - (this.frame[b] as number),
    );
    this.frameStarts = new Int32Array(this.frames + 1).fill(length);
    let frameAt = this.firstFrame;
    this.order.forEach((row, i) => {
      while (frameAt <= (this.frame[row] as number))
        this.frameStarts[frameAt++ - this.firstFrame] = i;
    });
  }

  /** Frames from the first to the last, those with nobody included. */
  get frames(): number {
    return this.lastFrame - this.firstFrame + 1;
  }

  /** The last row of a person, −1 for nobody of that id. */
  lastRowOf(id: number): number {
    const k = this.indexOfId.get(id);
    return k === undefined ? -1 : (this.starts[k + 1] as number) - 1;
  }

  /** The rows of a frame, by person. */
  rowsOf(frame: number): Int32Array {
    const i = frame - this.firstFrame;
    if (i < 0 || i >= this.frames) return this.order.subarray(0, 0);
    return this.order.subarray(this.frameStarts[i], this.frameStarts[i + 1]);
  }

  /** Everybody in a frame, in the order of `rowsOf`. */
  at(frame: number): Positions {
    const rows = this.rowsOf(frame);
    return { count: rows.length, x: pick(this.x, rows), y: pick(this.y, rows) };
  }

  /** One value for each frame. */
  series(value: (frame: number, rows: Int32Array) => number): Series {
    const values = new Float64Array(this.frames);
    for (let i = 0; i < values.length; i++) {
      const frame = this.firstFrame + i;
      values[i] = value(frame, this.rowsOf(frame));
    }
    return { firstFrame: this.firstFrame, values };
  }
}

/** More frames than this from first to last are refused: four days at 25 frames/s. */
export const FRAMES_MAX = 10_000_000;

function isInt32(value: number): boolean {
  return (value | 0) === value;
}

function refused(what: string): HitonamiError {
  return new HitonamiError('INPUT', `trajectories: ${what}`);
}
