/** The strongest of a cell's classes, and its probability: one pair, written anew for every cell. */
export interface StrongestClass {
  number: number;
  probability: number;
}

/**
 * Looks at `classes` values from `at` on, `step` apart. Leaves −1 where all are NaN.
 */
export function strongestClass(
  values: Float32Array,
  at: number,
  classes: number,
  step: number,
  into: StrongestClass,
): void {
  into.number = 0;
  into.probability = -1;
  for (let c = 0; c < classes; c++) {
    const p = values[at + c * step] ?? 0;
    if (p > into.probability) {
      into.probability = p;
      into.number = c;
    }
  }
}
