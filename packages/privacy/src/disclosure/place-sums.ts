import { isTotal, stepOf } from './keys.js';
import type { Row } from './model.js';
import type { ReadRelease } from './observe.js';

/** A release's sum over places (`places: []`) and those of its places that were seen: `protectBlock` adds up these alone. */
export function placeSums({ cells }: ReadRelease): Row[] {
  const totals = cells.filter(({ cell }) => isTotal(cell.key));
  if (totals.length === 0) return [];
  const partsOf = new Map<string, number[]>();
  for (const { cell, variable } of cells) {
    if (isTotal(cell.key) || cell.absent === 'not-seen') continue;
    const step = stepOf(cell.key);
    const parts = partsOf.get(step);
    if (parts === undefined) partsOf.set(step, [variable]);
    else parts.push(variable);
  }
  return totals.flatMap(({ cell, variable }): Row[] => {
    const parts = partsOf.get(stepOf(cell.key)) ?? [];
    if (parts.length === 0) return [];
    const weights = parts.map(() => 1);
    return [{ kind: 'sum', over: 'places', whole: variable, wholeWeight: 1, parts, weights }];
  });
}
