import type { PlanIssue } from './check.js';
import type { DataItem, PlanGovernance, PlanPurpose, PlanRecipient } from './governance.js';
import { refusedByName, whyRefused } from './refusals.js';
import type { PlanRetention, SitePlan } from './schema.js';

/** What of the plan's retention an item is kept by; where people are now is not kept. */
const KEPT_BY: Readonly<Record<DataItem, readonly (keyof PlanRetention)[]>> = {
  live: [],
  positions: ['positionsHours'],
  'flow-legs': ['flowLegsDays'],
  measures: ['measuresDays', 'rollupDays'],
};

/** What is wrong with purposes, recipients and what was settled before cameras start. */
export function governanceIssues(plan: SitePlan): PlanIssue[] {
  const { governance } = plan;
  return [
    ...doubleIssues('governance.purposes', governance.purposes),
    ...doubleIssues('governance.recipients', governance.recipients),
    ...doubleIssues('governance.stages', governance.stages),
    ...recipientIssues(governance),
    ...governance.purposes.flatMap(({ id }, i) =>
      refusedIssues(`governance.purposes[${i}].id`, id),
    ),
    ...governance.purposes.flatMap((purpose, i) =>
      purposeIssues(plan, purpose, `governance.purposes[${i}]`),
    ),
    ...governance.purposes.flatMap((purpose, i) =>
      thirdPartyIssues(plan, purpose, `governance.purposes[${i}].recipients`),
    ),
    ...overlapIssues(plan),
    ...retentionIssues(plan),
    ...plan.cameras.flatMap((camera, i) => cameraIssues(plan, camera, `cameras[${i}].governance`)),
  ];
}

/** A purpose whose id says what is refused by name. Its description is for people to read: no program judges that. */
function refusedIssues(key: string, word: string): PlanIssue[] {
  const name = refusedByName(word);
  if (name === undefined) return [];
  const { en, ja } = whyRefused(name);
  return [{ key, problem: `'${word}' is refused: ${en} (${ja})`, mend: 'remove the purpose' }];
}

/** Ids that are there twice. */
export function doubleIssues(key: string, items: readonly { id: string }[]): PlanIssue[] {
  return items.flatMap(({ id }, i) =>
    items.findIndex((item) => item.id === id) === i
      ? []
      : [
          {
            key: `${key}[${i}].id`,
            problem: `'${id}' is there twice`,
            mend: 'give each its own id',
          },
        ],
  );
}

/** Of buyers, each has a contract of its own; the public has none. */
const HAS_CONTRACT: ReadonlySet<PlanRecipient['role']> = new Set(['processor', 'third-party']);

function recipientIssues({ recipients }: PlanGovernance): PlanIssue[] {
  const operators = recipients.filter(({ role }) => role === 'operator').length;
  const key = 'governance.recipients';
  const issues = recipients.flatMap(({ id, role, contract }, i) =>
    !HAS_CONTRACT.has(role) || contract !== undefined
      ? []
      : [
          {
            key: `${key}[${i}].contract`,
            problem: `'${id}' receives data without a contract`,
            mend: 'name the contract, or drop the recipient',
          },
        ],
  );
  if (operators === 1) return issues;
  const problem = `${operators} recipients have the role of the operator`;
  return [...issues, { key, problem, mend: 'name one: the body that the public can ask' }];
}

function purposeIssues(plan: SitePlan, purpose: PlanPurpose, key: string): PlanIssue[] {
  const { recipients } = plan.governance;
  const places = [...plan.areas, ...plan.lines].map(({ id }) => id);
  const issues = [
    ...unknownIssues(
      `${key}.recipients`,
      purpose.recipients,
      recipients.map(({ id }) => id),
    ),
    ...unknownIssues(`${key}.places`, purpose.places ?? [], places),
  ];
  for (const [item, limits] of Object.entries(KEPT_BY) as [DataItem, (keyof PlanRetention)[]][]) {
    for (const limit of limits) {
      const isUsed = purpose.items.includes(item);
      const isSaid = purpose.retention[limit] !== undefined;
      if (isUsed === isSaid) continue;
      issues.push({
        key: `${key}.retention.${limit}`,
        problem: isUsed
          ? `'${purpose.id}' uses ${item} and does not say for how long`
          : `'${purpose.id}' keeps ${item} and does not use them`,
        mend: isUsed ? 'say it' : `remove it, or add '${item}' to its items`,
      });
    }
  }
  return issues;
}

