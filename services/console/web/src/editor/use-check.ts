import { useEffect, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { send } from '../shared/api.js';
import type { Draft } from './document.js';
import type { PlanIssue } from './issues.js';

/** After the last change the server is asked this long later, milliseconds. */
const QUIET_MS = 350;

const revisions = new WeakMap<Draft, number>();
let revisionLast = 0;

/** A number for each value of the plan: as a key the plan itself, of up to megabytes, would be written out at each render. */
function revisionOf(plan: Draft): number {
  const revision = revisions.get(plan) ?? ++revisionLast;
  revisions.set(plan, revision);
  return revision;
}

/** What the server finds wrong with a plan, asked as it is typed. */
export function useCheck(site: string, plan: Draft, isOn: boolean) {
  const [settled, setSettled] = useState(plan);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(plan), QUIET_MS);
    return () => clearTimeout(timer);
  }, [plan]);
  const { data, error, isFetching } = useQuery({
    queryKey: ['plan-check', site, revisionOf(settled)],
    queryFn: () =>
      send<{ issues: PlanIssue[] }>('POST', `/sites/${site}/plans/check`, { plan: settled }),
    enabled: isOn,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 10_000,
    retry: 1,
  });
  const isCurrent = settled === plan && !isFetching;
  return { issues: data?.issues ?? [], isChecked: isCurrent && data !== undefined, error };
}
