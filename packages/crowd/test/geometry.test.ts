import { polygonContains } from '@hitonami/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { label, rectangle, testPlan } from '../../../test/support/plans.js';
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

it('a cell is owned by the camera that looks least flat at it, high ones reaching further', () => {
  const coverage = rectangle(0, 0, 10, 10);
  const cameras = [
    { id: 'low', floor: 'f1', coverage, position: { x: 0, y: 5, heightM: 3 } },
    { id: 'high', floor: 'f1', coverage, position: { x: 10, y: 5, heightM: 6 } },
  ];
  const shares = (plan: Parameters<typeof testPlan>[0]): number[] =>
    new SiteGeometry(testPlan(plan)).cameras.map(({ areas, sharesDm2 }) => {
      const at = areas.indexOf(0);
      return at < 0 ? 0 : (sharesDm2[at] ?? 0) / 10_000;
    });
  // Along the middle the border is where x ÷ 3 = (10 − x) ÷ 6, at 3.3 m; off it, a circle around the low one.
  const [low = 0, high = 0] = shares({ cameras });
  expect(low + high).toBeCloseTo(1, 3);
  expect(low).toBeGreaterThan(0.25);
  expect(low).toBeLessThan(0.37);
  // Where the plan does not say where they hang, it is the middle of what they see: the first of two that are equal.
  expect(shares({ cameras: cameras.map(({ id, floor }) => ({ id, floor, coverage })) })).toEqual([
    1, 0,
  ]);
});
