import type { CellKey, CellQuality, ReleasedCell } from '@hitonami/model';

/** Fresh secure random bytes, such as `(count) => crypto.getRandomValues(new Uint8Array(count))`. */
export type RandomBytes = (count: number) => Uint8Array;

export interface NoiseRules {
  readonly mechanism: 'laplace' | 'gaussian';
  /** Spent by this release on its source day. */
  readonly epsilon: number;
  /** Of the Gaussian mechanism alone. */
  readonly delta: number;
  /** Cells that one pseudonym counts in at most. */
  readonly contributionsMax: number;
  /** Noisy counts are told as multiples of this. */
  readonly roundedTo: number;
  /** Noisy counts under this are told as `protected`; 0 tells every count. */
  readonly leastTold: number;
  /** Cells of which less was seen are `not-seen`. @default COVERAGE_MIN */
  readonly coverageMin?: number;
}

/** A cell that the plan fixes, whether anybody was there or not. */
export interface PlannedCell {
  readonly key: CellKey;
  readonly quality: CellQuality;
}

export interface NoisyCells {
  /** One for each planned cell, in the same order. */
  readonly cells: ReleasedCell[];
  readonly spent: { readonly epsilon: number; readonly delta: number };
  /** 95 % of the counts differ by no more than this from the counts before noise (and after bounding), persons. */
  readonly error95: number;
  /** By noisy values. */
  readonly protectedCells: number;
}
