import { drawCheckPicture, inspectModel, measureModel, startInferencePool } from '@hitonami/vision';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import type { Preprocessing } from '../src/detectors/family.js';
import { bareInputs } from '../src/inspect/bare-input.js';
import {
  ELEMENT_FLOAT32,
  ELEMENT_INT64,
  ELEMENT_UINT8,
  float32Tensor,
  intAttribute,
  node,
  tensorAttribute,
  tensorInfo,
} from '../src/onnx/messages.js';
import { PICTURE_INPUT, withPrologue } from '../src/onnx/prologue.js';
import { readSignature } from '../src/onnx/signature.js';
import { brightnessDetector, modelFolder, onnxFile } from './tiny-model.js';

const folder = modelFolder();
afterAll(() => {
  folder.remove();
});

const WIDTH = 32;
const HEIGHT = 32;

describe('the prologue', () => {
  const anyPreprocessing = fc.record({
    layout: fc.constantFrom('planes' as const, 'pixels' as const),
    kind: fc.constantFrom('rgb', 'bgr', 'grey', 'rgb bytes', 'bgr bytes'),
    mean: fc.tuple(fc.integer({ max: 255, min: 0 }), fc.nat(255), fc.nat(255)),
    deviation: fc.tuple(fc.integer({ min: 1, max: 255 }), fc.nat(99), fc.nat(99)),
  });

  it('feeds a model what JavaScript would: floats or bytes, planes or pixels, in colour or grey, and its constants', async () => {
    await fc.assert(
      fc.asyncProperty(anyPreprocessing, async ({ layout, kind, mean, deviation: [d, e, f] }) => {
        const [order, bytes] = kind.split(' ') as ['rgb' | 'bgr' | 'grey', string?];
        const preprocessing: Preprocessing = {
          input: 'x',
          layout,
          element: bytes === undefined ? 'float32' : 'uint8',
          width: WIDTH,
          height: HEIGHT,
          fit: 'stretch',
          pad: 0,
          order,
          mean,
          deviation: [d, e + 1, f + 1],
          constants: [{ name: 'size', dims: [1, 2], values: [WIDTH, HEIGHT] }],
        };
        const channels = order === 'grey' ? 1 : 3;
        const dims =
          layout === 'planes' ? [1, channels, HEIGHT, WIDTH] : [1, HEIGHT, WIDTH, channels];
        const element = bytes === undefined ? ELEMENT_FLOAT32 : ELEMENT_UINT8;
        const file = onnxFile(
          [node('Identity', ['x'], ['y']), node('Identity', ['size'], ['z'])],
          [tensorInfo('x', element, dims), tensorInfo('size', ELEMENT_INT64, [1, 2])],
          [tensorInfo('y', element, dims), tensorInfo('z', ELEMENT_INT64, [1, 2])],
        );
        const signature = await readSignature(file, 'x.onnx');
        const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 37) % 256);
        const session = await InferenceSession.create(
          withPrologue(file, signature, preprocessing),
          {
            logSeverityLevel: 3,
          },
        );
        const { y, z } = await session.run({
          [PICTURE_INPUT]: new Tensor('uint8', pixels, [1, HEIGHT, WIDTH, 3]),
        });
        await session.release();
        const expected = bareInputs(pixels, preprocessing);
        expect(y?.dims).toEqual(dims);
        expect([...((z?.data ?? []) as BigInt64Array)]).toEqual([32n, 32n]);
        const [actual, wanted] = [y?.data as Float32Array, expected['x']?.data as Float32Array];
        expect(actual).toHaveLength(wanted.length);
        const far = actual.findIndex((value, i) => Math.abs(value - (wanted[i] ?? NaN)) > 1e-3);
        expect(far).toBe(-1);
      }),
      { numRuns: 25 },
    );
  });
});

const zeros = node(
  'Constant',
  [],
  ['zeros'],
  [tensorAttribute('value', float32Tensor([1, 84, 6], new Array<number>(504).fill(0)))],
);

