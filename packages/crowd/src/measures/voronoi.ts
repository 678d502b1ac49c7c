import type { Polygon } from '@hitonami/model';
import { Delaunay } from 'd3-delaunay';
import { MeasuredArea, type AreaOptions } from './area.js';
import {
  clipConvex,
  clipHalfPlane,
  convexArea,
  convexContains,
  lengthInside,
  type Convex,
} from './convex.js';
import { convexParts, type ConvexParts, type Seam } from './convex-parts.js';
import type { Positions } from './positions.js';

/** People on the same spot of this size share a cell, m; who is next to whom is found on whole numbers of it. */
const QUANTUM_M = 1e-5;

/** A gap narrower than this is none, m: whether a cell that only touches a corner reaches round it must not be rounding's choice. */
const GAP_MIN_M = 1e-6;

/** Less than this is nothing, m². */
const PIECE_MIN_M2 = 1e-12;

/** The cut-off of the reference data: nobody's cell reaches farther than this, m. */
export const VORONOI_CUT_OFF: CutOff = { radiusM: 0.8, segmentsPerQuarter: 3 };

/** A circle about each person, as a polygon with its corners on it, that bounds their cell. */
export interface CutOff {
  radiusM: number;
  segmentsPerQuarter: number;
}

/** The Voronoi cells of the people of one instant. */
export interface VoronoiCells {
  /** Of every person, in the order of the positions: their cell in convex pieces; none for a person who has no floor. */
  readonly pieces: readonly (readonly Convex[])[];
  /** How many people stand on the same spot and share the cell evenly; mostly 1. */
  readonly sharedBy: Int32Array;
  /** What each person has of their cell, m²; 0 for none. 1 / size is the individual density. */
  readonly areaM2: Float64Array;
}

/**
 * A walkable polygon made ready for Voronoi cells.
 *
 * Why its own cutting and no library of polygon operations: a Voronoi cell and a triangle are convex, and what two convex
 * polygons have in common is a few lines, with no case in which edges that touch are an error.
 */
export class WalkableFloor {
  readonly area: MeasuredArea;
  private readonly floor: ConvexParts;
  private readonly seamsOfPart: readonly (readonly Seam[])[];

  constructor(polygon: Polygon) {
    this.area = new MeasuredArea(polygon);
    this.floor = convexParts(polygon);
    this.seamsOfPart = this.floor.parts.map((_, part) =>
      this.floor.seams.filter(({ a, b }) => a === part || b === part),
    );
  }

  /**
   * Voronoi cells: of the floor, what is nearer to a person than to any other, cut by the walkable polygon and, if
   * given, by the cut-off circle. Where that falls into several parts (a cell that reaches through a wall), the part that
   * the person stands in is theirs; a person just outside of the polygon keeps all parts.
   *
   * Source: Steffen and Seyfried, Physica A 389 (2010) 1902; PedPy, `compute_individual_voronoi_polygons`.
   */
  cells(positions: Positions, cutOff?: CutOff): VoronoiCells {
    const { count } = positions;
    const corners = cutOff === undefined ? undefined : circle(cutOff);
    const spots = spotsOf(positions);
    const pieces: (readonly Convex[])[] = Array.from({ length: count }, () => []);
    const areaM2 = new Float64Array(count);
    const sharedBy = new Int32Array(count).fill(1);
    const neighbours = new Delaunay(
      spots.flatMap(({ x, y }) => [Math.round(x / QUANTUM_M), Math.round(y / QUANTUM_M)]),
    );
    spots.forEach((spot, i) => {
      let cell = corners === undefined ? this.start(spot) : around(spot, corners);
      for (const k of neighbours.neighbors(i)) {
        const other = spots[k];
        // One alone is given a neighbour −1.
        if (other !== undefined) cell = nearerTo(cell, spot, other);
      }
      const own = this.within(cell, spot.x, spot.y);
      const area = own.reduce((sum, piece) => sum + convexArea(piece), 0);
      for (const person of spot.people) {
        pieces[person] = own;
        sharedBy[person] = spot.people.length;
        areaM2[person] = area / spot.people.length;
      }
    });
    return { pieces, sharedBy, areaM2 };
  }

  /** A square that holds the whole floor, wherever the person stands. */
  private start({ x, y }: Spot): Convex {
    const { minX, minY, maxX, maxY } = this.area;
    const west = Math.min(minX, x) - 1;
    const south = Math.min(minY, y) - 1;
    const east = Math.max(maxX, x) + 1;
    const north = Math.max(maxY, y) + 1;
    return [west, south, east, south, east, north, west, north];
  }

