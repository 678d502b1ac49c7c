import type { AlertRule, AlertSeverity, AlertState, SiteAlert } from '@hitonami/crowd';
import type {
  Alert,
  AlertRule as WireRule,
  AlertSeverity as WireSeverity,
  AlertState as WireState,
} from '@hitonami/service';

/** How the record of the `alerts` topic calls what the engine found, and back. */
const RULES: Readonly<Record<AlertRule, WireRule>> = {
  density: 'ALERT_RULE_DENSITY',
  'density-rising': 'ALERT_RULE_DENSITY_RISING',
  flow: 'ALERT_RULE_FLOW',
  'counter-flow': 'ALERT_RULE_COUNTER_FLOW',
  queue: 'ALERT_RULE_QUEUE',
  unseen: 'ALERT_RULE_UNSEEN',
  'camera-silent': 'ALERT_RULE_CAMERA_SILENT',
  'camera-blind': 'ALERT_RULE_CAMERA_BLIND',
  'camera-moved': 'ALERT_RULE_CAMERA_MOVED',
};
const SEVERITIES: Readonly<Record<AlertSeverity, WireSeverity>> = {
  warning: 'ALERT_SEVERITY_WARNING',
  critical: 'ALERT_SEVERITY_CRITICAL',
  emergency: 'ALERT_SEVERITY_EMERGENCY',
};
const STATES: Readonly<Record<AlertState, WireState>> = {
  firing: 'ALERT_STATE_FIRING',
  'cannot-see': 'ALERT_STATE_CANNOT_SEE',
  resolved: 'ALERT_STATE_RESOLVED',
};

const ruleOf = inverse(RULES);
const severityOf = inverse(SEVERITIES);
const stateOf = inverse(STATES);

export function toRecord(alert: SiteAlert, announce: boolean): Alert {
  return {
    ...alert,
    rule: RULES[alert.rule],
    severity: SEVERITIES[alert.severity],
    state: STATES[alert.state],
    announce,
  };
}

/** Undefined for a record whose rule, severity or state this program does not know. */
export function fromRecord({ announce: _announce, ...record }: Alert): SiteAlert | undefined {
  const rule = ruleOf.get(record.rule);
  const severity = severityOf.get(record.severity);
  const state = stateOf.get(record.state);
  if (rule === undefined || severity === undefined || state === undefined) return undefined;
  return { ...record, rule, severity, state };
}

function inverse<K extends string, V extends string>(record: Readonly<Record<K, V>>): Map<V, K> {
  return new Map((Object.entries(record) as [K, V][]).map(([key, value]) => [value, key]));
}
