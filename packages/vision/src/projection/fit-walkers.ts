import { HitonamiError, leastSquares, type Calibration, type Distortion } from '@hitonami/model';
import { type CameraPose, heightAbove, homographyOfPose } from './camera-pose.js';
import { type PictureSize, type Upright, uprightWalkers, type WalkerBox } from './walker-boxes.js';

export interface WalkerOptions {
  readonly size: PictureSize;
  /** Mean stature of those who walk, shoes on, metres. */
  readonly statureM: number;
  readonly lens?: Distortion;
  /** Horizontal field of view where it is known, radians; else it is guessed and fitted, and little is known of it. */
  readonly fieldOfViewRad?: number;
}

/** A figure and its standard deviation, from the fits without one stretch of the clip in turn (jackknife). */
export interface Estimate {
  readonly value: number;
  readonly sd: number;
}

export interface WalkerCalibration {
  readonly calibration: Calibration;
  readonly pose: CameraPose;
  readonly cameraHeightM: Estimate;
  readonly tiltRad: Estimate;
  readonly rollRad: Estimate;
  /** A wrong focal length stretches the floor along the line of sight by the same share. */
  readonly focalPx: Estimate;
  readonly isFocalKnown: boolean;
  /** Boxes of whole people, and those among them that the fit holds for upright people of about the stature. */
  readonly boxes: number;
  readonly fitting: number;
  /** Root mean square of (stature seen − stature told) over those that fit, metres. */
  readonly residualM: number;
}

const BOXES_MIN = 30;
/** Feet at least so far apart in the picture, as a share of its height, and boxes so different in height. */
const FEET_RANGE_MIN = 0.08;
const HEIGHT_RATIO_MIN = 1.25;
const STATURE_MIN_M = 0.8;
const STATURE_MAX_M = 2.2;
/** Focal length ÷ picture width of a usual surveillance lens (58° wide), and how sure that is, as a logarithm. */
const FOCAL_SHARE = 0.9;
const FOCAL_SD = 0.2;
/** Cameras hang level, give or take, radians. */
const ROLL_SD = 0.035;
/** Spread of statures and boxes, as a share of the stature. */
const STATURE_SD_SHARE = 0.08;
/** Tukey's biweight: who is off by more than this many standard deviations does not count. */
const CUT_OFF = 4;
const LOOKS = 20;
const ROUNDS = 8;
const BLOCKS = 8;

type Parameters = [logFocal: number, tilt: number, logHeight: number, roll: number];

/**
 * Camera height, tilt, roll and focal length from people who stand upright on the floor: each box's foot is put on the
 * floor, and what is above it up to the box's top must be the stature. Robust least squares (Tukey's biweight), over a
 * level camera with square pixels and the principal point in the middle, or the lens given.
 * After Lv, Zhao, Nevatia, "Camera calibration from video of a walking human", PAMI 28 (2006), in the form of a direct fit.
 *
 * It cannot know where on the site the camera is nor to where it looks: the floor's origin is below it, y ahead.
 *
 * @throws HitonamiError `INPUT` with the reason where too few people, or people at one distance only, were seen
 */
export function calibrateFromWalkers(
  boxes: readonly WalkerBox[],
  options: WalkerOptions,
): WalkerCalibration {
  const { size, statureM, lens } = options;
  if (!(statureM >= STATURE_MIN_M && statureM <= STATURE_MAX_M)) {
    refuse(
      `a stature of ${statureM} m is nobody's: it must be ${STATURE_MIN_M} to ${STATURE_MAX_M} m`,
    );
  }
  const people = uprightWalkers(boxes, size, lens);
  checkRange(people, boxes.length, size);
  const fitted = fit(people, options);
  const blocks = fitsWithoutOneBlock(people, options, fitted);
  const pose = poseOf(fitted, options);
  const estimate = (of: (pose: CameraPose) => number): Estimate => ({
    value: of(pose),
    sd: jackknife(blocks.map((parameters) => of(poseOf(parameters, options)))),
  });
  // People at their feet's height say little of the focal length: a guess stays a guess, however well it is repeated.
  const isFocalKnown = lens !== undefined || options.fieldOfViewRad !== undefined;
  const focal = estimate(({ focalPx }) => focalPx);
  const errors = people
    .map((person) => statureError(pose, person, statureM))
    .filter(
      (error) => error !== undefined && Math.abs(error) <= CUT_OFF * STATURE_SD_SHARE * statureM,
    )
    .map((error) => error ?? 0);
  const homography = homographyOfPose(pose);
  return {
    calibration: lens === undefined ? { homography } : { homography, distortion: lens },
    pose,
    cameraHeightM: estimate(({ heightM }) => heightM),
    tiltRad: estimate(({ tiltRad }) => tiltRad),
    rollRad: estimate(({ rollRad }) => rollRad),
    focalPx: isFocalKnown
      ? { value: pose.focalPx, sd: 0 }
      : { value: pose.focalPx, sd: Math.max(focal.sd, FOCAL_SD * pose.focalPx) },
    isFocalKnown,
    boxes: people.length,
    fitting: errors.length,
    residualM: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length),
  };
}

function checkRange(people: readonly Upright[], given: number, size: PictureSize): void {
  if (people.length < BOXES_MIN) {
    refuse(
      `${people.length} of ${given} boxes show a whole person (upright, not covered, not cut by the edge); ` +
        `it takes at least ${BOXES_MIN}`,
    );
  }
  const feet = people.map(({ footV }) => footV).sort((a, b) => a - b);
  const heights = people.map(({ footV, headV }) => footV - headV).sort((a, b) => a - b);
  const range = between(feet, 0.95) - between(feet, 0.05);
  const ratio = between(heights, 0.95) / between(heights, 0.05);
  if (range < FEET_RANGE_MIN * size.height || ratio < HEIGHT_RATIO_MIN) {
    refuse(
      `everybody is at about the same distance (feet within ${range.toFixed(0)} px, boxes of ` +
        `${between(heights, 0.05).toFixed(0)} to ${between(heights, 0.95).toFixed(0)} px): the horizon stays unknown. ` +
        'Take a clip in which people walk towards the camera or away from it, or calibrate from points',
    );
  }
}

