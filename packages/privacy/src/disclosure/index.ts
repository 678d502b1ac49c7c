export { attack, type Found } from './attack.js';
export { protectBlock } from './protect.js';
export { openLpSolver, type LinearProgram, type LpAnswer, type LpSolver } from './solver.js';
export {
  COVERAGE_MIN,
  NOTHING_KNOWN,
  SHORTER_STEPS_MS,
  type AreaFacts,
  type DisclosureRules,
  type Known,
  type KnownRelease,
  type Observation,
  type ProtectedBlock,
} from './types.js';
