import { mostSimilar } from './most-similar.js';

/** More than all similarities of a frame can add up to, so that a match kept is worth more than any other. */
const KEPT_MATCH_BONUS = 1000;

/**
 * CLEAR-MOT counts, frame by frame (Bernardin and Stiefelhagen 2008; the same rules as TrackEval's `CLEAR`).
 *
 * A match of the frame before is kept where its boxes still overlap enough; the rest is matched so that the
 * sum of the overlaps is greatest. A switch is a truth box matched to another identity than the last one
 * that it was ever matched to, however long ago.
 */
export class ClearCount {
  truePositives = 0;
  falsePositives = 0;
  falseNegatives = 0;
  identitySwitches = 0;
  readonly #lastMatch = new Map<number, number>();
  #previousFrame = new Map<number, number>();

  /** @param similarity truths × results, IoU or 0 where the pair may not match */
  add(
    truths: readonly { id: number }[],
    results: readonly { id: number }[],
    similarity: Float64Array,
  ): void {
    const score = similarity.map((value, pair) => {
      if (value === 0) return 0;
      const truth = truths[Math.floor(pair / results.length)]?.id;
      const result = results[pair % results.length]?.id;
      const isKept = truth !== undefined && this.#previousFrame.get(truth) === result;
      return isKept ? value + KEPT_MATCH_BONUS : value;
    });
    const matches = mostSimilar(score, truths.length, results.length);
    this.#previousFrame = new Map();
    for (const [t, r] of matches) {
      const truth = truths[t]?.id as number;
      const result = results[r]?.id as number;
      const last = this.#lastMatch.get(truth);
      if (last !== undefined && last !== result) this.identitySwitches++;
      this.#lastMatch.set(truth, result);
      this.#previousFrame.set(truth, result);
    }
    this.truePositives += matches.length;
    this.falseNegatives += truths.length - matches.length;
    this.falsePositives += results.length - matches.length;
  }
}
