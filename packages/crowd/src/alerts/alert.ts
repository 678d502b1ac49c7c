import type { AlertRule, AlertSeverity, AlertState } from '@hitonami/model';

/** 0: nothing; then the severities. */
export type AlertLevel = 0 | 1 | 2 | 3;

/** An alert as it stands. Times are event time, µs; value and threshold have the rule's unit. */
export interface SiteAlert {
  /** Of this alert from its first firing to its end. */
  id: string;
  site: string;
  rule: AlertRule;
  /** Id of the area, line or camera. */
  subject: string;
  severity: AlertSeverity;
  state: AlertState;
  sinceUs: number;
  /** Of its last change. */
  atUs: number;
  /** Rises with every change of severity or state. */
  revision: number;
  value: number;
  threshold: number;
  /** The detector was saturated: the value is a lower bound. */
  atLeast: boolean;
  /** Until the next band is reached if inflow and outflow stay as they are; 0 where it is not in sight. */
  minutesToNext: number;
  planVersion: number;
}

/** What one rule finds about one subject at an instant. */
export interface Finding {
  rule: AlertRule;
  subject: string;
  /** What the measured value would fire. */
  level: AlertLevel;
  /** What it is too high to resolve: with the hysteresis, so never below `level`. */
  hold: AlertLevel;
  /** Whether it is seen well enough to say that it is over. */
  isTrusted: boolean;
  /** Undefined where nothing is known. */
  value: number | undefined;
  /** What each level has as its threshold, from level 1 on. */
  thresholds: readonly number[];
  atLeast: boolean;
  /** It is about frames that do not come, so it lasts by the clock; all else lasts from frame to frame. */
  isOfSilence: boolean;
  /** Minutes until the level after this one, 0 where it is not in sight. */
  minutesTo: ((level: AlertLevel) => number) | undefined;
  /** For how long it must last before it fires, and be over before it resolves, µs. */
  fireAfterUs: number;
  resolveAfterUs: number;
}
