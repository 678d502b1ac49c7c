export {
  type EmbeddedWarehouse,
  type EmbeddedWarehouseOptions,
  findEmbeddedWarehouse,
  startEmbeddedWarehouse,
} from './embedded.js';
export type { InsertOptions } from './encode.js';
export type { Retry } from './faults.js';
export type { Holding, HoldingKind, StoredLimits } from './holdings.js';
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
export {
  releaseReads,
  type AreaStep,
  type Contribution,
  type LineStep,
  type ReadSteps,
  type ReleaseReads,
  type WayStep,
} from './release-reads.js';
export type { Retention, RetentionOrKeep } from './retention.js';
export type { RollupRequest } from './rollup.js';
export type { AreaPoint, LinePoint, SeriesRange } from './series.js';
export {
  tilesOf,
  type AreaSummary,
  type DwellSum,
  type JourneySum,
  type LineSummary,
  type Tile,
  type UsualPoint,
} from './summaries.js';
export {
  openWarehouse,
  type Parameters,
  type Warehouse,
  type WarehouseOptions,
} from './warehouse.js';
