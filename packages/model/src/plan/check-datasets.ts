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

/** Areas and lines that a dataset is about, in the order of its files. */
export function datasetPlaces(
  plan: Pick<SitePlan, 'areas' | 'lines'>,
  { subject, places }: Pick<PlanDataset, 'subject' | 'places'>,
): string[] {
  const all = placesOf(plan, subject);
  return (places === undefined ? all : all.filter((id) => places.includes(id))).sort();
}

function placesOf(
  plan: Pick<SitePlan, 'areas' | 'lines'>,
  subject: PlanDataset['subject'],
): string[] {
  const areas = plan.areas.map(({ id }) => id);
  const lines = plan.lines.map(({ id }) => id);
  return { areas, lines, movements: [...areas, ...lines], sequences: areas }[subject];
}

/**
 * Whether two datasets count the same people, so that exact counts of the one take away the noise of the other: a line that both
 * name (the movements to it add up to what passed it), or two places that are a movement of both. Areas are apart from all: how
 * many are there on average follows from no count of movements, and areas with noise are refused.
 */
export function doTellTheSame(
  plan: Pick<SitePlan, 'areas' | 'lines'>,
  one: Pick<PlanDataset, 'subject' | 'places'>,
  other: Pick<PlanDataset, 'subject' | 'places'>,
): boolean {
  if (one.subject === 'areas' || other.subject === 'areas') return false;
  const places = new Set(datasetPlaces(plan, one));
  const common = datasetPlaces(plan, other).filter((place) => places.has(place));
  if (one.subject !== 'lines' && other.subject !== 'lines') return common.length >= 2;
  return common.some((place) => plan.lines.some(({ id }) => id === place));
}

/** What is wrong with what is to be published, sold, or shown to travellers. */
export function datasetIssues(plan: SitePlan): PlanIssue[] {
  const areas = plan.areas.map(({ id }) => id);
  return [
    ...doubleIssues('datasets', plan.datasets),
    ...plan.datasets.flatMap((dataset, i) => issuesOf(plan, dataset, `datasets[${i}]`)),
    ...plan.datasets.flatMap((dataset, i) => noiseIssues(plan, dataset, `datasets[${i}].noise`)),
    ...plan.datasets.flatMap((dataset, i) => orderIssues(plan, dataset, `datasets[${i}].period`)),
    ...plan.travellers.flatMap(({ area }, i) => unknownIssues(`travellers[${i}]`, [area], areas)),
    ...doubleIssues(
      'travellers',
      plan.travellers.map(({ area }) => ({ id: area })),
    ),
  ];
}

function issuesOf(plan: SitePlan, dataset: PlanDataset, key: string): PlanIssue[] {
  const known = placesOf(plan, dataset.subject);
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

/** What is told with noise is never told exactly too: said of the dataset that has the noise. */
function noiseIssues(plan: SitePlan, dataset: PlanDataset, key: string): PlanIssue[] {
  if (dataset.noise === undefined) return [];
  const exact = plan.datasets.find(
    (other) => other.noise === undefined && doTellTheSame(plan, dataset, other),
  );
  if (exact === undefined) return [];
  return [
    {
      key,
      problem: `'${dataset.id}' tells with noise what '${exact.id}' tells exactly`,
      mend: 'give the two different places, or both noise, or neither',
    },
  ];
}

/**
 * A month is released after its days. Where its steps are shorter than those of days that are out by then, and longer than
 * others', what those withhold was chosen without it: together they can give away what it has to withhold.
 */
function orderIssues(plan: SitePlan, dataset: PlanDataset, key: string): PlanIssue[] {
  if (dataset.period !== 'month' || dataset.noise !== undefined) return [];
  const places = new Set(datasetPlaces(plan, dataset));
  const others = plan.datasets.filter(
    (other) =>
      other.subject === dataset.subject &&
      other.noise === undefined &&
      datasetPlaces(plan, other).some((place) => places.has(place)),
  );
  const shorter = others.find(({ stepS }) => stepS < dataset.stepS);
  const longer = others.find(({ stepS, period }) => stepS > dataset.stepS && period === 'day');
  if (shorter === undefined || longer === undefined) return [];
  return [
    {
      key,
      problem: `'${dataset.id}' comes out after '${longer.id}', and its steps lie between those of '${shorter.id}' and '${longer.id}'`,
      mend: `release '${dataset.id}' by the day, or '${longer.id}' by the month`,
    },
  ];
}
