import { HitonamiError, type ReleasedCell } from '@hitonami/model';
import { COVERAGE_MIN } from '../disclosure/types.js';
import { mechanismOf, quantileOf } from './accounting.js';
import { RandomBits } from './bits.js';
import { discreteGaussian, discreteLaplace } from './samplers.js';
import type { NoiseRules, NoisyCells, PlannedCell, RandomBytes } from './types.js';

/**
 * Counts, with noise, of the distinct pseudonyms in each planned cell: differential privacy with the life of one pseudonym as
 * the protected unit.
 *
 * - Each pseudonym counts 1 in at most `contributionsMax` cells; of more, some are drawn. What that takes away is not told, and
 *   `error95` does not hold it.
 * - Every planned cell gets noise of its own, whether anybody was there or not; which cells there are, and which are `not-seen`,
 *   follows from the plan and from coverage alone.
 * - Rounding, the least that is told, and telling nothing under 0 come after the noise and cost nothing.
 * - A life that spans two source days spends on each of them.
 *
 * Noise is drawn anew with every call: keep what comes back, and never call again for the same release.
 *
 * @param contributions for each pseudonym, the indices of the planned cells that it counts in; read once, as it comes
 * @param randomBytes has to be secure
 * @throws HitonamiError `INPUT` where a rule is out of range or an index is of no cell
 */
export function noisyCells(
  contributions: Iterable<readonly number[]>,
  planned: readonly PlannedCell[],
  rules: NoiseRules,
  randomBytes: RandomBytes,
): NoisyCells {
  const mechanism = mechanismOf(rules);
  const bits = new RandomBits(randomBytes);
  const counts = boundedCounts(contributions, planned.length, rules.contributionsMax, bits);
  let protectedCells = 0;
  const cells = planned.map(({ key, quality }, i): ReleasedCell => {
    const isSeen = quality.coverage >= (rules.coverageMin ?? COVERAGE_MIN);
    const plain = { key, quality: { ...quality, saturation: null } };
    if (!isSeen) return { ...plain, absent: 'not-seen', measures: {} };
    const noise =
      mechanism.kind === 'laplace'
        ? discreteLaplace(mechanism.scale, bits)
        : discreteGaussian(mechanism.variance, bits);
    const noisy = (counts[i] ?? 0) + Number(noise);
    if (noisy < rules.leastTold) {
      protectedCells++;
      return { ...plain, absent: 'protected', measures: {} };
    }
    const count = Math.max(0, Math.round(noisy / rules.roundedTo) * rules.roundedTo);
    return { ...plain, measures: { count } };
  });
  return {
    cells,
    spent: { epsilon: rules.epsilon, delta: rules.mechanism === 'gaussian' ? rules.delta : 0 },
    error95: quantileOf(mechanism, 0.05) + Math.floor(rules.roundedTo / 2),
    protectedCells,
  };
}

/** How many pseudonyms count in each cell, each in so many cells at most. */
export function boundedCounts(
  contributions: Iterable<readonly number[]>,
  cells: number,
  contributionsMax: number,
  bits: RandomBits,
): Uint32Array {
  const counts = new Uint32Array(cells);
  for (const indices of contributions) {
    const drawn = [...new Set(indices)];
    for (let i = 0; i < Math.min(contributionsMax, drawn.length); i++) {
      const left = drawn.length - i;
      // Nothing is drawn where all count.
      const j = drawn.length <= contributionsMax ? i : i + Number(bits.below(BigInt(left)));
      const cell = drawn[j] ?? -1;
      drawn[j] = drawn[i] ?? -1;
      if (!(cell >= 0 && cell < cells) || !Number.isInteger(cell))
        throw new HitonamiError(
          'INPUT',
          `a pseudonym counts in cell ${String(cell)} of ${String(cells)}; give indices of planned cells`,
        );
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  return counts;
}
