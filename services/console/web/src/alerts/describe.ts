import type { SitePlan } from '@hitonami/model';
import type { Alert } from '../../../src/contract/index.js';
import { figure, percent } from '../shared/format.js';
import { inLanguage } from '../shared/i18n.js';
import type { Language } from '../shared/i18n.js';
import { words } from './words.js';

type Severity = Alert['severity'];
const WEIGHT: Readonly<Record<Severity, number>> = { emergency: 3, critical: 2, warning: 1 };

/** The name of the area, line or camera that an alert is about; its id where the plan has it no more. */
export function placeOf(alert: Pick<Alert, 'subject'>, plan: SitePlan, language: Language): string {
  const named = [...plan.areas, ...plan.lines].find(({ id }) => id === alert.subject);
  return named?.name[language] ?? alert.subject;
}

/** What is wrong, in one clause. */
export function whatOf(alert: Pick<Alert, 'rule' | 'severity'>, language: Language): string {
  const t = inLanguage(words, language);
  if (alert.rule !== 'density') return t[alert.rule];
  if (alert.severity === 'emergency') return t.densityEmergency;
  return alert.severity === 'critical' ? t.densityCritical : t.densityWarning;
}

function inUnit(rule: Alert['rule'], value: number, language: Language): string | undefined {
  const t = inLanguage(words, language);
  switch (rule) {
    case 'density':
      return `${figure(value, 1)} ${t.perM2}`;
    case 'density-rising':
      return `${figure(value, 1)} ${t.perM2Min}`;
    case 'flow':
      return `${figure(value)} ${t.perMMin}`;
    case 'counter-flow':
      return `${percent(value)} ${t.ofAll}`;
    case 'queue':
      return `${figure(value)} ${t.persons}`;
    case 'unseen':
      return `${percent(value)} ${t.ofArea}`;
    case 'camera-silent':
      return `${figure(value)} ${t.seconds}`;
    case 'camera-blind':
    case 'camera-moved':
      return undefined;
  }
}

/** The value in its unit, `at least` where the detector was saturated; undefined where the rule has no number. */
export function valueOf(alert: Alert, language: Language): string | undefined {
  const text = inUnit(alert.rule, alert.value, language);
  return text !== undefined && alert.atLeast ? inLanguage(words, language).atLeast(text) : text;
}

export function thresholdOf(alert: Alert, language: Language): string | undefined {
  return inUnit(alert.rule, alert.threshold, language);
}

export function isShelved(alert: Alert, nowMs: number): boolean {
  return alert.shelvedUntil !== null && Date.parse(alert.shelvedUntil) > nowMs;
}

/** Somebody must still say that they have seen it. */
export function needsSomebody(alert: Alert, nowMs: number): boolean {
  return alert.state !== 'resolved' && alert.acknowledgedAt === null && !isShelved(alert, nowMs);
}

/** Nobody's yet before somebody's, the more severe first, then the longer lasting. */
export function byUrgency(nowMs: number): (a: Alert, b: Alert) => number {
  const rank = (alert: Alert) =>
    (needsSomebody(alert, nowMs) ? 10 : 0) -
    (isShelved(alert, nowMs) ? 10 : 0) +
    WEIGHT[alert.severity];
  return (a, b) => rank(b) - rank(a) || Date.parse(a.since) - Date.parse(b.since);
}

export function isMoreSevere(a: Severity, b: Severity): boolean {
  return WEIGHT[a] > WEIGHT[b];
}

/** The steps of the alert's action card, each with its text in one language and in the log's words. */
export function stepsOf(
  alert: Alert,
  plan: SitePlan,
  language: Language,
):
  | {
      title: string;
      steps: { text: string; logged: string; done: Alert['actions'][number] | undefined }[];
    }
  | undefined {
  const card = plan.actionCards.find(({ id }) => id === alert.actionCard);
  if (card === undefined) return undefined;
  const taken = alert.actions.filter(({ kind }) => kind === 'step');
  return {
    title: card.title[language],
    steps: card.steps.map((step) => ({
      text: step[language],
      // Whichever language ticked it, it is ticked.
      logged: step[language],
      done: taken.find(({ text }) => text === step.ja || text === step.en),
    })),
  };
}
