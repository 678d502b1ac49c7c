import {
  lineOwner,
  polygonArea,
  polygonBox,
  type Box,
  type PlanArea,
  type PlanCamera,
  type PlanLine,
  type Point,
  type Polygon,
  type SitePlan,
} from '@hitonami/model';
import { LocalDensity } from './local-density.js';
import { buildFloorRaster, cellAt, SHARED_REACH_M, type FloorRaster } from './raster.js';

/** A count line as the fold needs it: millimetres, and who counts it. */
export interface LineGeometry {
  index: number;
  plan: PlanLine;
  floor: number;
  /** Start, unit direction and length; x and y in millimetres. */
  xMm: number;
  yMm: number;
  ux: number;
  uy: number;
  lengthMm: number;
  ownerId: string;
  ownerKind: 'camera' | 'counter';
}

export interface AreaGeometry {
  index: number;
  plan: PlanArea;
  floor: number;
  polygon: Polygon;
  /** Whether a point, in millimetres, lies inside. */
  contains: (xMm: number, yMm: number) => boolean;
  /** 0.01 m². */
  areaDm2: number;
  /** Rank by size, smallest first: where areas overlap, a person is at the place of the lowest rank. */
  rank: number;
}

export interface CameraGeometry {
  index: number;
  id: string;
  /** Indices of the areas of which it owns a part or sees one: whoever it speaks for may be there. */
  areas: Int32Array;
  /** Its part of each of these, 0.01 m². */
  sharesDm2: Float64Array;
  lines: LineGeometry[];
  /** Whether a point, in millimetres, lies in its coverage. */
  covers: (xMm: number, yMm: number) => boolean;
  /** Indices of the other cameras that may see somebody whom it sees. */
  neighbours: Int32Array;
  /** Around all that each of these may see: least and greatest x, least and greatest y, mm. */
  neighbourBoxesMm: Float64Array;
}

/** A site plan made ready for the fold: everything by index, the floors cut into cells. */
export class SiteGeometry {
  readonly plan: SitePlan;
  readonly areas: AreaGeometry[];
  readonly lines: LineGeometry[];
  readonly cameras: CameraGeometry[];
  readonly floors: FloorRaster[];
  readonly cameraIndex: ReadonlyMap<string, number>;
  readonly floorIndex: ReadonlyMap<string, number>;
  readonly lineOfCounter: ReadonlyMap<string, number>;
  /** Ids of areas, then of lines: a place is an index into it. */
  readonly places: readonly string[];
  private readonly densities: (LocalDensity | undefined)[] = [];

  constructor(plan: SitePlan) {
    this.plan = plan;
    this.floorIndex = new Map(plan.floors.map((floor, i) => [floor.id, i]));
    const floorOf = (id: string): number => this.floorIndex.get(id) ?? -1;
    this.areas = plan.areas.map((area, index) => ({
      index,
      plan: area,
      floor: floorOf(area.floor),
      polygon: area.polygon.coordinates,
      contains: containsOf(area.polygon.coordinates),
      areaDm2: Math.round(polygonArea(area.polygon.coordinates) * 100),
      rank: 0,
    }));
    [...this.areas]
      .sort((a, b) => a.areaDm2 - b.areaDm2)
      .forEach((area, rank) => (area.rank = rank));
    this.lines = plan.lines.map((line, index) =>
      lineGeometry(plan, line, index, floorOf(line.floor)),
    );
    this.places = [...plan.areas.map((area) => area.id), ...plan.lines.map((line) => line.id)];
    this.cameraIndex = new Map(plan.cameras.map((camera, i) => [camera.id, i]));
    this.lineOfCounter = new Map(
      this.lines
        .filter((line) => line.ownerKind === 'counter')
        .map((line) => [line.ownerId, line.index]),
    );
    const shares = plan.cameras.map(() => new Map<number, number>());
    this.floors = plan.floors.map((_, floor) => buildFloorRaster(this, floor, shares));
    this.cameras = plan.cameras.map((camera, index) => {
      const touched = this.areas.filter((area) => meets(camera, area));
      const share = shares[index] ?? new Map<number, number>();
      for (const area of touched) if (!share.has(area.index)) share.set(area.index, 0);
      const owned = [...share].sort(([a], [b]) => a - b);
      const neighbours = plan.cameras.flatMap((other, at) =>
        other.id !== camera.id && boxesMeet(camera, other) ? [{ at, box: reachOf(other) }] : [],
      );
      return {
        index,
        id: camera.id,
        areas: Int32Array.from(owned, ([area]) => area),
        sharesDm2: Float64Array.from(owned, ([, dm2]) => dm2),
        lines: this.lines.filter(
          (line) => line.ownerKind === 'camera' && line.ownerId === camera.id,
        ),
        covers: containsOf(camera.coverage.coordinates),
        neighbours: Int32Array.from(neighbours, ({ at }) => at),
        neighbourBoxesMm: Float64Array.from(
          neighbours.flatMap(({ box }) => [box.minX, box.maxX, box.minY, box.maxY]),
        ),
      };
    });
  }

