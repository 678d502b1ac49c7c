/** A 3 × 3 matrix, row by row. */
export type Matrix3 = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

export function determinant([a, b, c, d, e, f, g, h, i]: Matrix3): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** The adjugate: the inverse times the determinant, which as a homography is the inverse. */
export function adjugate([a, b, c, d, e, f, g, h, i]: Matrix3): Matrix3 {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/**
 * How far three rows are from lying in one plane, 0 to 1: |det| ÷ the product of their lengths (Hadamard). Independent
 * of the scale of each row.
 */
export function independence(matrix: Matrix3): number {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  return (
    Math.abs(determinant(matrix)) /
    (Math.hypot(a, b, c) * Math.hypot(d, e, f) * Math.hypot(g, h, i))
  );
}

/** a · b */
export function product(a: Matrix3, b: Matrix3): Matrix3 {
  const at = (row: number, column: number): number =>
    (a[row * 3] ?? 0) * (b[column] ?? 0) +
    (a[row * 3 + 1] ?? 0) * (b[column + 3] ?? 0) +
    (a[row * 3 + 2] ?? 0) * (b[column + 6] ?? 0);
  return [at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1), at(1, 2), at(2, 0), at(2, 1), at(2, 2)];
}