/** A third party takes releases by contract: a purpose that gives it data without any promises what nobody hands over. */
function thirdPartyIssues(plan: SitePlan, purpose: PlanPurpose, key: string): PlanIssue[] {
  const hasRelease = plan.datasets.some(
    (dataset) => dataset.purpose === purpose.id && dataset.audience === 'buyers',
  );
  if (hasRelease) return [];
  return purpose.recipients.flatMap((id, i) => {
    const known = plan.governance.recipients.find((recipient) => recipient.id === id);
    if (known?.role !== 'third-party') return [];
    return [
      {
        key: `${key}[${i}]`,
        problem: `'${purpose.id}' gives data to '${id}', a third party, which takes releases alone, and no dataset for buyers is for this purpose`,
        mend: `describe such a dataset, for '${id}' to take by contract, or leave '${id}' out; a body that works for the operator is a processor`,
      },
    ];
  });
}

/** Ids that name nothing in the plan. */
export function unknownIssues(
  key: string,
  ids: readonly string[],
  known: readonly string[],
): PlanIssue[] {
  return ids.flatMap((id, i) =>
    known.includes(id)
      ? []
      : [
          {
            key: `${key}[${i}]`,
            problem: `'${id}' is not in this plan`,
            mend: known.length > 0 ? `use one of: ${known.slice(0, 20).join(', ')}` : 'remove it',
          },
        ],
  );
}

/** Where two purposes give one recipient the same item of the same place, nobody can say which of them a read is for. */
function overlapIssues({ governance }: SitePlan): PlanIssue[] {
  const { purposes } = governance;
  return purposes.flatMap((purpose, i) =>
    purposes.slice(0, i).flatMap((other) => {
      const items = purpose.items.filter((item) => other.items.includes(item));
      const recipients = purpose.recipients.filter((id) => other.recipients.includes(id));
      const meet =
        !purpose.places || !other.places || purpose.places.some((id) => other.places?.includes(id));
      if (items.length === 0 || recipients.length === 0 || !meet) return [];
      const what = `${items.join(', ')} to ${recipients.join(', ')}`;
      return [
        {
          key: `governance.purposes[${i}]`,
          problem: `'${purpose.id}' overlaps with '${other.id}': both give ${what} at the same place`,
          mend: 'make them one purpose, or give each its own items, places or recipients',
        },
      ];
    }),
  );
}

/** Nothing is kept longer than the purpose that needs it longest. */
function retentionIssues({ governance, retention }: SitePlan): PlanIssue[] {
  return (Object.keys(KEPT_BY) as DataItem[]).flatMap((item) =>
    KEPT_BY[item].flatMap((limit) => {
      const needed = governance.purposes.map((purpose) => purpose.retention[limit] ?? 0);
      const most = Math.max(...needed);
      // What no purpose uses is not written at all; only positions can be asked for by their hours.
      if (most === 0 && limit !== 'positionsHours') return [];
      if (retention[limit] <= most) return [];
      return [
        {
          key: `retention.${limit}`,
          problem: `${retention[limit]} is longer than any purpose needs ${item} (${most})`,
          mend: 'keep it for less, or say which purpose needs it for so long',
        },
      ];
    }),
  );
}

function cameraIssues(
  { governance: { purposes, stages } }: SitePlan,
  { id, governance }: SitePlan['cameras'][number],
  key: string,
): PlanIssue[] {
  if (governance === undefined) return [];
  const ids = (items: readonly { id: string }[]): string[] => items.map((item) => item.id);
  const issues = [
    ...unknownIssues(`${key}.purposes`, governance.purposes, ids(purposes)),
    ...unknownIssues(`${key}.stage`, [governance.stage], ids(stages)),
  ];
  if (governance.ground === 'public' && governance.permits.length === 0) {
    issues.push({
      key: `${key}.permits`,
      problem: `'${id}' films public ground without a permit or a council's decision`,
      mend: 'name them',
    });
  }
  return issues;
}
