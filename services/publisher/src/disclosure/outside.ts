import { datasetPlaces, purposeStartMs, type PlanDataset, type SitePlan } from '@hitonami/model';
import { plansWithin, type PlanVersionInForce } from '@hitonami/privacy';

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The places that sequences leave out and movements do not: see `DisclosureRules.outside`. Undefined for other subjects, and where
 * not every movement of the site was kept throughout.
 */
export function outsideOf(
  versions: readonly PlanVersionInForce[],
  plan: SitePlan,
  dataset: PlanDataset,
  stretch: Stretch,
): string[] | undefined {
  if (dataset.subject !== 'sequences') return undefined;
  const then = plansWithin(versions, stretch);
  if (then.length === 0 || !then.every((one) => keepsAll(one, stretch.fromMs))) return undefined;
  const own = new Set(datasetPlaces(plan, dataset));
  // A place too many says less, and nothing that is wrong.
  const all = [plan, ...then].flatMap(({ areas, lines }) => [...areas, ...lines]);
  return [...new Set(all.map(({ id }) => id))].filter((id) => !own.has(id)).sort();
}

/** Whether every flow leg of the site is stored: one of which either end is in no purpose's places is not. */
function keepsAll(plan: SitePlan, fromMs: number): boolean {
  return plan.governance.purposes.some(
    (purpose) =>
      purpose.items.includes('flow-legs') &&
      purpose.places === undefined &&
      purposeStartMs(plan, purpose) <= fromMs,
  );
}
