import {
  LINE_BAND_M,
  nearestCamera,
  polygonBox,
  polygonContains,
  type Box,
  type Point,
} from '@hitonami/model';
import type { AreaGeometry, SiteGeometry } from './geometry.js';

/** Edge of a cell, metres; doubled until the floor has no more than `CELLS_MAX` cells. */
const CELL_M = 0.25;
const CELLS_MAX = 4_000_000;

/** A cell cut by the edge of an area is weighed by this many points along each side. */
const SAMPLES_PER_SIDE = 8;

/** A step longer than this is checked against every line, whatever its cells say; millimetres. */
export const NEAR_LINE_MM = 2_000;

/** Cells that lie alike: wholly inside the same areas, and cut by the edges of the same others. */
export interface CellClass {
  inside: Int32Array;
  /** Areas whose edge runs through the cell: these are tested exactly. */
  cut: AreaGeometry[];
  /** The smallest area wholly around the cell, or −1. */
  place: number;
}

/** One floor as cells: who owns each, which areas hold it, and whether a count line is near. */
export interface FloorRaster {
  minXMm: number;
  minYMm: number;
  cellMm: number;
  columns: number;
  rows: number;
  /** Camera index, or −1 where nobody sees. */
  owner: Int16Array;
  /** Index into `classes`; 0 is the class of no area. */
  cellClass: Uint16Array;
  classes: CellClass[];
  /** 1 where a count line's band is within `NEAR_LINE_MM`. */
  nearLine: Uint8Array;
}

/**
 * Cuts a floor into cells, each owned by one camera: the one whose coverage holds its centre and has the nearest
 * centroid. Adds to `shares` how much of each area each camera owns, in 0.01 m².
 */
export function buildFloorRaster(
  site: SiteGeometry,
  floor: number,
  shares: readonly Map<number, number>[],
): FloorRaster {
  const floorId = site.plan.floors[floor]?.id;
  const cameras = site.plan.cameras.filter((camera) => camera.floor === floorId);
  const areas = site.areas.filter((area) => area.floor === floor);
  const raster = emptyRaster([
    ...cameras.map((camera) => polygonBox(camera.coverage.coordinates)),
    ...areas.map((area) => polygonBox(area.polygon)),
  ]);
  const classOf = new Map<string, number>([['|', 0]]);
  const boxes = areas.map((area) => polygonBox(area.polygon));
  const cameraBoxes = cameras.map((camera) => polygonBox(camera.coverage.coordinates));
  const weights = areas.map(() => new Map<number, number>());
  const cellM = raster.cellMm / 1000;
  for (let row = 0; row < raster.rows; row++) {
    for (let column = 0; column < raster.columns; column++) {
      const cell = row * raster.columns + column;
      const x0 = raster.minXMm / 1000 + column * cellM;
      const y0 = raster.minYMm / 1000 + row * cellM;
      const [cx, cy] = [x0 + cellM / 2, y0 + cellM / 2];
      const seeing = cameras.filter(
        (camera, i) =>
          inBox(cameraBoxes[i] as Box, cx, cy) &&
          polygonContains(camera.coverage.coordinates, cx, cy),
      );
      const owner = nearestCamera(seeing, cx, cy);
      const ownerIndex = owner ? (site.cameraIndex.get(owner.id) ?? -1) : -1;
      raster.owner[cell] = ownerIndex;
      const inside: number[] = [];
      const cut: AreaGeometry[] = [];
      areas.forEach((area, i) => {
        const box = boxes[i] as Box;
        if (x0 > box.maxX || x0 + cellM < box.minX || y0 > box.maxY || y0 + cellM < box.minY)
          return;
        const share = shareInside(area, x0, y0, cellM);
        if (share === 0 && !edgeThrough(area, x0, y0, cellM)) return;
        if (share === 1 && !edgeThrough(area, x0, y0, cellM)) inside.push(area.index);
        else cut.push(area);
        const weight = weights[i] as Map<number, number>;
        weight.set(ownerIndex, (weight.get(ownerIndex) ?? 0) + share);
      });
      raster.cellClass[cell] = internClass(raster, classOf, inside, cut, site);
    }
  }
  areas.forEach((area, i) => {
    const weight = weights[i] as Map<number, number>;
    const total = [...weight.values()].reduce((sum, value) => sum + value, 0);
    for (const [camera, value] of weight) {
      const dm2 = Math.round((area.areaDm2 * value) / total);
      if (camera >= 0 && dm2 > 0) shares[camera]?.set(area.index, dm2);
    }
  });
  markLines(site, floor, raster);
  return raster;
}

