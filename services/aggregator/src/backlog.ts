import type { Progress } from './partition.js';
import type { SiteWork } from './writer.js';

/**
 * What two batches of one partition ask for, as one: many windows written together cost little more than one, which is how
 * an aggregator that is behind catches up. Whoever wrote it may commit the position of the later.
 */
export function join(earlier: Progress, later: Progress): Progress {
  const byPlan = new Map<SiteWork['plan'], SiteWork>();
  for (const { plan, windows, buckets, late } of [...earlier.work, ...later.work]) {
    const known = byPlan.get(plan);
    if (known === undefined) {
      byPlan.set(plan, { plan, windows: [...windows], buckets: [...buckets], late: [...late] });
      continue;
    }
    known.windows.push(...windows);
    known.buckets.push(...buckets);
    known.late.push(...late);
  }
  return { ...later, work: [...byPlan.values()] };
}

/** How many windows there are to be written. */
export function windowsIn({ work }: Progress): number {
  return work.reduce((sum, { windows }) => sum + windows.length, 0);
}
