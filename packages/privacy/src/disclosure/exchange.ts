import { TOLERANCE } from './limits.js';
import type { Model, SumRow } from './model.js';
import type { ModelProgram } from './program.js';

/** Cells of a sum that are tried to make up for a change in another. */
const PARTNERS_MAX = 24;
/** Circles that are tried for one cell. */
const CIRCLES_MAX = 24;
/** Smaller changes are none, persons. */
const LEAST = 1e-12;

/** A sum that a variable is a part of, and its row in the program. */
interface Part {
  readonly row: SumRow;
  readonly weight: number;
  readonly line: number | undefined;
}

/** By how much variables change. */
type Change = Map<number, number>;

/**
 * From one point that keeps every sum of a program to others, without a solver: one cell is changed to what it must be able to be,
 * everything that it is a part of changes with it, and other cells of its sums make up for it. What comes out is held against
 * every bound and every sum of the program that it touches, so that a point that is found is one; where none is found, nothing
 * is known.
 */
export class Exchange {
  readonly #model: Model;
  readonly #in: ModelProgram;
  readonly #linesOf = new Map<number, { line: number; weight: number }[]>();
  readonly #activity: Float64Array;
  readonly #sorted = new Map<SumRow, readonly number[]>();
  readonly #parts = new Map<number, readonly Part[]>();
  #x: Float64Array = new Float64Array();

  constructor(model: Model, program: ModelProgram) {
    this.#model = model;
    this.#in = program;
    const { starts, indices, values, lower } = program.program.rows;
    this.#activity = new Float64Array(lower.length);
    const byColumn = new Map<number, number>();
    for (const [variable, column] of program.columnOf) byColumn.set(column, variable);
    for (let line = 0; line < lower.length; line++)
      for (let at = starts[line] ?? 0; at < (starts[line + 1] ?? 0); at++) {
        const variable = byColumn.get(indices[at] ?? -1);
        if (variable === undefined) continue;
        const lines = this.#linesOf.get(variable) ?? [];
        lines.push({ line, weight: values[at] ?? 0 });
        this.#linesOf.set(variable, lines);
      }
  }

  /** From here on changes begin at this point of the program. */
  begin(x: Float64Array): void {
    this.#x = x;
    this.#sorted.clear();
    const { starts, indices, values } = this.#in.program.rows;
    for (let line = 0; line < this.#activity.length; line++) {
      let sum = 0;
      for (let at = starts[line] ?? 0; at < (starts[line + 1] ?? 0); at++)
        sum += (values[at] ?? 0) * (x[indices[at] ?? 0] ?? 0);
      this.#activity[line] = sum;
    }
  }

  /** Whether a variable can be as low as this. */
  canBeLow(variable: number, most: number): boolean {
    return this.#canBe(variable, most - this.#valueOf(variable));
  }

  /** Whether it can be as high as this. */
  canBeHigh(variable: number, least: number): boolean {
    return this.#canBe(variable, least - this.#valueOf(variable));
  }

