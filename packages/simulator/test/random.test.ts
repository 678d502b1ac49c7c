import { describe, expect, it } from 'vitest';
import { Random } from '../src/index.js';

const draws = <T>(n: number, draw: () => T): T[] => Array.from({ length: n }, draw);
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('Random', () => {
  it('repeats itself from the same seed alone', () => {
    const from = (seed: number): number[] => {
      const random = new Random(seed);
      return draws(50, () => random.nextUint32());
    };
    expect(from(5)).toEqual(from(5));
    expect(from(5)).not.toEqual(from(6));
  });

  it('is even: each of the 32 bits is set half the time', () => {
    const random = new Random(11);
    const numbers = draws(20_000, () => random.nextUint32());
    for (let bit = 0; bit < 32; bit++) {
      const share = mean(numbers.map((n) => (n >>> bit) & 1));
      expect(Math.abs(share - 0.5)).toBeLessThan(0.02);
    }
  });

  it('draws exponentials, cut normals and weights as they are defined', () => {
    const random = new Random(2);
    expect(mean(draws(20_000, () => random.exponential()))).toBeCloseTo(1, 1);
    const speeds = draws(20_000, () => random.normal(1.34, 0.26, 0.6, 2.2));
    expect(mean(speeds)).toBeCloseTo(1.34, 1);
    expect(Math.min(...speeds)).toBeGreaterThanOrEqual(0.6);
    expect(Math.max(...speeds)).toBeLessThanOrEqual(2.2);
    const picks = draws(10_000, () => random.weighted([1, 0, 3]));
    expect(picks.includes(1)).toBe(false);
    expect(mean(picks.map((p) => (p === 2 ? 1 : 0)))).toBeCloseTo(0.75, 1);
  });
});
