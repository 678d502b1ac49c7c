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

it('places are judged where the product puts them: at the foot point that the model gives, else under the box', () => {
  const box = { count: 1, boxes: Float32Array.of(10, 10, 30, 60), scores: Float32Array.of(0.9) };
  const found = { ...nobody, ...box, kinds: new Uint8Array(1) };
  // A metre is 100 pixels, north is up.
  const above = FloorProjection.from({ homography: [0.01, 0, 0, 0, -0.01, 1, 0, 0, 1] });
  // Of a frame that is not judged: they make the rectangle around the truth 1 m × 0.8 m.
  const corners = [
    { ...person, frame: 2, x: 0, y: 0.2 },
    { ...person, frame: 2, id: 2, x: 1, y: 1 },
  ];
  const by = (feet?: Float32Array) => {
    const frames = [{ ...found, ...(feet && { feet }) }];
    const observed = { threshold: 0.5, frames, modelName: 'm', footSd: FOOT_SD_DEFAULT };
    return judge(observed, [{ ...person, x: 0.2, y: 0.3 }, ...corners], 10, above);
  };
  expect(by(Float32Array.of(20, 70)).positionErrorM).toBeCloseTo(0, 6);
  expect(by(Float32Array.of(20, 70)).densityErrorShare).toBe(0);
  expect(by().positionErrorM).toBeCloseTo(0.1, 6);
  // A foot point outside the rectangle around the truth is nobody inside it.
  expect(by(Float32Array.of(20, 90)).densityErrorShare).toBe(1);
});
