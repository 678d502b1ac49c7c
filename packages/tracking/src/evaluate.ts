import { HitonamiError } from '@hitonami/model';
import { intersectionOverUnion, type Box } from './box-motion.js';
import { ClearCount } from './evaluate-clear.js';
import { HotaCount } from './evaluate-hota.js';
import { IdentityCount } from './evaluate-identity.js';

/** A box with the identity that the truth, or a tracker, gives it. */
export interface IdentifiedBox {
  id: number;
  box: Box;
}

/** Boxes by frame number. A frame with nobody in it may be present with an empty list, or absent. */
export type TrackingFrames = ReadonlyMap<number, readonly IdentifiedBox[]>;

export interface EvaluationOptions {
  /** Least intersection over union of a match, 0 (not included) to 1. Default 0.5. */
  iou?: number;
  /** Frames judged, for the count error. Default: as many as either side has. */
  frames?: number;
}

/** Ratios are 0 to 1 (MOTA may be negative) and `undefined` where their divisor is 0. */
export interface TrackingEvaluation {
  frames: number;
  truthBoxes: number;
  resultBoxes: number;
  truthTracks: number;
  resultTracks: number;
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  identitySwitches: number;
  /** TP / (TP + FN). */
  recall: number | undefined;
  /** TP / (TP + FP). */
  precision: number | undefined;
  /** 1 − (FN + FP + switches) / truth boxes. */
  mota: number | undefined;
  /** 2 · IDTP / (truth boxes + result boxes). */
  idf1: number | undefined;
  /** HOTA, DetA and AssA: means over the overlaps 0.05 to 0.95, whatever `iou` is. */
  hota: number | undefined;
  detA: number | undefined;
  assA: number | undefined;
  /** Mean over the frames of |people in the result − people in the truth|. */
  countError: number | undefined;
}

const DEFAULT_IOU = 0.5;

/**
 * Judges tracks against the truth.
 *
 * Recall, precision, MOTA and identity switches: CLEAR-MOT (Bernardin and Stiefelhagen, EURASIP JIVP 2008,
 * 246309), see {@link ClearCount}. IDF1: Ristani et al., ECCV 2016 workshops, see {@link IdentityCount}.
 * HOTA: Luiten et al., IJCV 2021, see {@link HotaCount}.
 *
 * @throws HitonamiError `INPUT` where an identity is twice in a frame
 */
export function evaluateTracking(
  truth: TrackingFrames,
  result: TrackingFrames,
  options: EvaluationOptions = {},
): TrackingEvaluation {
  const iou = options.iou ?? DEFAULT_IOU;
  if (!(iou > 0 && iou <= 1)) {
    throw new HitonamiError('CONFIG', `evaluation: iou must be above 0 and at most 1, not ${iou}`);
  }
  const numbers = [...new Set([...truth.keys(), ...result.keys()])].sort((a, b) => a - b);
  const clear = new ClearCount();
  const identity = new IdentityCount();
  const hota = new HotaCount();
  let countError = 0;
  for (const frame of numbers) {
    const truths = checkedFrame(truth.get(frame) ?? [], 'truth', frame);
    const results = checkedFrame(result.get(frame) ?? [], 'result', frame);
    const overlap = overlaps(truths, results);
    hota.add(truths, results, overlap);
    const similarity = overlap.map((value) => (value >= iou ? value : 0));
    clear.add(truths, results, similarity);
    identity.add(truths, results, similarity);
    countError += Math.abs(results.length - truths.length);
  }
  const frames = options.frames ?? numbers.length;
  const { truePositives, falsePositives, falseNegatives, identitySwitches } = clear;
  const higherOrder = hota.figures();
  const truthBoxes = truePositives + falseNegatives;
  const resultBoxes = truePositives + falsePositives;
  return {
    frames,
    truthBoxes,
    resultBoxes,
    truthTracks: identity.truthTracks,
    resultTracks: identity.resultTracks,
    truePositives,
    falsePositives,
    falseNegatives,
    identitySwitches,
    recall: ratio(truePositives, truthBoxes),
    precision: ratio(truePositives, resultBoxes),
    mota: ratio(truePositives - falsePositives - identitySwitches, truthBoxes),
    idf1: ratio(2 * identity.identityTruePositives(), truthBoxes + resultBoxes),
    hota: higherOrder?.hota,
    detA: higherOrder?.detA,
    assA: higherOrder?.assA,
    countError: ratio(countError, frames),
  };
}

function ratio(dividend: number, divisor: number): number | undefined {
  return divisor > 0 ? dividend / divisor : undefined;
}

function checkedFrame(
  boxes: readonly IdentifiedBox[],
  side: string,
  frame: number,
): readonly IdentifiedBox[] {
  const ids = new Set<number>();
  for (const { id } of boxes) {
    if (ids.has(id)) {
      throw new HitonamiError('INPUT', `${side}: identity ${id} is twice in frame ${frame}`);
    }
    ids.add(id);
  }
  return boxes;
}

/** Row-major truths × results: IoU. */
function overlaps(
  truths: readonly IdentifiedBox[],
  results: readonly IdentifiedBox[],
): Float64Array {
  const similarity = new Float64Array(truths.length * results.length);
  truths.forEach((truth, t) => {
    results.forEach((result, r) => {
      similarity[t * results.length + r] = intersectionOverUnion(truth.box, result.box);
    });
  });
  return similarity;
}
