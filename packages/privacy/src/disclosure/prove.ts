import type { Component } from './components.js';
import type { DemandOf } from './demands.js';
import { TOLERANCE } from './limits.js';
import { boundsOfRow, isWithheld, termsOf, type Bounds, type Model } from './model.js';
import { neighbourhoods, SCALES } from './neighbourhoods.js';
import type { LinearProgram, LpSolver } from './solver.js';

/** Columns of the largest program of which a point is looked for. */
const COLUMNS_MAX = 300_000;
/** Columns of the largest that is asked for many points, and of one that is not looked at by neighbourhoods first. */
const ASKED_COLUMNS_MAX = 40_000;
const NEAR_COLUMNS = 500;
/** Objectives over one program: for small ones, and columns times objectives for large ones. */
const OBJECTIVES_MAX = 400;
const COLUMN_OBJECTIVES_MAX = 1_000_000;

/** Of the withheld cells, those that are known to be able to be empty, and to have k − 1: withholding more takes nothing from that. */
export interface Proven {
  readonly low: Set<number>;
  readonly high: Set<number>;
}

/**
 * The withheld cells of a component that an attacker with a linear program narrows to less than is demanded.
 *
 * A point that keeps every sum and in which a cell is empty shows that the cell may be empty; one that empties many cells shows
 * it of all of them. So points are asked for in which as many cells as possible are as low, or as high, as they must be able to
 * be; and of each by itself only where those do not tell. In a large component the points differ from one given point in one
 * neighbourhood after the other, so that the programs stay small; what is not proved there is asked of the whole.
 */
export function narrowed(
  model: Model,
  component: Component,
  limits: Limits,
  demandOf: DemandOf,
  proven: Proven,
  solver: LpSolver,
): number[] {
  const targets = component.variables.flatMap((variable): Target[] => {
    const demand = demandOf(variable);
    if (demand === undefined) return [];
    if (demand.min === Infinity) proven.low.add(variable);
    return proven.low.has(variable) && proven.high.has(variable) ? [] : [{ variable, demand }];
  });
  if (targets.length === 0) return [];
  const isUnproven = ({ variable }: Target): boolean =>
    !proven.low.has(variable) || !proven.high.has(variable);
  const { program, columnOf } = programOf(model, component, limits, () => undefined);
  const columns = program.columns.lower.length;
  if (columns > COLUMNS_MAX) return targets.map(({ variable }) => variable);
  if (columns > NEAR_COLUMNS) {
    const x = solver.inside(program);
    // Either the sums contradict each other, or nothing is known.
    if (x === undefined) return targets.map(({ variable }) => variable);
    const point = pointOf(model, component, limits, columnOf, x);
    for (const scale of SCALES) {
      const open = targets.filter(isUnproven).map(({ variable }) => variable);
      for (const { targets: own, isFree } of neighbourhoods(model, component, open, scale)) {
        const some = new Set(own);
        const asked = targets.filter(({ variable }) => some.has(variable));
        askFor(model, component, limits, asked, proven, solver, { isFree, point });
      }
    }
  }
  const open = targets.filter(isUnproven);
  if (open.length === 0) return [];
  return columns > ASKED_COLUMNS_MAX
    ? open.map(({ variable }) => variable)
    : askFor(model, component, limits, open, proven, solver);
}

