import type { SitePlan } from '@hitonami/model';
import type { PlanVersionInForce } from '@hitonami/privacy';
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

/** The plan in force, or the one that will be first. */
export function inForce(
  versions: readonly PlanVersionInForce[],
  nowMs: number,
): SitePlan | undefined {
  const ordered = versions.toSorted((a, b) => a.fromMs - b.fromMs);
  return (ordered.findLast(({ fromMs }) => fromMs <= nowMs) ?? ordered[0])?.plan;
}

/** Every area and line that the site had in that time. */
export function placesIn(
  versions: readonly PlanVersionInForce[],
  fromMs: number,
  toMs: number,
): string[] {
  const ordered = versions.toSorted((a, b) => a.fromMs - b.fromMs);
  const then = ordered.filter(
    (version, i) => version.fromMs < toMs && (ordered[i + 1]?.fromMs ?? Infinity) > fromMs,
  );
  return [
    ...new Set(then.flatMap(({ plan }) => [...plan.areas, ...plan.lines].map(({ id }) => id))),
  ];
}
