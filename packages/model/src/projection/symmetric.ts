/** A symmetric matrix, row by row, and how many rows it has. */
export interface Symmetric {
  readonly size: number;
  readonly values: Float64Array;
}

const SWEEPS_MAX = 50;
const SMALL = 1e-30;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix, the least first; Jacobi's cyclic method (Golub and
 * Van Loan, Matrix Computations, 8.5).
 */
export function eigenvectors({ size, values }: Symmetric): { value: number; vector: number[] }[] {
  const a = Float64Array.from(values);
  const v = Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? 1 : 0));
  const at = (m: Float64Array, i: number, j: number): number => m[i * size + j] ?? 0;
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    let off = 0;
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) off += at(a, i, j) ** 2;
    if (off < SMALL) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const apq = at(a, p, q);
        if (apq === 0) continue;
        const theta = (at(a, q, q) - at(a, p, p)) / (2 * apq);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        rotate(a, size, p, q, c, t * c);
        for (let k = 0; k < size; k++) turn(v, k * size + p, k * size + q, c, t * c);
      }
    }
  }
  return Array.from({ length: size }, (_, i) => ({
    value: at(a, i, i),
    vector: Array.from({ length: size }, (__, k) => at(v, k, i)),
  })).sort((one, other) => one.value - other.value);
}

function rotate(a: Float64Array, size: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < size; k++) turn(a, k * size + p, k * size + q, c, s);
  for (let k = 0; k < size; k++) turn(a, p * size + k, q * size + k, c, s);
}

function turn(m: Float64Array, i: number, j: number, c: number, s: number): void {
  const x = m[i] ?? 0;
  const y = m[j] ?? 0;
  m[i] = c * x - s * y;
  m[j] = s * x + c * y;
}

/** Solves A x = b for a symmetric positive definite A (Cholesky); undefined where A is not. */
export function solvePositive(
  { size, values }: Symmetric,
  b: readonly number[],
): number[] | undefined {
  const l = Float64Array.from(values);
  const at = (i: number, j: number): number => l[i * size + j] ?? 0;
  const x = [...b];
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      if (i === j && !(sum > 0)) return undefined;
      l[i * size + j] = i === j ? Math.sqrt(sum) : sum / at(j, j);
    }
  }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] ?? 0) - at(i, k) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / at(i, i);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] = (x[i] ?? 0) - at(k, i) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / at(i, i);
  }
  return x;
}
