import { HitonamiError, polygonArea, polygonBox, type Point, type Polygon } from '@hitonami/model';

/** Nearer to an edge than this is on it, m. */
const ON_EDGE_M = 1e-9;

export interface AreaOptions {
  /**
   * Whether someone exactly on the border is inside. `shared`: of two areas with a common edge, one has them, so that
   * nobody is counted twice or not at all; the rule of `polygonContains` and of the site's areas. `outside`: nobody on the
   * border is inside, as in PedPy (shapely's `within`). Default `shared`.
   */
  border?: 'shared' | 'outside';
}

/**
 * A polygon in which something is measured, made ready to be asked about many points.
 * @throws HitonamiError `INPUT` where the polygon has no area
 */
export class MeasuredArea {
  readonly polygon: Polygon;
  /** Its size less its holes, m². */
  readonly areaM2: number;
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  /** x, y of one end and x, y of the other, of every edge. */
  private readonly edges: Float64Array;
  private readonly isBorderOutside: boolean;

  constructor(polygon: Polygon, { border = 'shared' }: AreaOptions = {}) {
    this.polygon = polygon;
    this.areaM2 = polygonArea(polygon);
    if (!(this.areaM2 > 0 && Number.isFinite(this.areaM2))) {
      throw new HitonamiError(
        'INPUT',
        `area to measure in: its polygon has ${this.areaM2} m²; give a closed ring (the last point equals the first) of finite metres`,
      );
    }
    const box = polygonBox(polygon);
    this.minX = box.minX;
    this.minY = box.minY;
    this.maxX = box.maxX;
    this.maxY = box.maxY;
    this.edges = Float64Array.from(
      polygon.flatMap((ring) =>
        ring.slice(1).flatMap(([x, y], i) => [x, y, ...(ring[i] as Point)]),
      ),
    );
    this.isBorderOutside = border === 'outside';
  }

  /** Whether a point lies inside; a position that is not a number is nowhere. */
  contains(x: number, y: number): boolean {
    if (!(x >= this.minX && x <= this.maxX && y >= this.minY && y <= this.maxY)) return false;
    const { edges } = this;
    let inside = false;
    for (let i = 0; i < edges.length; i += 4) {
      const yi = edges[i + 1] as number;
      const yj = edges[i + 3] as number;
      if (yi > y === yj > y) continue;
      const xi = edges[i] as number;
      if (x < (((edges[i + 2] as number) - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside && !(this.isBorderOutside && this.isOnEdge(x, y));
  }

  private isOnEdge(x: number, y: number): boolean {
    const { edges } = this;
    for (let i = 0; i < edges.length; i += 4) {
      const ax = edges[i] as number;
      const ay = edges[i + 1] as number;
      const dx = (edges[i + 2] as number) - ax;
      const dy = (edges[i + 3] as number) - ay;
      const t = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
      const nearest = Math.min(1, Math.max(0, t));
      if (Math.hypot(ax + nearest * dx - x, ay + nearest * dy - y) <= ON_EDGE_M) return true;
    }
    return false;
  }
}
