import {
  flatnessOf,
  LINE_BAND_M,
  polygonBox,
  polygonContains,
  type Box,
  type PlanCamera,
} from '@hitonami/model';
import type { AreaGeometry, LineGeometry, SiteGeometry } from './geometry.js';
import { cutByEdges, distanceToEdge, shareInside } from './raster-area.js';
import { edgesOfSight } from './raster-edge.js';

/** Edge of a cell, metres; doubled until the floor has no more than `CELLS_MAX` cells. */
const CELL_M = 0.25;
const CELLS_MAX = 4_000_000;

/** A step longer than this is checked against every line, whatever its cells say; millimetres. */
export const NEAR_LINE_MM = 2_000;

/** A camera is believed to see people up to so far outside its coverage, m. */
export const SHARED_REACH_M = 0.5;

/** How far around a line its cells are marked, m. Cells reach as far beyond all coverage, for those who walk out over a line. */
const LINE_REACH_M = LINE_BAND_M + NEAR_LINE_MM / 1000;

/** Cells that lie alike: of one camera, wholly inside the same areas, and cut by the edges of the same others. */
export interface CellClass {
  /** Index of the camera that owns the cell, −1 where nobody sees. */
  owner: number;
  /** Indices of the areas that are wholly around the cell. */
  inside: Int32Array;
  /** Areas whose edge runs through the cell: these are tested exactly. */
  cut: readonly AreaGeometry[];
  /** The smallest area wholly around the cell, or −1. */
  place: number;
  /** Whether a count line's band is within `NEAR_LINE_MM`. */
  nearLine: boolean;
  /** Whether two cameras or more may see somebody here: their coverages are within `SHARED_REACH_M`. */
  shared: boolean;
  /** Whether people come and go here: floor that no camera sees is a step or two away. */
  edge: boolean;
}

/** The cells of a floor: square, row by row from the south-west. */
export interface Grid {
  minXMm: number;
  minYMm: number;
  cellMm: number;
  columns: number;
  rows: number;
}

/** One floor as cells. A person's cell is looked up in every frame, so a cell is one small number, and the rest is in its class. */
export interface FloorRaster extends Grid {
  /** Index into `classes`. */
  cellClass: Uint16Array | Uint32Array;
  classes: readonly CellClass[];
}

/** Which areas hold a cell, whoever owns it. */
type Lying = Pick<CellClass, 'inside' | 'cut' | 'place'>;

const IN_NO_AREA: Lying = { inside: new Int32Array(0), cut: [], place: -1 };
const OFF_THE_RASTER: CellClass = {
  ...{ owner: -1, ...IN_NO_AREA },
  ...{ nearLine: false, shared: false, edge: true },
};

/** A floor while it is being cut up: what there is to know of every cell, each in a column of its own. */
interface Draft extends Grid {
  owner: Int16Array;
  /** Index into `lyings`; 0 is in no area. */
  lying: Uint32Array;
  lyings: Lying[];
  nearLine: Uint8Array;
  /** How many cameras may see somebody in the cell. */
  seenBy: Uint8Array;
  edge: Uint8Array;
}

/**
 * Cuts a floor into cells, each owned by one camera: of those whose coverage holds its centre the one that looks least
 * flat at it. Adds to `shares` how much of each area each camera owns, in 0.01 m².
 */
export function buildFloorRaster(
  site: SiteGeometry,
  floor: number,
  shares: readonly Map<number, number>[],
): FloorRaster {
  const floorId = site.plan.floors[floor]?.id;
  const cameras = site.plan.cameras.filter((camera) => camera.floor === floorId);
  const areas = site.areas.filter((area) => area.floor === floor);
  const grid = gridAround([
    ...cameras.map((camera) => polygonBox(camera.coverage.coordinates)),
    ...areas.map((area) => polygonBox(area.polygon)),
  ]);
  const cells = grid.columns * grid.rows;
  const owner = ownersOf(grid, cameras, site.cameraIndex);
  const draft: Draft = {
    ...grid,
    owner,
    lying: new Uint32Array(cells),
    lyings: [IN_NO_AREA],
    nearLine: new Uint8Array(cells),
    seenBy: new Uint8Array(cells),
    edge: edgesOfSight(grid, owner),
  };
  for (const camera of cameras) markSeen(draft, camera);
  addAreas(draft, site, floor, shares);
  for (const line of site.lines) if (line.floor === floor) markLine(draft, line);
  return { ...grid, ...classify(draft) };
}

