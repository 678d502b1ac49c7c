import { HitonamiError } from '@hitonami/model';

/**
 * How a tracker behaves. "Units" are the plane's: metres on a calibrated floor, multiples of the box height
 * on the bare image (`scale: 'boxHeight'`, where lengths are multiplied by the box height in pixels).
 */
export interface TrackerOptions {
  /** What a length in these options is measured in. Default `plane`. */
  scale: 'plane' | 'boxHeight';
  /** Detections from here on may start a track and are matched first, 0 to 1. */
  confidentFrom: number;
  /** Detections from here on may prolong a track, 0 to 1; what is below is not looked at. */
  weakFrom: number;
  /** Standard deviation of a measured position where the detection brings no covariance, units. */
  positionSd: number;
  /** Strength of the white noise on the acceleration, units²/s³. */
  accelerationNoise: number;
  /** Standard deviation of the speed of someone newly seen, units/s. */
  speedSd: number;
  /**
   * Largest squared Mahalanobis distance of a match (χ² with 2 degrees of freedom:
   * 9.21 keeps 99 %, 13.8 keeps 99.9 %; feet are hidden more often than that says).
   */
  gate: number;
  /** Share of the box overlap in the cost of a match where boxes are given, 0 (motion alone) to 1. */
  boxShare: number;
  /** Least IoU of a match with a confident detection where boxes are given and count. */
  minIou: number;
  /** Least IoU of a match with a weak detection where boxes are given and count. */
  weakMinIou: number;
  /**
   * Largest difference in height between a box and its track's, as a natural logarithm (0.3: a third taller or a
   * quarter lower). Nobody grows or shrinks from frame to frame: such a box is cut, or holds two people.
   */
  heightGate: number;
  /** What the cost of a match grows by for every second that the track was unseen, up to one second. */
  unseenCost: number;
  /** Detections of one track before it is believed and given a number. */
  confirmHits: number;
  /**
   * Two detections at least so far apart are enough too, seconds: at a few frames a second everybody would
   * otherwise be missing for their first half second, and a crowd be undercounted.
   */
  confirmS: number;
  /** A single detection from here on is believed at once; above 1 never. */
  confirmAtOnceFrom: number;
  /**
   * How long a believed track goes on unseen, seconds. Frames further apart than this are never joined:
   * for a slower camera raise it above the camera's period.
   */
  coastS: number;
  /** How long a track not yet believed goes on unseen, seconds. */
  tentativeCoastS: number;
  /** A track unseen for longer than this takes no weak detection, seconds. */
  weakCoastS: number;
  /** Most detections in a frame; more is an error. */
  maxDetections: number;
  /** Most tracks at once, believed or not; nobody new is tracked beyond it. */
  maxTracks: number;
}

/** For a calibrated camera: the plane is the floor, in metres. */
export function floorPlaneOptions(changes: Partial<TrackerOptions> = {}): TrackerOptions {
  return checked({
    scale: 'plane',
    confidentFrom: 0.5,
    weakFrom: 0.1,
    positionSd: 0.2,
    accelerationNoise: 0.2,
    speedSd: 1.2,
    gate: 9.21,
    boxShare: 0.7,
    minIou: 0.3,
    weakMinIou: 0.5,
    heightGate: 0.3,
    unseenCost: 0.2,
    confirmHits: 3,
    confirmS: 0.15,
    confirmAtOnceFrom: 2,
    coastS: 2,
    tentativeCoastS: 0.1,
    weakCoastS: 0.5,
    maxDetections: 2000,
    maxTracks: 2000,
    ...changes,
  });
}

/**
 * For a camera without calibration: the plane is the image, x and y are the foot point in pixels, and a
 * person's box height stands for the scale. Every detection must bring its box.
 */
export function imagePlaneOptions(changes: Partial<TrackerOptions> = {}): TrackerOptions {
  return floorPlaneOptions({
    scale: 'boxHeight',
    positionSd: 0.08,
    accelerationNoise: 0.1,
    speedSd: 0.4,
    minIou: 0.18,
    weakMinIou: 0.5,
    coastS: 3,
    confidentFrom: 0.7,
    ...changes,
  });
}

function checked(options: TrackerOptions): TrackerOptions {
  for (const [key, value] of Object.entries(options) as [string, unknown][]) {
    if (key === 'scale') continue;
    if (typeof value !== 'number' || Number.isNaN(value) || value < 0) {
      throw new HitonamiError('CONFIG', `tracker: ${key} must be a number of at least 0`);
    }
  }
  for (const key of ['positionSd', 'gate', 'maxDetections', 'maxTracks', 'confirmHits'] as const) {
    if (options[key] === 0) throw new HitonamiError('CONFIG', `tracker: ${key} must be above 0`);
  }
  if (options.weakFrom > options.confidentFrom) {
    throw new HitonamiError('CONFIG', 'tracker: weakFrom must not be above confidentFrom');
  }
  if (options.boxShare > 1)
    throw new HitonamiError('CONFIG', 'tracker: boxShare must not be above 1');
  return options;
}
