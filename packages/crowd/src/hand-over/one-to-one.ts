/** A pseudonym, as two 32-bit halves. */
export interface Name {
  readonly hi: number;
  readonly lo: number;
}

/** Two tracks that may be one person, with the weight of that. */
export interface Edge<Left extends Name, Right extends Name> {
  left: Left;
  right: Right;
  weight: number;
}

export interface Match<Left extends Name, Right extends Name> extends Edge<Left, Right> {
  /** Posterior probability, 0 to 1. */
  confidence: number;
}

/**
 * Joins one to one, the likeliest first. The confidence of a join is its weight among the alternatives of either side:
 * the other edges of both, and `none`, the weight of the left having no partner. Depends on the edges alone, not on their order.
 */
export function matchOneToOne<Left extends Name, Right extends Name>(
  edges: Edge<Left, Right>[],
  none: number,
  leastOdds: number,
): Match<Left, Right>[] {
  edges.sort(
    (a, b) => b.weight - a.weight || compareNames(a.left, b.left) || compareNames(a.right, b.right),
  );
  const sums = new Map<Name, number>();
  for (const { left, right, weight } of edges) {
    sums.set(left, (sums.get(left) ?? 0) + weight);
    sums.set(right, (sums.get(right) ?? 0) + weight);
  }
  const taken = new Set<Name>();
  const matches: Match<Left, Right>[] = [];
  for (const edge of edges) {
    if (taken.has(edge.left) || taken.has(edge.right)) continue;
    // Against nobody, not against the others: who surely is one of several is not left alone for that.
    if (edge.weight < leastOdds * none) continue;
    const all = (sums.get(edge.left) ?? 0) + (sums.get(edge.right) ?? 0) - edge.weight + none;
    taken.add(edge.left).add(edge.right);
    const { left, right, weight } = edge;
    matches.push({ left, right, weight, confidence: weight / all });
  }
  return matches;
}

export function compareNames(a: Name, b: Name): number {
  return a.hi - b.hi || a.lo - b.lo;
}
