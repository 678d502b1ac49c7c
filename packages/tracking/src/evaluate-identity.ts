import { mostSimilar } from './most-similar.js';

/**
 * Identity counts over a whole recording (Ristani, Solera, Zou, Cucchiara, Tomasi, "Performance measures and a
 * data set for multi-target, multi-camera tracking", 2016): every truth track is joined to at most one result
 * track, so that the number of frames in which joined tracks overlap enough, IDTP, is greatest.
 * Then IDF1 = 2 · IDTP / (truth boxes + result boxes).
 */
export class IdentityCount {
  readonly #truths = new Map<number, number>();
  readonly #results = new Map<number, number>();
  /** Frames that a truth track and a result track, by index, share. */
  readonly #shared = new Map<number, Map<number, number>>();

  get truthTracks(): number {
    return this.#truths.size;
  }

  get resultTracks(): number {
    return this.#results.size;
  }

  /** @param similarity truths × results, above 0 where the pair may match */
  add(
    truths: readonly { id: number }[],
    results: readonly { id: number }[],
    similarity: Float64Array,
  ): void {
    const columns = results.map(({ id }) => indexOf(this.#results, id));
    truths.forEach(({ id }, t) => {
      const row = indexOf(this.#truths, id);
      columns.forEach((column, r) => {
        if (similarity[t * results.length + r] === 0) return;
        let shared = this.#shared.get(row);
        if (shared === undefined) {
          shared = new Map<number, number>();
          this.#shared.set(row, shared);
        }
        shared.set(column, (shared.get(column) ?? 0) + 1);
      });
    });
  }

  /** IDTP: frames in which tracks joined for the whole recording overlap. */
  identityTruePositives(): number {
    const columns = this.#results.size;
    const frames = new Float64Array(this.#truths.size * columns);
    for (const [row, shared] of this.#shared) {
      for (const [column, count] of shared) frames[row * columns + column] = count;
    }
    let sum = 0;
    for (const [t, r] of mostSimilar(frames, this.#truths.size, columns)) {
      sum += frames[t * columns + r] as number;
    }
    return sum;
  }
}

function indexOf(indices: Map<number, number>, id: number): number {
  let index = indices.get(id);
  if (index === undefined) indices.set(id, (index = indices.size));
  return index;
}
