import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssignmentSolver } from '../src/assignment.js';

function total(cost: Float64Array, columns: number, columnOfRow: Iterable<number>): number {
  let sum = 0;
  let row = 0;
  for (const column of columnOfRow) sum += cost[row++ * columns + column] ?? NaN;
  return sum;
}

/** The least total of all ways to give every row a column of its own, by trying them all. */
function bruteForce(cost: Float64Array, rows: number, columns: number): number {
  const visit = (row: number, taken: number): number => {
    if (row === rows) return 0;
    let best = Infinity;
    for (let c = 0; c < columns; c++) {
      if ((taken & (1 << c)) !== 0) continue;
      best = Math.min(best, (cost[row * columns + c] ?? NaN) + visit(row + 1, taken | (1 << c)));
    }
    return best;
  };
  return visit(0, 0);
}

const matrix = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 2 }))
  .chain(([rows, extra]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(rows + extra),
      // Few different integers make ties, the hard case.
      cost: fc
        .array(
          fc.oneof(
            fc.integer({ min: -3, max: 3 }),
            fc.double({ min: -1e6, max: 1e6, noNaN: true }),
          ),
          {
            minLength: rows * (rows + extra),
            maxLength: rows * (rows + extra),
          },
        )
        .map((values) => Float64Array.from(values)),
    }),
  );

describe('AssignmentSolver', () => {
  it('finds the least total that trying every way finds, and gives no column twice', () => {
    const solver = new AssignmentSolver();
    fc.assert(
      fc.property(matrix, ({ rows, columns, cost }) => {
        const columnOfRow = new Int32Array(rows);
        solver.solve(cost, rows, columns, columnOfRow);
        expect(new Set(columnOfRow).size).toBe(rows);
        const best = bruteForce(cost, rows, columns);
        expect(total(cost, columns, columnOfRow)).toBeCloseTo(best, 5);
      }),
      { numRuns: 300 },
    );
  });

  it('does not carry anything over from a larger problem', () => {
    const cost = Float64Array.of(4, 1, 3, 2, 0, 5);
    const fresh = new Int32Array(2);
    new AssignmentSolver().solve(cost, 2, 3, fresh);
    const used = new AssignmentSolver();
    used.solve(
      Float64Array.from({ length: 81 }, (_, i) => (i * 37) % 11),
      9,
      9,
      new Int32Array(9),
    );
    const again = new Int32Array(2);
    used.solve(cost, 2, 3, again);
    expect(again).toEqual(fresh);
  });

  it('refuses more rows than columns, and costs that are not finite', () => {
    const solver = new AssignmentSolver();
    expect(() => solver.solve(new Float64Array(2), 2, 1, new Int32Array(2))).toThrow(RangeError);
    expect(() => solver.solve(Float64Array.of(NaN), 1, 1, new Int32Array(1))).toThrow(/finite/);
  });
});
