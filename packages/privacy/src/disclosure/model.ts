import type { CellKey } from '@hitonami/model';

/** Least and most that a number can be; both belong to it. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** One number that an attacker would like to know, or knows: the people of a cell. */
export interface Variable {
  readonly key: CellKey;
  /** What the block that is being released tells of it; undefined where that withholds it or has no such cell. */
  own: Bounds | undefined;
  /** Index of the block's cell. */
  readonly ownCell: number | undefined;
  /** What was told before. */
  known: Bounds | undefined;
  /** What is told of most people at one instant, by the block and before. */
  ownPeak: Bounds | undefined;
  knownPeak: Bounds | undefined;
  /** Told before with a mean speed, a mean time or a saturation. */
  isKnownWithMeans: boolean;
  /**
   * What has to be left where it is withheld: `range` from nobody to k − 1, `room` only up to k − 1 (it stands for all the
   * cells that are not even listed), `none` of what is no cell.
   */
  readonly demand: 'range' | 'room' | 'none';
}

/** A sum: weight of the whole × whole = Σ weight × part. */
export interface SumRow {
  readonly kind: 'sum';
  readonly over: 'places' | 'time' | 'ways';
  readonly whole: number;
  readonly wholeWeight: number;
  readonly parts: readonly number[];
  readonly weights: readonly number[];
}

/** Anything else that is known: Σ weight × part lies within bounds. */
export interface BoundRow extends Bounds {
  readonly kind: 'bound';
  readonly parts: readonly number[];
  readonly weights: readonly number[];
}

/** What cells of two subjects, or of two steps, say of the same people: Σ weight × part lies within bounds. */
export interface BetweenRow extends Bounds {
  readonly kind: 'between';
  readonly parts: readonly number[];
  readonly weights: readonly number[];
  /** The part that all others are counted in, where that is one cell. */
  readonly whole?: number | undefined;
}

export type Row = SumRow | BoundRow | BetweenRow;

/** All that an attacker has: numbers, and how they add up. */
export interface Model {
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
  /** Of each variable, the rows that it is in. */
  readonly rowsOf: readonly (readonly number[])[];
}

/** What is told of a variable, now and before; undefined where it is withheld. */
export function toldBounds({ own, known }: Variable): Bounds | undefined {
  if (own === undefined || known === undefined) return own ?? known;
  return { min: Math.max(own.min, known.min), max: Math.min(own.max, known.max) };
}

/** What is told of its most people at one instant. */
export function toldPeak({ ownPeak, knownPeak }: Variable): Bounds | undefined {
  if (ownPeak === undefined || knownPeak === undefined) return ownPeak ?? knownPeak;
  return {
    min: Math.max(ownPeak.min, knownPeak.min),
    max: Math.min(ownPeak.max, knownPeak.max),
  };
}

export function isWithheld({ own, known }: Variable): boolean {
  return own === undefined && known === undefined;
}

/** Every variable of a row with its weight, so that the sum lies between the row's bounds. */
export function termsOf(row: Row): { variables: readonly number[]; weights: readonly number[] } {
  if (row.kind !== 'sum') return { variables: row.parts, weights: row.weights };
  return {
    variables: [...row.parts, row.whole],
    weights: [...row.weights, -row.wholeWeight],
  };
}

export function boundsOfRow(row: Row): Bounds {
  return row.kind === 'sum' ? { min: 0, max: 0 } : row;
}

export const NO_ROW: BoundRow = { kind: 'bound', min: 0, max: 0, parts: [], weights: [] };
