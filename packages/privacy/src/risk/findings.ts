import type { PlanGovernance } from '@hitonami/model';
import type { RiskFigures } from './audit.js';

export type RiskLimits = PlanGovernance['riskLimits'];

/** A figure that the plan has a limit for. */
export interface Finding {
  id: 'rebuilt' | 'rejoined' | 'legUnicity' | 'gateLog';
  /** The key of the plan that holds the limit. */
  key: string;
  /** Share, 0 to 1; null where nothing is stored that could be measured. */
  value: number | null;
  limit: number;
  isOver: boolean;
  /** Nobody knows the truth: the value is the mean chance of the paths that were rebuilt. */
  isEstimated: boolean;
}

/** Darkness over which the plan's limit of rejoined paths holds, s, and places known for that of flow legs. */
const LIMIT_DARK_S = 2;
const LIMIT_PLACES = 2;

/** What was found, against the limits of the plan. */
export function findingsOf(figures: RiskFigures, limits: RiskLimits): Finding[] {
  const { rebuilt, rejoined, unicity, gateLog } = figures;
  const finding = (
    id: Finding['id'],
    key: keyof RiskLimits,
    value: number | null,
    isEstimated = false,
  ): Finding => {
    const limit = limits[key];
    const isOver = value !== null && value > limit;
    return { id, key: `governance.riskLimits.${key}`, value, limit, isOver, isEstimated };
  };
  const dark = rejoined.find(({ darkS }) => darkS === LIMIT_DARK_S);
  const stored = unicity.legs.reduce<(typeof unicity.legs)[number] | undefined>(
    (finest, one) => (finest === undefined || one.stepS < finest.stepS ? one : finest),
    undefined,
  );
  const gates = [gateLog?.paths.share, gateLog?.legs.share].filter((share) => share != null);
  return [
    finding(
      'rebuilt',
      'rebuiltShareMax',
      rebuilt.people?.share ?? rebuilt.estimatedShare,
      rebuilt.people === null,
    ),
    finding('rejoined', 'rejoinedShareMax', dark?.share ?? null),
    finding('legUnicity', 'legUnicityMax', stored?.shares[LIMIT_PLACES - 1] ?? null),
    finding('gateLog', 'gateLogMax', gates.length > 0 ? Math.max(...gates) : null),
  ];
}
