import { HitonamiError } from '@hitonami/model';
import { rational, type Rational } from './bits.js';
import type { NoiseRules } from './types.js';

/**
 * How much noise, for how much privacy. Two data sets are neighbours where one has the life of one pseudonym more; it counts 1
 * in each of at most m cells, so counts change by m in sum (L1) and by √m in length (L2).
 */

/** Parameters are rounded to this, to the side that gives more noise. */
const PER_ONE = 1_000_000n;
const BISECTIONS = 100;

export type Mechanism =
  | { readonly kind: 'laplace'; readonly scale: Rational }
  | { readonly kind: 'gaussian'; readonly variance: Rational };

/** @throws HitonamiError `INPUT` */
export function mechanismOf({
  mechanism,
  epsilon,
  delta,
  contributionsMax,
}: NoiseRules): Mechanism {
  if (!(epsilon > 0) || !Number.isSafeInteger(contributionsMax) || contributionsMax < 1)
    throw new HitonamiError(
      'INPUT',
      `noise: ε is ${String(epsilon)} and contributionsMax ${String(contributionsMax)}; both have to be positive, the latter whole`,
    );
  const m = BigInt(contributionsMax);
  if (mechanism === 'laplace') {
    const spent = BigInt(Math.floor(epsilon * Number(PER_ONE)));
    if (spent === 0n) throw new HitonamiError('INPUT', `noise: ε ${String(epsilon)} is too small`);
    return { kind: 'laplace', scale: rational(m * PER_ONE, spent) };
  }
  if (!(delta > 0 && delta < 1))
    throw new HitonamiError('INPUT', `noise: δ is ${String(delta)}; it has to lie between 0 and 1`);
  const variance = contributionsMax / (2 * rhoOf(epsilon, delta));
  return {
    kind: 'gaussian',
    variance: rational(BigInt(Math.ceil(variance * Number(PER_ONE))), PER_ONE),
  };
}

/**
 * The most ρ of concentrated differential privacy (zCDP) that gives (ε, δ); the discrete Gaussian of variance σ² spends
 * m / 2σ² of it (Canonne, Kamath, Steinke 2020, theorem 14).
 */
export function rhoOf(epsilon: number, delta: number): number {
  let [low, high] = [0, epsilon + 1];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (deltaOf(middle, epsilon) <= delta) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * δ that ρ-zCDP gives at ε: the least over α > 1 of exp((α − 1)(αρ − ε)) / (α − 1) · (1 − 1/α)^α (the same, proposition 7 and
 * corollary 13). Any α gives a true bound; the least is looked for by sections.
 */
export function deltaOf(rho: number, epsilon: number): number {
  if (rho === 0) return 0;
  const logDelta = (logAlpha: number): number => {
    const over = Math.exp(logAlpha);
    const alpha = over + 1;
    return over * (alpha * rho - epsilon) - logAlpha + alpha * Math.log1p(-1 / alpha);
  };
  let [low, high] = [-20, 20];
  for (let i = 0; i < BISECTIONS; i++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (logDelta(a) < logDelta(b)) high = b;
    else low = a;
  }
  return Math.min(1, Math.exp(logDelta((low + high) / 2)));
}

/** The least number that the noise is farther from 0 than with a probability of `share` at most. */
export function quantileOf(mechanism: Mechanism, share: number): number {
  if (mechanism.kind === 'laplace') {
    // P(|X| > n) = 2 q^(n + 1) / (1 + q), q = exp(−1 / scale).
    const perScale = Number(mechanism.scale.under) / Number(mechanism.scale.over);
    const q = Math.exp(-perScale);
    return Math.max(0, Math.ceil(Math.log((2 * q) / (share * (1 + q))) / perScale));
  }
  const variance = Number(mechanism.variance.over) / Number(mechanism.variance.under);
  const last = Math.ceil(40 * Math.sqrt(variance)) + 1;
  const weights = Array.from({ length: last }, (_, n) => Math.exp(-(n * n) / (2 * variance)));
  const all = weights.reduce((sum, weight) => sum + 2 * weight, 0) - 1;
  let beyond = all;
  for (const [n, weight] of weights.entries()) {
    beyond -= n === 0 ? weight : 2 * weight;
    if (beyond <= share * all) return n;
  }
  return last;
}
