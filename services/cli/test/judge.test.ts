import { FloorProjection, FOOT_SD_DEFAULT } from '@hitonami/vision';
import { expect, it } from 'vitest';
import { judge } from '../src/evaluate/judge.js';

const projection = FloorProjection.from({ homography: [0.01, 0, 0, 0, 0.01, 0, 0, 0, 1] });
const nobody = {
  width: 640,
  height: 480,
  count: 0,
  boxes: new Float32Array(),
  scores: new Float32Array(),
  kinds: new Uint8Array(),
  saturation: 0,
  sight: 'clear' as const,
  timing: { queuedMs: 0, decodedMs: 0, inferredMs: 0, totalMs: 0 },
};
const person = {
  ...{ frame: 1, id: 1, left: 10, top: 10, width: 20, height: 50, confidence: 1 },
  ...{ x: 2, y: 3, z: -1 },
};

it('a figure that there is nothing to measure by is undefined, and absent in JSON', () => {
  const observed = { threshold: 0.5, frames: [nobody], modelName: 'm', footSd: FOOT_SD_DEFAULT };
  // One person is missed: nothing is matched, and the rectangle around a single place has no area.
  const judgement = judge(observed, [person], 10, projection);
  expect(judgement).toMatchObject({ recall: 0, countError: 1, densityErrorShare: 1 });
  expect(judgement.positionErrorM).toBeUndefined();
  expect(judgement.densityError).toBeUndefined();
  expect(JSON.stringify(judgement)).not.toMatch(/null|positionErrorM|densityError"/);
});