function fit(people: readonly Upright[], options: WalkerOptions): Parameters {
  const { statureM } = options;
  const focal = Math.log(focalGuess(options));
  let best: { parameters: Parameters; sum: number } | undefined;
  // Several starts: a steep camera and a flat one make different valleys.
  for (const tilt of [0.1, 0.35, 0.7, 1.1]) {
    for (const height of [2 * statureM, 5 * statureM]) {
      const start: Parameters = [focal, tilt, Math.log(height), 0];
      const found = weightedFit(
        people,
        options,
        start,
        people.map(() => 1),
      );
      if (found && (!best || found.sum < best.sum)) best = found;
    }
  }
  if (!best) refuse('no camera above a floor sees people so');
  let parameters = best.parameters;
  for (let round = 0; round < ROUNDS; round++) {
    const pose = poseOf(parameters, options);
    const weights = people.map((person) => {
      const error = statureError(pose, person, statureM);
      if (error === undefined) return 0;
      const share = error / (CUT_OFF * STATURE_SD_SHARE * statureM);
      return Math.abs(share) < 1 ? (1 - share * share) ** 2 : 0;
    });
    const next = weightedFit(people, options, parameters, weights);
    if (!next) break;
    parameters = next.parameters;
  }
  return parameters;
}

function weightedFit(
  people: readonly Upright[],
  options: WalkerOptions,
  start: Parameters,
  weights: readonly number[],
): { parameters: Parameters; sum: number } | undefined {
  const { statureM } = options;
  const isFocalKnown = options.lens !== undefined || options.fieldOfViewRad !== undefined;
  const guess = Math.log(focalGuess(options));
  const free = isFocalKnown ? start.slice(1) : start;
  const whole = (p: readonly number[]): Parameters =>
    (isFocalKnown ? [guess, ...p] : [...p]) as Parameters;
  const found = leastSquares(free, (p) => {
    const parameters = whole(p);
    const pose = poseOf(parameters, options);
    if (!(Math.abs(pose.tiltRad) < Math.PI / 2 && pose.heightM < 1000)) return undefined;
    const residuals = new Float64Array(people.length + 2);
    for (let i = 0; i < people.length; i++) {
      const person = people[i];
      const weight = weights[i] ?? 0;
      if (!person || weight === 0) continue;
      const error = statureError(pose, person, statureM);
      // Feet above the horizon: as wrong as can be.
      const share = error === undefined ? CUT_OFF : error / (STATURE_SD_SHARE * statureM);
      residuals[i] = Math.sqrt(weight) * Math.max(-3 * CUT_OFF, Math.min(3 * CUT_OFF, share));
    }
    // Frames of one person repeat each other: all boxes together count as so many sure looks at somebody.
    const prior = Math.sqrt(Math.max(1, people.length / LOOKS));
    residuals[people.length] = (prior * parameters[3]) / ROLL_SD;
    residuals[people.length + 1] = (prior * (parameters[0] - guess)) / FOCAL_SD;
    return residuals;
  });
  return found && { parameters: whole(found.parameters), sum: found.sum };
}

/** The fits that each leave one of the clip's stretches of time out. */
function fitsWithoutOneBlock(
  people: readonly Upright[],
  options: WalkerOptions,
  start: Parameters,
): Parameters[] {
  const frames = [...new Set(people.map(({ frame }) => frame))].sort((a, b) => a - b);
  return Array.from({ length: BLOCKS }, (_, block) => {
    const from = frames[Math.floor((block * frames.length) / BLOCKS)] ?? 0;
    const to = frames[Math.floor(((block + 1) * frames.length) / BLOCKS)] ?? Infinity;
    const others = people.filter(({ frame }) => frame < from || frame >= to);
    const pose = poseOf(start, options);
    const weights = others.map((person) => {
      const error = statureError(pose, person, options.statureM);
      const share = (error ?? Infinity) / (CUT_OFF * STATURE_SD_SHARE * options.statureM);
      return Math.abs(share) < 1 ? (1 - share * share) ** 2 : 0;
    });
    return weightedFit(others, options, start, weights)?.parameters ?? start;
  });
}

function jackknife(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(((values.length - 1) / values.length) * squares);
}

function statureError(pose: CameraPose, person: Upright, statureM: number): number | undefined {
  const seen = heightAbove(pose, person.footU, person.footV, person.headV);
  return seen === undefined ? undefined : seen - statureM;
}

function poseOf(
  [logFocal, tiltRad, logHeight, rollRad]: Parameters,
  options: WalkerOptions,
): CameraPose {
  const { size, lens } = options;
  return {
    heightM: Math.exp(logHeight),
    tiltRad,
    rollRad,
    focalPx: Math.exp(logFocal),
    cx: lens?.cx ?? size.width / 2,
    cy: lens?.cy ?? size.height / 2,
  };
}

function focalGuess({ size, lens, fieldOfViewRad }: WalkerOptions): number {
  if (lens) return (lens.fx + lens.fy) / 2;
  if (fieldOfViewRad !== undefined) return size.width / 2 / Math.tan(fieldOfViewRad / 2);
  return FOCAL_SHARE * size.width;
}

function between(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

function refuse(reason: string): never {
  throw new HitonamiError('INPUT', `no calibration follows from these walkers: ${reason}.`);
}
