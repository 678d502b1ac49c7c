import { HitonamiError } from '@hitonami/model';
import type { z } from 'zod';
import { isSecretField } from './secret.js';

/** What `process.env` looks like; tests and the compose test hand in their own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every environment key of hitonami starts with it. */
export const KEY_PREFIX = 'HITONAMI_';

/** Keys under the prefix that are no service's: where the command keeps models, and what the test suite goes by. */
const FOREIGN_KEYS: ReadonlySet<string> = new Set([
  'HITONAMI_MODELS',
  'HITONAMI_REQUIRE',
  'HITONAMI_ALL_FRAMES',
]);

/** A longer value is cut in a message, in characters. */
const SHOWN_VALUE_LENGTH_MAX = 60;

/** The environment key of a field: `kafkaBrokers` is `HITONAMI_KAFKA_BROKERS`. */
export function environmentKey(field: string, prefix: string = KEY_PREFIX): string {
  return prefix + field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/**
 * Parses a service's configuration out of environment variables, once, to a typed value.
 *
 * A field `kafkaBrokers` is read from `<prefix>KAFKA_BROKERS`; an empty variable counts as not set. A key under the
 * prefix that the schema does not know is refused, so that a typo cannot silently leave a default in force.
 *
 * @throws HitonamiError `CONFIG` that names every wrong key, what is wrong with its value, and the mend. The value of a
 *   secret is never in it.
 */
export function readConfig<S extends z.ZodObject>(
  schema: S,
  environment: Environment,
  prefix: string = KEY_PREFIX,
): z.output<S> {
  const keys = new Map(
    Object.keys(schema.shape).map((field) => [environmentKey(field, prefix), field]),
  );
  const problems: string[] = [];
  const input: Record<string, string> = {};
  for (const [key, value] of Object.entries(environment)) {
    if (!key.startsWith(prefix) || FOREIGN_KEYS.has(key)) continue;
    const field = keys.get(key);
    if (field === undefined) problems.push(unknownKey(key, [...keys.keys()]));
    else if (value !== undefined && value !== '') input[field] = value;
  }
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      problems.push(describeIssue(issue, schema, input, prefix));
    }
  }
  if (problems.length > 0 || !parsed.success) {
    throw new HitonamiError(
      'CONFIG',
      `The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
  return parsed.data;
}

function describeIssue(
  issue: z.core.$ZodIssue,
  schema: z.ZodObject,
  input: Readonly<Record<string, string>>,
  prefix: string,
): string {
  const field = issue.path[0];
  if (typeof field !== 'string') return issue.message;
  const key = environmentKey(field, prefix);
  const value = input[field];
  const message = issue.message.startsWith('Invalid ') ? sentence(issue) : issue.message;
  if (value === undefined) return `${key} is not set: ${message}`;
  if (isSecretField(field, schema.shape[field] as z.core.$ZodType | undefined))
    return `${key} (value not shown) ${message}`;
  return `${key}=${JSON.stringify(shown(value))} ${message}`;
}

/** What to do, where the schema has no words of its own for it. */
function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_type') return `give a ${issue.expected}`;
  return issue.message;
}

/** The value as it may be shown: short, and without the password that an address may hold. */
function shown(value: string): string {
  const open = value.replace(/(:\/\/)[^/]*@/, '$1…@');
  return open.length <= SHOWN_VALUE_LENGTH_MAX ? open : `${open.slice(0, SHOWN_VALUE_LENGTH_MAX)}…`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = known
    .map((candidate) => ({ candidate, distance: editDistance(key, candidate) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const mend =
    near !== undefined && near.distance <= 4
      ? `did you mean ${near.candidate}?`
      : `known are ${known.join(', ')}; unset it`;
  return `${key} is not a key of this service: ${mend}`;
}

/** Levenshtein distance, for suggesting the key that was meant. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitute = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitute));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
