import { isWithheld, NO_ROW, termsOf, type Model } from './model.js';

/** Sums that hang together by what is withheld in them, or by what they share. */
export interface Component {
  readonly rows: readonly number[];
  readonly variables: readonly number[];
  /** No two of its sums lead around in a circle. */
  readonly isForest: boolean;
}

/**
 * The parts of a model in which something is withheld, each of which can be looked at by itself. A sum of which nothing is
 * withheld is in them, too, where it shares cells with others: it narrows what those were before they were rounded.
 */
export function components(model: Model): Component[] {
  const parents = new Map<number, number>();
  const rootOf = (row: number): number => {
    let root = row;
    for (let up = parents.get(root) ?? root; up !== root; up = parents.get(root) ?? root) root = up;
    for (let at = row; at !== root;) {
      const up = parents.get(at) ?? root;
      parents.set(at, root);
      at = up;
    }
    return root;
  };
  const firstRow = new Map<number, number>();
  const uses = new Map<number, number>();
  for (const row of model.rows.keys()) {
    for (const variable of termsOf(model.rows[row] ?? NO_ROW).variables) {
      uses.set(variable, (uses.get(variable) ?? 0) + 1);
      const first = firstRow.get(variable);
      if (first === undefined) firstRow.set(variable, row);
      else parents.set(rootOf(row), rootOf(first));
    }
  }
  const groups = new Map<number, { rows: number[]; variables: number[]; edges: number }>();
  for (const row of model.rows.keys()) {
    const root = rootOf(row);
    const group = groups.get(root) ?? { rows: [], variables: [], edges: 0 };
    groups.set(root, group);
    group.rows.push(row);
  }
  for (const [variable, row] of firstRow) {
    const group = groups.get(rootOf(row));
    if (group === undefined) continue;
    group.variables.push(variable);
    group.edges += uses.get(variable) ?? 0;
  }
  const open = [...groups.values()].filter(({ variables }) =>
    variables.some((v) => isOpen(model, v)),
  );
  return open.map(({ rows, variables, edges }) => ({
    rows,
    variables,
    // As a graph of sums and variables, which hangs together: without a circle it has one edge less than nodes.
    isForest: edges === rows.length + variables.length - 1,
  }));
}

function isOpen(model: Model, index: number): boolean {
  const variable = model.variables[index];
  return variable !== undefined && isWithheld(variable);
}
