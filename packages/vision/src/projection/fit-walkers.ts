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

/**
 * A figure and its standard deviation: from the fits without one stretch of the clip in turn (jackknife), and, where the
 * focal length is a guess, from what another one would make of the same walkers.
 */
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
/** Who is off by more than so many times the spread does not count. */
const CUT_OFF = 4;
const LOOKS = 20;
const ROUNDS = 8;
const DRAWS = 64;
/** Of a normal distribution: its standard deviation ÷ the median of the absolute errors. */
const SD_OF_MEDIAN = 1.4826;
/** However alike people are, as a share of `STATURE_SD_SHARE`; they are never taken to be more unlike than that. */
const SPREAD_MIN = 0.25;
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;
/** Where the fits begin: tilts, radians, and camera heights in statures. */
const TILTS = [0.1, 0.35, 0.7, 1.1] as const;
const STATURES = [2, 5] as const;
const BLOCKS = 8;

type Parameters = [logFocal: number, tilt: number, logHeight: number, roll: number];

/**
 * Camera height, tilt, roll and focal length from people who stand upright on the floor: each box's foot is put on the
 * floor, and what is above it up to the box's top must be the stature. Robust least squares (least median of squares,
 * then Tukey's biweight), over a level camera with square pixels and the principal point in the middle, or the lens given.
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
  const isFocalKnown = lens !== undefined || options.fieldOfViewRad !== undefined;
  // People at their feet's height say little of the focal length: a guess stays a guess, however well it is repeated.
  const [shorter, longer] = isFocalKnown
    ? [pose, pose]
    : [-FOCAL_SD, FOCAL_SD].map((by) =>
        poseWithFocal(people, options, pose.focalPx * Math.exp(by)),
      );
  const estimate = (of: (pose: CameraPose) => number): Estimate => ({
    value: of(pose),
    sd: Math.hypot(
      jackknife(blocks.map((parameters) => of(poseOf(parameters, options)))),
      (of(longer ?? pose) - of(shorter ?? pose)) / 2,
    ),
  });
  const counted = weights(people, fitted, options);
  const errors = people
    .filter((_, i) => (counted[i] ?? 0) > 0)
    .map((person) => statureError(pose, person, statureM) ?? 0);
  const homography = homographyOfPose(pose);
  return {
    calibration: lens === undefined ? { homography } : { homography, distortion: lens },
    pose,
    cameraHeightM: estimate(({ heightM }) => heightM),
    tiltRad: estimate(({ tiltRad }) => tiltRad),
    rollRad: estimate(({ rollRad }) => rollRad),
    focalPx: estimate(({ focalPx }) => focalPx),
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
  let parameters = consensus(people, options);
  for (let round = 0; round < ROUNDS; round++) {
    const next = weightedFit(people, options, parameters, weights(people, parameters, options));
    if (!next) break;
    parameters = next;
  }
  return parameters;
}

/**
 * Of the fits to four people each, at four distances, the one in which half of all are nearest to the stature (least
 * median of squares; Rousseeuw, JASA 79, 1984). A fit to all would be bent towards the things among the boxes so far that
 * they are within it.
 */
function consensus(people: readonly Upright[], options: WalkerOptions): Parameters {
  const byFoot = people.toSorted((a, b) => a.footV - b.footV);
  let best: { parameters: Parameters; median: number } | undefined;
  for (let draw = 0; draw < DRAWS; draw++) {
    const four = [0, 1, 2, 3].flatMap((quarter) => {
      // Evenly spread in the long run, without chance (Weyl's sequence).
      const within = ((draw + 1) * (quarter + 1) * GOLDEN_RATIO) % 1;
      return byFoot[Math.floor(((quarter + within) / 4) * byFoot.length)] ?? [];
    });
    const parameters = weightedFit(four, options, startOf(draw, options), [1, 1, 1, 1]);
    if (!parameters) continue;
    const median = medianOf(deviations(people, parameters, options));
    if (median < (best?.median ?? Infinity)) best = { parameters, median };
  }
  if (!best) refuse('no camera above a floor sees people so');
  return best.parameters;
}

/** A steep camera and a flat one make different valleys: each is tried in turn. */
function startOf(draw: number, options: WalkerOptions): Parameters {
  const tilt = TILTS[draw % TILTS.length] ?? 0;
  const statures = STATURES[Math.floor(draw / TILTS.length) % STATURES.length] ?? 1;
  return [Math.log(focalGuess(options)), tilt, Math.log(statures * options.statureM), 0];
}

/** Tukey's biweight, 0 to 1: who is further off than most people are from one another does not count. */
function weights(
  people: readonly Upright[],
  parameters: Parameters,
  options: WalkerOptions,
): number[] {
  const off = deviations(people, parameters, options);
  const spread = Math.min(1, Math.max(SPREAD_MIN, SD_OF_MEDIAN * medianOf(off)));
  return off.map((deviation) => {
    const share = deviation / (CUT_OFF * spread);
    return share < 1 ? (1 - share * share) ** 2 : 0;
  });
}

/** By how many standard deviations everybody's stature is off, ≥ 0; infinite for feet above the horizon. */
function deviations(
  people: readonly Upright[],
  parameters: Parameters,
  options: WalkerOptions,
): number[] {
  const pose = poseOf(parameters, options);
  const sd = STATURE_SD_SHARE * options.statureM;
  return people.map((person) =>
    Math.abs((statureError(pose, person, options.statureM) ?? Infinity) / sd),
  );
}

function poseWithFocal(
  people: readonly Upright[],
  options: WalkerOptions,
  focalPx: number,
): CameraPose {
  const told = { ...options, fieldOfViewRad: 2 * Math.atan(options.size.width / 2 / focalPx) };
  return poseOf(fit(people, told), told);
}

function weightedFit(
  people: readonly Upright[],
  options: WalkerOptions,
  start: Parameters,
  counted: readonly number[],
): Parameters | undefined {
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
      const weight = counted[i] ?? 0;
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
  return found && whole(found.parameters);
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
    const counted = weights(others, start, options);
    return weightedFit(others, options, start, counted) ?? start;
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

function medianOf(values: readonly number[]): number {
  return between(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function between(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

function refuse(reason: string): never {
  throw new HitonamiError('INPUT', `no calibration follows from these walkers: ${reason}.`);
}
