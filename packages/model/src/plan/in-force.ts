import { US_PER_S, windowStartUs } from '../units.js';
import type { SitePlan } from './schema.js';

/** A version of a site's plan, and from which instant of event time it is in force, µs. */
export interface PlanInForce {
  plan: SitePlan;
  inForceFromUs: number;
}

/** Every length that a plan may give its windows divides it. */
const MINUTE_S = 60;

/**
 * From when a version is in force whose plan or publisher says `atUs`: the first instant from then on at which a window
 * of its length begins and one of the version before ends. Where the lengths differ, that is a full minute.
 */
export function planBoundaryUs(atUs: number, plan: SitePlan, before: SitePlan = plan): number {
  const stepS = plan.windowS === before.windowS ? plan.windowS : MINUTE_S;
  return -windowStartUs(-atUs, stepS * US_PER_S);
}

/**
 * The versions of one site's plan by number, each with the instant from which it truly is in force: a boundary of
 * windows, never before the version that it follows. Whoever reads versions from the log reads them through this, so
 * that who measures, who admits and who tells people mean the same instant. Given its own result it returns the same.
 */
export function plansInForce<T extends PlanInForce>(versions: readonly T[]): T[] {
  let before: T | undefined;
  return [...versions]
    .sort((a, b) => a.plan.version - b.plan.version)
    .map((version) => {
      const boundaryUs = planBoundaryUs(version.inForceFromUs, version.plan, before?.plan);
      const inForceFromUs = Math.max(boundaryUs, before?.inForceFromUs ?? -Infinity);
      before = { ...version, inForceFromUs };
      return before;
    });
}
