export { type CoverageOptions, coverageOf } from './cameras/coverage.js';
export {
  axesOf,
  calibrationOf,
  type CameraAxes,
  type CameraPose,
  type Lens,
  lensOf,
  poseOf,
  type Vec3,
} from './cameras/pose.js';
export type { PersonKind, SimulatedPerson } from './person.js';
export { Random } from './random.js';
export type { TrainState } from './crowd/trains.js';
export { type ScenarioRun, startScenario } from './run.js';
export type {
  Demand,
  InitialCrowd,
  RateOverTime,
  Scenario,
  StandingGroup,
  Stream,
} from './scenario.js';
export { scenario, scenarioNames } from './scenarios/index.js';
export type { Door, Gate, Obstacle, Platform, Stairs, Train, TrainCall, World } from './world.js';
export type { AreaWindow } from './truth/areas.js';
export type { FlowTruth, OdTruth } from './truth/journeys.js';
export type { LineTruth } from './truth/passages.js';
export type { Truth } from './truth/truth.js';
