import { TOLERANCE } from './limits.js';
import type { ModelProgram } from './program.js';

/** By how much a point may miss a bound or a sum, persons. */
export const SLACK = TOLERANCE / 10;

/**
 * A point of a program and by how much it is changed. A variable goes by its first column; one with two has the sum of both.
 * To be cleared before each change.
 */
export class Change {
  readonly #program: ModelProgram['program'];
  readonly #value: Float64Array;
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  readonly #activity: Float64Array;
  /** Lines of each column, compressed. */
  readonly #starts: Int32Array;
  readonly #lines: Int32Array;
  readonly #weights: Float64Array;
  readonly #second: readonly number[];
  readonly #delta: Float64Array;
  readonly #lineDelta: Float64Array;
  #touched: number[] = [];
  #touchedLines: number[] = [];

  constructor({ program, columnOf, isSplit }: ModelProgram) {
    const { columns, rows } = program;
    const count = columns.lower.length;
    this.#program = program;
    this.#value = new Float64Array(count);
    this.#lower = columns.lower;
    this.#upper = columns.upper.slice();
    this.#second = [...isSplit].map((variable) => (columnOf.get(variable) ?? 0) + 1);
    for (const column of this.#second)
      this.#upper[column - 1] = (columns.upper[column - 1] ?? 0) + (columns.upper[column] ?? 0);
    this.#activity = new Float64Array(rows.lower.length);
    this.#delta = new Float64Array(count);
    this.#lineDelta = new Float64Array(rows.lower.length);
    this.#starts = new Int32Array(count + 1);
    for (const column of rows.indices)
      this.#starts[column + 1] = (this.#starts[column + 1] ?? 0) + 1;
    for (let column = 0; column < count; column++)
      this.#starts[column + 1] = (this.#starts[column + 1] ?? 0) + (this.#starts[column] ?? 0);
    this.#lines = new Int32Array(rows.indices.length);
    this.#weights = new Float64Array(rows.indices.length);
    const next = this.#starts.slice();
    for (let line = 0; line < rows.lower.length; line++)
      for (let at = rows.starts[line] ?? 0; at < (rows.starts[line + 1] ?? 0); at++) {
        const column = rows.indices[at] ?? 0;
        const to = next[column] ?? 0;
        next[column] = to + 1;
        this.#lines[to] = line;
        this.#weights[to] = rows.values[at] ?? 0;
      }
  }

  /** From here on changes begin at this point. */
  begin(x: Float64Array): void {
    const { starts, indices, values } = this.#program.rows;
    for (let line = 0; line < this.#activity.length; line++) {
      let sum = 0;
      for (let at = starts[line] ?? 0; at < (starts[line + 1] ?? 0); at++)
        sum += (values[at] ?? 0) * (x[indices[at] ?? 0] ?? 0);
      this.#activity[line] = sum;
    }
    this.#value.set(x);
    for (const column of this.#second)
      this.#value[column - 1] = (x[column - 1] ?? 0) + (x[column] ?? 0);
  }

  valueOf(column: number): number {
    return this.#value[column] ?? 0;
  }

  /** How far a variable can go down from the point. */
  down(column: number): number {
    return (this.#value[column] ?? 0) - (this.#lower[column] ?? 0);
  }

  /** How far it can go up. */
  up(column: number): number {
    return (this.#upper[column] ?? 0) - (this.#value[column] ?? 0);
  }

  /** Whether its own bounds let it change so. */
  has(column: number, by: number): boolean {
    return by < 0 ? -by <= this.down(column) + SLACK : by <= this.up(column) + SLACK;
  }

  /** How far a sum is over the least that it may be, at the point. */
  below(line: number): number {
    return (this.#activity[line] ?? 0) - (this.#program.rows.lower[line] ?? 0);
  }

  /** How far it is under the most. */
  above(line: number): number {
    return (this.#program.rows.upper[line] ?? 0) - (this.#activity[line] ?? 0);
  }

  clear(): void {
    for (const column of this.#touched) this.#delta[column] = 0;
    this.#touched = [];
  }

  add(column: number, by: number): void {
    this.#touched.push(column);
    this.#delta[column] = (this.#delta[column] ?? 0) + by;
  }

  /** By how much a variable is changed. */
  of(column: number): number {
    return this.#delta[column] ?? 0;
  }

  /** Whether the changed point keeps every bound and every sum. */
  holds(): boolean {
    const seen = new Set(this.#touched);
    for (const column of seen) if (!this.has(column, this.#delta[column] ?? 0)) return false;
    for (const column of seen) {
      const by = this.#delta[column] ?? 0;
      for (let at = this.#starts[column] ?? 0; at < (this.#starts[column + 1] ?? 0); at++) {
        const line = this.#lines[at] ?? 0;
        this.#touchedLines.push(line);
        this.#lineDelta[line] = (this.#lineDelta[line] ?? 0) + (this.#weights[at] ?? 0) * by;
      }
    }
    let isKept = true;
    for (const line of this.#touchedLines) {
      // Of one that was looked at already nothing is left.
      const by = this.#lineDelta[line] ?? 0;
      this.#lineDelta[line] = 0;
      isKept &&= -by <= this.below(line) + SLACK && by <= this.above(line) + SLACK;
    }
    this.#touchedLines = [];
    return isKept;
  }
}
