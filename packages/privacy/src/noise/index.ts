export { noisyCells } from './noisy-cells.js';
export type { NoiseRules, NoisyCells, PlannedCell, RandomBytes } from './types.js';
