import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePeople, GLIDE_MAX_S, glideS, isMoving } from '../src/live/people.js';

/** As the contract says it: uint16 x, uint16 y, int8 vx, int8 vy, uint8 floor, uint8 kind, little endian. */
function encoded(
  people: readonly (readonly [number, number, number, number, number, number])[],
): string {
  const bytes = new DataView(new ArrayBuffer(people.length * 8));
  people.forEach(([x, y, vx, vy, floor, kind], i) => {
    bytes.setUint16(i * 8, x, true);
    bytes.setUint16(i * 8 + 2, y, true);
    bytes.setInt8(i * 8 + 4, vx);
    bytes.setInt8(i * 8 + 5, vy);
    bytes.setUint8(i * 8 + 6, floor);
    bytes.setUint8(i * 8 + 7, kind);
  });
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)));
}

describe('the people of a snapshot', () => {
  it('are read in metres from the origin and in metres per second', () => {
    const people = decodePeople(encoded([[200, 65_535, -12, 127, 1, 5]]), [-50, 100]);
    expect(people.count).toBe(1);
    expect(people.x[0]).toBeCloseTo(-40);
    expect(people.y[0]).toBeCloseTo(100 + 3_276.75, 2);
    expect(people.vx[0]).toBeCloseTo(-1.2);
    expect(people.vy[0]).toBeCloseTo(12.7);
    expect([people.floor[0], people.kind[0]]).toEqual([1, 5]);
  });

  it('come back whatever they were', () => {
    const person = fc.tuple(
      fc.nat(65_535),
      fc.nat(65_535),
      fc.integer({ min: -128, max: 127 }),
      fc.integer({ min: -128, max: 127 }),
      fc.nat(255),
      fc.nat(6),
    );
    fc.assert(
      fc.property(fc.array(person, { maxLength: 50 }), (given) => {
        const people = decodePeople(encoded(given), [0, 0]);
        const read = given.map((_, i) => [
          Math.round((people.x[i] ?? 0) / 0.05),
          Math.round((people.y[i] ?? 0) / 0.05),
          Math.round((people.vx[i] ?? 0) / 0.1),
          Math.round((people.vy[i] ?? 0) / 0.1),
          people.floor[i],
          people.kind[i],
        ]);
        expect(read).toEqual(given);
      }),
      { numRuns: 50 },
    );
  });

  it('are refused where one is cut off or the text is no base64', () => {
    expect(() => decodePeople(btoa('twelve bytes'), [0, 0])).toThrow(RangeError);
    expect(() => decodePeople('*', [0, 0])).toThrow(RangeError);
  });

  it('are nobody where nothing is seen', () => {
    expect(decodePeople('', [0, 0]).count).toBe(0);
  });
});

describe('between two pictures', () => {
  it('an icon is moved on by its velocity, for half a second at most', () => {
    expect(glideS(0)).toBe(0);
    expect(glideS(200)).toBeCloseTo(0.2);
    expect(glideS(60_000)).toBe(GLIDE_MAX_S);
    expect(glideS(-5)).toBe(0);
  });

  it('who is slower than 0.2 m/s stands still', () => {
    expect(isMoving(0.1, 0.1)).toBe(false);
    expect(isMoving(0.2, 0)).toBe(true);
    expect(isMoving(-0.15, -0.15)).toBe(true);
  });
});
