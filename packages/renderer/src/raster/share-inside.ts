import type { Figure } from '../mesh.js';
import type { Extent } from './figure-outline.js';

/** Cells along the longer side of a person's outline. */
const CELLS = 64;
const mask = new Uint8Array(CELLS * CELLS);

/**
 * Share of a person's outline that lies inside the picture, 0 to 1, from a coarse drawing of the whole of it.
 * @param places u, v in samples (two a pixel) and 1 ÷ depth, for each mesh
 */
export function shareInside(
  figure: Figure,
  places: readonly Float32Array[],
  pictureWidth: number,
  pictureHeight: number,
  { left, top, right, bottom }: Extent,
): number {
  const cell = Math.max(right - left, bottom - top) / CELLS;
  if (!(cell > 0)) return 0;
  mask.fill(0);
  for (const [i, mesh] of figure.meshes.entries()) {
    const at = places[i];
    if (at === undefined) continue;
    const { triangles } = mesh;
    const x = (corner: number): number => ((at[corner * 3] as number) / 2 - left) / cell;
    const y = (corner: number): number => ((at[corner * 3 + 1] as number) / 2 - top) / cell;
    for (let t = 0; t < triangles.length; t += 3) {
      const a = triangles[t] as number;
      const b = triangles[t + 1] as number;
      const c = triangles[t + 2] as number;
      if (at[a * 3 + 2] === 0 || at[b * 3 + 2] === 0 || at[c * 3 + 2] === 0) continue;
      fill(x(a), y(a), x(b), y(b), x(c), y(c));
    }
  }
  let all = 0;
  let inside = 0;
  for (let row = 0; row < CELLS; row++) {
    const v = top + (row + 0.5) * cell;
    for (let column = 0; column < CELLS; column++) {
      if (mask[row * CELLS + column] === 0) continue;
      all++;
      const u = left + (column + 0.5) * cell;
      if (u >= 0 && v >= 0 && u < pictureWidth && v < pictureHeight) inside++;
    }
  }
  return all === 0 ? 0 : inside / all;
}

function fill(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): void {
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
  if (Math.abs(area) < 1e-9) return;
  const lastRow = Math.min(CELLS - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
  const lastColumn = Math.min(CELLS - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
  const firstColumn = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
  for (let row = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5)); row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const x = column + 0.5 - ax;
      const y = row + 0.5 - ay;
      const wb = (x * (cy - ay) - y * (cx - ax)) / area;
      const wc = (y * (bx - ax) - x * (by - ay)) / area;
      if (wb >= 0 && wc >= 0 && wb + wc <= 1) mask[row * CELLS + column] = 1;
    }
  }
}
