/** Strides of the levels that most detectors without anchors have. */
export const STRIDES_3 = [8, 16, 32] as const;
export const STRIDES_4 = [8, 16, 32, 64] as const;

/** x, y and stride of every cell, level by level and row by row; a level that does not fit whole is rounded up. */
export function cellsOf(width: number, height: number, strides: readonly number[]): Float32Array {
  const cells: number[] = [];
  for (const stride of strides) {
    for (let y = 0; y < Math.ceil(height / stride); y++) {
      for (let x = 0; x < Math.ceil(width / stride); x++) cells.push(x, y, stride);
    }
  }
  return Float32Array.from(cells);
}

/** How many cells each level has, in the order of the strides. */
export function cellCounts(width: number, height: number, strides: readonly number[]): number[] {
  return strides.map((stride) => Math.ceil(width / stride) * Math.ceil(height / stride));
}
