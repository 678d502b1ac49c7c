import type { CellKey } from '@hitonami/model';
import { stepOf } from './keys.js';
import type { Row } from './model.js';
import type { ReadRelease } from './observe.js';

/**
 * Who went a → b → c went b → c as well, in the same step, since ways are counted when their last place is reached. So the
 * count of b → c is that of all a → b → c that are listed, and a remainder: those who began at b, and ways that are not
 * listed because few went them.
 */
export function waySums(
  { subject, cells }: ReadRelease,
  remainder: (key: CellKey) => number,
): Row[] {
  if (subject !== 'sequences') return [];
  const longer = new Map<string, number[]>();
  for (const { cell, variable } of cells) {
    if (cell.key.places.length !== 3) continue;
    const end = endOf(cell.key, 1);
    longer.set(end, [...(longer.get(end) ?? []), variable]);
  }
  return cells.flatMap(({ cell, variable }): Row[] => {
    const found = cell.key.places.length === 2 ? longer.get(endOf(cell.key, 0)) : undefined;
    if (found === undefined) return [];
    const parts = [...found, remainder(cell.key)];
    const weights = parts.map(() => 1);
    return [{ kind: 'sum', over: 'ways', whole: variable, wholeWeight: 1, parts, weights }];
  });
}

function endOf(key: CellKey, from: number): string {
  return `${stepOf(key)} ${JSON.stringify(key.places.slice(from))}`;
}
