import type { Point, Polygon, Ring, SitePlan } from '@hitonami/model';
import { ringArea } from '@hitonami/model';

/** Longitude and latitude on WGS 84, degrees, in GeoJSON's order. */
export type LonLat = readonly [longitude: number, latitude: number];

/** WGS 84: half the larger axis, m, and the square of the eccentricity. */
const A = 6_378_137;
const F = 1 / 298.257_223_563;
const E2 = F * (2 - F);
/** 1e-7 degrees is about a centimetre. */
const DIGITS = 1e7;

/**
 * From a floor's plane to the earth: the plane touches the ellipsoid at the plan's anchor, turned by its bearing; points go from
 * it to the ellipsoid straight down (earth-centred coordinates, then Bowring's formula for the latitude).
 */
export class AnchoredPlane {
  readonly #anchor: SitePlan['anchor'];
  readonly #origin: readonly [number, number, number];
  readonly #sin: { lat: number; lon: number; bearing: number };
  readonly #cos: { lat: number; lon: number; bearing: number };

  constructor(anchor: SitePlan['anchor']) {
    this.#anchor = anchor;
    const angles = {
      lat: radians(anchor.latitude),
      lon: radians(anchor.longitude),
      bearing: radians(anchor.bearingDeg),
    };
    this.#sin = each(angles, Math.sin);
    this.#cos = each(angles, Math.cos);
    const n = A / Math.sqrt(1 - E2 * this.#sin.lat ** 2);
    this.#origin = [
      n * this.#cos.lat * this.#cos.lon,
      n * this.#cos.lat * this.#sin.lon,
      n * (1 - E2) * this.#sin.lat,
    ];
  }

  /** @param point metres on the floor */
  toEarth([x, y]: Point): LonLat {
    const { lat: sLat, lon: sLon, bearing: sB } = this.#sin;
    const { lat: cLat, lon: cLon, bearing: cB } = this.#cos;
    // The plane's y axis is turned clockwise from north.
    const east = x * cB + y * sB;
    const north = y * cB - x * sB;
    const px = this.#origin[0] - sLon * east - sLat * cLon * north;
    const py = this.#origin[1] + cLon * east - sLat * sLon * north;
    const pz = this.#origin[2] + cLat * north;
    const b = A * (1 - F);
    const p = Math.hypot(px, py);
    const t = Math.atan2(pz * A, p * b);
    const latitude = Math.atan2(
      pz + ((A * A - b * b) / b) * Math.sin(t) ** 3,
      p - E2 * A * Math.cos(t) ** 3,
    );
    const longitude = Math.atan2(py, px);
    return [degrees(longitude), degrees(latitude)];
  }

  /** Rings as RFC 7946 wants them: the outer one counter-clockwise, holes clockwise, closed. */
  polygonToEarth(polygon: Polygon): LonLat[][] {
    return polygon.map((ring, i) => this.#ring(ring, i === 0));
  }

  get anchor(): SitePlan['anchor'] {
    return this.#anchor;
  }

  #ring(ring: Ring, isOuter: boolean): LonLat[] {
    const points = ring.map((point) => this.toEarth(point));
    return ringArea(ring) > 0 === isOuter ? points : points.reverse();
  }
}

const radians = (deg: number): number => (deg * Math.PI) / 180;
const degrees = (rad: number): number => Math.round(((rad * 180) / Math.PI) * DIGITS) / DIGITS;

function each<K extends string>(
  of: Record<K, number>,
  what: (value: number) => number,
): Record<K, number> {
  return Object.fromEntries(
    Object.entries<number>(of).map(([key, value]) => [key, what(value)]),
  ) as Record<K, number>;
}
