import { HitonamiError } from '../errors.js';
import { checkMeaning, type PlanIssue } from './check.js';
import { planSchema, type SitePlan } from './schema.js';

/** Largest plan that is read, bytes of UTF-8. */
export const PLAN_BYTES_MAX = 8 * 1024 * 1024;

export type PlanResult = { plan: SitePlan; issues: [] } | { plan?: never; issues: PlanIssue[] };

/** Reads a plan from its JSON text and says everything that is wrong with it. */
export function readPlan(json: string): PlanResult {
  if (Buffer.byteLength(json) > PLAN_BYTES_MAX) {
    return {
      issues: [{ key: '', problem: `it is over ${PLAN_BYTES_MAX} bytes`, mend: 'split the site' }],
    };
  }
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (error) {
    return {
      issues: [
        {
          key: '',
          problem: `it is not JSON: ${(error as Error).message}`,
          mend: 'mend the syntax',
        },
      ],
    };
  }
  const shaped = planSchema.safeParse(raw);
  if (!shaped.success) {
    return {
      issues: shaped.error.issues.map((issue) => ({
        key: keyOf(issue.path),
        problem: issue.message,
        mend:
          issue.code === 'unrecognized_keys'
            ? 'remove it, or check its spelling'
            : 'see the plan’s schema',
      })),
    };
  }
  const issues = checkMeaning(shaped.data);
  return issues.length === 0 ? { plan: shaped.data, issues: [] } : { issues };
}

/** Like `readPlan`, but throws a `PLAN` error that lists every issue. */
export function parsePlan(json: string): SitePlan {
  const { plan, issues } = readPlan(json);
  if (plan) return plan;
  throw new HitonamiError(
    'PLAN',
    `the site plan is not valid:\n${issues.map(formatIssue).join('\n')}`,
  );
}

/** One issue as one line: key, problem, mend. */
export function formatIssue(issue: PlanIssue): string {
  return `${issue.key === '' ? 'site.json' : issue.key}: ${issue.problem}; ${issue.mend}`;
}

function keyOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (key, part) =>
      typeof part === 'number'
        ? `${key}[${part}]`
        : key === ''
          ? String(part)
          : `${key}.${String(part)}`,
    '',
  );
}
