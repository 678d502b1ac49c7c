import type { SitePlan } from '@hitonami/model';
import { AnchoredPlane } from '@hitonami/releases';

/** West, south, east and north, degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/** 1e-5 degrees is about a metre. */
const DIGITS = 1e5;

/** What is around all areas and lines. */
export function boxAround({ anchor, areas, lines }: SitePlan): Box {
  const plane = new AnchoredPlane(anchor);
  const points = [
    ...areas.flatMap(({ polygon }) => polygon.coordinates.flat()),
    ...lines.flatMap(({ line }) => line.coordinates),
    [0, 0] as const,
  ];
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const point of points) {
    const [longitude, latitude] = plane.toEarth(point);
    [west, east] = [Math.min(west, longitude), Math.max(east, longitude)];
    [south, north] = [Math.min(south, latitude), Math.max(north, latitude)];
  }
  return [down(west), down(south), up(east), up(north)];
}

const down = (degrees: number): number => Math.floor(degrees * DIGITS) / DIGITS;
const up = (degrees: number): number => Math.ceil(degrees * DIGITS) / DIGITS;

/** The corners, closed and counter-clockwise, longitude first. */
export function cornersOf([west, south, east, north]: Box): (readonly [number, number])[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}
