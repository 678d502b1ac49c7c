import { solvePositive } from './symmetric.js';

const STEPS_MAX = 60;
const DAMPING_START = 1e-3;
const DAMPING_MAX = 1e6;
const DIFFERENCE = 1e-6;
/** A step that improves the sum by less than this share is the last. */
const ENOUGH = 1e-9;
/** Residuals are of the order of 1 where they matter: below this sum there is nothing to gain. */
const NOTHING = 1e-20;

export type Residuals = (parameters: readonly number[]) => Float64Array | undefined;

/**
 * Least sum of squared residuals near a start: Levenberg and Marquardt's method with numeric derivatives. Where
 * `residuals` gives undefined the parameters are out of bounds and the step is not taken.
 */
export function leastSquares(
  start: readonly number[],
  residuals: Residuals,
): { parameters: number[]; sum: number } | undefined {
  let parameters = [...start];
  let current = residuals(parameters);
  if (current === undefined) return undefined;
  let sum = squares(current);
  if (sum < NOTHING) return { parameters, sum };
  let damping = DAMPING_START;
  for (let step = 0; step < STEPS_MAX && damping < DAMPING_MAX; step++) {
    const normal = normalEquations(parameters, current, residuals);
    if (normal === undefined) break;
    let isBetter = false;
    while (!isBetter && damping < DAMPING_MAX) {
      const size = parameters.length;
      const values = Float64Array.from(normal.matrix, (value, k) =>
        k % (size + 1) === 0 ? value * (1 + damping) + DIFFERENCE * damping : value,
      );
      const change = solvePositive({ size, values }, normal.right);
      const next = change && parameters.map((value, k) => value - (change[k] ?? 0));
      const found = next && residuals(next);
      const foundSum = found ? squares(found) : Infinity;
      if (next && found && foundSum < sum) {
        isBetter = true;
        const gain = (sum - foundSum) / sum;
        [parameters, current, sum] = [next, found, foundSum];
        damping = Math.max(damping / 10, 1e-12);
        if (gain < ENOUGH || sum < NOTHING) return { parameters, sum };
      } else damping *= 10;
    }
  }
  return { parameters, sum };
}

function normalEquations(
  parameters: readonly number[],
  current: Float64Array,
  residuals: Residuals,
): { matrix: Float64Array; right: number[] } | undefined {
  const size = parameters.length;
  const columns: Float64Array[] = [];
  for (let k = 0; k < size; k++) {
    const step = DIFFERENCE * Math.max(1, Math.abs(parameters[k] ?? 0));
    const moved = parameters.map((value, j) => (j === k ? value + step : value));
    const there = residuals(moved);
    if (there === undefined) return undefined;
    columns.push(there.map((value, i) => (value - (current[i] ?? 0)) / step));
  }
  const matrix = new Float64Array(size * size);
  columns.forEach((a, i) => {
    columns.forEach((b, j) => {
      matrix[i * size + j] = dot(a, b);
    });
  });
  return { matrix, right: columns.map((column) => dot(column, current)) };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function squares(values: Float64Array): number {
  return dot(values, values);
}
