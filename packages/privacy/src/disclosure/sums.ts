import type { MeasuredCell } from '@hitonami/model';
import { isTotal, stepOf } from './keys.js';
import { COVERAGE_MIN, type DisclosureRules } from './types.js';

/**
 * The cells with every sum over places made anew from those of its places that were seen: what a place of too little coverage
 * had is in no sum, and which ones are is public. Sums of which no place is given stay as they are.
 */
export function withSums(
  cells: readonly MeasuredCell[],
  { coverageMin = COVERAGE_MIN }: DisclosureRules,
): readonly MeasuredCell[] {
  if (!cells.some(({ key }) => isTotal(key))) return cells;
  const sums = new Map<string, { occupancy: number; count: number }>();
  for (const { key, measures, quality } of cells) {
    if (isTotal(key) || !(quality.coverage >= coverageMin)) continue;
    const step = stepOf(key);
    const sum = sums.get(step) ?? { occupancy: 0, count: 0 };
    sum.occupancy += measures.occupancy ?? 0;
    sum.count += measures.count ?? 0;
    sums.set(step, sum);
  }
  return cells.map((cell) => {
    const sum = isTotal(cell.key) ? sums.get(stepOf(cell.key)) : undefined;
    if (sum === undefined) return cell;
    const { occupancy, count } = cell.measures;
    return {
      ...cell,
      measures: {
        ...cell.measures,
        ...(occupancy == null ? {} : { occupancy: sum.occupancy }),
        ...(count == null ? {} : { count: sum.count }),
      },
    };
  });
}
