import type { Component } from './components.js';
import type { DemandOf } from './demands.js';
import { TOLERANCE } from './limits.js';
import { Exchange } from './exchange.js';
import { boundsOfRow, NO_ROW, termsOf, type Bounds, type Model } from './model.js';
import { neighbourhoods, SCALES } from './neighbourhoods.js';
import { programOf, type Limits, type Near } from './program.js';
import type { LpSolver } from './solver.js';

/** Columns of the largest program of which a point is looked for. */
const COLUMNS_MAX = 300_000;
/** Columns of the largest that is asked for many points, and of one that is not looked at by neighbourhoods first. */
const ASKED_COLUMNS_MAX = 40_000;
const NEAR_COLUMNS = 500;
/** Objectives over one program: for small ones, and columns times objectives for large ones. */
const OBJECTIVES_MAX = 400;
const COLUMN_OBJECTIVES_MAX = 4_000_000;
/** Exchange goes on where it tells of one in so many cells. */
const EXCHANGED_SHARE_MIN = 20;
/** Cells asked for by themselves in vain, one after the other, after which a neighbourhood is left to what comes next. */
const NEAR_VAIN_MAX = 4;

/** Of the withheld cells, those that are known to be able to be empty, and to have k − 1: withholding more takes nothing from that. */
export interface Proven {
  readonly low: Set<number>;
  readonly high: Set<number>;
  /** Those that were taken for narrowed because the limits of the program did not let it decide. */
  readonly undecided: Set<number>;
}

/**
 * The withheld cells of a component that an attacker with a linear program narrows to less than is demanded.
 *
 * A point that keeps every sum and in which a cell is empty shows that the cell may be empty; one that empties many cells shows
 * it of all of them. So points are asked for in which as many cells as possible are as low, or as high, as they must be able to
 * be; and of each by itself only where those do not tell. Around each such point others are found without the program, by
 * exchange. In a large component the points differ from one given point in one neighbourhood after the other, so that the
 * programs stay small; what is not proved there is asked of the whole.
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
  const undecided = (some: readonly Target[]): number[] =>
    some.map(({ variable }) => {
      proven.undecided.add(variable);
      return variable;
    });
  const whole = programOf(model, component, limits, () => undefined);
  const columns = whole.program.columns.lower.length;
  if (columns > COLUMNS_MAX) return undecided(targets);
  if (columns > NEAR_COLUMNS) {
    const x = solver.inside(whole.program);
    // Either the sums contradict each other, or nothing is known.
    if (x === undefined) return undecided(targets);
    const exchange = new Exchange(model, whole);
    exchange.begin(x);
    exchanged(exchange, targets, proven);
    const point = pointOf(model, component, limits, whole.columnOf, x);
    for (const scale of SCALES) {
      const open = targets.filter(isUnproven).map(({ variable }) => variable);
      for (const { targets: own, free } of neighbourhoods(model, component, open, scale)) {
        const some = new Set(own);
        const asked = targets.filter(({ variable }) => some.has(variable));
        askFor(model, component, limits, asked, proven, solver, { free, point });
      }
    }
  }
  const open = targets.filter(isUnproven);
  if (open.length === 0) return [];
  return columns > ASKED_COLUMNS_MAX
    ? undecided(open)
    : askFor(model, component, limits, open, proven, solver);
}

/** Notes what can be reached by exchange. @returns how many cells that was new of, in either direction */
function exchanged(exchange: Exchange, targets: Iterable<Target>, proven: Proven): number {
  let found = 0;
  for (const { variable, demand } of targets) {
    if (!proven.low.has(variable) && exchange.canBe(variable, demand.min)) {
      proven.low.add(variable);
      found++;
    }
    if (!proven.high.has(variable) && exchange.canBe(variable, demand.max)) {
      proven.high.add(variable);
      found++;
    }
  }
  return found;
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
  const asked = programOf(model, component, limits, (v) => demandOf.get(v), near);
  const { program, columnOf } = asked;
  const exchange = new Exchange(model, asked);
  let isExchanging = true;
  const columns = program.columns.lower.length;
  return solver.solving(program, (minimise) => {
    const low = new Set(targets.filter(({ variable }) => !proven.low.has(variable)));
    const high = new Set(targets.filter(({ variable }) => !proven.high.has(variable)));
    const failed = new Set<number>();
    let objectives = Math.min(OBJECTIVES_MAX, Math.ceil(COLUMN_OBJECTIVES_MAX / columns));
    const take = (x: Float64Array): void => {
      if (isExchanging) {
        exchange.begin(x);
        const open = new Set([...low, ...high]);
        // As long as it tells of more than a program would for its time.
        isExchanging = exchanged(exchange, open, proven) * EXCHANGED_SHARE_MIN >= open.size;
        for (const target of open) {
          if (proven.low.has(target.variable)) low.delete(target);
          if (proven.high.has(target.variable)) high.delete(target);
        }
      }
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
      let vain = 0;
      for (let [first] = open; first !== undefined && objectives > 0; [first] = open) {
        const before = open.size;
        const status = pull(open, sign);
        if (status !== 'optimal') {
          const all = targets.map(({ variable }) => variable);
          // What a neighbourhood does not decide is asked of the whole.
          if (near === undefined) for (const variable of all) proven.undecided.add(variable);
          return all;
        }
        if (open.size < before) {
          vain = 0;
          continue;
        }
        if (near !== undefined && ++vain > NEAR_VAIN_MAX) break;
        pull([first], sign);
        if (open.delete(first)) failed.add(first.variable);
      }
    }
    for (const { variable } of [...low, ...high]) {
      if (near === undefined) proven.undecided.add(variable);
      failed.add(variable);
    }
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

interface Target {
  readonly variable: number;
  readonly demand: Bounds;
}
