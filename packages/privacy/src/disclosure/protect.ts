import type { MeasuredCell } from '@hitonami/model';
import type { LpSolver } from './solver.js';
import { absenceOf, absentCell, toldCell } from './tell.js';
import type { DisclosureRules, Known, ProtectedBlock } from './types.js';

/**
 * What may be told of one block of time: a local day of one dataset.
 */
export function protectBlock(
  cells: readonly MeasuredCell[],
  rules: DisclosureRules,
  _known: Known,
  _solver: LpSolver,
): ProtectedBlock {
  const absent = cells.map((cell) => absenceOf(cell, rules));
  return {
    cells: cells.map((cell, i) => {
      const because = absent[i];
      return because === undefined ? toldCell(cell, rules, true) : absentCell(cell, because);
    }),
    few: absent.filter((because) => because === 'protected').length,
    complementary: 0,
    notSeen: absent.filter((because) => because === 'not-seen').length,
    exposed: [],
  };
}
