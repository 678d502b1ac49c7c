import type { Component } from './components.js';
import type { DemandOf } from './demands.js';
import { boundsOfRow, isWithheld, NO_ROW, termsOf, type Model } from './model.js';
import type { LinearProgram } from './solver.js';

/** A linear program over the sums of a component, and where its variables are in it. */
export interface ModelProgram {
  readonly program: LinearProgram;
  /** The first column of each variable that has any. */
  readonly columnOf: ReadonlyMap<number, number>;
  /** Variables with a second column, of what is over their demand. */
  readonly isSplit: ReadonlySet<number>;
  /** Row of the program of each sum that has one. */
  readonly lineOf: ReadonlyMap<number, number>;
}

/** Only these cells may be changed; the others stay where the point has them. */
export interface Near {
  readonly free: readonly number[];
  readonly point: Float64Array;
}

export interface Limits {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * The sums of a component as a linear program. A variable of which more is demanded has two columns: up to the demanded, and
 * what is over it. What is told and stands in one sum alone is taken into the bounds of that sum.
 */
export function programOf(
  model: Model,
  component: Component,
  { lower, upper }: Limits,
  demandOf: DemandOf,
  near?: Near,
): ModelProgram {
  const columnOf = new Map<number, number>();
  const isSplit = new Set<number>();
  const lineOf = new Map<number, number>();
  const columns: [number, number][] = [];
  // Its sums are all of its component.
  const isInOne = (v: number): boolean => model.rowsOf[v]?.length === 1;
  const isOpen = (v: number): boolean => {
    const variable = model.variables[v];
    return variable !== undefined && isWithheld(variable);
  };
  for (const v of near?.free ?? component.variables) {
    if (!isOpen(v) && isInOne(v)) continue;
    columnOf.set(v, columns.length);
    const [low, high] = [lower[v] ?? 0, upper[v] ?? Infinity];
    const demand = demandOf(v);
    if (demand === undefined) columns.push([low, high]);
    else {
      const middle = Math.min(Math.max(demand.max, low), high);
      columns.push([low, middle], [0, high - middle]);
      isSplit.add(v);
    }
  }
  const [starts, indices, values]: number[][] = [[0], [], []];
  const [rowLower, rowUpper]: number[][] = [[], []];
  for (const r of near === undefined ? component.rows : rowsOf(model, near.free)) {
    const row = model.rows[r] ?? NO_ROW;
    let { min, max } = boundsOfRow(row);
    const { variables, weights } = termsOf(row);
    for (let at = 0; at < variables.length; at++) {
      const v = variables[at] ?? 0;
      const weight = weights[at] ?? 0;
      const column = columnOf.get(v);
      if (weight === 0) continue;
      if (column === undefined) {
        const isFixed = near !== undefined && (!isInOne(v) || isOpen(v));
        const value = near?.point[v] ?? 0;
        const ends = isFixed
          ? [weight * value]
          : [weight * (lower[v] ?? 0), weight * (upper[v] ?? 0)];
        min -= Math.max(...ends);
        max -= Math.min(...ends);
        continue;
      }
      indices?.push(column);
      values?.push(weight);
      if (!isSplit.has(v)) continue;
      indices?.push(column + 1);
      values?.push(weight);
    }
    if (indices?.length === starts?.at(-1)) continue;
    lineOf.set(r, rowLower?.length ?? 0);
    starts?.push(indices?.length ?? 0);
    rowLower?.push(min);
    rowUpper?.push(max);
  }
  return {
    ...{ columnOf, isSplit, lineOf },
    program: {
      columns: {
        lower: Float64Array.from(columns, ([low]) => low),
        upper: Float64Array.from(columns, ([, high]) => high),
      },
      rows: {
        lower: Float64Array.from(rowLower ?? []),
        upper: Float64Array.from(rowUpper ?? []),
        starts: Int32Array.from(starts ?? []),
        indices: Int32Array.from(indices ?? []),
        values: Float64Array.from(values ?? []),
      },
    },
  };
}

/** The sums that any of some variables are in. */
function rowsOf(model: Model, variables: readonly number[]): number[] {
  return [...new Set(variables.flatMap((v) => model.rowsOf[v] ?? []))].sort((a, b) => a - b);
}
