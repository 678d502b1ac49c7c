import { Change, SLACK } from './change.js';
import type { Model, SumRow } from './model.js';
import type { ModelProgram } from './program.js';

/** Cells of a sum that are tried to make up for a change in another. */
const PARTNERS_MAX = 1_000;
/** Circles that are tried for one cell. */
const CIRCLES_MAX = 24;
/** Smaller changes are none, persons. */
const LEAST = 1e-12;
/** A sum that a variable is a part of. */
interface Part {
  readonly row: SumRow;
  readonly weight: number;
  /** Its row in the program; −1 where it has none. */
  readonly line: number;
  /** Column of what it sums up to; −1 where that is a constant. */
  readonly whole: number;
}

/**
 * From one point that keeps every sum of a program to others, without a solver: one cell is changed to what it must be able to be,
 * everything that it is a part of changes with it, and other cells of its sums make up for it. What comes out is held against
 * every bound and every sum of the program that it touches, so that a point that is found is one; where none is found, nothing
 * is known. Cells go by their first column in the program.
 */
export class Exchange {
  readonly #model: Model;
  readonly #in: ModelProgram;
  readonly #variableAt: Int32Array;
  readonly #change: Change;
  readonly #sorted = new Map<SumRow, readonly number[]>();
  readonly #parts = new Map<number, readonly Part[]>();

  constructor(model: Model, program: ModelProgram) {
    this.#model = model;
    this.#in = program;
    this.#change = new Change(program);
    this.#variableAt = new Int32Array(program.program.columns.lower.length).fill(-1);
    for (const [variable, column] of program.columnOf) this.#variableAt[column] = variable;
  }

  /** From here on changes begin at this point of the program. */
  begin(x: Float64Array): void {
    this.#sorted.clear();
    this.#change.begin(x);
  }

