import { SEVERITIES, type Alert } from '../contract/index.js';
import type { Matcher, Silence } from './alertmanager.js';

/** The labels by which an alert here is an alert there: those of the rules in `deploy/prometheus`. */
export type AlertKey = Pick<Alert, 'site' | 'rule' | 'subject' | 'severity'>;

/** Longest expression of somebody else's that is tried. */
const REGEX_MAX = 500;

/** What silences an alert there up to its severity: a graver one is heard again. */
export function matchersOf(alert: AlertKey): Matcher[] {
  const upTo = SEVERITIES.slice(0, SEVERITIES.indexOf(alert.severity) + 1).join('|');
  const equal = (name: string, value: string) => ({ name, value, isRegex: false, isEqual: true });
  return [
    equal('site', alert.site),
    equal('rule', alert.rule),
    equal('subject', alert.subject),
    { name: 'severity', value: upTo, isRegex: true, isEqual: true },
  ];
}

/** Whether a silence holds for an alert, by the labels that are known here; one that asks for another does not. */
export function isSilencedBy(alert: AlertKey, silence: Pick<Silence, 'matchers'>): boolean {
  const labels = new Map<string, string>(
    (['site', 'rule', 'subject', 'severity'] as const).map((name) => [name, alert[name]]),
  );
  return (
    silence.matchers.length > 0 &&
    silence.matchers.every(({ name, value, isRegex, isEqual }) => {
      const label = labels.get(name);
      if (label === undefined) return false;
      return (isRegex ? matches(value, label) : value === label) === isEqual;
    })
  );
}

function matches(expression: string, label: string): boolean {
  if (expression.length > REGEX_MAX) return false;
  try {
    return new RegExp(`^(?:${expression})$`, 'u').test(label);
  } catch {
    return false;
  }
}

/** Which alert and which deed a silence of ours stands for. */
export interface Mark {
  alertId: string;
  kind: 'acknowledged' | 'shelved';
  /** When it was acknowledged, or until when it is shelved, ms since 1970. */
  ms: number;
}

/** The mark stands at the end of the comment, so that another console, or this one started again, knows its own. */
export function commentOf(mark: Mark, words: string): string {
  return `${words} [hitonami ${encodeURIComponent(mark.alertId)} ${mark.kind} ${mark.ms}]`.trim();
}

export function markOf(comment: string): Mark | undefined {
  const found = /\[hitonami (\S{1,1000}) (acknowledged|shelved) (\d{1,15})\]$/.exec(comment);
  if (found === null) return undefined;
  try {
    const [, id = '', kind, ms] = found;
    return { alertId: decodeURIComponent(id), kind: kind as Mark['kind'], ms: Number(ms) };
  } catch {
    return undefined;
  }
}