/** The cell that holds a point. */
export function cellAt(raster: FloorRaster, xMm: number, yMm: number): CellClass {
  const x = xMm - raster.minXMm;
  const y = yMm - raster.minYMm;
  if (x < 0 || y < 0) return OFF_THE_RASTER;
  const column = Math.trunc(x / raster.cellMm);
  const row = Math.trunc(y / raster.cellMm);
  if (column >= raster.columns || row >= raster.rows) return OFF_THE_RASTER;
  const index = raster.cellClass[row * raster.columns + column] as number;
  return raster.classes[index] as CellClass;
}

/** Joins what is known of every cell into one number. */
function classify(draft: Draft): Pick<FloorRaster, 'cellClass' | 'classes'> {
  const { owner, lying, lyings, nearLine, seenBy, edge } = draft;
  const cellClass = new Uint32Array(lying.length);
  const classes: CellClass[] = [];
  const known = new Map<number, number>();
  for (let cell = 0; cell < lying.length; cell++) {
    const camera = owner[cell] as number;
    const areas = lying[cell] as number;
    const near = nearLine[cell] as number;
    const shared = Number((seenBy[cell] as number) > 1);
    const atEdge = edge[cell] as number;
    const key = ((camera + 1) * lyings.length + areas) * 8 + 4 * atEdge + 2 * near + shared;
    let index = known.get(key);
    if (index === undefined) {
      const { inside, cut, place } = lyings[areas] as Lying;
      const lies = { owner: camera, inside, cut, place };
      const is = { nearLine: near === 1, shared: shared === 1, edge: atEdge === 1 };
      index = classes.push({ ...lies, ...is }) - 1;
      known.set(key, index);
    }
    cellClass[cell] = index;
  }
  return { cellClass: classes.length <= 65_536 ? Uint16Array.from(cellClass) : cellClass, classes };
}

function gridAround(boxes: readonly Box[]): Grid {
  if (boxes.length === 0)
    return { minXMm: 0, minYMm: 0, cellMm: 1000 * CELL_M, columns: 0, rows: 0 };
  const minX = least(boxes.map((box) => box.minX)) - LINE_REACH_M;
  const minY = least(boxes.map((box) => box.minY)) - LINE_REACH_M;
  const width = LINE_REACH_M - least(boxes.map((box) => -box.maxX)) - minX;
  const height = LINE_REACH_M - least(boxes.map((box) => -box.maxY)) - minY;
  let cellM = CELL_M;
  while ((width / cellM + 1) * (height / cellM + 1) > CELLS_MAX) cellM *= 2;
  return {
    minXMm: Math.floor(minX * 1000),
    minYMm: Math.floor(minY * 1000),
    cellMm: cellM * 1000,
    columns: Math.floor(width / cellM) + 1,
    rows: Math.floor(height / cellM) + 1,
  };
}

/** Visits the cells whose middle may lie in a box, with the middle in metres. */
function eachCell(grid: Grid, box: Box, visit: (cell: number, x: number, y: number) => void): void {
  const cellM = grid.cellMm / 1000;
  const [minX, minY] = [grid.minXMm / 1000, grid.minYMm / 1000];
  const from = (value: number, origin: number): number =>
    Math.max(0, Math.floor((value - origin) / cellM));
  const lastRow = Math.min(grid.rows - 1, Math.floor((box.maxY - minY) / cellM));
  const lastColumn = Math.min(grid.columns - 1, Math.floor((box.maxX - minX) / cellM));
  for (let row = from(box.minY, minY); row <= lastRow; row++) {
    for (let column = from(box.minX, minX); column <= lastColumn; column++) {
      visit(row * grid.columns + column, minX + (column + 0.5) * cellM, minY + (row + 0.5) * cellM);
    }
  }
}

function ownersOf(
  grid: Grid,
  cameras: readonly PlanCamera[],
  indexOf: ReadonlyMap<string, number>,
): Int16Array {
  const owner = new Int16Array(grid.columns * grid.rows).fill(-1);
  const least = new Float64Array(owner.length).fill(Infinity);
  for (const camera of cameras) {
    const { coordinates } = camera.coverage;
    const index = indexOf.get(camera.id) ?? -1;
    const flatness = flatnessOf(camera);
    eachCell(grid, polygonBox(coordinates), (cell, x, y) => {
      const here = flatness(x, y);
      if (here >= (least[cell] as number) || !polygonContains(coordinates, x, y)) return;
      owner[cell] = index;
      least[cell] = here;
    });
  }
  return owner;
}

