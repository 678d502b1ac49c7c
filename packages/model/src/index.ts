export * from './alert-words.js';
export * from './errors.js';
export * from './geometry/point.js';
export * from './geometry/polygon.js';
export * from './geometry/segment.js';
export * from './kind.js';
export * from './observation/codec.js';
export * from './observation/frame-view.js';
export * from './local-time.js';
export * from './plan/check.js';
export { datasetPlaces, doTellTheSame, READ_FOR } from './plan/check-datasets.js';
export {
  DATASET_AUDIENCES,
  DATASET_SUBJECTS,
  LEGAL_CLASSES,
  LICENCES,
  type DatasetAudience,
  type DatasetSubject,
  type LegalClass,
  type Licence,
  type PlanDataset,
  type PlanTravellerPlace,
} from './plan/datasets.js';
export {
  DATA_ITEMS,
  HOPS,
  isInside,
  type CameraGovernance,
  type DataItem,
  type Hop,
  type PlanGovernance,
  type PlanPurpose,
  type PlanRecipient,
} from './plan/governance.js';
export * from './plan/in-force.js';
export * from './plan/ownership.js';
export * from './plan/parse.js';
export * from './plan/refusals.js';
export * from './plan/schema.js';
export * from './plan/start.js';
export type { CameraPlace } from './projection/camera-place.js';
export { cameraPlace, placeOfCamera } from './projection/camera-place.js';
export { undistort, type Distortion } from './projection/distortion.js';
export {
  calibrateFromPoints,
  type CalibrationPoint,
  type FloorErrors,
  type PointCalibration,
} from './projection/fit-points.js';
export {
  FloorProjection,
  type Calibration,
  type FloorPoint,
  type PicturePoint,
  type UncertainFloorPoint,
} from './projection/floor-projection.js';
export { leastSquares } from './projection/least-squares.js';
export { adjugate, type Matrix3 } from './projection/matrix.js';
export { pointErrors, type PointError } from './projection/point-errors.js';
export { personHeightPx } from './projection/person-height.js';
export * from './release/cells.js';
export * from './release/manifest.js';
export * from './units.js';
