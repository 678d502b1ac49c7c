import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lens } from '../src/camera/lens.js';

const coefficients = fc.record({
  k1: fc.double({ min: -0.45, max: 0.2, noNaN: true }),
  k2: fc.double({ min: -0.05, max: 0.15, noNaN: true }),
  k3: fc.double({ min: -0.02, max: 0.02, noNaN: true }),
  p1: fc.double({ min: -0.003, max: 0.003, noNaN: true }),
  p2: fc.double({ min: -0.003, max: 0.003, noNaN: true }),
});

describe('a lens', () => {
  it('never folds the world back into the picture: what is farther out is shown farther out', () => {
    fc.assert(
      fc.property(coefficients, fc.double({ min: 0, max: 6.28, noNaN: true }), (own, angle) => {
        const lens = new Lens({ ...own, p1: 0, p2: 0 });
        let before = -1;
        for (let radius = 0; radius < 8; radius += 0.05) {
          lens.distort(radius * Math.cos(angle), radius * Math.sin(angle));
          const shown = Math.hypot(lens.x, lens.y);
          expect(shown).toBeGreaterThan(before);
          before = shown;
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is inverted to a thousandth of a pixel where its model holds', () => {
    fc.assert(
      fc.property(
        coefficients,
        fc.double({ min: -0.4, max: 0.4, noNaN: true }),
        fc.double({ min: -0.4, max: 0.4, noNaN: true }),
        (own, x, y) => {
          const lens = new Lens(own);
          lens.distort(x, y);
          lens.undistort(lens.x, lens.y);
          expect(Math.hypot(lens.x - x, lens.y - y)).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 100 },
    );
  });
});
