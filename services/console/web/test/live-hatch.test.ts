import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hatch, without } from '../src/live/hatch.js';

type Ring = [number, number][];
const box = (x: number, y: number, w: number, h: number): Ring[] => [
  [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
  ],
];
const lengthOf = (segments: ReturnType<typeof hatch>) =>
  segments.reduce((sum, { x1, y1, x2, y2 }) => sum + Math.hypot(x2 - x1, y2 - y1), 0);

describe('hatching of what no camera sees', () => {
  it('covers the whole of an area without a camera: length times spacing is its area', () => {
    const segments = hatch(box(0, 0, 20, 10), [], 0.1);
    expect(lengthOf(segments) * 0.1).toBeCloseTo(200, 0);
  });

  it('leaves out what cameras see, also where two overlap', () => {
    const seen = [box(0, 0, 12, 10), box(8, 0, 7, 10)];
    const segments = hatch(box(0, 0, 20, 10), seen, 0.1);
    expect(lengthOf(segments) * 0.1).toBeCloseTo(50, 0);
    expect(segments.every(({ x1, x2 }) => x1 >= 15 - 1e-9 && x2 <= 20 + 1e-9)).toBe(true);
  });

  it('is nothing where everything is seen', () => {
    expect(hatch(box(0, 0, 20, 10), [box(-1, -1, 30, 30)], 0.5)).toEqual([]);
  });

  it('keeps out of holes', () => {
    const withHole = [...box(0, 0, 10, 10), ...box(2, 2, 6, 6)];
    expect(lengthOf(hatch(withHole, [], 0.1)) * 0.1).toBeCloseTo(64, 0);
  });

  it('taking intervals away leaves exactly the rest', () => {
    const intervals = fc
      .uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 8 })
      .map((ends) => ends.sort((a, b) => a - b).slice(0, ends.length - (ends.length % 2)));
    const holds = (list: readonly number[], x: number) =>
      list.some((from, i) => i % 2 === 0 && from < x && x < (list[i + 1] ?? 0));
    fc.assert(
      fc.property(intervals, intervals, (given, taken) => {
        const left = without(given, taken);
        for (let x = 0.5; x < 40; x += 1)
          expect(holds(left, x)).toBe(holds(given, x) && !holds(taken, x));
      }),
      { numRuns: 100 },
    );
  });
});
