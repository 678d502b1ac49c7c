import { READ_FOR, type PlanDataset, type SitePlan } from '@hitonami/model';
import { mayRead, type Answer, type PlanVersionInForce, type Refusal } from '@hitonami/privacy';

/** Areas and lines that a dataset is about, in the order of its files. */
export function placesOf(plan: SitePlan, { subject, places }: PlanDataset): string[] {
  const areas = plan.areas.map(({ id }) => id);
  const lines = plan.lines.map(({ id }) => id);
  const all = { areas, lines, movements: [...areas, ...lines], sequences: areas }[subject];
  return (places === undefined ? all : all.filter((id) => places.includes(id))).sort();
}

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
      ...{ purpose: dataset.purpose, item, recipient, places: placesOf(plan, dataset) },
      ...{ fromMs, toMs, nowMs },
    });
    if (!answer.isGranted) return answer;
  }
  return undefined;
}
