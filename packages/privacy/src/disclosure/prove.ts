import type { Component } from './components.js';
import type { DemandOf } from './demands.js';
import { TOLERANCE } from './limits.js';
import { boundsOfRow, isWithheld, termsOf, type Bounds, type Model } from './model.js';
import type { LinearProgram, LpSolver } from './solver.js';

/** Objectives that one component may take; what is not decided by then counts as narrowed. */
export const OBJECTIVES_MAX = 400;
/** Columns of the largest program that is tried. */
export const COLUMNS_MAX = 6_000;

/**
 * The withheld cells of a component that an attacker with a linear program narrows to less than is demanded.
 *
 * A point that keeps every sum and in which a cell is empty shows that the cell may be empty; one that empties many cells shows
 * it of all of them. So it is asked for points in which as many cells as possible are as low, or as high, as they must be able
 * to be, and of each by itself only where those do not tell.
 */
export function narrowed(
  model: Model,
  component: Component,
  limits: { lower: Float64Array; upper: Float64Array },
  demandOf: DemandOf,
  solver: LpSolver,
): number[] {
  const targets = component.variables.flatMap((variable) => {
    const demand = demandOf(variable);
    return demand === undefined ? [] : [{ variable, demand }];
  });
  const { program, columnOf } = programOf(model, component, limits, demandOf);
  if (program.columns.lower.length > COLUMNS_MAX) return targets.map(({ variable }) => variable);
  return solver.solving(program, (minimise) => {
    const failed = new Set<number>();
    const low = new Set(targets.filter(({ demand }) => demand.min !== Infinity));
    const high = new Set(targets);
    let objectives = OBJECTIVES_MAX;
    const valueOf = (x: Float64Array, variable: number): number => {
      const column = columnOf.get(variable) ?? 0;
      return (x[column] ?? 0) + (x[column + 1] ?? 0);
    };
    const take = (x: Float64Array): void => {
      for (const target of low)
        if (valueOf(x, target.variable) <= target.demand.min + TOLERANCE) low.delete(target);
      for (const target of high)
        if (valueOf(x, target.variable) >= target.demand.max - TOLERANCE) high.delete(target);
    };
    /** Pulls some cells down (1), or up to what they must be able to be (−1). */
    const pull = (some: Iterable<Target>, sign: 1 | -1) => {
      const costs = new Float64Array(program.columns.lower.length);
      for (const { variable } of some) {
        const column = columnOf.get(variable) ?? 0;
        costs[column] = sign;
        if (sign === 1) costs[column + 1] = 1;
      }
      objectives--;
      const answer = minimise(costs);
      if (answer.status === 'optimal') take(answer.x);
      return answer;
    };
    for (const [open, sign] of [
      [low, 1],
      [high, -1],
    ] as const) {
      for (let [first] = open; first !== undefined && objectives > 0; [first] = open) {
        const before = open.size;
        if (pull(open, sign).status !== 'optimal') return targets.map(({ variable }) => variable);
        if (open.size < before) continue;
        pull([first], sign);
        if (open.delete(first)) failed.add(first.variable);
      }
    }
    for (const { variable } of [...low, ...high]) failed.add(variable);
    return [...failed];
  });
}

interface Target {
  readonly variable: number;
  readonly demand: Bounds;
}

/**
 * The sums of a component as a linear program. A variable of which more is demanded has two columns: up to the demanded, and
 * what is over it. What is told and stands in one sum alone is taken into the bounds of that sum.
 */
export function programOf(
  model: Model,
  component: Component,
  { lower, upper }: { lower: Float64Array; upper: Float64Array },
  demandOf: DemandOf,
): { program: LinearProgram; columnOf: ReadonlyMap<number, number> } {
  const columnOf = new Map<number, number>();
  const isSplit = new Set<number>();
  const columns: [number, number][] = [];
  const uses = new Map<number, number>();
  for (const r of component.rows)
    for (const v of termsOf(model.rows[r] ?? NO_ROW).variables) uses.set(v, (uses.get(v) ?? 0) + 1);
  for (const v of component.variables) {
    const variable = model.variables[v];
    if (variable === undefined || (!isWithheld(variable) && uses.get(v) === 1)) continue;
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
  for (const r of component.rows) {
    const row = model.rows[r] ?? NO_ROW;
    let { min, max } = boundsOfRow(row);
    const { variables, weights } = termsOf(row);
    for (let at = 0; at < variables.length; at++) {
      const v = variables[at] ?? 0;
      const weight = weights[at] ?? 0;
      const column = columnOf.get(v);
      if (weight === 0) continue;
      if (column === undefined) {
        const ends = [weight * (lower[v] ?? 0), weight * (upper[v] ?? 0)];
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
    starts?.push(indices?.length ?? 0);
    rowLower?.push(min);
    rowUpper?.push(max);
  }
  return {
    columnOf,
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

const NO_ROW = { kind: 'bound', min: 0, max: 0, parts: [], weights: [] } as const;
