export { attackGateLogByLegs } from './gate-log-legs.js';
export {
  attackGateLog,
  distanceM,
  GATE_EXCLUSION_M,
  outsideGates,
  passagesOf,
  passagesTold,
  type Gate,
  type GateAttack,
  type Passage,
} from './gate-log.js';
export { judgeRebuilt, SIGHTINGS_MIN, WHOLE_SHARE, type WholeShare } from './judge.js';
export { SeededRandom } from './random.js';
export { rebuildPaths, type RebuildOptions, type RebuiltPaths } from './rebuild.js';
export { rejoin, type Rejoined, type RejoinOptions } from './rejoin.js';
export {
  pick,
  SightingList,
  trailsOf,
  type Sighting,
  type Sightings,
  type Trails,
} from './sightings.js';
export {
  POINTS_MAX,
  RESOLUTIONS,
  unicityOfLegs,
  unicityOfPaths,
  type Resolution,
  type StoredLeg,
  type Unicity,
} from './unicity.js';
export { adviceOf } from './advice.js';
export { auditRisk, type AuditData, type AuditOptions, type RiskFigures } from './audit.js';
export { findingsOf, type Finding, type RiskLimits } from './findings.js';
export {
  RISK_REPORT_FORMAT,
  riskReport,
  type GroupFigure,
  type ReportInput,
  type RiskReport,
  type Trend,
} from './risk-report.js';
export { riskReportText, type ReportLanguage } from './report-text.js';
