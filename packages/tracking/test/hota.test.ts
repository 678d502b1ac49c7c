import { describe, expect, it } from 'vitest';
import { evaluateTracking, type IdentifiedBox } from '../src/index.js';

/** A box 10 wide and 10 high whose left edge is at x. */
const at = (id: number, x: number): IdentifiedBox => ({ id, box: [x, 0, x + 10, 10] });
const frames = (...list: IdentifiedBox[][]): Map<number, IdentifiedBox[]> =>
  new Map(list.map((boxes, i) => [i + 1, boxes]));

/** Twelve frames of three people, and a result with a gap, a switch, a ghost and boxes that are a little off. */
function example(): [Map<number, IdentifiedBox[]>, Map<number, IdentifiedBox[]>] {
  const truth: IdentifiedBox[][] = [];
  const result: IdentifiedBox[][] = [];
  for (let f = 0; f < 12; f++) {
    const [a, b, c] = [f * 3, 100 - f * 4, 200];
    truth.push([at(1, a), at(2, b), ...(f >= 3 ? [at(3, c)] : [])]);
    const off = (f * 7) % 4;
    result.push([
      at(f < 7 ? 11 : 12, a + off),
      ...(f === 4 || f === 5 ? [] : [at(21, b - off / 2)]),
      ...(f >= 5 ? [at(f === 9 ? 12 : 31, c + 1)].filter(({ id }) => f < 7 || id !== 12) : []),
      ...(f === 2 ? [at(99, 400)] : []),
    ]);
  }
  return [frames(...truth), frames(...result)];
}

describe('HOTA', () => {
  it('agrees with TrackEval (1.3.0) on an example with a gap, a switch, a ghost and boxes a little off', () => {
    const e = evaluateTracking(...example());
    expect(e.hota).toBeCloseTo(TRACK_EVAL.hota, 6);
    expect(e.detA).toBeCloseTo(TRACK_EVAL.detA, 6);
    expect(e.assA).toBeCloseTo(TRACK_EVAL.assA, 6);
  });

  it('weighs finding and following alike: √(DetA · AssA)', () => {
    // Everybody is found exactly; one identity is cut into two halves: each TP's tracks share 2 of 4 frames.
    const truth = frames([at(1, 0)], [at(1, 0)], [at(1, 0)], [at(1, 0)]);
    const result = frames([at(5, 0)], [at(5, 0)], [at(6, 0)], [at(6, 0)]);
    const e = evaluateTracking(truth, result);
    expect([e.detA, e.assA]).toEqual([1, 0.5]);
    expect(e.hota).toBeCloseTo(Math.SQRT1_2);
  });

  it('takes a box that is half off at the thresholds that it reaches, and at no other', () => {
    // Shifted by 2.5 of 12.5: an overlap of exactly 0.6, which 12 of the 19 thresholds do not exceed.
    const e = evaluateTracking(frames([at(1, 0)]), frames([at(1, 2.5)]));
    expect(e.hota).toBeCloseTo(12 / 19);
  });

  it('joins by the whole recording: an identity that fits on the whole wins a frame against a better overlap', () => {
    const own = [[at(1, 0)], [at(1, 0)], [at(1, 0)], [at(1, 0)]];
    const result = frames([at(5, 0)], [at(5, 0)], [at(5, 1), at(6, 0)], [at(5, 0)]);
    // In the third frame the truth is joined to 5 (overlap 9/11, below the last three thresholds), and 6 is always false.
    const e = evaluateTracking(frames(...own), result);
    const reached = 16 / 19;
    const detA = reached * (4 / 5) + (1 - reached) * (3 / 6);
    expect(e.detA).toBeCloseTo(detA);
  });

  it('is undefined where neither side has anybody, and 0 where one has', () => {
    expect(evaluateTracking(new Map(), new Map()).hota).toBeUndefined();
    expect(evaluateTracking(frames([at(1, 0)]), new Map()).hota).toBe(0);
    expect(evaluateTracking(new Map(), frames([at(1, 0)])).hota).toBe(0);
  });
});

/** Printed by TrackEval for the same boxes. */
const TRACK_EVAL = { hota: 0.5953066764591398, detA: 0.6394061942945763, assA: 0.5570446781031146 };
