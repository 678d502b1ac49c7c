const UINT32_RANGE = 2 ** 32;

/**
 * A small seeded generator: xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * 2021), its state filled from the seed by splitmix32. For simulation only, never for pseudonyms.
 */
export class Random {
  readonly #state = new Uint32Array(4);

  /** @param seed any integer; its low 32 bits count */
  constructor(seed: number) {
    let z = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      z = (z + 0x9e3779b9) >>> 0;
      let mixed = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      this.#state[i] = mixed ^ (mixed >>> 15);
    }
  }

  /** An integer of 32 bits, from 0. */
  nextUint32(): number {
    const s = this.#state;
    const [s0, s1, s2, s3] = s as unknown as [number, number, number, number];
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const c2 = s2 ^ s0;
    const c3 = s3 ^ s1;
    s[1] = s1 ^ c2;
    s[0] = s0 ^ c3;
    s[2] = c2 ^ (s1 << 9);
    s[3] = (c3 << 11) | (c3 >>> 21);
    return result;
  }

  /** Even in [from, to). */
  between(from: number, to: number): number {
    return from + (this.nextUint32() / UINT32_RANGE) * (to - from);
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(1 - this.nextUint32() / UINT32_RANGE);
  }

  /** Normal (Box and Muller), cut to [least, most] by drawing again a bounded number of times. */
  normal(mean: number, sd: number, least: number, most: number): number {
    for (let attempt = 0; attempt < 16; attempt++) {
      const radius = Math.sqrt(2 * this.exponential());
      const value = mean + sd * radius * Math.cos(2 * Math.PI * this.between(0, 1));
      if (value >= least && value <= most) return value;
    }
    return Math.min(most, Math.max(least, mean));
  }

  /** An index drawn by weight; all weights at least 0 and one above. */
  weighted(weights: readonly number[]): number {
    let rest = this.between(
      0,
      weights.reduce((sum, weight) => sum + weight, 0),
    );
    let last = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i] ?? 0;
      if (weight <= 0) continue;
      if (rest < weight) return i;
      rest -= weight;
      last = i;
    }
    return last;
  }
}