/** Counts the camera in all cells of its coverage and a little beyond, for it sees further than it measures. */
function markSeen(draft: Draft, { coverage }: PlanCamera): void {
  const { minX, minY, maxX, maxY } = polygonBox(coverage.coordinates);
  const reach = SHARED_REACH_M;
  const box = { minX: minX - reach, minY: minY - reach, maxX: maxX + reach, maxY: maxY + reach };
  eachCell(draft, box, (cell, x, y) => {
    if (
      polygonContains(coverage.coordinates, x, y) ||
      distanceToEdge(coverage.coordinates, x, y) <= reach
    )
      draft.seenBy[cell] = Math.min(2, (draft.seenBy[cell] as number) + 1);
  });
}

/** Puts every area into the classes of its cells, and shares it out among the cameras. */
function addAreas(
  draft: Draft,
  site: SiteGeometry,
  floor: number,
  shares: readonly Map<number, number>[],
): void {
  const grown = new Map<string, number>();
  const cellM = draft.cellMm / 1000;
  for (const area of site.areas) {
    if (area.floor !== floor) continue;
    const cut = cutByEdges(draft, area.polygon);
    const weights = new Map<number, number>();
    eachCell(draft, polygonBox(area.polygon), (cell, x, y) => {
      const isCut = cut.has(cell);
      const share = isCut
        ? shareInside(area.polygon, x, y, cellM)
        : Number(polygonContains(area.polygon, x, y));
      if (share === 0 && !isCut) return;
      const before = draft.lying[cell] as number;
      draft.lying[cell] = grow(draft, grown, before, area, isCut, site);
      const camera = draft.owner[cell] as number;
      weights.set(camera, (weights.get(camera) ?? 0) + share);
    });
    shareOut(area.areaDm2, weights, (camera, dm2) => shares[camera]?.set(area.index, dm2));
  }
}

/** How cells lie that lie as those of `before` do, and in one more area. */
function grow(
  draft: Draft,
  grown: Map<string, number>,
  before: number,
  area: AreaGeometry,
  isCut: boolean,
  site: SiteGeometry,
): number {
  const key = `${before} ${area.index} ${isCut}`;
  const known = grown.get(key);
  if (known !== undefined) return known;
  const old = draft.lyings[before] as Lying;
  const fresh: Lying = isCut
    ? { ...old, cut: [...old.cut, area] }
    : {
        inside: Int32Array.of(...old.inside, area.index),
        cut: old.cut,
        place: area.rank < (site.areas[old.place]?.rank ?? Infinity) ? area.index : old.place,
      };
  const index = draft.lyings.push(fresh) - 1;
  grown.set(key, index);
  return index;
}

/** Divides an area by weight into whole units whose sum is the area, however small the parts. */
function shareOut(
  areaDm2: number,
  weights: ReadonlyMap<number, number>,
  give: (camera: number, dm2: number) => void,
): void {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  let given = 0;
  for (const [camera, weight] of [...weights].sort(([a], [b]) => a - b)) {
    sum += weight;
    const upTo = Math.round((areaDm2 * sum) / total);
    if (camera >= 0 && upTo > given) give(camera, upTo - given);
    given = upTo;
  }
}

function markLine(draft: Draft, line: LineGeometry): void {
  const reach = LINE_REACH_M * 1000 + draft.cellMm;
  const [bx, by] = [line.xMm + line.ux * line.lengthMm, line.yMm + line.uy * line.lengthMm];
  const box = {
    minX: (Math.min(line.xMm, bx) - reach) / 1000,
    minY: (Math.min(line.yMm, by) - reach) / 1000,
    maxX: (Math.max(line.xMm, bx) + reach) / 1000,
    maxY: (Math.max(line.yMm, by) + reach) / 1000,
  };
  eachCell(draft, box, (cell, xM, yM) => {
    const [x, y] = [xM * 1000 - line.xMm, yM * 1000 - line.yMm];
    const along = x * line.ux + y * line.uy;
    const across = Math.abs(y * line.ux - x * line.uy);
    if (across <= reach && along >= -reach && along <= line.lengthMm + reach) {
      draft.nearLine[cell] = 1;
    }
  });
}

function least(values: readonly number[]): number {
  return values.reduce((min, value) => Math.min(min, value), Infinity);
}