  /** Whether a variable can have a value. */
  canBe(variable: number, wanted: number): boolean {
    const column = this.#columnOf(variable);
    if (column === -1) return false;
    const by = wanted - this.#change.valueOf(column);
    const leaves = new Map<number, number>();
    if (!this.#divide(column, by, leaves)) return false;
    // Who makes up for it must not take it back: of a sum over places others are parts too.
    const isThere = (): boolean =>
      Math.abs(this.#change.of(column) - by) <= SLACK && this.#change.holds();
    this.#change.clear();
    for (const [leaf, change] of leaves) this.#raise(leaf, change);
    if (isThere()) return true;
    this.#makeUp(leaves);
    if (isThere()) return true;
    return leaves.has(column) && this.#inCircle(column, by);
  }

  /** A change of a sum over time or places as changes of the cells that it is made of. */
  #divide(column: number, by: number, leaves: Map<number, number>): boolean {
    const row = this.#sumOf(column);
    if (row === undefined) {
      leaves.set(column, (leaves.get(column) ?? 0) + by);
      return true;
    }
    let left = by * row.wholeWeight;
    const wanted = this.#change.valueOf(column) + by;
    const given = new Map<number, number>();
    // As low as can be; up no farther than what is wanted of the whole, so that no part stands out, where that does.
    for (const limit of by < 0 ? [0] : [wanted, Infinity])
      for (const [at, variable] of row.parts.entries()) {
        if (Math.abs(left) <= LEAST) break;
        const weight = row.weights[at] ?? 0;
        const part = this.#columnOf(variable);
        if (weight <= 0 || part === -1) continue;
        const before = given.get(part) ?? 0;
        const most = Math.max(0, limit - this.#change.valueOf(part) - before);
        const change =
          by < 0
            ? Math.max(-this.#change.down(part), left / weight)
            : Math.min(this.#change.up(part) - before, left / weight, most);
        if (Math.abs(change) <= LEAST || !this.#divide(part, change, leaves)) continue;
        given.set(part, before + change);
        left -= weight * change;
      }
    return Math.abs(left) <= SLACK / 10;
  }

  /** A cell changes, and with it all that it is a part of and that is no constant. */
  #raise(column: number, by: number): void {
    this.#change.add(column, by);
    for (const { row, weight, line, whole } of this.#partIn(column))
      if (line !== -1 && whole !== -1) this.#raise(whole, (weight / row.wholeWeight) * by);
  }

  /** The place of each changed cell in a sum over places is taken by others of that sum. */
  #makeUp(leaves: ReadonlyMap<number, number>): void {
    for (const [leaf, by] of leaves) {
      const row = this.#sumOver('places', leaf);
      if (row === undefined) continue;
      let left = -by;
      for (const partner of this.#partners(row, by)) {
        if (Math.abs(left) <= LEAST) break;
        if (leaves.has(partner)) continue;
        const can = this.#sparedBy(partner, left);
        if (Math.abs(can) <= LEAST) continue;
        this.#raise(partner, can);
        left -= can;
      }
    }
  }

  /** The part of a change that a cell can take, as far as its own bounds and the sums over its time let it. */
  #sparedBy(column: number, wanted: number): number {
    const change = this.#change;
    const isDown = wanted < 0;
    const moved = change.of(column);
    const own = isDown ? change.down(column) + moved : change.up(column) - moved;
    let can = Math.min(Math.abs(wanted), own);
    for (const { row, weight, line, whole } of this.#partIn(column)) {
      if (row.over !== 'time' || can <= 0) continue;
      if (whole !== -1) {
        const spare = isDown
          ? change.down(whole) + change.of(whole)
          : change.up(whole) - change.of(whole);
        can = Math.min(can, (spare * row.wholeWeight) / weight);
      } else if (line !== -1)
        can = Math.min(can, (isDown ? change.below(line) : change.above(line)) / weight);
    }
    return Math.max(0, can) * Math.sign(wanted);
  }

  /** A cell and another step of its place, and the two of another place the other way round: no sum changes. */
  #inCircle(leaf: number, by: number): boolean {
    const [time, places] = [this.#sumOver('time', leaf), this.#sumOver('places', leaf)];
    let tries = CIRCLES_MAX;
    for (const other of time?.parts ?? []) {
      const sibling = this.#columnOf(other);
      if (sibling === -1 || sibling === leaf || !this.#change.has(sibling, -by)) continue;
      if (this.#isChanged([leaf, by], [sibling, -by])) return true;
      const there = this.#sumOver('places', sibling);
      if (places === undefined || there === undefined) continue;
      const opposites = new Map(there.parts.map((part) => [this.#placeOf(part), part]));
      for (const partner of this.#partners(places, by)) {
        const part = opposites.get(this.#placeOf(this.#variableAt[partner] ?? -1));
        const opposite = part === undefined ? -1 : this.#columnOf(part);
        if (partner === leaf || opposite === -1 || opposite === sibling) continue;
        if (!this.#change.has(partner, -by) || !this.#change.has(opposite, by)) continue;
        if (this.#isChanged([leaf, by], [sibling, -by], [partner, -by], [opposite, by]))
          return true;
        if (--tries <= 0) return false;
      }
    }
    return false;
  }

  #isChanged(...all: readonly (readonly [number, number])[]): boolean {
    this.#change.clear();
    for (const [column, by] of all) this.#raise(column, by);
    return this.#change.holds();
  }

  /** Cells of a sum, those first that can best go the other way than `by`. */
  #partners(row: SumRow, by: number): readonly number[] {
    let found = this.#sorted.get(row);
    if (found === undefined) {
      const columns = row.parts.map((part) => this.#columnOf(part)).filter((at) => at !== -1);
      found = columns.sort((a, b) => this.#change.valueOf(b) - this.#change.valueOf(a));
      this.#sorted.set(row, found);
    }
    // Who has most is asked first where something is to be taken, and who has least where something is to be given.
    return by > 0 ? found.slice(0, PARTNERS_MAX) : found.slice(-PARTNERS_MAX).reverse();
  }

  #columnOf(variable: number): number {
    return this.#in.columnOf.get(variable) ?? -1;
  }

  /** The sum that a cell is, over time or places. */
  #sumOf(column: number): SumRow | undefined {
    const variable = this.#variableAt[column] ?? -1;
    for (const index of this.#model.rowsOf[variable] ?? []) {
      const row = this.#model.rows[index];
      if (row?.kind === 'sum' && row.whole === variable && this.#in.lineOf.has(index)) return row;
    }
    return undefined;
  }

  #sumOver(over: SumRow['over'], column: number): SumRow | undefined {
    return this.#partIn(column).find(({ row }) => row.over === over)?.row;
  }

  #partIn(column: number): readonly Part[] {
    let found = this.#parts.get(column);
    if (found !== undefined) return found;
    const variable = this.#variableAt[column] ?? -1;
    found = (this.#model.rowsOf[variable] ?? []).flatMap((index): Part[] => {
      const row = this.#model.rows[index];
      if (row?.kind !== 'sum' || row.whole === variable) return [];
      const weight = row.weights[row.parts.indexOf(variable)] ?? 0;
      const line = this.#in.lineOf.get(index) ?? -1;
      return [{ row, weight, line, whole: this.#columnOf(row.whole) }];
    });
    this.#parts.set(column, found);
    return found;
  }

  #placeOf(variable: number): string {
    return this.#model.variables[variable]?.key.places.join('\n') ?? '';
  }
}
