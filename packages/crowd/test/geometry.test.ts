import { polygonContains } from '@hitonami/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { label, testPlan } from '../../../test/support/plans.js';
import { SiteGeometry } from '../src/index.js';

it('an area contains what its polygon contains, holes and edges included', () => {
  const star: [number, number][] = [
    [0, 0],
    [5, 2],
    [10, 0],
    [8, 5],
    [10, 10],
    [5, 8],
    [0, 10],
    [2, 5],
    [0, 0],
  ];
  const hole: [number, number][] = [
    [4, 4],
    [6, 4],
    [6, 6],
    [4, 6],
    [4, 4],
  ];
  const polygon = { type: 'Polygon', coordinates: [star, hole] };
  const plan = testPlan({
    areas: [{ id: 'star', floor: 'f1', name: label, kind: 'walkway', polygon }],
  });
  const area = new SiteGeometry(plan).areas[0];
  const millimetre = fc.integer({ min: -1_000, max: 11_000 });
  fc.assert(
    fc.property(millimetre, millimetre, (x, y) => {
      expect(area?.contains(x, y)).toBe(polygonContains([star, hole], x / 1000, y / 1000));
    }),
    { numRuns: 2_000 },
  );
});