  /** What of a cell is walkable and, from where the person stands, to be reached inside the cell. */
  private within(cell: Convex, x: number, y: number): readonly Convex[] {
    const { parts } = this.floor;
    const home = parts.findIndex((part) => convexContains(part, x, y));
    if (home === -1) return parts.map((part) => clipConvex(cell, part)).filter(hasArea);
    const reached = new Set([home]);
    const pieces: Convex[] = [];
    // A set hands out what is added while it is walked through.
    for (const part of reached) {
      const piece = clipConvex(cell, parts[part] as Convex);
      if (!hasArea(piece)) continue;
      pieces.push(piece);
      for (const seam of this.seamsOfPart[part] ?? []) {
        const other = seam.a === part ? seam.b : seam.a;
        if (
          !reached.has(other) &&
          lengthInside(cell, seam.x0, seam.y0, seam.x1, seam.y1) > GAP_MIN_M
        )
          reached.add(other);
      }
    }
    return pieces;
  }
}

/** An area to measure Voronoi density in, made ready. */
export class VoronoiArea extends MeasuredArea {
  private readonly parts: readonly Convex[];

  constructor(polygon: Polygon, options?: AreaOptions) {
    super(polygon, options);
    this.parts = convexParts(polygon).parts;
  }

  private isApart(piece: Convex): boolean {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < piece.length; i += 2) {
      const x = piece[i] as number;
      const y = piece[i + 1] as number;
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < south) south = y;
      if (y > north) north = y;
    }
    return east <= this.minX || west >= this.maxX || north <= this.minY || south >= this.maxY;
  }

  /** How much of a person's cell lies in the area, m². */
  overlapM2(pieces: readonly Convex[]): number {
    let sum = 0;
    for (const piece of pieces) {
      if (this.isApart(piece)) continue;
      for (const part of this.parts) sum += convexArea(clipConvex(piece, part));
    }
    return sum;
  }
}

/**
 * Voronoi density ρ = Σᵢ |Vᵢ ∩ M| / |Vᵢ| / A(M), persons/m²: everybody counts by the share of their cell that lies in the
 * area M. Over an area that holds all cells its integral is the count of people.
 *
 * Source: Steffen and Seyfried, Physica A 389 (2010) 1902; PedPy, `compute_voronoi_density`.
 */
export function voronoiDensity(cells: VoronoiCells, area: VoronoiArea): number {
  let people = 0;
  cells.pieces.forEach((pieces, person) => {
    const own = (cells.areaM2[person] as number) * (cells.sharedBy[person] as number);
    if (own > 0) people += area.overlapM2(pieces) / own;
  });
  return people / area.areaM2;
}

/**
 * Voronoi speed v = Σᵢ vᵢ · |Vᵢ ∩ M| / A(M), m/s: the speed at each place is that of the person whose cell it lies in. Where
 * parts of the area belong to nobody they count as speed 0, so it is meant for cells that cover the area. People whose
 * speed is not known (NaN) do not enter.
 *
 * Source: PedPy, `compute_voronoi_speed`.
 * @param speeds m/s, in the order of the cells
 */
export function voronoiSpeed(cells: VoronoiCells, speeds: Float64Array, area: VoronoiArea): number {
  let sum = 0;
  cells.pieces.forEach((pieces, person) => {
    const speed = speeds[person] as number;
    if (Number.isNaN(speed)) return;
    sum += (speed * area.overlapM2(pieces)) / (cells.sharedBy[person] as number);
  });
  return sum / area.areaM2;
}

interface Spot {
  x: number;
  y: number;
  people: number[];
}

/** People by the spot they stand on. */
function spotsOf({ count, x, y }: Positions): Spot[] {
  const spots = new Map<string, Spot>();
  for (let i = 0; i < count; i++) {
    const cx = Math.round((x[i] as number) / QUANTUM_M);
    const cy = Math.round((y[i] as number) / QUANTUM_M);
    if (!Number.isFinite(cx) || !Number.isFinite(cy)) continue;
    const key = `${cx} ${cy}`;
    const spot = spots.get(key);
    if (spot === undefined) spots.set(key, { x: x[i] as number, y: y[i] as number, people: [i] });
    else {
      // In the middle of those on it, whoever came first.
      const others = spot.people.push(i) - 1;
      spot.x = (spot.x * others + (x[i] as number)) / (others + 1);
      spot.y = (spot.y * others + (y[i] as number)) / (others + 1);
    }
  }
  return [...spots.values()];
}

function nearerTo(cell: Convex, a: Spot, b: Spot): Convex {
  const nx = b.x - a.x;
  const ny = b.y - a.y;
  return clipHalfPlane(cell, nx, ny, (nx * (a.x + b.x) + ny * (a.y + b.y)) / 2);
}

function circle({ radiusM, segmentsPerQuarter }: CutOff): Convex {
  const corners = 4 * segmentsPerQuarter;
  return Array.from({ length: corners }, (_, i) => (2 * Math.PI * i) / corners).flatMap((angle) => [
    radiusM * Math.cos(angle),
    radiusM * Math.sin(angle),
  ]);
}

function around({ x, y }: Spot, corners: Convex): Convex {
  return corners.map((value, i) => value + (i % 2 === 0 ? x : y));
}

function hasArea(ring: Convex): boolean {
  return convexArea(ring) > PIECE_MIN_M2;
}
