import { describe, expect, it } from 'vitest';
import { evaluateTracking, type IdentifiedBox } from '../src/index.js';

/** A box 10 wide and 10 high whose left edge is at x. */
const at = (id: number, x: number): IdentifiedBox => ({ id, box: [x, 0, x + 10, 10] });

const frames = (...list: IdentifiedBox[][]): Map<number, IdentifiedBox[]> =>
  new Map(list.map((boxes, i) => [i + 1, boxes]));

describe('evaluateTracking', () => {
  it('gives a perfect result full marks', () => {
    const truth = frames([at(1, 0), at(2, 50)], [at(1, 1), at(2, 51)]);
    const result = frames([at(7, 0), at(9, 50)], [at(7, 1), at(9, 51)]);
    expect(evaluateTracking(truth, result)).toEqual({
      frames: 2,
      truthBoxes: 4,
      resultBoxes: 4,
      truthTracks: 2,
      resultTracks: 2,
      truePositives: 4,
      falsePositives: 0,
      falseNegatives: 0,
      identitySwitches: 0,
      recall: 1,
      precision: 1,
      mota: 1,
      idf1: 1,
      hota: 1,
      detA: 1,
      assA: 1,
      countError: 0,
    });
  });

  it('counts who was missed and what was nobody: recall, precision, MOTA, count error', () => {
    const truth = frames([at(1, 0), at(2, 50)], [at(1, 0), at(2, 50)], [at(1, 0)], [at(1, 0)]);
    const result = frames([at(1, 0)], [at(1, 0), at(2, 50), at(3, 200)], [at(1, 0)], [at(1, 100)]);
    const e = evaluateTracking(truth, result);
    expect([e.truePositives, e.falsePositives, e.falseNegatives]).toEqual([4, 2, 2]);
    expect(e.recall).toBeCloseTo(4 / 6);
    expect(e.precision).toBeCloseTo(4 / 6);
    expect(e.mota).toBeCloseTo(1 - 4 / 6);
    // |1−2|, |3−2|, |1−1|, |1−1| over four frames.
    expect(e.countError).toBeCloseTo(2 / 4);
  });

  it('matches at an overlap of exactly the threshold, and not below it', () => {
    // Shifted by 5 of 15: IoU 1/3; a box of half the height: IoU 1/2.
    const half: IdentifiedBox = { id: 1, box: [0, 0, 10, 5] };
    expect(evaluateTracking(frames([at(1, 0)]), frames([half])).truePositives).toBe(1);
    expect(evaluateTracking(frames([at(1, 0)]), frames([at(1, 5)])).truePositives).toBe(0);
    const lower = evaluateTracking(frames([at(1, 0)]), frames([at(1, 5)]), { iou: 0.3 });
    expect(lower.truePositives).toBe(1);
  });

  it('counts a switch when someone is matched to another number than the last time, also after a gap', () => {
    const truth = frames([at(1, 0)], [at(1, 0)], [at(1, 0)], [at(1, 0)]);
    const result = frames([at(5, 0)], [at(5, 0)], [], [at(6, 0)]);
    const e = evaluateTracking(truth, result);
    expect(e.identitySwitches).toBe(1);
    expect(e.mota).toBeCloseTo(1 - (1 + 1) / 4);
    // Track 5 covers 2 of 4 frames and is the best single partner: 2·2 / (4 + 3).
    expect(e.idf1).toBeCloseTo(4 / 7);
  });

  it('counts two switches when two people swap numbers', () => {
    const truth = frames([at(1, 0), at(2, 50)], [at(1, 0), at(2, 50)]);
    const result = frames([at(1, 0), at(2, 50)], [at(2, 0), at(1, 50)]);
    const e = evaluateTracking(truth, result);
    expect(e.identitySwitches).toBe(2);
    expect(e.idf1).toBeCloseTo(0.5);
  });

  it('keeps the match of the frame before although another box overlaps more', () => {
    const truth = frames([at(1, 0)], [at(1, 0)]);
    const result = frames([at(5, 0)], [at(5, 3), at(6, 0)]);
    const e = evaluateTracking(truth, result);
    expect(e.identitySwitches).toBe(0);
    expect(e.falsePositives).toBe(1);
  });

  it('lets a better overlap win where nothing was matched in the frame before', () => {
    const truth = frames([at(1, 0)], [], [at(1, 0)]);
    const result = frames([at(5, 0)], [], [at(5, 3), at(6, 0)]);
    expect(evaluateTracking(truth, result).identitySwitches).toBe(1);
  });

  it('joins each track to one partner for the whole recording when it counts identities (IDF1)', () => {
    // One result track follows person 1 for three frames, then person 2 for two.
    const truth = frames([at(1, 0)], [at(1, 0)], [at(1, 0)], [at(2, 50)], [at(2, 50)]);
    const result = frames([at(9, 0)], [at(9, 0)], [at(9, 0)], [at(9, 50)], [at(9, 50)]);
    const e = evaluateTracking(truth, result);
    expect(e.identitySwitches).toBe(0);
    expect(e.idf1).toBeCloseTo((2 * 3) / 10);
  });

  it('leaves a figure undefined where there is nothing to divide by', () => {
    const e = evaluateTracking(new Map(), frames([at(1, 0)]));
    expect([e.recall, e.mota, e.precision, e.idf1]).toEqual([undefined, undefined, 0, 0]);
    expect(evaluateTracking(new Map(), new Map()).countError).toBeUndefined();
  });

  it('spreads the count error over the frames it is told of', () => {
    const e = evaluateTracking(new Map(), frames([at(1, 0)]), { frames: 4 });
    expect(e.countError).toBe(0.25);
  });

  it('refuses an identity that is twice in a frame, naming both', () => {
    expect(() => evaluateTracking(new Map(), frames([at(4, 0), at(4, 50)]))).toThrow(
      'result: identity 4 is twice in frame 1',
    );
  });
});
