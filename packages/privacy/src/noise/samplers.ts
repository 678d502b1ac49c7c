import type { Rational, RandomBits } from './bits.js';
import { rational } from './bits.js';

/**
 * Exact samplers over whole numbers: no logarithm, no rounding, so that what is proved of the distributions holds of what is
 * drawn. Source: Canonne, Kamath, Steinke, The Discrete Gaussian for Differential Privacy (2020), algorithms 1 to 3.
 */

/** True with the probability of a fraction from 0 to 1. */
function bernoulli({ over, under }: Rational, bits: RandomBits): boolean {
  return bits.below(under) < over;
}

/** True with probability exp(−γ), γ at least 0 (algorithm 1). */
export function bernoulliExp(gamma: Rational, bits: RandomBits): boolean {
  const whole = gamma.over / gamma.under;
  for (let i = 0n; i < whole; i++) if (!bernoulliExpBelowOne(ONE, bits)) return false;
  return bernoulliExpBelowOne({ over: gamma.over % gamma.under, under: gamma.under }, bits);
}

const ONE: Rational = { over: 1n, under: 1n };

function bernoulliExpBelowOne({ over, under }: Rational, bits: RandomBits): boolean {
  let k = 1n;
  while (bernoulli({ over, under: under * k }, bits)) k++;
  return k % 2n === 1n;
}

/** P(x) ∝ exp(−|x| / scale) (algorithm 2). */
export function discreteLaplace(scale: Rational, bits: RandomBits): bigint {
  const { over: t, under: s } = scale;
  for (;;) {
    const part = bits.below(t);
    if (!bernoulliExpBelowOne({ over: part, under: t }, bits)) continue;
    let whole = 0n;
    while (bernoulliExpBelowOne(ONE, bits)) whole++;
    const size = (part + t * whole) / s;
    const isNegative = bits.below(2n) === 1n;
    if (isNegative && size === 0n) continue;
    return isNegative ? -size : size;
  }
}

/** P(x) ∝ exp(−x² / 2σ²) (algorithm 3). */
export function discreteGaussian(variance: Rational, bits: RandomBits): bigint {
  const { over, under } = variance;
  const t = rootOf(over / under) + 1n;
  for (;;) {
    const drawn = discreteLaplace({ over: t, under: 1n }, bits);
    const size = drawn < 0n ? -drawn : drawn;
    // (|x| − σ²/t)² / 2σ² with σ² = over/under: (|x|·t·under − over)² / (2 · over · under · t²).
    const apart = size * t * under - over;
    const gamma = rational(apart * apart, 2n * over * under * t * t);
    if (bernoulliExp(gamma, bits)) return drawn;
  }
}

/** The whole part of a square root (Newton). */
function rootOf(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}
