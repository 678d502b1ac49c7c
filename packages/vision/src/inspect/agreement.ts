import { Candidates, suppress } from '../detectors/candidates.js';
import type { BoxDetector, Detector, OutputTensor } from '../detectors/family.js';
import { CANDIDATES_MAX } from '../pool/limits.js';

type Outputs = Readonly<Record<string, OutputTensor>>;

/**
 * How far the outputs of two runs are apart: the largest difference of two numbers, as a share of the greater of the
 * first and 1. Where the suppression is inside the graph, a difference in the last digit may swap two rows, or drop
 * one that nobody looks at: then what is decoded from both counts. Infinity where they say different things.
 */
export function differenceOf(detector: Detector, a: Outputs, b: Outputs): number {
  const raw = Math.max(
    0,
    ...Object.entries(a).map(([name, one]) => differenceOfTensors(one, b[name])),
  );
  if (raw <= AGREED_MAX || detector.yields === 'density') return raw;
  // Without a suppression inside nothing can swap.
  if (detector.overlapMax !== undefined) return raw;
  return Math.min(raw, differenceOfFindings(detector, a, b));
}

/** The most by which two runs may differ that are the same. */
export const AGREED_MAX = 1e-3;

function differenceOfTensors(one: OutputTensor, other: OutputTensor | undefined): number {
  if (other === undefined || one.dims.join() !== other.dims.join()) return Infinity;
  if (one.data instanceof Float32Array && other.data instanceof Float32Array) {
    return differenceOfNumbers(one.data, other.data);
  }
  if (one.data instanceof BigInt64Array && other.data instanceof BigInt64Array) {
    const integers = other.data;
    return one.data.every((value, i) => value === integers[i]) ? 0 : Infinity;
  }
  return 0;
}

function differenceOfFindings(detector: BoxDetector, a: Outputs, b: Outputs): number {
  const [one, other] = [findings(detector, a), findings(detector, b)];
  return one.length === other.length ? differenceOfNumbers(one, other) : Infinity;
}

/** Kind, score and box of everything over half the threshold, the strongest first: more than anybody will look at. */
function findings(detector: BoxDetector, outputs: Outputs): Float32Array {
  const found = new Candidates(CANDIDATES_MAX);
  detector.decode(outputs, detector.thresholdDefault / 2, found);
  const kept = suppress(found, detector.overlapMax, CANDIDATES_MAX);
  return Float32Array.from(
    kept.flatMap((i) => [
      found.kinds[i] ?? 0,
      found.scores[i] ?? 0,
      ...found.boxes.subarray(i * 4, i * 4 + 4),
    ]),
  );
}

function differenceOfNumbers(one: Float32Array, other: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < one.length; i++) {
    const value = one[i] ?? 0;
    const difference = Math.abs(value - (other[i] ?? 0)) / Math.max(1, Math.abs(value));
    // Also where it is NaN.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
