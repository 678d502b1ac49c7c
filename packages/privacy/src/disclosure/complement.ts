import { keyText } from './keys.js';
import { shortfall, type DemandOf } from './demands.js';
import { boundsOfRow, NO_ROW, termsOf, type Model } from './model.js';

/** A withheld cell that is narrowed too far, and the sum that does it where one is known to. */
export interface Narrowed {
  readonly variable: number;
  readonly row?: number | undefined;
}

/**
 * Which cells of the block to withhold as well, at most one for each sum: what covers the withheld ones at the least loss. Those
 * that nothing of the block can cover come back as `without`.
 */
export function complements(
  model: Model,
  failed: readonly Narrowed[],
  limits: { lower: Float64Array; upper: Float64Array },
  demandOf: DemandOf,
): { withhold: number[]; without: number[] } {
  const withhold = new Set<number>();
  const without: number[] = [];
  const mended = new Set<number>();
  const inOrder = [...failed].sort((a, b) =>
    compare(nameOf(model, a.variable), nameOf(model, b.variable)),
  );
  for (const { variable, row } of inOrder) {
    const rows = row === undefined ? rowsByHarm(model, variable, limits, demandOf) : [row];
    if (rows.some((index) => mended.has(index))) continue;
    const found = firstOf(rows, (index) => {
      const best = bestIn(model, index, variable, limits, demandOf);
      return best === undefined ? undefined : { index, best };
    });
    const far = found ?? farther(model, variable, limits, demandOf);
    if (far === undefined) without.push(variable);
    else {
      withhold.add(far.best);
      mended.add(far.index);
    }
  }
  return { withhold: [...withhold], without };
}

/** What of the block is told and nowhere else, so that withholding it withholds something. */
function isCandidate(model: Model, index: number): boolean {
  const variable = model.variables[index];
  return variable?.own !== undefined && variable.known === undefined;
}

/** The sums of a variable, those first that narrow it most. */
function rowsByHarm(
  model: Model,
  variable: number,
  limits: { lower: Float64Array; upper: Float64Array },
  demandOf: DemandOf,
): number[] {
  const harm = (row: number): number => {
    const { low, high } = impliedBy(model, row, variable, limits);
    const demand = demandOf(variable);
    return demand === undefined ? 0 : shortfall(demand, Math.max(0, low), high);
  };
  return (model.rowsOf[variable] ?? [])
    .map((row) => ({ row, harm: harm(row) }))
    .sort((a, b) => b.harm - a.harm || a.row - b.row)
    .map(({ row }) => row);
}

/**
 * The cell of a sum to withhold: the smallest part that gives the room that is missing, else the sum itself, else the part that
 * gives most.
 */
function bestIn(
  model: Model,
  index: number,
  variable: number,
  limits: { lower: Float64Array; upper: Float64Array },
  demandOf: DemandOf,
): number | undefined {
  const row = model.rows[index];
  if (row === undefined) return undefined;
  const { variables, weights } = termsOf(row);
  const weightOf = (v: number): number => Math.abs(weights[variables.indexOf(v)] ?? 0);
  const demand = demandOf(variable);
  const { low, high } = impliedBy(model, index, variable, limits);
  const needed =
    demand === undefined
      ? 0
      : Math.max(1, shortfall(demand, Math.max(0, low), high)) * weightOf(variable);
  const parts = row.parts
    .flatMap((part, at) => {
      const own = model.variables[part]?.own;
      if (own === undefined || part === variable || !isCandidate(model, part)) return [];
      return [{ part, room: own.min * Math.abs(row.weights[at] ?? 0) }];
    })
    .sort((a, b) => a.room - b.room || compare(nameOf(model, a.part), nameOf(model, b.part)));
  const enough = parts.find(({ room }) => room >= needed);
  if (enough !== undefined) return enough.part;
  if (row.kind === 'sum' && row.whole !== variable && isCandidate(model, row.whole))
    return row.whole;
  return parts.at(-1)?.part;
}

/** The nearest sum, over what sums share, in which something can be withheld. */
function farther(
  model: Model,
  variable: number,
  limits: { lower: Float64Array; upper: Float64Array },
  demandOf: DemandOf,
): { index: number; best: number } | undefined {
  const seen = new Set(model.rowsOf[variable]);
  const queue = [...seen];
  for (const index of queue) {
    const best = bestIn(model, index, variable, limits, demandOf);
    if (best !== undefined) return { index, best };
    for (const shared of termsOf(model.rows[index] ?? NO_ROW).variables) {
      for (const next of model.rowsOf[shared] ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
  }
  return undefined;
}

/** What one sum says of one of its variables. */
function impliedBy(
  model: Model,
  index: number,
  variable: number,
  { lower, upper }: { lower: Float64Array; upper: Float64Array },
): { low: number; high: number } {
  const row = model.rows[index] ?? NO_ROW;
  const { variables, weights } = termsOf(row);
  let { min, max } = boundsOfRow(row);
  let own = 0;
  for (let at = 0; at < variables.length; at++) {
    const weight = weights[at] ?? 0;
    const v = variables[at] ?? 0;
    if (weight === 0) continue;
    if (v === variable) {
      own += weight;
      continue;
    }
    const ends = [weight * (lower[v] ?? 0), weight * (upper[v] ?? 0)];
    min -= Math.max(...ends);
    max -= Math.min(...ends);
  }
  if (own === 0) return { low: 0, high: Infinity };
  const [a, b] = [min / own, max / own];
  return { low: Math.min(a, b), high: Math.max(a, b) };
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nameOf(model: Model, variable: number): string {
  const found = model.variables[variable];
  return found === undefined ? '' : keyText(found.key);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
