import { mostSimilar } from './most-similar.js';

/** The overlaps at which boxes are matched: 0.05, 0.10, … 0.95. */
const THRESHOLDS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
/** An overlap short of a threshold by rounding alone reaches it, as in TrackEval. */
const ROUNDING = Number.EPSILON;

/** Higher-order tracking accuracy and the two that it is made of, each the mean over the thresholds, 0 to 1. */
export interface HotaFigures {
  /** √(DetA · AssA) at each threshold. */
  hota: number;
  /** TP / (TP + FN + FP): how well people are found. */
  detA: number;
  /** Mean over the TP of how well their truth track and their result track cover each other: how well they are followed. */
  assA: number;
}

interface Frame {
  truths: number[];
  results: number[];
  overlaps: Float64Array;
}

/**
 * HOTA over a whole recording (Luiten, Ošep, Dendorfer, Torr, Geiger, Leal-Taixé, Leibe, "HOTA: A higher order metric
 * for evaluating multi-object tracking", IJCV 129, 2021, 548–578; the same rules as TrackEval's `HOTA`).
 *
 * In every frame boxes are joined so that the sum of overlap × global alignment is greatest, where the alignment of a
 * truth and a result track is their shared (soft) frames over the frames of either. A joined pair counts at every
 * threshold that its overlap reaches. With c the true positives of a pair of tracks, a TP of that pair has the
 * association accuracy c ÷ (truth boxes of the one + result boxes of the other − c).
 */
export class HotaCount {
  readonly #truths = new Map<number, number>();
  readonly #results = new Map<number, number>();
  readonly #truthBoxes: number[] = [];
  readonly #resultBoxes: number[] = [];
  readonly #frames: Frame[] = [];

  /** @param overlaps truths × results, IoU, with no threshold taken */
  add(
    truths: readonly { id: number }[],
    results: readonly { id: number }[],
    overlaps: Float64Array,
  ): void {
    this.#frames.push({
      truths: truths.map(({ id }) => counted(this.#truths, this.#truthBoxes, id)),
      results: results.map(({ id }) => counted(this.#results, this.#resultBoxes, id)),
      overlaps,
    });
  }

  /** Undefined where neither side has a box. */
  figures(): HotaFigures | undefined {
    const truthBoxes = sum(this.#truthBoxes);
    const resultBoxes = sum(this.#resultBoxes);
    if (truthBoxes + resultBoxes === 0) return undefined;
    const joined = this.#joinedPairs();
    let [hota, detA, assA] = [0, 0, 0];
    for (const threshold of THRESHOLDS) {
      const shared = new Map<number, number>();
      let truePositives = 0;
      for (const { pair, overlap } of joined) {
        if (overlap < threshold - ROUNDING) continue;
        truePositives++;
        shared.set(pair, (shared.get(pair) ?? 0) + 1);
      }
      const detection = truePositives / (truthBoxes + resultBoxes - truePositives);
      const association = this.#association(shared) / Math.max(1, truePositives);
      detA += detection;
      assA += association;
      hota += Math.sqrt(detection * association);
    }
    const of = THRESHOLDS.length;
    return { hota: hota / of, detA: detA / of, assA: assA / of };
  }

  /** Sum over all true positives of the association accuracy of their pair. */
  #association(shared: ReadonlyMap<number, number>): number {
    let total = 0;
    for (const [pair, count] of shared) {
      const truth = this.#truthBoxes[Math.floor(pair / this.#results.size)] ?? 0;
      const result = this.#resultBoxes[pair % this.#results.size] ?? 0;
      total += (count * count) / (truth + result - count);
    }
    return total;
  }

  #joinedPairs(): { pair: number; overlap: number }[] {
    const alignment = this.#alignment();
    const columns = this.#results.size;
    const joined: { pair: number; overlap: number }[] = [];
    for (const { truths, results, overlaps } of this.#frames) {
      const pairOf = (i: number): number =>
        (truths[Math.floor(i / results.length)] ?? 0) * columns +
        (results[i % results.length] ?? 0);
      const score = overlaps.map((overlap, i) => overlap * (alignment[pairOf(i)] ?? 0));
      for (const [t, r] of mostSimilar(score, truths.length, results.length)) {
        const i = t * results.length + r;
        joined.push({ pair: pairOf(i), overlap: overlaps[i] ?? 0 });
      }
    }
    return joined;
  }

  /** Truth × result tracks: a Jaccard index of their frames, in which a frame shared counts by its overlap. */
  #alignment(): Float64Array {
    const columns = this.#results.size;
    const shared = new Float64Array(this.#truths.size * columns);
    for (const { truths, results, overlaps } of this.#frames) {
      const ofTruth = truths.map((_, t) =>
        sum(overlaps.subarray(t * results.length, (t + 1) * results.length)),
      );
      const ofResult = results.map((_, r) =>
        sum(truths.map((__, t) => overlaps[t * results.length + r] ?? 0)),
      );
      truths.forEach((truth, t) => {
        results.forEach((result, r) => {
          const overlap = overlaps[t * results.length + r] ?? 0;
          if (overlap === 0) return;
          const either = (ofTruth[t] ?? 0) + (ofResult[r] ?? 0) - overlap;
          const pair = truth * columns + result;
          shared[pair] = (shared[pair] ?? 0) + overlap / either;
        });
      });
    }
    return shared.map((value, pair) => {
      if (value === 0) return 0;
      const truth = this.#truthBoxes[Math.floor(pair / columns)] ?? 0;
      const result = this.#resultBoxes[pair % columns] ?? 0;
      return value / (truth + result - value);
    });
  }
}

/** The index of an identity, one of whose boxes is counted. */
function counted(indices: Map<number, number>, boxes: number[], id: number): number {
  let index = indices.get(id);
  if (index === undefined) indices.set(id, (index = indices.size));
  boxes[index] = (boxes[index] ?? 0) + 1;
  return index;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
