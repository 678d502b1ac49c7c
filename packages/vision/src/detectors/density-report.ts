import type { Detections, Region } from '../detections.js';
import type { Placement } from '../picture/placement.js';
import type { DensityMap, Preprocessing } from './family.js';
import { isInside } from './report.js';

/** Less than this of a person in one cell is noise, and no place to put somebody. */
const PEAK_MIN = 1e-3;

/**
 * Turns a density map into what is reported: how many people there are in the picture (in the region, where there is
 * one), and as many points as that rounds to, where the map is densest. Nobody is told from anybody else: there are
 * no boxes, so that nothing takes these points for people who could be followed.
 */
export function reportDensity(
  map: DensityMap,
  input: Pick<Preprocessing, 'width' | 'height'>,
  placement: Placement,
  region: Region | undefined,
  pointsMax: number,
): Omit<Detections, 'timing' | 'sight'> {
  const { pictureWidth, pictureHeight } = placement;
  const { columns, rows } = map;
  const toU = (column: number): number =>
    (((column + 0.5) * input.width) / columns - placement.left) * (pictureWidth / placement.width);
  const toV = (row: number): number =>
    (((row + 0.5) * input.height) / rows - placement.top) * (pictureHeight / placement.height);

  // What lies in the padding or outside of the region is nobody's.
  const here = new Float32Array(columns * rows);
  let people = 0;
  for (let row = 0; row < rows; row++) {
    const v = toV(row);
    if (v < 0 || v > pictureHeight) continue;
    for (let column = 0; column < columns; column++) {
      const u = toU(column);
      if (u < 0 || u > pictureWidth) continue;
      if (region !== undefined && !isInside(region, u, v)) continue;
      const value = map.people[row * columns + column] ?? 0;
      here[row * columns + column] = Math.max(0, value);
      people += value;
    }
  }
  people = Math.max(0, people);

  const points: number[] = [];
  for (let i = 0; i < Math.min(Math.round(people), pointsMax); i++) {
    const point = takeOne(here, columns, rows);
    if (point === undefined) break;
    points.push(toU(point.column), toV(point.row));
  }
  return {
    width: pictureWidth,
    height: pictureHeight,
    count: 0,
    boxes: new Float32Array(0),
    scores: new Float32Array(0),
    kinds: new Uint8Array(0),
    saturation: 0,
    people,
    points: Float32Array.from(points),
  };
}

/** Takes one person's worth out of the map, ring by ring around its highest cell; gives the middle of what was taken. */
function takeOne(
  map: Float32Array,
  columns: number,
  rows: number,
): { column: number; row: number } | undefined {
  let peak = 0;
  for (let i = 1; i < map.length; i++) if ((map[i] ?? 0) > (map[peak] ?? 0)) peak = i;
  if ((map[peak] ?? 0) < PEAK_MIN) return undefined;
  const [x, y] = [peak % columns, Math.floor(peak / columns)];
  let wanted = 1;
  let [sumX, sumY] = [0, 0];
  for (let ring = 0; wanted > 0 && ring <= Math.max(columns, rows); ring++) {
    const cells = ringOf(x, y, ring, columns, rows);
    const there = cells.reduce((sum, at) => sum + (map[at] ?? 0), 0);
    const share = there > wanted ? wanted / there : 1;
    for (const at of cells) {
      const taken = (map[at] ?? 0) * share;
      map[at] = (map[at] ?? 0) - taken;
      sumX += taken * (at % columns);
      sumY += taken * Math.floor(at / columns);
    }
    wanted -= there * share;
  }
  const taken = 1 - wanted;
  return { column: sumX / taken, row: sumY / taken };
}

/** The cells at a distance of `ring` (the greater of both directions) from a cell. */
function ringOf(x: number, y: number, ring: number, columns: number, rows: number): number[] {
  const cells: number[] = [];
  const add = (cx: number, cy: number): void => {
    if (cx >= 0 && cx < columns && cy >= 0 && cy < rows) cells.push(cy * columns + cx);
  };
  for (let dx = -ring; dx <= ring; dx++) {
    add(x + dx, y - ring);
    if (ring > 0) add(x + dx, y + ring);
  }
  for (let dy = 1 - ring; dy < ring; dy++) {
    add(x - ring, y + dy);
    add(x + ring, y + dy);
  }
  return cells;
}
