import { polygonCentroid, polygonContains, type Point, type Polygon } from '@hitonami/model';
import type { AnchoredPlane, LonLat } from '../earth/anchored.js';
import type { Place } from '../tables/places.js';

export type Geometry =
  { type: 'Polygon'; coordinates: LonLat[][] } | { type: 'LineString'; coordinates: LonLat[] };

/** The outline of one place, or the way over several, as GeoJSON; null where it is the whole, which lies nowhere. */
export function geometryOf(places: readonly Place[], plane: AnchoredPlane): Geometry | null {
  const [first] = places;
  if (first === undefined) return null;
  if (places.length > 1)
    return {
      type: 'LineString',
      coordinates: places.map((place) => plane.toEarth(middleOf(place))),
    };
  return 'polygon' in first.outline
    ? { type: 'Polygon', coordinates: plane.polygonToEarth(first.outline.polygon) }
    : { type: 'LineString', coordinates: first.outline.line.map((point) => plane.toEarth(point)) };
}

/** Its centroid; of an area around a corner, whose centroid lies outside, its first corner. */
function middleOf({ outline }: Place): Point {
  if ('line' in outline) {
    const [[x0, y0], [x1, y1]] = outline.line;
    return [(x0 + x1) / 2, (y0 + y1) / 2];
  }
  return insideOf(outline.polygon);
}

export function insideOf(polygon: Polygon): Point {
  const centroid = polygonCentroid(polygon);
  if (polygonContains(polygon, centroid[0], centroid[1])) return centroid;
  return polygon[0]?.[0] ?? centroid;
}
