import { plansWithin, type PlanVersionInForce } from '@hitonami/privacy';
import type { PlanFollower } from '@hitonami/service';

/** The versions of a site's plan with the instants from which they are in force. */
export function versionsOf(
  plans: Pick<PlanFollower, 'versions'>,
  site: string,
): PlanVersionInForce[] {
  return plans
    .versions(site)
    .map(({ plan, inForceFromUs }) => ({ plan, fromMs: inForceFromUs / 1000 }));
}

/** Every area and line that the site had in that time. */
export function placesIn(
  versions: readonly PlanVersionInForce[],
  fromMs: number,
  toMs: number,
): string[] {
  const then = plansWithin(versions, { fromMs, toMs });
  return [...new Set(then.flatMap(({ areas, lines }) => [...areas, ...lines].map(({ id }) => id)))];
}
