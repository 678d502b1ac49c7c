import type { PlanIssue } from './check.js';
import { doubleIssues, unknownIssues } from './check-governance.js';
import type { PlanDataset } from './datasets.js';
import type { DataItem } from './governance.js';
import type { SitePlan } from './schema.js';

/** What has to be read for each subject: people at a line or on a way are counted by their pseudonyms, which live for days. */
export const READ_FOR: Readonly<Record<PlanDataset['subject'], readonly DataItem[]>> = {
  areas: ['measures'],
  lines: ['measures', 'flow-legs'],
  movements: ['flow-legs'],
  sequences: ['flow-legs'],
};

/** What is wrong with what is to be published, sold, or shown to travellers. */
export function datasetIssues(plan: SitePlan): PlanIssue[] {
  const areas = plan.areas.map(({ id }) => id);
  return [
    ...doubleIssues('datasets', plan.datasets),
    ...plan.datasets.flatMap((dataset, i) => issuesOf(plan, dataset, `datasets[${i}]`)),
    ...plan.travellers.flatMap(({ area }, i) => unknownIssues(`travellers[${i}]`, [area], areas)),
    ...doubleIssues(
      'travellers',
      plan.travellers.map(({ area }) => ({ id: area })),
    ),
  ];
}

function issuesOf(plan: SitePlan, dataset: PlanDataset, key: string): PlanIssue[] {
  const known = {
    areas: plan.areas,
    lines: plan.lines,
    movements: [...plan.areas, ...plan.lines],
    sequences: plan.areas,
  }[dataset.subject].map(({ id }) => id);
  return [
    ...unknownIssues(`${key}.places`, dataset.places ?? [], known),
    ...purposeIssues(plan, dataset, key),
    ...audienceIssues(dataset, key),
    ...shapeIssues(dataset, key),
  ];
}

function purposeIssues(plan: SitePlan, dataset: PlanDataset, key: string): PlanIssue[] {
  const { purposes, recipients } = plan.governance;
  const purpose = purposes.find(({ id }) => id === dataset.purpose);
  if (purpose === undefined)
    return [
      {
        key: `${key}.purpose`,
        problem: `'${dataset.purpose}' is not in this plan`,
        mend: `use one of: ${purposes
          .slice(0, 20)
          .map(({ id }) => id)
          .join(', ')}`,
      },
    ];
  const role = dataset.audience === 'open' ? 'public' : 'buyers';
  const isGiven = recipients.some(
    (recipient) => recipient.role === role && purpose.recipients.includes(recipient.id),
  );
  const missing = READ_FOR[dataset.subject].filter((item) => !purpose.items.includes(item));
  return [
    ...(isGiven
      ? []
      : [
          {
            key: `${key}.purpose`,
            problem: `'${purpose.id}' gives nothing to a recipient with the role '${role}'`,
            mend: `name one in the purpose, after its notice, or another purpose`,
          },
        ]),
    ...missing.map((item) => ({
      key: `${key}.purpose`,
      problem: `'${purpose.id}' does not use ${item}, which ${dataset.subject} are computed from`,
      mend: `add '${item}' to its items, or name another purpose`,
    })),
  ];
}

function audienceIssues({ audience, licence, price, subject }: PlanDataset, key: string) {
  const issues: PlanIssue[] = [];
  if ((audience === 'buyers') !== (licence === 'contract'))
    issues.push({
      key: `${key}.licence`,
      problem: `'${licence}' is not a licence for ${audience === 'open' ? 'everybody' : 'buyers'}`,
      mend: audience === 'open' ? 'use an open licence' : "use 'contract'",
    });
  if (audience === 'open' && price !== undefined)
    issues.push({
      key: `${key}.price`,
      problem: 'open data has a price',
      mend: 'remove it',
    });
  if (audience === 'open' && subject === 'sequences')
    issues.push({
      key: `${key}.audience`,
      problem: 'sequences of areas are never open data',
      mend: "give them to 'buyers' alone",
    });
  return issues;
}

function shapeIssues({ subject, stepS, period, noise }: PlanDataset, key: string): PlanIssue[] {
  const issues: PlanIssue[] = [];
  if (subject === 'sequences' && stepS !== 900)
    issues.push({
      key: `${key}.stepS`,
      problem: 'sequences are told in steps of 15 minutes',
      mend: 'use 900',
    });
  // What they are counted from is gone before a month is over.
  if (subject !== 'areas' && period !== 'day')
    issues.push({
      key: `${key}.period`,
      problem: `${subject} are counted from movements, which are kept for days`,
      mend: "use 'day'",
    });
  if (noise !== undefined && (subject === 'areas' || subject === 'sequences'))
    issues.push({
      key: `${key}.noise`,
      problem: `how much one person changes ${subject} has no bound`,
      mend: 'use it for lines or movements',
    });
  return issues;
}
