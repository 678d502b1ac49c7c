import { polygonContains, type Polygon } from '@hitonami/model';
import { Random } from '@hitonami/simulator';

/** A place on the floor, metres. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** A position farther from everybody than this is of nobody, m. */
const MATCH_MAX_M = 1;

/** How well places match people. Undefined is what there was nothing to measure by. */
export interface Match {
  /** Mean distance of a matched place from its person, m. Never above 1 m, since none farther is matched. */
  readonly errorM: number | undefined;
  /** Share of places that are of somebody. */
  readonly precision: number | undefined;
  /** Places of somebody ÷ people in the coverage; a person at its border may make it a little more than 1. */
  readonly recall: number | undefined;
}

/**
 * How well the positions of cameras match the people in their coverage: the nearest pairs within 1 m. In a crowd somebody
 * stands within 1 m of any place, so beside it stands what as many places thrown at random into the same coverages, among
 * the same people, would reach: only what is better than that is known of anybody's place.
 */
export class PositionJudge {
  readonly found = new Matching();
  readonly thrown = new Matching();
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** One frame of one camera: what it found, and everybody who was there. */
  add(coverage: Polygon, found: readonly Place[], people: readonly Place[]): void {
    const inside = ({ x, y }: Place): boolean => polygonContains(coverage, x, y);
    const measured = found.filter(inside);
    const present = people.filter(inside).length;
    // Whoever stands just outside may be measured just inside: everybody may be matched.
    this.found.add(measured, people, present);
    this.thrown.add(this.#throw(coverage, measured.length), people, present);
  }

  #throw(coverage: Polygon, count: number): Place[] {
    const ring = coverage[0] ?? [];
    const [minX, minY] = [Math.min(...ring.map(([x]) => x)), Math.min(...ring.map(([, y]) => y))];
    const [maxX, maxY] = [Math.max(...ring.map(([x]) => x)), Math.max(...ring.map(([, y]) => y))];
    const places: Place[] = [];
    // Where somebody was measured inside there is an inside to be hit.
    while (places.length < count) {
      const x = this.#random.between(minX, maxX);
      const y = this.#random.between(minY, maxY);
      if (polygonContains(coverage, x, y)) places.push({ x, y });
    }
    return places;
  }
}

class Matching implements Match {
  #distance = 0;
  #matched = 0;
  #places = 0;
  #true = 0;

  add(places: readonly Place[], people: readonly Place[], present: number): void {
    this.#places += places.length;
    this.#true += present;
    for (const distance of nearestPairs(places, people)) {
      this.#distance += distance;
      this.#matched++;
    }
  }

  get errorM(): number | undefined {
    return this.#matched > 0 ? this.#distance / this.#matched : undefined;
  }

  get precision(): number | undefined {
    return this.#places > 0 ? this.#matched / this.#places : undefined;
  }

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
