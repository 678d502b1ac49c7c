export { AssignmentSolver } from './assignment.js';
export { intersectionOverUnion, type Box } from './box-motion.js';
export type { PlaneDetection } from './detection.js';
export {
  evaluateTracking,
  type EvaluationOptions,
  type IdentifiedBox,
  type TrackingEvaluation,
  type TrackingFrames,
} from './evaluate.js';
export { boxOfMotRow, formatMot, framesOfMotRows, parseMot, type MotRow } from './mot-text.js';
export { floorPlaneOptions, imagePlaneOptions, type TrackerOptions } from './options.js';
export { Tracker, type TrackedDetection } from './tracker.js';