function emptyRaster(boxes: readonly Box[]): FloorRaster {
  const minX = Math.min(...boxes.map((box) => box.minX), Infinity);
  const minY = Math.min(...boxes.map((box) => box.minY), Infinity);
  const width = Math.max(...boxes.map((box) => box.maxX), -Infinity) - minX;
  const height = Math.max(...boxes.map((box) => box.maxY), -Infinity) - minY;
  const empty = boxes.length === 0;
  let cellM = CELL_M;
  while (!empty && (width / cellM + 1) * (height / cellM + 1) > CELLS_MAX) cellM *= 2;
  const columns = empty ? 0 : Math.floor(width / cellM) + 1;
  const rows = empty ? 0 : Math.floor(height / cellM) + 1;
  return {
    minXMm: empty ? 0 : Math.floor(minX * 1000),
    minYMm: empty ? 0 : Math.floor(minY * 1000),
    cellMm: cellM * 1000,
    columns,
    rows,
    owner: new Int16Array(columns * rows).fill(-1),
    cellClass: new Uint16Array(columns * rows),
    classes: [{ inside: new Int32Array(0), cut: [], place: -1 }],
    nearLine: new Uint8Array(columns * rows),
  };
}

function internClass(
  raster: FloorRaster,
  classOf: Map<string, number>,
  inside: readonly number[],
  cut: readonly AreaGeometry[],
  site: SiteGeometry,
): number {
  const key = `${inside.join()}|${cut.map((area) => area.index).join()}`;
  const known = classOf.get(key);
  if (known !== undefined) return known;
  const byRank = [...inside].sort(
    (a, b) => (site.areas[a]?.rank ?? 0) - (site.areas[b]?.rank ?? 0),
  );
  const index = raster.classes.push({
    inside: Int32Array.from(inside),
    cut: [...cut],
    place: byRank[0] ?? -1,
  });
  if (index > 65_535)
    throw new RangeError(
      `floor ${raster.columns}×${raster.rows} has too many ways to lie in areas`,
    );
  classOf.set(key, index - 1);
  return index - 1;
}

function inBox(box: Box, x: number, y: number): boolean {
  return x >= box.minX && x <= box.maxX && y >= box.minY && y <= box.maxY;
}

/** Share of a cell inside an area, by a grid of points. */
function shareInside(area: AreaGeometry, x0: number, y0: number, cellM: number): number {
  if (!edgeThrough(area, x0, y0, cellM)) {
    return polygonContains(area.polygon, x0 + cellM / 2, y0 + cellM / 2) ? 1 : 0;
  }
  let hits = 0;
  for (let i = 0; i < SAMPLES_PER_SIDE; i++) {
    for (let j = 0; j < SAMPLES_PER_SIDE; j++) {
      const x = x0 + ((i + 0.5) / SAMPLES_PER_SIDE) * cellM;
      const y = y0 + ((j + 0.5) / SAMPLES_PER_SIDE) * cellM;
      if (polygonContains(area.polygon, x, y)) hits++;
    }
  }
  return hits / SAMPLES_PER_SIDE ** 2;
}

/** Whether an edge of the area touches the cell (a hair wider than the cell, so that no edge slips between cells). */
function edgeThrough(area: AreaGeometry, x0: number, y0: number, cellM: number): boolean {
  const slack = 1e-6;
  const box = {
    minX: x0 - slack,
    minY: y0 - slack,
    maxX: x0 + cellM + slack,
    maxY: y0 + cellM + slack,
  };
  return area.polygon.some((ring) => {
    for (let i = 0; i + 1 < ring.length; i++) {
      if (segmentTouchesBox(ring[i] as Point, ring[i + 1] as Point, box)) return true;
    }
    return false;
  });
}

/** Liang–Barsky clipping: whether any of the segment a–b lies in the box. */
function segmentTouchesBox(a: Point, b: Point, box: Box): boolean {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  let enter = 0;
  let leave = 1;
  const sides = [
    [-dx, a[0] - box.minX],
    [dx, box.maxX - a[0]],
    [-dy, a[1] - box.minY],
    [dy, box.maxY - a[1]],
  ] as const;
  for (const [p, q] of sides) {
    if (p === 0) {
      if (q < 0) return false;
    } else if (p < 0) enter = Math.max(enter, q / p);
    else leave = Math.min(leave, q / p);
  }
  return enter <= leave;
}

function markLines(site: SiteGeometry, floor: number, raster: FloorRaster): void {
  const reach = LINE_BAND_M * 1000 + NEAR_LINE_MM + raster.cellMm;
  for (const line of site.lines) {
    if (line.floor !== floor) continue;
    for (let cell = 0; cell < raster.nearLine.length; cell++) {
      const x = raster.minXMm + ((cell % raster.columns) + 0.5) * raster.cellMm - line.xMm;
      const y =
        raster.minYMm + (Math.floor(cell / raster.columns) + 0.5) * raster.cellMm - line.yMm;
      const along = x * line.ux + y * line.uy;
      const across = Math.abs(y * line.ux - x * line.uy);
      if (across <= reach && along >= -reach && along <= line.lengthMm + reach)
        raster.nearLine[cell] = 1;
    }
  }
}

/** Index of the cell that holds a point, or −1 off the raster. */
export function cellAt(raster: FloorRaster, xMm: number, yMm: number): number {
  const column = Math.floor((xMm - raster.minXMm) / raster.cellMm);
  const row = Math.floor((yMm - raster.minYMm) / raster.cellMm);
  if (column < 0 || row < 0 || column >= raster.columns || row >= raster.rows) return -1;
  return row * raster.columns + column;
}
