import { purposeStartMs, type DataItem, type SitePlan } from '@hitonami/model';
import { GATE_EXCLUSION_M } from '@hitonami/privacy';
import type { StoredLimits } from '@hitonami/warehouse';

/** What a site's plan allows the warehouse to hold now. */
export function limitsOf(plan: SitePlan, nowMs: number): StoredLimits {
  const { governance, retention, windowS, ticketGates } = plan;
  const has = (item: DataItem): boolean =>
    governance.purposes.some(
      (purpose) => purpose.items.includes(item) && purposeStartMs(plan, purpose) <= nowMs,
    );
  return {
    ...{ retention, windowS },
    mayHavePositions: has('positions'),
    mayHaveFlowLegs: has('flow-legs'),
    legTimeStepS: governance.legTimeStepS,
    smallestGroup: governance.smallestGroup,
    gates: ticketGates.map(({ floor, line }) => ({ floor, line: line.coordinates })),
    gateExclusionM: GATE_EXCLUSION_M,
  };
}