  /** The highest local density of an area: made when first asked for, for the live picture and the windows alike. */
  localDensity(area: AreaGeometry): LocalDensity {
    const floor = this.floors[area.floor] as FloorRaster;
    return (this.densities[area.index] ??= new LocalDensity(
      area.polygon,
      (xMm, yMm) => area.contains(xMm, yMm) && cellAt(floor, xMm, yMm).owner >= 0,
    ));
  }
}

/** Whether a camera may see somebody in an area, or speak for somebody who is there. */
function meets(camera: PlanCamera, area: AreaGeometry): boolean {
  return boxesMeet(camera, { floor: area.plan.floor, coverage: area.plan.polygon });
}

/** Around all that a camera may see, and the error of its places, mm. */
function reachOf({ coverage }: PlanCamera): Box {
  const { minX, minY, maxX, maxY } = polygonBox(coverage.coordinates);
  const reach = 1000 * SHARED_REACH_M * 2;
  return {
    ...{ minX: 1000 * minX - reach, minY: 1000 * minY - reach },
    ...{ maxX: 1000 * maxX + reach, maxY: 1000 * maxY + reach },
  };
}

function boxesMeet(
  a: Pick<PlanCamera, 'floor' | 'coverage'>,
  b: Pick<PlanCamera, 'floor' | 'coverage'>,
): boolean {
  if (a.floor !== b.floor) return false;
  const [p, q] = [polygonBox(a.coverage.coordinates), polygonBox(b.coverage.coordinates)];
  const reach = 2 * SHARED_REACH_M;
  return (
    p.minX - reach < q.maxX &&
    q.minX - reach < p.maxX &&
    p.minY - reach < q.maxY &&
    q.minY - reach < p.maxY
  );
}

/**
 * The test of `polygonContains` over one flat array of edges: it is asked for everybody near an edge, and the nested
 * arrays of GeoJSON cost several times as much.
 */
function containsOf(polygon: Polygon): (xMm: number, yMm: number) => boolean {
  const edges = Float64Array.from(
    polygon.flatMap((ring) => ring.slice(1).flatMap(([x, y], i) => [x, y, ...(ring[i] as Point)])),
  );
  return (xMm, yMm) => {
    const [x, y] = [xMm / 1000, yMm / 1000];
    let inside = false;
    for (let i = 0; i < edges.length; i += 4) {
      const xi = edges[i] as number;
      const yi = edges[i + 1] as number;
      const xj = edges[i + 2] as number;
      const yj = edges[i + 3] as number;
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  };
}

function lineGeometry(plan: SitePlan, line: PlanLine, index: number, floor: number): LineGeometry {
  const [[ax, ay], [bx, by]] = line.line.coordinates;
  const length = Math.hypot(bx - ax, by - ay);
  const owner = lineOwner(plan, line);
  return {
    index,
    plan: line,
    floor,
    xMm: ax * 1000,
    yMm: ay * 1000,
    ux: (bx - ax) / length,
    uy: (by - ay) / length,
    lengthMm: length * 1000,
    ownerId: owner?.id ?? '',
    ownerKind: owner?.kind ?? 'camera',
  };
}
