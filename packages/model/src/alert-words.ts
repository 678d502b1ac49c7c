/** What an alert can be about. Everything else that lists them, also on the wire and in the browser, has them from here. */
export const ALERT_RULES = [
  'density',
  'density-rising',
  'flow',
  'counter-flow',
  'queue',
  'unseen',
  'camera-silent',
  'camera-blind',
  'camera-moved',
] as const;
export type AlertRule = (typeof ALERT_RULES)[number];

/** From least to most. */
export const ALERT_SEVERITIES = ['warning', 'critical', 'emergency'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** `cannot-see`: it was firing, and nobody can see whether it still is. */
export const ALERT_STATES = ['firing', 'cannot-see', 'resolved'] as const;
export type AlertState = (typeof ALERT_STATES)[number];
