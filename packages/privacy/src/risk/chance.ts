import type { Candidate } from './assignment.js';

/**
 * How much a difference of cost tells, in exponents: positions lie nearer to where they are foretold than the deviations of
 * `leapCost` say, by about √2. With it the mean chance of the paths of once-a-second positions was from 0.28 below to 0.02
 * above the share that was truly rebuilt (real walkers, and hours of a simulated station).
 */
const SHARPNESS = 1;

/**
 * The chance that each link of an instant is right, from what else could have been: that its path went on elsewhere, or that
 * its position belongs to another path, each alone or by two paths changing over.
 */
export function chanceOfLinks(
  links: readonly Candidate[],
  candidates: readonly Candidate[],
): number[] {
  const byLeft = groupBy(candidates, ({ left }) => left);
  const byRight = groupBy(candidates, ({ right }) => right);
  const linkOfLeft = new Map(links.map((link) => [link.left, link]));
  const linkOfRight = new Map(links.map((link) => [link.right, link]));
  return links.map((link) => {
    let others = 0;
    for (const other of byLeft.get(link.left) ?? []) {
      if (other.right === link.right) continue;
      const holder = linkOfRight.get(other.right);
      if (holder === undefined) others += Math.exp(SHARPNESS * (link.cost - other.cost));
      else {
        const back = byLeft.get(holder.left)?.find(({ right }) => right === link.right);
        if (back)
          others += Math.exp(SHARPNESS * (link.cost + holder.cost - other.cost - back.cost));
      }
    }
    for (const other of byRight.get(link.right) ?? [])
      if (!linkOfLeft.has(other.left)) others += Math.exp(SHARPNESS * (link.cost - other.cost));
    return 1 / (1 + others);
  });
}

function groupBy(
  candidates: readonly Candidate[],
  keyOf: (candidate: Candidate) => number,
): Map<number, Candidate[]> {
  const groups = new Map<number, Candidate[]>();
  for (const candidate of candidates) {
    const group = groups.get(keyOf(candidate));
    if (group) group.push(candidate);
    else groups.set(keyOf(candidate), [candidate]);
  }
  return groups;
}
