export { deltaOf, mechanismOf, quantileOf, rhoOf, type Mechanism } from './accounting.js';
export { RandomBits, rational, type Rational } from './bits.js';
export { boundedCounts, noisyCells } from './noisy-cells.js';
export { bernoulliExp, discreteGaussian, discreteLaplace } from './samplers.js';
export type { NoiseRules, NoisyCells, PlannedCell, RandomBytes } from './types.js';
