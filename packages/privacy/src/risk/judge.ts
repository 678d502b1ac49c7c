import { trailsOf } from './sightings.js';

/** A person is rebuilt whole where one path holds so much of his positions, and so much of the path is his. */
export const WHOLE_SHARE = 0.9;
/** People seen fewer times than this have no path to be rebuilt. */
export const SIGHTINGS_MIN = 5;

export interface WholeShare {
  /** People with at least `SIGHTINGS_MIN` positions. */
  people: number;
  whole: number;
  /** `whole` ÷ `people`; null where there was nobody. */
  share: number | null;
}

/**
 * How many people's ways were rebuilt whole: at least 90 % of a person's positions lie in one path, and at least 90 % of
 * that path's positions are that person's.
 */
export function judgeRebuilt(person: Int32Array, pathOf: Int32Array): WholeShare {
  const people = trailsOf(person);
  const sizes = trailsOf(pathOf);
  let judged = 0;
  let whole = 0;
  for (let label = 0; label < people.count; label++) {
    const own = people.of(label);
    if (own.length < SIGHTINGS_MIN) continue;
    judged += 1;
    const counts = new Map<number, number>();
    for (const i of own) {
      const path = pathOf[i] as number;
      if (path >= 0) counts.set(path, (counts.get(path) ?? 0) + 1);
    }
    let [best, held] = [-1, 0];
    for (const [path, count] of counts) if (count > held) [best, held] = [path, count];
    if (best < 0) continue;
    if (held >= WHOLE_SHARE * own.length && held >= WHOLE_SHARE * sizes.of(best).length) whole += 1;
  }
  return { people: judged, whole, share: shareOf(whole, judged) };
}

export function shareOf(part: number, all: number): number | null {
  return all > 0 ? part / all : null;
}
