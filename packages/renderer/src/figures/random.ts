/**
 * Random numbers that a seed decides. Two draws with the same seed and key give the same numbers on any machine, so a
 * person keeps the same clothes in every camera and every run.
 */
export class Random {
  #a: number;

  constructor(seed: number, ...keys: number[]) {
    let hash = (seed ^ 0x9e3779b9) | 0;
    for (const key of keys) hash = mix(hash ^ Math.imul(key | 0, 0x85ebca6b));
    this.#a = mix(hash);
  }

  /** 0 inclusive to 1 exclusive (mulberry32). */
  next(): number {
    this.#a = (this.#a + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#a ^ (this.#a >>> 15), 1 | this.#a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Mean 0, deviation 1, within ±2.45 (a sum of uniforms: no tails that make monsters). */
  normal(): number {
    return (this.next() + this.next() + this.next() + this.next() - 2) * 1.2247 * 1.4142;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** One of the values, each as likely as its weight says. */
  weighted<T>(items: readonly (readonly [value: T, weight: number])[]): T {
    let total = 0;
    for (const [, weight] of items) total += weight;
    let at = this.next() * total;
    for (const [value, weight] of items) {
      at -= weight;
      if (at < 0) return value;
    }
    const last = items.at(-1);
    if (last === undefined) throw new RangeError('nothing to pick from');
    return last[0];
  }
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}
