import { AssignmentSolver } from './assignment.js';

/**
 * Joins rows and columns one to one so that the sum of the scores is greatest; pairs with score 0 are not
 * joined. Row-major scores, none below 0.
 */
export function mostSimilar(
  score: Float64Array,
  rows: number,
  columns: number,
): [row: number, column: number][] {
  if (rows === 0 || columns === 0) return [];
  const isWide = rows <= columns;
  const short = Math.min(rows, columns);
  const long = Math.max(rows, columns);
  const cost = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      cost[isWide ? r * long + c : c * long + r] = -(score[r * columns + c] as number);
    }
  }
  const partner = new Int32Array(short);
  new AssignmentSolver().solve(cost, short, long, partner);
  const joined: [number, number][] = [];
  partner.forEach((other, index) => {
    const row = isWide ? index : other;
    const column = isWide ? other : index;
    if ((score[row * columns + column] as number) > 0) joined.push([row, column]);
  });
  return joined;
}