/** What the program says of those that are open. */
function askFor(
  model: Model,
  component: Component,
  limits: Limits,
  targets: readonly Target[],
  proven: Proven,
  solver: LpSolver,
  near?: Near,
): number[] {
  const demandOf = new Map(targets.map(({ variable, demand }) => [variable, demand]));
  const { program, columnOf } = programOf(model, component, limits, (v) => demandOf.get(v), near);
  const columns = program.columns.lower.length;
  return solver.solving(program, (minimise) => {
    const low = new Set(targets.filter(({ variable }) => !proven.low.has(variable)));
    const high = new Set(targets.filter(({ variable }) => !proven.high.has(variable)));
    const failed = new Set<number>();
    let objectives = Math.min(OBJECTIVES_MAX, Math.ceil(COLUMN_OBJECTIVES_MAX / columns));
    const take = (x: Float64Array): void => {
      const valueOf = ({ variable }: Target): number => {
        const column = columnOf.get(variable) ?? 0;
        return (x[column] ?? 0) + (x[column + 1] ?? 0);
      };
      for (const target of low) {
        if (valueOf(target) > target.demand.min + TOLERANCE) continue;
        low.delete(target);
        proven.low.add(target.variable);
      }
      for (const target of high) {
        if (valueOf(target) < target.demand.max - TOLERANCE) continue;
        high.delete(target);
        proven.high.add(target.variable);
      }
    };
    /** Pulls some cells down (1), or up to what they must be able to be (−1). */
    const pull = (some: Iterable<Target>, sign: 1 | -1) => {
      const costs = new Float64Array(columns);
      for (const { variable } of some) {
        const column = columnOf.get(variable) ?? 0;
        costs[column] = sign;
        if (sign === 1) costs[column + 1] = 1;
      }
      objectives--;
      const answer = minimise(costs);
      if (answer.status === 'optimal') take(answer.x);
      return answer.status;
    };
    for (const [open, sign] of [
      [low, 1],
      [high, -1],
    ] as const) {
      for (let [first] = open; first !== undefined && objectives > 0; [first] = open) {
        const before = open.size;
        if (pull(open, sign) !== 'optimal') return targets.map(({ variable }) => variable);
        if (open.size < before) continue;
        pull([first], sign);
        if (open.delete(first)) failed.add(first.variable);
      }
    }
    for (const { variable } of [...low, ...high]) failed.add(variable);
    return [...failed];
  });
}

/** Values of all variables of a component: what has no column is told, and takes its share of what its sum asks for. */
function pointOf(
  model: Model,
  component: Component,
  { lower, upper }: Limits,
  columnOf: ReadonlyMap<number, number>,
  x: Float64Array,
): Float64Array {
  const point = new Float64Array(model.variables.length);
  for (const [v, column] of columnOf)
    point[v] = Math.min(Math.max(x[column] ?? 0, lower[v] ?? 0), upper[v] ?? Infinity);
  for (const r of component.rows) {
    const row = model.rows[r] ?? NO_ROW;
    const { variables, weights } = termsOf(row);
    const { min, max } = boundsOfRow(row);
    let [sum, fall, rise] = [0, 0, 0];
    for (let at = 0; at < variables.length; at++) {
      const v = variables[at] ?? 0;
      const weight = weights[at] ?? 0;
      if (!columnOf.has(v)) {
        point[v] = ((lower[v] ?? 0) + (upper[v] ?? 0)) / 2;
        const room = (Math.abs(weight) * ((upper[v] ?? 0) - (lower[v] ?? 0))) / 2;
        fall += room;
        rise += room;
      }
      sum += weight * (point[v] ?? 0);
    }
    const by = Math.max(min - sum, 0) || Math.min(max - sum, 0);
    const share = by === 0 ? 0 : Math.min(1, Math.abs(by) / (by > 0 ? rise : fall));
    if (!(share > 0)) continue;
    for (let at = 0; at < variables.length; at++) {
      const v = variables[at] ?? 0;
      if (columnOf.has(v)) continue;
      const half = ((upper[v] ?? 0) - (lower[v] ?? 0)) / 2;
      point[v] = (point[v] ?? 0) + Math.sign(by) * Math.sign(weights[at] ?? 0) * share * half;
    }
  }
  return point;
}

/** Only these cells may be changed; the others stay where the point has them. */
interface Near {
  readonly isFree: (variable: number) => boolean;
  readonly point: Float64Array;
}

function isOpen(model: Model, v: number): boolean {
  const variable = model.variables[v];
  return variable !== undefined && isWithheld(variable);
}

interface Limits {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
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
  { lower, upper }: Limits,
  demandOf: DemandOf,
  near?: Near,
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
    if (near !== undefined && !near.isFree(v)) continue;
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
        const isFixed = near !== undefined && (uses.get(v) !== 1 || isOpen(model, v));
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
