import {
  lineOwner,
  polygonArea,
  polygonContains,
  type PlanArea,
  type PlanLine,
  type Polygon,
  type SitePlan,
} from '@hitonami/model';
import { buildFloorRaster, type FloorRaster } from './raster.js';

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
  /** Indices of the areas of which it owns a part. */
  areas: Int32Array;
  /** Its part of each of these, 0.01 m². */
  sharesDm2: Float64Array;
  lines: LineGeometry[];
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

  constructor(plan: SitePlan) {
    this.plan = plan;
    this.floorIndex = new Map(plan.floors.map((floor, i) => [floor.id, i]));
    const floorOf = (id: string): number => this.floorIndex.get(id) ?? -1;
    this.areas = plan.areas.map((area, index) => ({
      index,
      plan: area,
      floor: floorOf(area.floor),
      polygon: area.polygon.coordinates,
      contains: (xMm, yMm) => polygonContains(area.polygon.coordinates, xMm / 1000, yMm / 1000),
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
      const owned = [...(shares[index] ?? [])].sort(([a], [b]) => a - b);
      return {
        index,
        id: camera.id,
        areas: Int32Array.from(owned, ([area]) => area),
        sharesDm2: Float64Array.from(owned, ([, dm2]) => dm2),
        lines: this.lines.filter(
          (line) => line.ownerKind === 'camera' && line.ownerId === camera.id,
        ),
      };
    });
  }
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
