import type { Point } from '@hitonami/model';
import { FloorField, FloorRaster } from '../floor-field.js';
import { Walls } from '../walls.js';
import type { World } from '../world.js';

const CELL_M = 0.25;
/** Someone walks straight to what they see only if there is this much room beside the line. */
const SIDE_ROOM_M = 0.22;
/** A straight way may end this short of its target, which may lie in a wall. */
const SHORT_OF_M = 0.45;

/**
 * The floor of a world made ready for walking: walls, the raster that leads around corners, and its zones. The lanes of
 * the gates are no way through for the raster, so that a zone is what can be reached without passing a gate.
 */
export class Floor {
  readonly world: World;
  readonly walls: Walls;
  readonly raster: FloorRaster;
  readonly #zones: Int32Array;
  readonly #slow: Float32Array;

  constructor(world: World) {
    this.world = world;
    const [outer, ...holes] = world.walkable.map((ring) => ring.slice(0, -1));
    this.walls = new Walls(outer ?? [], [...holes, ...world.obstacles.map((o) => o.polygon)]);
    this.raster = new FloorRaster(this.walls, CELL_M);
    for (let cell = 0; cell < this.raster.slowness.length; cell++) {
      const [x, y] = this.raster.centre(cell);
      if (world.gates.some((gate) => isInLane(gate, x, y))) this.raster.slowness[cell] = 0;
    }
    this.#zones = zonesOf(this.raster);
    this.#slow = new Float32Array(this.#zones.length).fill(1);
    for (const { polygon, slowdown } of world.stairs) {
      const steps = new Walls(polygon, []);
      for (let cell = 0; cell < this.#slow.length; cell++) {
        if (steps.isWalkable(...this.raster.centre(cell))) this.#slow[cell] = slowdown;
      }
    }
  }

  /** The zone at a place, from 0; −1 where there is none within a cell. */
  zoneAt(x: number, y: number): number {
    const { columns, rows, minX, minY, cellM } = this.raster;
    const column = Math.floor((x - minX) / cellM);
    const row = Math.floor((y - minY) / cellM);
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
        const zone = this.#zones[r * columns + c] as number;
        if (zone >= 0) return zone;
      }
    }
    return -1;
  }

  /** Share of the free speed that the ground allows. */
  paceAt(x: number, y: number): number {
    const { columns, rows, minX, minY, cellM } = this.raster;
    const column = Math.min(columns - 1, Math.max(0, Math.floor((x - minX) / cellM)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor((y - minY) / cellM)));
    return this.#slow[row * columns + column] as number;
  }

  fieldTo(from: Point, to: Point): FloorField {
    return new FloorField(this.raster, { from, to });
  }

  /** Whether someone can walk straight to a target without brushing a wall. */
  seesWay(x: number, y: number, targetX: number, targetY: number): boolean {
    const d = Math.hypot(targetX - x, targetY - y);
    if (d <= SHORT_OF_M) return true;
    const [ux, uy] = [(targetX - x) / d, (targetY - y) / d];
    const reach = d - SHORT_OF_M;
    for (const side of [0, SIDE_ROOM_M, -SIDE_ROOM_M]) {
      const [ox, oy] = [x - uy * side, y + ux * side];
      if (this.walls.blocks(ox, oy, ox + ux * reach, oy + uy * reach)) return false;
    }
    return true;
  }
}

/** Whether a point lies between the housings of a gate. */
export function isInLane(
  { from, to, widthM }: World['gates'][number],
  x: number,
  y: number,
): boolean {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const along = (x - from[0]) * ux + (y - from[1]) * uy;
  const across = (y - from[1]) * ux - (x - from[0]) * uy;
  return along >= 0 && along <= length && Math.abs(across) <= widthM / 2;
}

/** Numbers the connected parts of the walkable cells. */
function zonesOf({ slowness, columns }: FloorRaster): Int32Array {
  const zones = new Int32Array(slowness.length).fill(-1);
  let zone = 0;
  for (let start = 0; start < zones.length; start++) {
    if (slowness[start] === 0 || zones[start] !== -1) continue;
    const open = [start];
    zones[start] = zone;
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      const column = cell % columns;
      const around = [
        column > 0 ? cell - 1 : -1,
        column < columns - 1 ? cell + 1 : -1,
        cell - columns,
        cell + columns,
      ];
      for (const next of around) {
        if (next < 0 || next >= zones.length || slowness[next] === 0 || zones[next] !== -1)
          continue;
        zones[next] = zone;
        open.push(next);
      }
    }
    zone++;
  }
  return zones;
}
