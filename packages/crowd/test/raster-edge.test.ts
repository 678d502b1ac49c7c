import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rectangle, testPlan } from '../../../test/support/plans.js';
import { SiteGeometry } from '../src/index.js';
import { cellAt } from '../src/raster.js';

it('the edge of sight is within a metre of floor that no camera sees, also around a hole in the middle', () => {
  const hole = rectangle(4, 4, 6, 6).coordinates[0] ?? [];
  const coverage = {
    type: 'Polygon',
    coordinates: [...rectangle(0, 0, 10, 10).coordinates, hole],
  };
  const floor = new SiteGeometry(
    testPlan({ lines: [], cameras: [{ id: 'a', floor: 'f1', coverage }] }),
  ).floors[0];
  const millimetre = fc.integer({ min: -500, max: 10_500 });
  fc.assert(
    fc.property(millimetre, millimetre, (x, y) => {
      const [toWall, toHole] = [
        Math.min(x, y, 10_000 - x, 10_000 - y),
        Math.max(4_000 - x, x - 6_000, 4_000 - y, y - 6_000),
      ];
      const unseenMm = Math.min(toWall, toHole);
      // Cells of 0.25 m are at the edge as a whole or not at all.
      fc.pre(Math.abs(unseenMm - 1_000) > 300);
      expect(floor && cellAt(floor, x, y).edge).toBe(unseenMm < 1_000);
    }),
    { numRuns: 1_000 },
  );
});

it('two coverages that meet have no edge between them', () => {
  const cameras = [0, 5].map((x, i) => ({
    ...{ id: `camera-${String(i)}`, floor: 'f1' },
    coverage: rectangle(x, 0, x + 5, 10),
  }));
  const floor = new SiteGeometry(testPlan({ lines: [], cameras })).floors[0];
  expect(floor && cellAt(floor, 5_000, 5_000).edge).toBe(false);
  expect(floor && cellAt(floor, 500, 5_000).edge).toBe(true);
});
