export { changesOf, refusedChange, type PlanChanges } from './changes.js';
export type { PurposeChange } from './differences.js';
export {
  ASKING_MS_MAX,
  mayRead,
  type Answer,
  type Ask,
  type Refusal,
  type RefusalReason,
} from './may-read.js';
export { outsideBecause } from './outside.js';
export { planInForce, plansWithin, type PlanVersionInForce } from './versions.js';
export { ITEM_WORDS } from './words.js';
