import type { SitePlan } from '@hitonami/model';
import type { PlanFollower } from '@hitonami/service';
import { notFound } from './http/problem.js';

/** The plan of a site that is in force, or will be first; @throws ProblemError 404 */
export function requirePlan(plans: Pick<PlanFollower, 'at' | 'versions'>, site: string): SitePlan {
  const plan = plans.at(site, Date.now() * 1000) ?? plans.versions(site)[0]?.plan;
  if (plan === undefined) throw notFound(`site '${site}'`);
  return plan;
}
