import { describe, expect, it } from 'vitest';
import { Disagreements } from '../src/hand-over/disagreements.js';
import type { PlaceCovariance } from '../src/hand-over/place-error.js';

// Two cameras put the same people at places that are apart: when one of them was probably moved, and when not.

const WINDOW_US = 10_000_000;
/** Both are sure of their places to 0.2 m; and one of them to 0.9 m along x, which is its line of sight. */
const SURE: PlaceCovariance = [0.04, 0, 0.04];
const FLAT: PlaceCovariance = [0.81, 0, 0.04];

/** So many people in each of some windows, each seen `times`, put `dx`, `dy` apart (mm), with an even scatter of 100 mm. */
function moved({
  dx,
  dy,
  cov,
  people,
  times,
}: {
  dx: number;
  dy: number;
  cov: PlaceCovariance;
  people: number;
  times: number;
}): boolean {
  const pairs = new Disagreements(2);
  for (let window = 0; window < 4; window++) {
    for (let person = 0; person < people; person++)
      for (let look = 0; look < times; look++) {
        const off = 100 * (((person + look) % 3) - 1);
        pairs.note(0, 1, dx + off, dy - off, cov, people === 1 ? 7 : 100 * window + person);
      }
    pairs.judge((window + 1) * WINDOW_US);
  }
  return (pairs.movedSinceUs[0] ?? 0) > 0;
}

describe('two cameras that put the same people at different places', () => {
  it('disagree where everybody is 0.8 m off: one of them was probably moved', () => {
    expect(moved({ dx: 800, dy: 0, cov: SURE, people: 10, times: 2 })).toBe(true);
    expect(moved({ dx: 0, dy: 800, cov: FLAT, people: 10, times: 2 })).toBe(true);
  });

  it('agree where they are 0.2 m off, and where chance alone makes it', () => {
    expect(moved({ dx: 200, dy: 0, cov: SURE, people: 10, times: 2 })).toBe(false);
  });

  it('agree where a detector’s feet err along the line of sight as far as is expected of them', () => {
    expect(moved({ dx: 800, dy: 0, cov: FLAT, people: 10, times: 2 })).toBe(false);
  });

  it('are not judged by one person who stands there for minutes, who may be another in each', () => {
    expect(moved({ dx: 800, dy: 0, cov: SURE, people: 1, times: 40 })).toBe(false);
  });
});
