import { toldPeak, toldBounds, type Model } from './model.js';

/** What rounding errors of the solver and of sums may hide, persons. */
export const TOLERANCE = 1e-6;

/**
 * What an attacker knows of each variable by itself, as two arrays: what is told of it, or that it is none at least and no
 * more than the most people at one instant that a sum tells which it is part of.
 */
export function startingLimits(model: Model): { lower: Float64Array; upper: Float64Array } {
  const { variables } = model;
  const lower = new Float64Array(variables.length);
  const upper = new Float64Array(variables.length);
  const peakOf = peakCaps(model);
  for (const [i, variable] of variables.entries()) {
    const told = toldBounds(variable);
    lower[i] = told?.min ?? 0;
    upper[i] = Math.min(told?.max ?? Infinity, peakOf(i));
  }
  return { lower, upper };
}

/** The most people that can have been in a cell at one instant: no more than in any cell that it is part of. */
export function peakCaps({ variables, rows, rowsOf }: Model): (variable: number) => number {
  const found = new Float64Array(variables.length).fill(NaN);
  const cap = (i: number): number => {
    const before = found[i] ?? NaN;
    if (!Number.isNaN(before)) return before;
    const variable = variables[i];
    let least = (variable && toldPeak(variable)?.max) ?? Infinity;
    for (const r of rowsOf[i] ?? []) {
      const row = rows[r];
      if (row?.kind === 'sum' && row.over !== 'ways' && row.whole !== i)
        least = Math.min(least, cap(row.whole));
    }
    found[i] = least;
    return least;
  };
  return cap;
}
