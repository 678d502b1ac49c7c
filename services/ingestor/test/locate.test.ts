import { type Detections, FloorProjection, FOOT_SD_DEFAULT } from '@hitonami/vision';
import { describe, expect, it } from 'vitest';
import { locate } from '../src/locate.js';

/** 100 pixels a metre, seen from straight above; y north. */
const projection = FloorProjection.from({
  homography: [0.01, 0, 0, 0, -0.01, 4.8, 0, 0, 1],
});

const detections: Detections = {
  width: 640,
  height: 480,
  count: 2,
  boxes: Float32Array.from([100, 100, 140, 200, 300, 300, 340, 480]),
  scores: Float32Array.from([0.9, 0.8]),
  kinds: new Uint8Array(2),
  saturation: 0,
  sight: 'clear',
  timing: { queuedMs: 0, decodedMs: 0, inferredMs: 0, totalMs: 0 },
};

const placesOf = (found: Detections): number[][] =>
  locate(found, projection, FOOT_SD_DEFAULT).map(({ x, y }) =>
    [x, y].map((m) => Math.round(m * 100) / 100),
  );

describe('where a detection stands on the floor', () => {
  it('is as uncertain as the model’s feet are: across and up apart', () => {
    const spread = (across: number, up: number): number[] => {
      const [first] = locate(detections, projection, [across, up]);
      const [xx, , yy] = first?.cov ?? [0, 0, 0];
      return [Math.sqrt(xx), Math.sqrt(yy)].map((m) => Math.round(m * 1000) / 1000);
    };
    // A box of 100 pixels is one metre high on this floor.
    expect(spread(0.05, 0.11)).toEqual([0.05, 0.11]);
    expect(spread(0.03, 0.03)).toEqual([0.03, 0.03]);
  });

  it('is the middle of its box’s lower side', () => {
    expect(placesOf(detections)).toEqual([
      [1.2, 2.8],
      [3.2, 0],
    ]);
  });

  it('is the foot point where the model gives one, also below the picture', () => {
    const feet = Float32Array.from([130, 190, 320, 500]);
    expect(placesOf({ ...detections, feet })).toEqual([
      [1.3, 2.9],
      [3.2, -0.2],
    ]);
  });
});
