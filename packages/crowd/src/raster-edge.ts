import type { Grid } from './raster.js';

/** A place so near to floor that no camera sees is at the edge of sight: one or two steps, m. */
const EDGE_M = 1;

/**
 * The cells at the edge of sight, and all outside it, are 1: those with unseen floor within `EDGE_M`, along and across the
 * grid. Whoever comes or goes does so there: a door is in a wall, and the wall is where coverages end.
 *
 * @param owner of each cell, −1 where no camera sees
 */
export function edgesOfSight(grid: Grid, owner: Int16Array): Uint8Array {
  const { columns, rows } = grid;
  const reach = Math.round((1000 * EDGE_M) / grid.cellMm);
  const unseen = Uint8Array.from(owner, (camera) => (camera < 0 ? 1 : 0));
  const alongRows = spread(unseen, rows, columns, columns, 1, reach);
  return spread(alongRows, columns, rows, 1, columns, reach);
}

/** Marks also the cells up to `reach` cells before and after a marked one, in lines of `length` cells. */
function spread(
  marks: Uint8Array,
  lines: number,
  length: number,
  lineStep: number,
  step: number,
  reach: number,
): Uint8Array {
  const wider = new Uint8Array(marks.length);
  for (let line = 0; line < lines; line++) {
    // What lies off the grid is unseen.
    let [after, before] = [-1, length];
    for (let i = 0; i < length; i++) {
      const [forth, back] = [line * lineStep + i * step, line * lineStep + (length - 1 - i) * step];
      if (marks[forth] === 1) after = i;
      if (i - after <= reach) wider[forth] = 1;
      if (marks[back] === 1) before = length - 1 - i;
      if (before - (length - 1 - i) <= reach) wider[back] = 1;
    }
  }
  return wider;
}
