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
// Pure, and drawn with in the browser too: their home is the model.
export {
  calibrateFromPoints,
  FloorProjection,
  type Calibration,
  type CalibrationPoint,
  type Distortion,
  type FloorErrors,
  type FloorPoint,
  type PicturePoint,
  type PointCalibration,
  type UncertainFloorPoint,
} from '@hitonami/model';
export type { CameraPose } from './projection/camera-pose.js';
export {
  calibrateFromWalkers,
  type Estimate,
  type WalkerCalibration,
  type WalkerOptions,
} from './projection/fit-walkers.js';
export type { PictureSize, WalkerBox } from './projection/walker-boxes.js';
export { SHIPPED_INPUT, SHIPPED_TALL_PX, shippedDetector } from './shipped.js';
