import { addDays, localInstantMs, type SitePlan } from '@hitonami/model';
import type { BuyerGrant } from '@hitonami/records';
import type { NewContract } from '../contract/index.js';
import { ProblemError } from '../http/problem.js';

/**
 * What a contract gives, checked against the plan: only datasets for buyers, under the purposes that give them to buyers.
 *
 * @throws ProblemError 400 that names what the plan does not have
 */
export function grantOf(plan: SitePlan, terms: NewContract): BuyerGrant {
  const { datasets, purposes, downloadsPerMonth, bytesPerMonth, validUntil } = terms;
  const sold = plan.datasets.filter(({ audience }) => audience === 'buyers');
  const issues = [
    ...datasets
      .filter((id) => !sold.some((dataset) => dataset.id === id))
      .map((id) => issue('datasets', `'${id}' is no dataset for buyers`, sold)),
    ...purposes
      .filter((id) => !plan.governance.purposes.some((purpose) => purpose.id === id))
      .map((id) => issue('purposes', `'${id}' is not in the plan`, plan.governance.purposes)),
    ...sold
      .filter(({ id, purpose }) => datasets.includes(id) && !purposes.includes(purpose))
      .map(({ id, purpose }) => ({
        key: 'purposes',
        problem: `'${id}' is given for '${purpose}' alone`,
        mend: `add '${purpose}'`,
      })),
  ];
  if (issues.length > 0)
    throw new ProblemError(400, 'invalid', 'The plan does not give this to buyers.', issues);
  return {
    ...{ datasets, purposes, downloadsPerMonth, bytesPerMonth },
    // The last day is still within it.
    validUntil: new Date(localInstantMs(addDays(validUntil, 1), 0, plan.timeZone)),
  };
}

function issue(key: string, problem: string, known: readonly { id: string }[]) {
  const mend = known
    .slice(0, 20)
    .map(({ id }) => id)
    .join(', ');
  return { key, problem, mend: mend === '' ? 'describe it in the plan first' : `use: ${mend}` };
}
