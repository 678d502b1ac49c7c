import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { cutFrames, hasClips, sharedPath } from '../../../test/support/pictures.js';
import { lentOrSkip } from '../../../test/support/require.js';
import { Candidates, suppress } from '../src/detectors/candidates.js';
import type { ModelNotes, OutputTensor, Preprocessing } from '../src/detectors/family.js';
import { ELEMENT_FLOAT32, node, tensorInfo } from '../src/onnx/messages.js';
import { PICTURE_INPUT, withPrologue } from '../src/onnx/prologue.js';
import { readSignature } from '../src/onnx/signature.js';
import { bytesField, concat, fieldsOf, numberField, WireError } from '../src/onnx/wire.js';
import { boxDetector } from './box-detector.js';
import { onnxFile } from './tiny-model.js';

const sessions: InferenceSession[] = [];
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.release()));
});

async function load(file: Uint8Array): Promise<InferenceSession> {
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  sessions.push(session);
  return session;
}

/** What the prologue does, in plain JavaScript. */
function normalised(picture: Uint8Array, preprocessing: Preprocessing): Float32Array {
  const { width, height, order, mean, deviation } = preprocessing;
  const plane = width * height;
  const input = new Float32Array(plane * 3);
  for (let c = 0; c < 3; c++) {
    const from = order === 'bgr' ? 2 - c : c;
    for (let i = 0; i < plane; i++) {
      input[c * plane + i] = ((picture[i * 3 + from] ?? 0) - (mean[c] ?? 0)) / (deviation[c] ?? 1);
    }
  }
  return input;
}

describe('the prologue in front of a model', () => {
  const preprocessing: Preprocessing = {
    input: 'x',
    width: 4,
    height: 2,
    fit: 'stretch',
    pad: 0,
    order: 'bgr',
    mean: [10, 20, 30],
    deviation: [2, 4, 8],
  };
  const identity = onnxFile(
    [node('Identity', ['x'], ['y'])],
    [tensorInfo('x', ELEMENT_FLOAT32, ['batch', 3, 'height', 'width'])],
    [tensorInfo('y', ELEMENT_FLOAT32, ['batch', 3, 'height', 'width'])],
  );

  it.each(['bgr', 'rgb'] as const)(
    'normalises as JavaScript does, channels in the order %s',
    async (order) => {
      const spec = { ...preprocessing, order };
      const signature = await readSignature(identity, 'identity.onnx');
      expect(signature.opset).toBe(11);
      const session = await load(withPrologue(identity, signature, spec));
      expect(session.inputNames).toEqual([PICTURE_INPUT]);
      const picture = Uint8Array.from({ length: 24 }, (_, i) => i * 10);
      const { y } = await session.run({
        [PICTURE_INPUT]: new Tensor('uint8', picture, [1, 2, 4, 3]),
      });
      expect(y?.dims).toEqual([1, 3, 2, 4]);
      expect(y?.data).toEqual(normalised(picture, spec));
    },
  );

  it('leaves every other byte of the file as it was', async () => {
    const signature = await readSignature(identity, 'identity.onnx');
    // A field that nobody here knows, as a later version of ONNX might have.
    const file = concat([identity, bytesField(2000, 'kept')]);
    const edited = withPrologue(file, signature, preprocessing);
    const rest = (bytes: Uint8Array): Uint8Array[] =>
      [...fieldsOf(bytes)]
        .filter(({ number }) => number !== 7)
        .map(({ start, end }) => bytes.slice(start, end));
    expect(rest(edited)).toEqual(rest(file));
  });

  it('refuses operator sets from before broadcasting', () => {
    const signature = { inputs: [], outputs: [], opset: 6 };
    expect(() => withPrologue(identity, signature, preprocessing)).toThrow(
      /operator set 6; convert it to 7/,
    );
  });
});

describe('protobuf on the wire', () => {
  it('reads what it writes, and steps over what it does not know', () => {
    const message = concat([
      numberField(1, 300),
      bytesField(2, 'text'),
      Uint8Array.of(0x1d, 1, 2, 3, 4),
      Uint8Array.of(0x21, 1, 2, 3, 4, 5, 6, 7, 8),
      numberField(5, 2 ** 40),
    ]);
    const fields = [...fieldsOf(message)].map(({ number, value, bytes }) => [
      number,
      value,
      bytes?.length,
    ]);
    expect(fields).toEqual([
      [1, 300, undefined],
      [2, undefined, 4],
      [3, undefined, undefined],
      [4, undefined, undefined],
      [5, 2 ** 40, undefined],
    ]);
  });

  it.each([
    ['a number that does not end', Uint8Array.of(0x08, 0x80)],
    ['a number of more than ten bytes', new Uint8Array(16).fill(0x80)],
    ['a field longer than the message', Uint8Array.of(0x12, 0x05, 1)],
    ['a group', Uint8Array.of(0x0b)],
    ['field number 0', Uint8Array.of(0x00, 0x00)],
    ['eight bytes of which three are there', Uint8Array.of(0x09, 1, 2, 3)],
  ])('refuses %s', (_, bytes) => {
    expect(() => [...fieldsOf(bytes)]).toThrow(WireError);
  });
});

const REAL: { model: string; notes: ModelNotes }[] = [
  { model: 'yolox_nano_416x320', notes: {} },
  { model: 'light_person_640x480', notes: {} },
  { model: 'rtmdet_nano_320', notes: {} },
  { model: 'rtmdet_nano_320', notes: { inputSize: [640, 480] } },
];
const clip = sharedPath('data', 'tud-stadtmitte', 'clip.mp4');
const path = (model: string): string => sharedPath('models', `${model}.onnx`);
const isThere = hasClips(clip, ...REAL.map(({ model }) => path(model)));

describe.skipIf(
  !lentOrSkip(
    'prologue on real models',
    isThere,
    'needs ffmpeg, ../shared/models and ../shared/data',
  ),
)('the prologue in front of a real model', () => {
  it.each(REAL)(
    'finds what JavaScript’s normalisation finds: $model $notes',
    async ({ model, notes }) => {
      const file = readFileSync(path(model));
      const signature = await readSignature(file, model);
      const detector = boxDetector(signature, notes, model);
      const { preprocessing } = detector;
      const { width, height, input } = preprocessing;
      const bare = await load(file);
      const edited = await load(withPrologue(file, signature, preprocessing));
      for (const { jpeg } of cutFrames(clip, 60)) {
        const picture = await sharp(jpeg).resize(width, height, { fit: 'fill' }).raw().toBuffer();
        const floats = new Tensor('float32', normalised(picture, preprocessing), [
          1,
          3,
          height,
          width,
        ]);
        const bytes = new Tensor('uint8', new Uint8Array(picture), [1, height, width, 3]);
        const columns = (outputs: Readonly<Record<string, OutputTensor>>): number[] => {
          const found = new Candidates(1024);
          detector.decode(outputs, 0.3, found);
          const kept = suppress(found, 0.5, 300);
          return kept.flatMap((i) => [
            found.scores[i] ?? 0,
            ...found.boxes.slice(i * 4, i * 4 + 4),
          ]);
        };
        const expected = columns(await bare.run({ [input]: floats }));
        const actual = columns(await edited.run({ [PICTURE_INPUT]: bytes }));
        expect(expected.length).toBeGreaterThan(10);
        expect(actual).toHaveLength(expected.length);
        expected.forEach((value, i) => {
          expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThan(1e-3);
        });
      }
    },
    60_000,
  );
});
