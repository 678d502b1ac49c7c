import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDayOffInJapan } from '../src/earth/holidays.js';
import { meshAreaM2 } from '../src/earth/mesh.js';
import { AnchoredPlane, thirdMeshOf } from '../src/index.js';

/** Great-circle distance on the sphere of the earth's mean radius, m: within 0.6 % of the ellipsoid. */
function distanceM(
  [lon0, lat0]: readonly [number, number],
  [lon1, lat1]: readonly [number, number],
): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((lat1 - lat0) * rad) / 2) ** 2 +
    Math.cos(lat0 * rad) * Math.cos(lat1 * rad) * Math.sin(((lon1 - lon0) * rad) / 2) ** 2;
  return 2 * 6_371_009 * Math.asin(Math.sqrt(h));
}

describe('a floor’s plane on the earth', () => {
  const anchor = { longitude: 139.767125, latitude: 35.681236, bearingDeg: 0 };

  it('has its origin at the anchor, y to the north, x to the east', () => {
    const plane = new AnchoredPlane(anchor);
    expect(plane.toEarth([0, 0])).toEqual([139.767125, 35.681236]);
    const [lonN, latN] = plane.toEarth([0, 100]);
    expect(lonN).toBeCloseTo(anchor.longitude, 7);
    // A degree of latitude at 35.68° N is 110,952 m, one of longitude 90,519 m (WGS 84).
    expect((latN - anchor.latitude) * 110_952).toBeCloseTo(100, 1);
    const [lonE, latE] = plane.toEarth([100, 0]);
    expect((lonE - anchor.longitude) * 90_519).toBeCloseTo(100, 1);
    expect(latE).toBeCloseTo(anchor.latitude, 6);
  });

  it('turns with the bearing, clockwise from north', () => {
    const [lon, lat] = new AnchoredPlane({ ...anchor, bearingDeg: 90 }).toEarth([0, 100]);
    expect((lon - anchor.longitude) * 90_519).toBeCloseTo(100, 1);
    expect(lat).toBeCloseTo(anchor.latitude, 6);
  });

  it('keeps distances, anywhere on the earth and however it is turned', () => {
    const metres = fc.double({ min: -2_000, max: 2_000, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: -179, max: 179, noNaN: true }),
        fc.double({ min: -80, max: 80, noNaN: true }),
        fc.double({ min: -360, max: 360, noNaN: true }),
        metres,
        metres,
        (longitude, latitude, bearingDeg, x, y) => {
          const plane = new AnchoredPlane({ longitude, latitude, bearingDeg });
          const m = distanceM(plane.toEarth([0, 0]), plane.toEarth([x, y]));
          expect(Math.abs(m - Math.hypot(x, y))).toBeLessThan(0.01 * Math.hypot(x, y) + 0.05);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('gives rings as RFC 7946 wants them, however they were drawn', () => {
    const clockwise = [
      [0, 0],
      [0, 10],
      [10, 10],
      [10, 0],
      [0, 0],
    ] as [number, number][];
    const hole = [
      [2, 2],
      [4, 2],
      [4, 4],
      [2, 4],
      [2, 2],
    ] as [number, number][];
    const [outer, inner] = new AnchoredPlane(anchor).polygonToEarth([clockwise, hole]);
    const twice = (ring: readonly (readonly [number, number])[] = []): number =>
      ring
        .slice(1)
        .reduce(
          (sum, [x, y], i) =>
            sum + ((ring[i]?.[0] ?? 0) - 139) * (y - 35) - (x - 139) * ((ring[i]?.[1] ?? 0) - 35),
          0,
        );
    expect(twice(outer)).toBeGreaterThan(0);
    expect(twice(inner)).toBeLessThan(0);
    expect(outer?.at(0)).toEqual(outer?.at(-1));
  });
});

describe('the third-level mesh of JIS X 0410', () => {
  it.each([
    ['Tokyo station', 139.767125, 35.681236, '53394611'],
    // Published examples: the first cell of a first-level mesh, and its last.
    ['a corner', 139, 35 + 1 / 3, '53390000'],
    ['the cell before it', 139 - 1e-6, 35 + 1 / 3 - 1e-6, '52387799'],
    ['Osaka station', 135.495951, 34.702485, '52350349'],
    // The ministry's own file has 52365787 in Chikusa ward of Nagoya, where the zoo is.
    ['Higashiyama zoo', 136.974, 35.157, '52365787'],
  ])('%s', (_, longitude, latitude, code) => {
    expect(thirdMeshOf([longitude, latitude])).toBe(code);
  });

  it('has cells of about a square kilometre, and none outside Japan', () => {
    expect(meshAreaM2('53394611') / 1e6).toBeCloseTo(1.046, 2);
    expect(() => thirdMeshOf([2.35, 48.86])).toThrow('outside the grid');
  });
});

describe('days off in Japan', () => {
  it('of 2026 are its weekends and the days of the Cabinet Office’s list', () => {
    const named: string[] = [];
    for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 86_400_000) {
      const date = new Date(ms);
      const day = date.toISOString().slice(0, 10);
      const isWeekend = [0, 6].includes(date.getUTCDay());
      if (isWeekend) expect(isDayOffInJapan(day)).toBe(true);
      else if (isDayOffInJapan(day) === true) named.push(day.slice(5));
    }
    // Without 3 May, a Sunday (6 May instead of it); 22 September lies between two holidays.
    expect(named.join(' ')).toBe(
      '01-01 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23',
    );
    expect(isDayOffInJapan('2021-07-22')).toBeUndefined();
  });
});
