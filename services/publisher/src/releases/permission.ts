import { datasetPlaces, READ_FOR, type PlanDataset, type SitePlan } from '@hitonami/model';
import { mayRead, type Answer, type PlanVersionInForce, type Refusal } from '@hitonami/privacy';

/**
 * Whether a dataset may be computed for a stretch of time and given away: its purpose covers everything that it is computed from,
 * for somebody of its audience, in every version of the plan that was in force meanwhile, and had begun.
 *
 * @returns the first refusal; undefined where it may
 */
export function refusalOf(
  versions: readonly PlanVersionInForce[],
  plan: SitePlan,
  dataset: PlanDataset,
  { fromMs, toMs, nowMs }: { fromMs: number; toMs: number; nowMs: number },
): Refusal | undefined {
  const role = dataset.audience === 'open' ? 'public' : 'buyers';
  const purpose = plan.governance.purposes.find(({ id }) => id === dataset.purpose);
  const given = plan.governance.recipients.filter((one) => one.role === role);
  // Where nobody of the audience is named, the refusal says so of a recipient that is none.
  const recipient =
    given.find(({ id }) => purpose?.recipients.includes(id) === true)?.id ?? given[0]?.id ?? role;
  for (const item of READ_FOR[dataset.subject]) {
    const answer: Answer = mayRead(versions, {
      ...{ purpose: dataset.purpose, item, recipient, places: datasetPlaces(plan, dataset) },
      ...{ fromMs, toMs, nowMs },
    });
    if (!answer.isGranted) return answer;
  }
  return undefined;
}
