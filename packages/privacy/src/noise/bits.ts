import { HitonamiError } from '@hitonami/model';
import type { RandomBytes } from './types.js';

/** Bytes that are fetched from the source at once. */
const FETCHED = 4_096;

/** Whole numbers by chance from a source of random bytes, each drawn without any rounding. */
export class RandomBits {
  readonly #source: RandomBytes;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(source: RandomBytes) {
    this.#source = source;
  }

  /**
   * From 0 to `below` − 1, each as likely: as many bits as it takes, drawn again where they are too high.
   *
   * @throws HitonamiError `INPUT` where `below` is not positive, or the source gives too few bytes
   */
  below(below: bigint): bigint {
    if (below <= 0n)
      throw new HitonamiError(
        'INPUT',
        `nothing lies below ${String(below)}: ask for a positive number`,
      );
    const most = below - 1n;
    if (most <= 0xffff_ffffn) return BigInt(this.#below32(Number(most)));
    const bits = most.toString(2).length;
    for (;;) {
      let drawn = 0n;
      for (let i = 0; i < Math.ceil(bits / 8); i++) drawn = (drawn << 8n) | BigInt(this.#byte());
      drawn &= (1n << BigInt(bits)) - 1n;
      if (drawn <= most) return drawn;
    }
  }

  #below32(most: number): number {
    if (most === 0) return 0;
    const bits = 32 - Math.clz32(most);
    for (;;) {
      let drawn = 0;
      for (let got = 0; got < bits; got += 8) drawn = drawn * 256 + this.#byte();
      drawn %= 2 ** bits;
      if (drawn <= most) return drawn;
    }
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) {
      this.#bytes = this.#source(FETCHED);
      this.#at = 0;
      if (this.#bytes.length !== FETCHED)
        throw new HitonamiError(
          'INPUT',
          `the source of random bytes gave ${String(this.#bytes.length)} of ${String(FETCHED)}; give it as many as are asked for`,
        );
    }
    return this.#bytes[this.#at++] ?? 0;
  }
}

/** A number as a fraction, over a positive number. */
export interface Rational {
  readonly over: bigint;
  readonly under: bigint;
}

/** Of a fraction in its lowest terms. */
export function rational(over: bigint, under: bigint): Rational {
  let [a, b] = [over < 0n ? -over : over, under];
  while (b !== 0n) [a, b] = [b, a % b];
  return { over: over / a, under: under / a };
}
