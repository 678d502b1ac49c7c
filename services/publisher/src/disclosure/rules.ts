import { levelOfService, type AreaKind } from '@hitonami/crowd';
import { polygonArea, type PlanDataset, type SitePlan } from '@hitonami/model';
import type { AreaFacts, DisclosureRules } from '@hitonami/privacy';

/** What disclosure control goes by, without functions: it is sent to another thread. */
export interface PlainRules extends Omit<DisclosureRules, 'areas'> {
  readonly areas: readonly {
    readonly id: string;
    readonly areaM2: number;
    readonly kind: AreaKind;
  }[];
}

export function plainRules(plan: SitePlan, dataset: PlanDataset): PlainRules {
  return {
    subject: dataset.subject,
    k: plan.governance.smallestGroup,
    roundedTo: dataset.roundedTo,
    areas: plan.areas.map(({ id, kind, polygon }) => ({
      ...{ id, kind },
      areaM2: polygonArea(polygon.coordinates),
    })),
  };
}

export function rulesOf({ areas, ...rules }: PlainRules): DisclosureRules {
  const facts = areas.map(({ id, areaM2, kind }): [string, AreaFacts] => [
    id,
    { areaM2, los: (density) => levelOfService(kind, density) },
  ]);
  return { ...rules, areas: new Map(facts) };
}
