import { HitonamiError } from '@hitonami/model';
import type { OutputTensor } from './family.js';

/** So many numbers of each output are looked at in every frame: all of a network that has gone wrong, in microseconds. */
const LOOKS_PER_FRAME = 4096;

/**
 * Throws `MODEL` where an output holds what is no number: such a model would find nobody, and an empty place would be
 * reported where nothing was seen. Looks at every `step`-th number at most so often that `looksMax` suffice.
 */
export function requireNumbers(
  outputs: Readonly<Record<string, OutputTensor>>,
  looksMax = LOOKS_PER_FRAME,
): void {
  for (const [name, { data }] of Object.entries(outputs)) {
    if (!(data instanceof Float32Array)) continue;
    const step = Math.max(1, Math.ceil(data.length / looksMax));
    for (let i = 0; i < data.length; i += step) {
      const value = data[i] ?? 0;
      if (Number.isFinite(value)) continue;
      throw new HitonamiError(
        'MODEL',
        `the model gives ${String(value)} in its output ${name}: it is broken, or it was not made for pictures ` +
          'that are prepared like this (colour order, mean, deviation); nothing it finds could be believed.',
      );
    }
  }
}
