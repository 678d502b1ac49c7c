import { LINE_BAND_M, type PlanLine } from '@hitonami/model';

/** Crossings of a count line since the start. `forward` is towards the left of the line's direction. */
export interface LineTruth {
  line: string;
  /**
   * Completed passages of the band of ±0.5 m around the line: into it on one side, out of it on the other. What
   * operations count, with the definition of the measures.
   */
  forward: number;
  backward: number;
  /** People by their first crossing of the line itself; one that ends exactly on it is not yet a crossing (N–t). */
  firstForward: number;
  firstBackward: number;
  /** When these first crossings were, seconds since the start, in order. */
  firstAtS: number[];
}

type Side = -1 | 0 | 1;

/** Follows everyone across one line, with the same definition of a passage as the measures have. */
export class LineWatch {
  readonly truth: LineTruth;
  readonly #x: number;
  readonly #y: number;
  readonly #ux: number;
  readonly #uy: number;
  readonly #lengthM: number;
  /** By person in the band: the side they came in by, 0 where that is not known. */
  readonly #visits = new Map<number, Side>();
  /** Those who have crossed; and by person the last side of the line they were seen on. */
  readonly #crossed = new Set<number>();
  readonly #sides = new Map<number, Side>();

  constructor({ id, line }: PlanLine) {
    const [a, b] = line.coordinates;
    this.#lengthM = Math.hypot(b[0] - a[0], b[1] - a[1]);
    [this.#x, this.#y] = a;
    this.#ux = (b[0] - a[0]) / this.#lengthM;
    this.#uy = (b[1] - a[1]) / this.#lengthM;
    this.truth = {
      line: id,
      forward: 0,
      backward: 0,
      firstForward: 0,
      firstBackward: 0,
      firstAtS: [],
    };
  }

  /** Someone's first position: inside the band their side is not known. */
  start(person: number, x: number, y: number): void {
    if (this.#isInBand(x, y)) this.#visits.set(person, 0);
    this.#sides.set(person, sign(this.#across(x, y)));
  }

  /** Someone went from (x0, y0) to (x1, y1). @returns whether that completed a passage */
  step(person: number, x0: number, y0: number, x1: number, y1: number, timeS: number): boolean {
    const before = this.#across(x0, y0);
    const after = this.#across(x1, y1);
    if (Math.abs(before) > 2 && Math.abs(after) > 2 && before > 0 === after > 0) return false;
    this.#firstCrossing(person, x0, y0, x1, y1, timeS);
    const wasIn = this.#isInBand(x0, y0);
    if (this.#isInBand(x1, y1)) {
      if (!this.#visits.has(person)) this.#visits.set(person, wasIn ? 0 : beyond(before));
      return false;
    }
    if (!wasIn) return this.#leap(x0, y0, x1, y1, before, after);
    const from = this.#visits.get(person);
    this.#visits.delete(person);
    const to = beyond(after);
    if (from === undefined || from === 0 || to === 0 || from === to) return false;
    return this.#count(to);
  }

  forget(person: number): void {
    this.#visits.delete(person);
    this.#crossed.delete(person);
    this.#sides.delete(person);
  }

  #firstCrossing(
    person: number,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    timeS: number,
  ): void {
    const before = this.#across(x0, y0);
    const after = this.#across(x1, y1);
    const side = sign(after);
    const last = this.#sides.get(person) ?? 0;
    if (side === 0) return;
    this.#sides.set(person, side);
    if (this.#crossed.has(person) || last === 0 || side === last) return;
    const share = before === after ? 1 : before / (before - after);
    const x = x0 + share * (x1 - x0);
    const y = y0 + share * (y1 - y0);
    const along = (x - this.#x) * this.#ux + (y - this.#y) * this.#uy;
    if (along < 0 || along > this.#lengthM) return;
    this.#crossed.add(person);
    if (side === 1) this.truth.firstForward++;
    else this.truth.firstBackward++;
    this.truth.firstAtS.push(timeS);
  }

  /** A step over the whole band. */
  #leap(x0: number, y0: number, x1: number, y1: number, before: number, after: number): boolean {
    if (beyond(before) === 0 || beyond(after) === 0 || before > 0 === after > 0) return false;
    const share = before / (before - after);
    const x = x0 + share * (x1 - x0);
    const y = y0 + share * (y1 - y0);
    const along = (x - this.#x) * this.#ux + (y - this.#y) * this.#uy;
    if (along < 0 || along > this.#lengthM) return false;
    return this.#count(beyond(after));
  }

  #count(to: Side): boolean {
    if (to === 1) this.truth.forward++;
    else this.truth.backward++;
    return true;
  }

  /** Signed distance from the line, positive to the left of its direction. */
  #across(x: number, y: number): number {
    return (y - this.#y) * this.#ux - (x - this.#x) * this.#uy;
  }

  #isInBand(x: number, y: number): boolean {
    if (Math.abs(this.#across(x, y)) > LINE_BAND_M) return false;
    const along = (x - this.#x) * this.#ux + (y - this.#y) * this.#uy;
    return along >= 0 && along <= this.#lengthM;
  }
}

function beyond(distance: number): Side {
  if (distance > LINE_BAND_M) return 1;
  return distance < -LINE_BAND_M ? -1 : 0;
}

function sign(distance: number): Side {
  return distance > 0 ? 1 : distance < 0 ? -1 : 0;
}
