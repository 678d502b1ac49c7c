import { AssignmentSolver } from '@hitonami/tracking';

/** A pair that may belong together, and how badly it fits. */
export interface Candidate {
  left: number;
  right: number;
  cost: number;
}

/** In a knot of more than so many, pairs are taken in order of their cost instead: a crowd is not solved exactly. */
const EXACT_MAX = 60;

/**
 * Pairs each left with one right at most so that the sum of costs is least, where leaving one alone costs `aloneCost`:
 * the Hungarian method, on each group of candidates that hang together by itself.
 */
export function assign(candidates: readonly Candidate[], aloneCost: number): Candidate[] {
  const chosen: Candidate[] = [];
  for (const group of groupsOf(candidates.filter(({ cost }) => cost < aloneCost))) {
    const [only] = group;
    if (group.length === 1 && only) chosen.push(only);
    else chosen.push(...(isSmall(group) ? exact(group, aloneCost) : greedy(group)));
  }
  return chosen;
}

function isSmall(group: readonly Candidate[]): boolean {
  const lefts = new Set(group.map(({ left }) => left));
  const rights = new Set(group.map(({ right }) => right));
  return lefts.size <= EXACT_MAX && rights.size <= EXACT_MAX;
}

function greedy(group: readonly Candidate[]): Candidate[] {
  const [lefts, rights] = [new Set<number>(), new Set<number>()];
  return [...group]
    .sort((a, b) => a.cost - b.cost)
    .filter(({ left, right }) => {
      if (lefts.has(left) || rights.has(right)) return false;
      lefts.add(left);
      rights.add(right);
      return true;
    });
}

/** Candidates by what hangs together over shared ends. */
function groupsOf(candidates: readonly Candidate[]): Candidate[][] {
  const parent = new Map<number, number>();
  const find = (node: number): number => {
    let root = node;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root))
      root = up;
    parent.set(node, root);
    return root;
  };
  // A right end is a negative number, so that both kinds share one map.
  for (const { left, right } of candidates) parent.set(find(left), find(-1 - right));
  const groups = new Map<number, Candidate[]>();
  for (const candidate of candidates) {
    const root = find(candidate.left);
    const group = groups.get(root);
    if (group) group.push(candidate);
    else groups.set(root, [candidate]);
  }
  return [...groups.values()];
}

/** Every left also has a place of its own where it stays alone. */
function exact(group: readonly Candidate[], aloneCost: number): Candidate[] {
  const lefts = [...new Set(group.map(({ left }) => left))];
  const rights = [...new Set(group.map(({ right }) => right))];
  const rows = lefts.length;
  const columns = rights.length + rows;
  const cost = new Float64Array(rows * columns).fill(FORBIDDEN);
  for (let row = 0; row < rows; row++) cost[row * columns + rights.length + row] = aloneCost;
  const [rowOf, columnOf] = [indexOf(lefts), indexOf(rights)];
  for (const { left, right, cost: price } of group) {
    const at = (rowOf.get(left) as number) * columns + (columnOf.get(right) as number);
    cost[at] = Math.min(cost[at] as number, price);
  }
  const matched = new Int32Array(rows);
  solver.solve(cost, rows, columns, matched);
  return group.filter(
    ({ left, right, cost: price }) =>
      matched[rowOf.get(left) as number] === columnOf.get(right) &&
      cost[(rowOf.get(left) as number) * columns + (columnOf.get(right) as number)] === price,
  );
}

const FORBIDDEN = 1e9;
const solver = new AssignmentSolver();

function indexOf(items: readonly number[]): Map<number, number> {
  return new Map(items.map((item, i) => [item, i]));
}
