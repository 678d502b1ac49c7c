export {
  type EmbeddedWarehouse,
  type EmbeddedWarehouseOptions,
  findEmbeddedWarehouse,
  startEmbeddedWarehouse,
} from './embedded.js';
export type { InsertOptions } from './encode.js';
export type { Retry } from './faults.js';
export type {
  AreaMeasure,
  CameraMeasure,
  FlowMeasure,
  JourneyMeasure,
  LineMeasure,
  MeasureKey,
  MeasureRange,
  Measures,
} from './measures.js';
export type { Retention, RetentionOrKeep } from './retention.js';
export type { RollupRequest } from './rollup.js';
export {
  openWarehouse,
  type Parameters,
  type Warehouse,
  type WarehouseOptions,
} from './warehouse.js';
