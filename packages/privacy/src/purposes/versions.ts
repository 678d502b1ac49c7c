import type { SitePlan } from '@hitonami/model';

/** A version of a site's plan, and from which instant it is in force, ms since 1970. */
export interface PlanVersionInForce {
  readonly plan: SitePlan;
  readonly fromMs: number;
}

/** The versions as stretches of time, in order: of several from one instant the last one counts. */
export function stretchesOf(
  versions: readonly PlanVersionInForce[],
): (PlanVersionInForce & { readonly toMs: number })[] {
  const ordered = versions.toSorted(
    (a, b) => a.fromMs - b.fromMs || a.plan.version - b.plan.version,
  );
  return ordered
    .map((one, i) => ({ ...one, toMs: ordered[i + 1]?.fromMs ?? Infinity }))
    .filter(({ fromMs, toMs }) => fromMs < toMs);
}

/** The plan in force at an instant, or the one that will be the first: the only one that says anything then. */
export function planInForce(
  versions: readonly PlanVersionInForce[],
  atMs: number,
): SitePlan | undefined {
  const stretches = stretchesOf(versions);
  return (stretches.findLast(({ fromMs }) => fromMs <= atMs) ?? stretches[0])?.plan;
}

/** The plans that were in force at any time of a stretch, in order. */
export function plansWithin(
  versions: readonly PlanVersionInForce[],
  stretch: { readonly fromMs: number; readonly toMs: number },
): SitePlan[] {
  return stretchesOf(versions)
    .filter(({ fromMs, toMs }) => fromMs < stretch.toMs && toMs > stretch.fromMs)
    .map(({ plan }) => plan);
}
