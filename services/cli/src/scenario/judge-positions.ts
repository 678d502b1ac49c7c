import { polygonContains, type Polygon } from '@hitonami/model';

/** A place on the floor, metres. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** A position farther from everybody than this is of nobody, m. */
const MATCH_MAX_M = 1;

/** How well the positions of cameras match the people in their coverage. */
export class PositionJudge {
  #distance = 0;
  #matched = 0;
  #measured = 0;
  #true = 0;

  /** One frame of one camera: what it found, and everybody who was there. */
  add(coverage: Polygon, found: readonly Place[], people: readonly Place[]): void {
    const inside = ({ x, y }: Place): boolean => polygonContains(coverage, x, y);
    const measured = found.filter(inside);
    this.#measured += measured.length;
    this.#true += people.filter(inside).length;
    // Whoever stands just outside may be measured just inside: everybody may be matched.
    for (const distance of nearestPairs(measured, people)) {
      this.#distance += distance;
      this.#matched++;
    }
  }

  /** Mean distance of a matched position from its person, m; undefined without any. */
  get errorM(): number | undefined {
    return this.#matched > 0 ? this.#distance / this.#matched : undefined;
  }

  /** Share of positions that are of somebody. */
  get precision(): number | undefined {
    return this.#measured > 0 ? this.#matched / this.#measured : undefined;
  }

  /** Positions of somebody ÷ people in the coverage; a person at its border may make it a little more than 1. */
  get recall(): number | undefined {
    return this.#true > 0 ? this.#matched / this.#true : undefined;
  }
}

/** Distances of pairs, the nearest first, each place in one pair at most. */
function nearestPairs(found: readonly Place[], people: readonly Place[]): number[] {
  const pairs = found
    .flatMap((a) => people.map((b) => ({ a, b, distance: Math.hypot(a.x - b.x, a.y - b.y) })))
    .filter(({ distance }) => distance <= MATCH_MAX_M)
    .sort((p, q) => p.distance - q.distance);
  const used = new Set<Place>();
  return pairs.flatMap(({ a, b, distance }) => {
    if (used.has(a) || used.has(b)) return [];
    used.add(a).add(b);
    return [distance];
  });
}
