import type { z } from 'zod';
import { HitonamiError } from '../errors.js';
import { checkMeaning, type PlanIssue } from './check.js';
import { refusedByName, whyRefused } from './refusals.js';
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
      issues: shaped.error.issues.map(
        (issue) =>
          refusal(raw, issue) ?? {
            key: keyOf(issue.path),
            problem: issue.message,
            mend:
              issue.code === 'unrecognized_keys'
                ? 'remove it, or check its spelling'
                : 'see the plan’s schema',
          },
      ),
    };
  }
  const issues = checkMeaning(shaped.data);
  return issues.length === 0 ? { plan: shaped.data, issues: [] } : { issues };
}

/** Where a plan asks for what is refused by name, that is said, rather than that a word of it is unknown. */
function refusal(raw: unknown, { path, ...issue }: z.core.$ZodIssue): PlanIssue | undefined {
  const value = path.reduce(childOf, raw);
  const asked =
    issue.code === 'unrecognized_keys'
      ? issue.keys.flatMap((key) => [key, childOf(value, key)])
      : [value];
  for (const word of asked) {
    const name = typeof word === 'string' ? refusedByName(word) : undefined;
    if (name === undefined) continue;
    const { en, ja } = whyRefused(name);
    return {
      key: keyOf(path),
      problem: `'${String(word)}' is refused: ${en} (${ja})`,
      mend: 'remove it',
    };
  }
  return undefined;
}

function childOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
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

/** One issue as one line: key, problem, mend. What a terminal would obey, of the plan's own words, is written out. */
export function formatIssue(issue: PlanIssue): string {
  const line = `${issue.key === '' ? 'site.json' : issue.key}: ${issue.problem}; ${issue.mend}`;
  return line.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
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
