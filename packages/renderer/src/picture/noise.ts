/** Numbers in the table; a power of two. */
const LENGTH = 1 << 17;
const SIXTEENTHS = 16;

let table: Float32Array | undefined;

/**
 * Normal numbers (mean 0, standard deviation 1) of which every row of a picture begins somewhere else. Each channel has
 * its own and half of what its neighbour to the left has: cameras make three colours of one, so their grain is coarse.
 */
export function noiseTable(): Float32Array {
  if (table !== undefined) return table;
  const raw = new Float32Array(LENGTH);
  const next = counter(0x5eed);
  for (let i = 0; i < LENGTH; i++) {
    // Sum of even numbers (Irwin and Hall): normal enough, and bounded.
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += next() / 2 ** 32;
    raw[i] = (sum - 2) * Math.sqrt(3);
  }
  const mixed = new Float32Array(LENGTH);
  const own = Math.sqrt(0.75);
  for (let i = 0; i < LENGTH; i++) {
    mixed[i] = own * (raw[i] as number) + 0.5 * (raw[(i + LENGTH - 3) % LENGTH] as number);
  }
  table = mixed;
  return mixed;
}

export const NOISE_MASK = LENGTH - 1;

/** Where in the table each row of a picture begins, and a number that chooses among grains; the same seed: the same ones. */
export interface RowStarts {
  readonly rows: Uint32Array;
  readonly grain: number;
}

export function rowStarts(rows: number, seed: number): RowStarts {
  const next = counter(seed);
  return {
    rows: Uint32Array.from({ length: rows }, () => next() & NOISE_MASK & ~(SIXTEENTHS - 1)),
    grain: next(),
  };
}

/** Mulberry32, a small generator of 32 bits. */
function counter(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}
