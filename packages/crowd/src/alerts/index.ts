export type { SiteAlert } from './alert.js';
export { AlertEngine } from './engine.js';
export { COUNTER_FLOW_PASSAGES_MIN, HYSTERESIS, RISING_PEOPLE_MIN } from './findings.js';
export { LineMinutes, type LineMinute } from './line-minute.js';
export {
  SATURATED_MIN,
  coverageNeeded,
  dangerBandsOf,
  flowCapacityOf,
  plannedCoverage,
} from './thresholds.js';