  #canBe(variable: number, by: number): boolean {
    if (!this.#in.columnOf.has(variable)) return false;
    const leaves: Change = new Map();
    if (!this.#divide(variable, by, leaves)) return false;
    const alone: Change = new Map();
    for (const [leaf, change] of leaves) this.#raise(leaf, change, alone);
    // Who makes up for it must not take it back: of a sum over places others are parts too.
    const isThere = (change: Change): boolean =>
      Math.abs((change.get(variable) ?? 0) - by) <= TOLERANCE / 10 && this.#holds(change);
    if (isThere(alone) || isThere(this.#withPartners(leaves))) return true;
    return leaves.has(variable) && this.#inCircle(variable, by);
  }

  /** A change of a sum over time or places as changes of the cells that it is made of. */
  #divide(variable: number, by: number, leaves: Change): boolean {
    const row = this.#sumOf(variable);
    if (row === undefined) {
      if (!this.#in.columnOf.has(variable)) return false;
      leaves.set(variable, (leaves.get(variable) ?? 0) + by);
      return true;
    }
    let left = by * row.wholeWeight;
    for (const [at, part] of row.parts.entries()) {
      if (Math.abs(left) <= LEAST) break;
      const weight = row.weights[at] ?? 0;
      if (weight <= 0 || !this.#in.columnOf.has(part)) continue;
      // As low as can be; up no farther than what is wanted of the whole, so that no part stands out.
      const most = Math.max(0, this.#valueOf(variable) + by - this.#valueOf(part));
      const change =
        by < 0
          ? Math.max(-this.#down(part), left / weight)
          : Math.min(this.#up(part), left / weight, most);
      if (Math.abs(change) <= LEAST) continue;
      if (!this.#divide(part, change, leaves)) continue;
      left -= weight * change;
    }
    return Math.abs(left) <= TOLERANCE / 100;
  }

  /** A variable changes, and with it all that it is a part of and that is no constant. */
  #raise(variable: number, by: number, change: Change): void {
    change.set(variable, (change.get(variable) ?? 0) + by);
    for (const { row, weight, line } of this.#partIn(variable))
      if (line !== undefined && this.#in.columnOf.has(row.whole))
        this.#raise(row.whole, (weight / row.wholeWeight) * by, change);
  }

  /** Each changed cell's place in a sum over places is taken by others of that sum. */
  #withPartners(leaves: Change): Change {
    const change: Change = new Map();
    for (const [leaf, by] of leaves) this.#raise(leaf, by, change);
    for (const [leaf, by] of leaves) {
      const row = this.#partIn(leaf).find((one) => one.row.over === 'places')?.row;
      if (row === undefined) continue;
      let left = -by;
      for (const partner of this.#partners(row, by)) {
        if (Math.abs(left) <= LEAST) break;
        if (partner === leaf || leaves.has(partner)) continue;
        const can = this.#sparedBy(partner, change, left);
        if (Math.abs(can) <= LEAST) continue;
        this.#raise(partner, can, change);
        left -= can;
      }
    }
    return change;
  }

  /** The part of a change that a cell can take, as far as its own bounds and the sum over its time let it. */
  #sparedBy(variable: number, change: Change, wanted: number): number {
    const moved = change.get(variable) ?? 0;
    let can =
      wanted < 0
        ? Math.max(wanted, -(this.#down(variable) + moved))
        : Math.min(wanted, this.#up(variable) - moved);
    if (can === 0) return 0;
    for (const { row, weight, line } of this.#partIn(variable)) {
      if (row.over !== 'time') continue;
      const isDown = wanted < 0;
      let room: number;
      if (this.#in.columnOf.has(row.whole)) {
        const own = change.get(row.whole) ?? 0;
        const spare = isDown ? this.#down(row.whole) + own : this.#up(row.whole) - own;
        room = (spare * row.wholeWeight) / weight;
      } else if (line === undefined) continue;
      else {
        const { lower, upper } = this.#in.program.rows;
        const now = this.#activity[line] ?? 0;
        room = (isDown ? now - (lower[line] ?? 0) : (upper[line] ?? 0) - now) / weight;
      }
      can = isDown ? Math.max(can, -room) : Math.min(can, room);
    }
    return wanted < 0 ? Math.min(0, can) : Math.max(0, can);
  }

  /** A cell and another step of its place, and the two of another place the other way round: no sum changes. */
  #inCircle(leaf: number, by: number): boolean {
    const [time, places] = (['time', 'places'] as const).map((over) =>
      this.#partIn(leaf).find((one) => one.row.over === over),
    );
    if (time === undefined) return false;
    let tries = CIRCLES_MAX;
    for (const sibling of time.row.parts) {
      if (sibling === leaf || !this.#has(sibling, -by)) continue;
      const change: Change = new Map();
      this.#raise(leaf, by, change);
      this.#raise(sibling, -by, change);
      if (this.#holds(change)) return true;
      if (places === undefined) continue;
      const other = this.#partIn(sibling).find((one) => one.row.over === 'places')?.row;
      if (other === undefined) continue;
      const there = new Map(other.parts.map((part) => [this.#placeOf(part), part]));
      for (const partner of this.#partners(places.row, by)) {
        const opposite = there.get(this.#placeOf(partner));
        if (partner === leaf || opposite === undefined || opposite === sibling) continue;
        if (!this.#has(partner, -by) || !this.#has(opposite, by)) continue;
        const circle: Change = new Map(change);
        this.#raise(partner, -by, circle);
        this.#raise(opposite, by, circle);
        if (this.#holds(circle)) return true;
        if (--tries <= 0) return false;
      }
    }
    return false;
  }

  /** Whether a point so changed keeps every bound and every sum. */
  #holds(change: Change): boolean {
    const lines = new Map<number, number>();
    for (const [variable, by] of change) {
      if (!this.#has(variable, by)) return false;
      for (const { line, weight } of this.#linesOf.get(variable) ?? [])
        lines.set(line, (lines.get(line) ?? 0) + weight * by);
    }
    const { lower, upper } = this.#in.program.rows;
    for (const [line, by] of lines) {
      const sum = (this.#activity[line] ?? 0) + by;
      const slack = TOLERANCE / 10;
      if (sum < (lower[line] ?? 0) - slack || sum > (upper[line] ?? 0) + slack) return false;
    }
    return true;
  }

  #has(variable: number, by: number): boolean {
    if (!this.#in.columnOf.has(variable)) return false;
    return by < 0
      ? -by <= this.#down(variable) + TOLERANCE / 10
      : by <= this.#up(variable) + TOLERANCE / 10;
  }

  /** Cells of a sum, those first that can best go the other way than `by`. */
  #partners(row: SumRow, by: number): readonly number[] {
    let found = this.#sorted.get(row);
    if (found === undefined) {
      const room = row.parts
        .filter((part) => this.#in.columnOf.has(part))
        .map((part) => ({ part, value: this.#valueOf(part) }))
        .sort((a, b) => b.value - a.value);
      this.#sorted.set(row, (found = room.map(({ part }) => part)));
    }
    if (found.length <= PARTNERS_MAX) return found;
    return by > 0
      ? found.slice(0, PARTNERS_MAX)
      : [...found.slice(0, PARTNERS_MAX / 2), ...found.slice(-PARTNERS_MAX / 2)];
  }

  #valueOf(variable: number): number {
    const column = this.#in.columnOf.get(variable);
    if (column === undefined) return 0;
    const over = this.#in.isSplit.has(variable) ? (this.#x[column + 1] ?? 0) : 0;
    return (this.#x[column] ?? 0) + over;
  }

  /** How far a variable can go down. */
  #down(variable: number): number {
    const column = this.#in.columnOf.get(variable) ?? 0;
    return this.#valueOf(variable) - (this.#in.program.columns.lower[column] ?? 0);
  }

  /** How far it can go up. */
  #up(variable: number): number {
    const column = this.#in.columnOf.get(variable) ?? 0;
    const { upper } = this.#in.program.columns;
    const over = this.#in.isSplit.has(variable) ? (upper[column + 1] ?? 0) : 0;
    return (upper[column] ?? 0) + over - this.#valueOf(variable);
  }

  /** The sum that a variable is, over time or places. */
  #sumOf(variable: number): SumRow | undefined {
    for (const index of this.#model.rowsOf[variable] ?? []) {
      const row = this.#model.rows[index];
      if (row?.kind === 'sum' && row.whole === variable && this.#in.lineOf.has(index)) return row;
    }
    return undefined;
  }

  #partIn(variable: number): readonly Part[] {
    let found = this.#parts.get(variable);
    if (found !== undefined) return found;
    found = (this.#model.rowsOf[variable] ?? []).flatMap((index) => {
      const row = this.#model.rows[index];
      if (row?.kind !== 'sum' || row.whole === variable) return [];
      const weight = row.weights[row.parts.indexOf(variable)] ?? 0;
      return [{ row, weight, line: this.#in.lineOf.get(index) }];
    });
    this.#parts.set(variable, found);
    return found;
  }

  #placeOf(variable: number): string {
    return this.#model.variables[variable]?.key.places.join('\n') ?? '';
  }
}
