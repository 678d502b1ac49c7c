import { HitonamiError } from '@hitonami/model';
import type { LonLat } from './anchored.js';

/** Where JIS X 0410 cuts Japan: degrees. */
const LATITUDES = [20, 46] as const;
const LONGITUDES = [122, 154] as const;
/** Sides of a third-level mesh cell, seconds of arc. */
const LAT_S = 30;
const LON_S = 45;

const A = 6_378_137;
const E2 = 0.006_694_379_990_14;

export function isInJapansMesh([longitude, latitude]: LonLat): boolean {
  return (
    latitude >= LATITUDES[0] &&
    latitude < LATITUDES[1] &&
    longitude >= LONGITUDES[0] &&
    longitude < LONGITUDES[1]
  );
}

/**
 * The third-level mesh cell (about 1 km) of JIS X 0410, eight digits: first level 40′ × 1°, second its eighths, third their tenths.
 *
 * @throws HitonamiError `INPUT` outside the grid
 */
export function thirdMeshOf(place: LonLat): string {
  if (!isInJapansMesh(place))
    throw new HitonamiError('INPUT', `${place.join(', ')} lies outside the grid of JIS X 0410`);
  // Whole cells of 30″ × 45″ from 0° N and 100° E; a hair is added, for 1e-7 degrees are what a coordinate can say.
  const row = Math.floor((place[1] * 3600 + 1e-6) / LAT_S);
  const column = Math.floor(((place[0] - 100) * 3600 + 1e-6) / LON_S);
  const digits = (cell: number): [number, number, number] => [
    Math.floor(cell / 80),
    Math.floor((cell % 80) / 10),
    cell % 10,
  ];
  const [p, q, r] = digits(row);
  const [u, v, w] = digits(column);
  return `${pair(p)}${pair(u)}${q}${v}${r}${w}`;
}

/** Area of a third-level mesh cell, m²: its sides on WGS 84 at its middle. */
export function meshAreaM2(code: string): number {
  const n = (at: number, length = 1): number => Number(code.slice(at, at + length));
  const row = n(0, 2) * 80 + n(4) * 10 + n(6);
  const latitude = (((row + 0.5) * LAT_S) / 3600) * (Math.PI / 180);
  const w2 = 1 - E2 * Math.sin(latitude) ** 2;
  const second = Math.PI / 180 / 3600;
  const northM = ((A * (1 - E2)) / w2 ** 1.5) * LAT_S * second;
  const eastM = (A / Math.sqrt(w2)) * Math.cos(latitude) * LON_S * second;
  return northM * eastM;
}

function pair(n: number): string {
  return String(n).padStart(2, '0');
}
