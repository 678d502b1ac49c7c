/**
 * Solves the linear assignment problem on small dense matrices: each row gets a column of its own so
 * that the sum of the costs is least. Needs rows ≤ columns; O(rows² · columns).
 *
 * The shortest augmenting path method with potentials (Jonker and Volgenant, "A shortest augmenting path
 * algorithm for dense and sparse linear assignment problems", Computing 38, 1987, the augmentation phase).
 * Of several best solutions always the same one is found. Buffers are kept between calls.
 */
export class AssignmentSolver {
  #rowPotential = new Float64Array(0);
  #columnPotential = new Float64Array(0);
  #slack = new Float64Array(0);
  #rowOfColumn = new Int32Array(0);
  #cameFrom = new Int32Array(0);
  #isVisited = new Uint8Array(0);

  /**
   * @param cost row-major, `rows × columns`, finite numbers
   * @param columnOfRow filled with the column of each row
   */
  solve(cost: Float64Array, rows: number, columns: number, columnOfRow: Int32Array): void {
    if (rows > columns) throw new RangeError(`${rows} rows need as many columns, not ${columns}`);
    this.#reserve(rows, columns);
    const u = this.#rowPotential.fill(0);
    const v = this.#columnPotential.fill(0);
    const slack = this.#slack;
    // Column 0 and row 0 stand for "none"; real ones count from 1.
    const rowOf = this.#rowOfColumn.fill(0);
    const cameFrom = this.#cameFrom;
    const visited = this.#isVisited;

    for (let row = 1; row <= rows; row++) {
      rowOf[0] = row;
      let column = 0;
      slack.fill(Infinity);
      visited.fill(0);
      do {
        visited[column] = 1;
        const current = rowOf[column] as number;
        const base = (current - 1) * columns - 1;
        const potential = u[current] as number;
        let least = Infinity;
        let next = 0;
        for (let j = 1; j <= columns; j++) {
          if (visited[j] === 1) continue;
          const reduced = (cost[base + j] as number) - potential - (v[j] as number);
          if (reduced < (slack[j] as number)) {
            slack[j] = reduced;
            cameFrom[j] = column;
          }
          if ((slack[j] as number) < least) {
            least = slack[j] as number;
            next = j;
          }
        }
        if (next === 0) throw new RangeError('every cost must be a finite number');
        for (let j = 0; j <= columns; j++) {
          if (visited[j] === 1) {
            const r = rowOf[j] as number;
            u[r] = (u[r] as number) + least;
            v[j] = (v[j] as number) - least;
          } else {
            slack[j] = (slack[j] as number) - least;
          }
        }
        column = next;
      } while (rowOf[column] !== 0);
      do {
        const previous = cameFrom[column] as number;
        rowOf[column] = rowOf[previous] as number;
        column = previous;
      } while (column !== 0);
    }
    for (let j = 1; j <= columns; j++) {
      const row = rowOf[j] as number;
      if (row > 0) columnOfRow[row - 1] = j - 1;
    }
  }

  #reserve(rows: number, columns: number): void {
    if (this.#rowPotential.length < rows + 1) this.#rowPotential = new Float64Array(2 * rows + 1);
    if (this.#columnPotential.length < columns + 1) {
      const size = 2 * columns + 1;
      this.#columnPotential = new Float64Array(size);
      this.#slack = new Float64Array(size);
      this.#rowOfColumn = new Int32Array(size);
      this.#cameFrom = new Int32Array(size);
      this.#isVisited = new Uint8Array(size);
    }
  }
}
