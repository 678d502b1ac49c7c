import { HitonamiError } from '@hitonami/model';

/** The values of some rows. */
export function pick(column: Float64Array, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i] as number] as number;
  return picked;
}

/** Mean of what is known; NaN of nothing. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  let known = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known === 0 ? NaN : sum / known;
}

/** @throws HitonamiError `INPUT` where a number of frames is not a whole one of at least 1 */
export function checkFrames(name: string, frames: number): void {
  if (!Number.isSafeInteger(frames) || frames < 1)
    throw new HitonamiError('INPUT', `${name}: ${frames} frames; give a whole number from 1 on`);
}
