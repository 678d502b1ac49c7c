import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testPlan } from '../../../test/support/plans.js';
import { SiteGeometry, startAtLine, stepAcrossLine, type BandVisit } from '../src/index.js';

// The line runs north from (5, 1) to (5, 9): its left is the west.
const line = new SiteGeometry(testPlan()).lines[0]!;

type Path = readonly (readonly [x: number, y: number])[];

/** Walks a path of points in metres. @returns passages west (forward) and east (backward) */
function walk(path: Path): { forward: number; backward: number } {
  const visits: BandVisit[] = [];
  const counted = { forward: 0, backward: 0 };
  path.forEach(([x, y], i) => {
    const before = path[i - 1];
    if (!before) startAtLine(line, visits, x * 1000, y * 1000);
    else {
      const passage = stepAcrossLine(
        line,
        visits,
        before[0] * 1000,
        before[1] * 1000,
        x * 1000,
        y * 1000,
      );
      if (passage !== 'none') counted[passage]++;
    }
  });
  return counted;
}

const at = (...xs: number[]): Path => xs.map((x) => [x, 5] as const);

describe('a count line', () => {
  it('counts a passage when the band of ±0.5 m has been left on the other side', () => {
    expect(walk(at(3, 4.6, 5.2))).toEqual({ forward: 0, backward: 0 });
    expect(walk(at(3, 4.6, 5.2, 5.6))).toEqual({ forward: 0, backward: 1 });
    expect(walk(at(7, 5.2, 4.2))).toEqual({ forward: 1, backward: 0 });
  });

  it('counts a step that jumps over the whole band', () => {
    expect(walk(at(3, 7))).toEqual({ forward: 0, backward: 1 });
  });

  it('counts nobody who loiters on it', () => {
    const loitering = Array.from({ length: 200 }, (_, i) => 5 + 0.45 * Math.sin(i));
    expect(walk(at(3, ...loitering, 3))).toEqual({ forward: 0, backward: 0 });
    expect(walk(at(3, ...loitering, 7))).toEqual({ forward: 0, backward: 1 });
  });

  it('counts nobody who turns back', () => {
    expect(walk(at(3, 4.8, 5.4, 4.8, 3))).toEqual({ forward: 0, backward: 0 });
  });

  it('counts nobody twice whose track wavers at the edge of the band', () => {
    expect(walk(at(3, 4.8, 5.55, 5.45, 5.6, 5.4, 5.7, 8))).toEqual({ forward: 0, backward: 1 });
  });

  it('is not inflated by a tracker that gives a new identity on it', () => {
    const before = walk(at(3, 4.8, 5.1));
    const after = walk(at(5.1, 5.4, 6));
    expect(before.backward + after.backward).toBe(0);
  });

  it('leaves out who goes around its end', () => {
    expect(
      walk([
        [3, 9.6],
        [4.9, 9.7],
        [5.2, 9.7],
        [7, 9.6],
      ]),
    ).toEqual({ forward: 0, backward: 0 });
  });

  it('where it spans the passage: in − out is the change of side, whatever way somebody takes', () => {
    const step = fc.tuple(
      fc.integer({ min: 0, max: 10_000 }).map((mm) => mm / 1000),
      fc.integer({ min: 1_001, max: 8_999 }).map((mm) => mm / 1000),
    );
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        fc.array(step, { maxLength: 40 }),
        (startsWest, endsWest, middle) => {
          const path: Path = [[startsWest ? 1 : 9, 5], ...middle, [endsWest ? 1 : 9, 5]];
          const { forward, backward } = walk(path);
          expect(backward - forward).toBe(Number(startsWest) - Number(endsWest));
        },
      ),
      { numRuns: 500 },
    );
  });
});
