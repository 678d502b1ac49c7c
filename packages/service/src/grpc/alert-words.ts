import {
  ALERT_RULES,
  ALERT_SEVERITIES,
  ALERT_STATES,
  type AlertRule,
  type AlertSeverity,
  type AlertState,
} from '@hitonami/model';
import type { Alert } from './messages.js';

/** A word as the wire has it: `camera-silent` is `ALERT_RULE_CAMERA_SILENT`. One that the contract lacks does not compile. */
type OnWire<Prefix extends string, Word extends string> = `${Prefix}_${Upper<Word>}`;
type Upper<Word extends string> = Word extends `${infer Head}-${infer Tail}`
  ? `${Uppercase<Head>}_${Upper<Tail>}`
  : Uppercase<Word>;

/** The words of an alert, here and on the wire. */
export interface AlertWords {
  rule: AlertRule;
  severity: AlertSeverity;
  state: AlertState;
}
type WireAlertWords = Pick<Alert, keyof AlertWords>;

export function toWire({ rule, severity, state }: AlertWords): WireAlertWords {
  return {
    rule: onWire('ALERT_RULE', rule) as OnWire<'ALERT_RULE', AlertRule>,
    severity: onWire('ALERT_SEVERITY', severity) as OnWire<'ALERT_SEVERITY', AlertSeverity>,
    state: onWire('ALERT_STATE', state) as OnWire<'ALERT_STATE', AlertState>,
  };
}

/** Undefined where this program does not know one of them: it comes from a newer one. */
export function fromWire(wire: WireAlertWords): AlertWords | undefined {
  const rule = ALERT_RULES.find((word) => onWire('ALERT_RULE', word) === wire.rule);
  const severity = ALERT_SEVERITIES.find(
    (word) => onWire('ALERT_SEVERITY', word) === wire.severity,
  );
  const state = ALERT_STATES.find((word) => onWire('ALERT_STATE', word) === wire.state);
  if (rule === undefined || severity === undefined || state === undefined) return undefined;
  return { rule, severity, state };
}

function onWire(prefix: string, word: string): string {
  return `${prefix}_${word.replaceAll('-', '_').toUpperCase()}`;
}
