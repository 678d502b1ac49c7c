import type { NoiseRules, NoisyCells, PlannedCell, RandomBytes } from './types.js';
import { HitonamiError } from '@hitonami/model';

/**
 * Counts, with noise, of the distinct pseudonyms in each planned cell.
 *
 * @param contributions for each pseudonym, the indices of the planned cells that it counts in; may be read while it comes
 */
export function noisyCells(
  _contributions: Iterable<readonly number[]>,
  _planned: readonly PlannedCell[],
  _rules: NoiseRules,
  _randomBytes: RandomBytes,
): NoisyCells {
  throw new HitonamiError('UNAVAILABLE', 'noise is being built');
}
