import type { CellKey } from '@hitonami/model';
import { isTotal } from './keys.js';
import { TOLERANCE } from './limits.js';
import { isWithheld, type Bounds, type Model, type Variable } from './model.js';

/**
 * What an attacker must not be able to exclude of a withheld cell: that it is `min`, and that it is `max`. From nobody to k − 1;
 * of what stands for all the cells that are not even listed, only the latter (`min` is infinite).
 */
export type DemandOf = (variable: number) => Bounds | undefined;

/**
 * What is demanded of each variable. Nothing of one within which anything is told: it is known to hold k people anyway, and the
 * rest of it is what its withheld parts are, each with a demand of its own.
 */
export function demands(model: Model, k: number): DemandOf {
  const hasTold = toldWithin(model);
  return (i) => {
    const variable = model.variables[i];
    if (variable === undefined || !isWithheld(variable) || variable.demand === 'none')
      return undefined;
    if (variable.demand === 'room') return { min: Infinity, max: k - 1 };
    return hasTold(i, variable) ? undefined : { min: 0, max: k - 1 };
  };
}

/** By how much bounds fall short of a demand, persons. */
export function shortfall(demand: Bounds, min: number, max: number): number {
  return Math.max(0, min - demand.min, demand.max - max);
}

export function isMet(demand: Bounds, min: number, max: number): boolean {
  return shortfall(demand, min, max) <= TOLERANCE;
}

/** Whether anything is told of a part of a cell: of a sum over places, of any place or any of them within its step. */
function toldWithin({ variables, rows, rowsOf }: Model) {
  const steps = new Map<string, CellKey>();
  for (const variable of variables) {
    const { key } = variable;
    if (!isWithheld(variable)) steps.set(`${String(key.startMs)}+${String(key.lengthMs)}`, key);
  }
  const told = [...steps.values()];
  const found = new Map<number, boolean>();
  const hasTold = (i: number): boolean => {
    const before = found.get(i);
    if (before !== undefined) return before;
    const has = (rowsOf[i] ?? []).some((r) => {
      const row = rows[r];
      if (row === undefined || row.kind === 'bound' || row.whole !== i) return false;
      return row.parts.some((part) => {
        const variable = variables[part];
        return part !== i && variable !== undefined && (!isWithheld(variable) || hasTold(part));
      });
    });
    found.set(i, has);
    return has;
  };
  return (i: number, { key }: Variable): boolean =>
    isTotal(key)
      ? told.some(
          ({ startMs, lengthMs }) =>
            startMs >= key.startMs && startMs + lengthMs <= key.startMs + key.lengthMs,
        )
      : hasTold(i);
}
