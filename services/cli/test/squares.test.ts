import { polygonArea, polygonContains } from '@hitonami/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rectangle } from '../../../test/support/plans.js';
import { squaresOf } from '../src/squares.js';

it('floor is looked at in squares of a quarter of a metre, and kilometres of it in no more than 200 each way', () => {
  const side = fc.double({ min: 2, max: 20_000, noNaN: true });
  fc.assert(
    fc.property(side, side, (width, length) => {
      const { coordinates } = rectangle(0, 0, width, length);
      const middles = [...squaresOf(coordinates)];
      expect(middles.length).toBeLessThanOrEqual(200 * 200);
      expect(middles.every(([x, y]) => polygonContains(coordinates, x, y))).toBe(true);
      const stepM = Math.max(0.25, width / 200, length / 200);
      const squares = polygonArea(coordinates) / stepM ** 2;
      // A square that is cut at an edge counts as a whole or not at all.
      expect(Math.abs(middles.length - squares)).toBeLessThanOrEqual((width + length) / stepM);
    }),
    { numRuns: 50 },
  );
});
