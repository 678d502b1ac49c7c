import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findSelfCrossing,
  polygonArea,
  polygonCentroid,
  polygonContains,
  windowStartUs,
  type Point,
} from '../src/index.js';

const square = [
  [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
    [0, 0],
  ],
] as const satisfies readonly (readonly Point[])[];
const withHole = [
  square[0],
  [
    [1, 1],
    [1, 3],
    [3, 3],
    [3, 1],
    [1, 1],
  ],
] as const satisfies readonly (readonly Point[])[];

describe('polygons', () => {
  it('have an area less their holes, whichever way the rings run', () => {
    expect(polygonArea(square)).toBe(16);
    expect(polygonArea(withHole)).toBe(12);
    expect(polygonArea([[...square[0]].reverse()])).toBe(16);
  });

  it('contain what is inside and not in a hole', () => {
    expect(polygonContains(withHole, 0.5, 0.5)).toBe(true);
    expect(polygonContains(withHole, 2, 2)).toBe(false);
    expect(polygonContains(withHole, 5, 2)).toBe(false);
    expect(polygonCentroid(square)).toEqual([2, 2]);
  });

  it('that share an edge share no point: whoever stands on it is in exactly one of them', () => {
    const left = [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ],
    ] as const;
    const right = [
      [
        [1, 0],
        [2, 0],
        [2, 1],
        [1, 1],
        [1, 0],
      ],
    ] as const;
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (y) => {
        expect(Number(polygonContains(left, 1, y)) + Number(polygonContains(right, 1, y))).toBe(1);
      }),
    );
  });

  it('cross themselves where two edges meet that are not neighbours', () => {
    expect(findSelfCrossing(square[0])).toBeUndefined();
    expect(
      findSelfCrossing([
        [0, 0],
        [4, 4],
        [4, 0],
        [0, 4],
        [0, 0],
      ]),
    ).toEqual([0, 2]);
  });
});

it('windows are aligned to 1970, also before it', () => {
  expect(windowStartUs(25, 10)).toBe(20);
  expect(windowStartUs(20, 10)).toBe(20);
  expect(windowStartUs(-1, 10)).toBe(-10);
});
