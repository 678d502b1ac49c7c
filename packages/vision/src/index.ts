export type { DetectionTiming, Detections, Region } from './detections.js';
export type { Sight } from './picture/sight.js';
export { FOOT_SD_DEFAULT } from './detectors/family.js';
export type { FootSd, ModelNotes } from './detectors/family.js';
export { drawCheckPicture } from './inspect/check-picture.js';
export { inspectModel, type ModelInspection } from './inspect/inspect.js';
export { measureModel, type ModelSpeed } from './inspect/speed.js';
export type { PoolLimits } from './pool/limits.js';
export { POOL_LIMITS } from './pool/limits.js';
export type { BufferResidue } from './pool/messages.js';
export {
  type DetectOptions,
  InferencePool,
  type PoolModel,
  type PoolOptions,
  startInferencePool,
} from './pool/pool.js';
export type { CameraPose } from './projection/camera-pose.js';
export type { Distortion } from './projection/distortion.js';
export {
  calibrateFromPoints,
  type CalibrationPoint,
  type FloorErrors,
  type PointCalibration,
} from './projection/fit-points.js';
export {
  calibrateFromWalkers,
  type Estimate,
  type WalkerCalibration,
  type WalkerOptions,
} from './projection/fit-walkers.js';
export {
  type Calibration,
  type FloorPoint,
  FloorProjection,
  type PicturePoint,
  type UncertainFloorPoint,
} from './projection/floor-projection.js';
export type { PictureSize, WalkerBox } from './projection/walker-boxes.js';
export { shippedDetector } from './shipped.js';
