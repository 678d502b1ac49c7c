import { createContext, use } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { SitePlan } from '@hitonami/model';
import type { SiteSummary } from '../../../src/contract/index.js';
import { get } from './api.js';

export function useSites() {
  return useQuery({ queryKey: ['sites'], queryFn: () => get<SiteSummary[]>('/sites') });
}

export const planKey = (site: string) => ['plan', site] as const;

interface PlanInForce {
  /** The server answers a plan that it has validated. */
  readonly plan: SitePlan;
  readonly inForceFrom: string | null;
}

export function usePlanQuery(site: string) {
  return useQuery({
    queryKey: planKey(site),
    queryFn: () => get<PlanInForce>(`/sites/${site}/plan`),
    staleTime: 60_000,
  });
}

const PlanContext = createContext<SitePlan | undefined>(undefined);
export const PlanProvider = PlanContext;

/** The plan in force of the site that is open. Its `site`, `timeZone`, areas, lines, … */
export function usePlan(): SitePlan {
  const plan = use(PlanContext);
  if (plan === undefined) throw new Error('No site is open around this component.');
  return plan;
}
