import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ELEMENT_FLOAT32,
  float32Tensor,
  int64Tensor,
  intAttribute,
  intsAttribute,
  node,
  tensorAttribute,
  tensorInfo,
} from '../src/onnx/messages.js';
import { bytesField, concat, numberField } from '../src/onnx/wire.js';

const STRIDES = [8, 16, 32];

/** The bytes of an ONNX file: operator set 11, the given nodes, inputs and outputs. */
export function onnxFile(
  nodes: readonly Uint8Array[],
  inputs: readonly Uint8Array[],
  outputs: readonly Uint8Array[],
): Uint8Array {
  const graph = concat([
    ...nodes.map((message) => bytesField(1, message)),
    bytesField(2, 'tiny'),
    ...inputs.map((message) => bytesField(11, message)),
    ...outputs.map((message) => bytesField(12, message)),
  ]);
  const opset = concat([bytesField(1, ''), numberField(2, 11)]);
  return concat([numberField(1, 6), bytesField(7, graph), bytesField(8, opset)]);
}

/**
 * A detector that needs no training, in YOLOX's shape with one class: each cell of strides 8, 16 and 32 reports a box
 * of its own size and place, with the mean of one channel in it (÷ 255) as its score.
 */
export function brightnessDetector(side = 64, channel: 0 | 1 | 2 = 0): Uint8Array {
  const weights = new Array<number>(18).fill(0);
  weights[4 * 3 + channel] = 1 / 255;
  const nodes = [
    node('Constant', [], ['w'], [tensorAttribute('value', float32Tensor([6, 3, 1, 1], weights))]),
    // Half a cell to its centre; the class is certain.
    node(
      'Constant',
      [],
      ['b'],
      [tensorAttribute('value', float32Tensor([6], [0.5, 0.5, 0, 0, 0, 1]))],
    ),
  ];
  const flat: string[] = [];
  for (const stride of STRIDES) {
    const s = String(stride);
    const cells = (side / stride) ** 2;
    nodes.push(
      node(
        'AveragePool',
        ['images'],
        [`pool${s}`],
        [
          intsAttribute('kernel_shape', [stride, stride]),
          intsAttribute('strides', [stride, stride]),
        ],
      ),
      node('Conv', [`pool${s}`, 'w', 'b'], [`conv${s}`]),
      node(
        'Constant',
        [],
        [`shape${s}`],
        [tensorAttribute('value', int64Tensor([3], [1, 6, cells]))],
      ),
      node('Reshape', [`conv${s}`, `shape${s}`], [`flat${s}`]),
    );
    flat.push(`flat${s}`);
  }
  nodes.push(
    node('Concat', flat, ['all'], [intAttribute('axis', 2)]),
    node('Transpose', ['all'], ['output'], [intsAttribute('perm', [0, 2, 1])]),
  );
  const cells = STRIDES.reduce((sum, stride) => sum + (side / stride) ** 2, 0);
  return onnxFile(
    nodes,
    [tensorInfo('images', ELEMENT_FLOAT32, [1, 3, side, side])],
    [tensorInfo('output', ELEMENT_FLOAT32, [1, cells, 6])],
  );
}

/** A folder of its own for model files, and what removes it. */
export function modelFolder(): {
  put(name: string, file: Uint8Array | string): string;
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'hitonami-vision-'));
  return {
    put: (name, file) => {
      const path = join(folder, name);
      writeFileSync(path, file);
      return path;
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