describe('a model that is brought', () => {
  it('is recognised, checked on a picture, and measured', async () => {
    const modelPath = folder.put('tiny.onnx', brightnessDetector());
    const picture = await drawCheckPicture();
    const found = await inspectModel({ modelPath, picture, notes: { threshold: 0.3 } });
    expect(found).toMatchObject({
      family: 'yolox',
      yields: 'boxes',
      inputWidth: 64,
      order: 'bgr',
      thresholdDefault: 0.3,
      notes: { family: 'yolox', threshold: 0.3, inputSize: [64, 64] },
    });
    expect(found.difference).toBeLessThan(1e-3);
    expect(found.found).toBeGreaterThan(0);
    const speed = await measureModel({ modelPath, picture, measureMs: 50 });
    expect(speed.inferenceMs).toBeGreaterThan(0);
    expect(speed.framesPerS).toBeGreaterThan(0);
    // The picture was not the pool's to overwrite.
    expect(picture.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  }, 20_000);

  it('that gives what is no number is refused, when it is added and when it is started', async () => {
    const nan = spoiltBy('Log', 'Neg');
    const modelPath = folder.put('nan.onnx', nan);
    const words = /gives NaN in its output output: it is broken/;
    const picture = await drawCheckPicture();
    await expect(inspectModel({ modelPath, picture })).rejects.toThrow(words);
    await expect(startInferencePool({ modelPath, workers: 1 })).rejects.toThrow(words);
  }, 20_000);

  it('that says something else each time is refused', async () => {
    const random = onnxFile(
      [
        node('ReduceMean', ['images'], ['mean'], [intAttribute('keepdims', 0)]),
        zeros,
        node('Add', ['zeros', 'mean'], ['level']),
        // Each of the 504 values is its own throw: their mean would now and then come out the same.
        node('RandomUniformLike', ['level'], ['output']),
      ],
      [tensorInfo('images', ELEMENT_FLOAT32, [1, 3, 64, 64])],
      [tensorInfo('output', ELEMENT_FLOAT32, [1, 84, 6])],
    );
    const modelPath = folder.put('random.onnx', random);
    await expect(inspectModel({ modelPath, picture: await drawCheckPicture() })).rejects.toThrow(
      /does not say the same with the preprocessing inside its graph as without/,
    );
  });

  it('with an output that nobody knows, or an input of the wrong rank, is refused with what was seen', async () => {
    const picture = await drawCheckPicture();
    const dims = [1, 3, 64, 64];
    const unknown = onnxFile(
      [node('Identity', ['x'], ['y'])],
      [tensorInfo('x', ELEMENT_FLOAT32, dims)],
      [tensorInfo('y', ELEMENT_FLOAT32, dims)],
    );
    await expect(
      inspectModel({ modelPath: folder.put('unknown.onnx', unknown), picture }),
    ).rejects.toThrow(
      /unknown\.onnx is of no detector family known here: inputs x float32\[1,3,64,64\]; outputs y float32\[1,3,64,64\]/,
    );
    const flat = onnxFile(
      [node('Identity', ['x'], ['y'])],
      [tensorInfo('x', ELEMENT_FLOAT32, [64, 64])],
      [tensorInfo('y', ELEMENT_FLOAT32, [64, 64])],
    );
    await expect(
      inspectModel({ modelPath: folder.put('flat.onnx', flat), picture }),
    ).rejects.toThrow(/inputs x float32\[64,64\]/);
  });
});

/** A model of YOLOX's shape whose numbers go through operators that spoil them. */
function spoiltBy(...operators: readonly string[]): Uint8Array {
  const nodes = [
    node('ReduceMean', ['images'], ['mean'], [intAttribute('keepdims', 0)]),
    node('Constant', [], ['one'], [tensorAttribute('value', float32Tensor([], [1]))]),
    node('Add', ['mean', 'one'], ['step']),
  ];
  // From the last to the first: Log(Neg(x)) of a positive x.
  let last = 'step';
  for (const operator of [...operators].reverse()) {
    nodes.push(node(operator, [last], [`${operator}ed`]));
    last = `${operator}ed`;
  }
  return onnxFile(
    [...nodes, zeros, node('Add', ['zeros', last], ['output'])],
    [tensorInfo('images', ELEMENT_FLOAT32, [1, 3, 64, 64])],
    [tensorInfo('output', ELEMENT_FLOAT32, [1, 84, 6])],
  );
}
