import { HitonamiError } from '@hitonami/model';
import type { Preprocessing } from '../detectors/family.js';
import {
  ELEMENT_FLOAT32,
  ELEMENT_UINT8,
  float32Tensor,
  int64Tensor,
  intAttribute,
  intsAttribute,
  node,
  tensorAttribute,
  tensorInfo,
} from './messages.js';
import type { ModelSignature } from './signature.js';
import { bytesField, concat, fieldsOf, textOf } from './wire.js';

/** The input that the prologue gives a model: uint8 [1, height, width, 3], R G B. */
export const PICTURE_INPUT = 'hitonami_picture';

/** `Sub` and `Div` broadcast as numpy does, and `Cast` names its type by number, from operator set 7 on. */
const OPSET_MIN = 7;

/**
 * Puts the preprocessing in front of a model, as nodes of its own graph: pictures go in as the bytes that a decoder
 * writes (uint8, height × width × RGB), and the runtime's kernels do the transposition, the order of the channels,
 * the cast and the normalisation, which costs a tenth of what JavaScript takes for it.
 *
 * The file is edited on the wire: the old input's declaration goes, the new one and the nodes come first (nodes must
 * stand in the order of their use), and everything else stays byte for byte. Constants are nodes and not
 * initializers, since files before IR version 4 would have to list those as inputs.
 */
export function withPrologue(
  file: Uint8Array,
  signature: ModelSignature,
  preprocessing: Preprocessing,
): Uint8Array<ArrayBuffer> {
  if (signature.opset < OPSET_MIN) {
    throw new HitonamiError(
      'MODEL',
      `the model uses ONNX operator set ${String(signature.opset)}; convert it to ${String(OPSET_MIN)} or newer.`,
    );
  }
  const added = prologueFields(preprocessing);
  const parts: Uint8Array[] = [];
  for (const field of fieldsOf(file)) {
    const graph = field.number === 7 ? field.bytes : undefined;
    parts.push(
      graph === undefined
        ? file.subarray(field.start, field.end)
        : bytesField(7, concat([added, withoutInput(graph, preprocessing.input)])),
    );
  }
  return concat(parts);
}

function prologueFields(preprocessing: Preprocessing): Uint8Array {
  const { input, width, height, order, mean, deviation } = preprocessing;
  const nodes: Uint8Array[] = [];
  let last = PICTURE_INPUT;
  const step = (opType: string, name: string, more: string[], attributes: Uint8Array[]): void => {
    nodes.push(node(opType, [last, ...more], [name], attributes));
    last = name;
  };
  const constant = (name: string, tensor: Uint8Array): string => {
    nodes.push(node('Constant', [], [name], [tensorAttribute('value', tensor)]));
    return name;
  };

  // While the elements are bytes, moving them costs a quarter of what it costs as floats.
  step('Transpose', 'hitonami_planes', [], [intsAttribute('perm', [0, 3, 1, 2])]);
  if (order === 'bgr') {
    const bgr = constant('hitonami_bgr', int64Tensor([3], [2, 1, 0]));
    step('Gather', 'hitonami_ordered', [bgr], [intAttribute('axis', 1)]);
  }
  step('Cast', 'hitonami_float', [], [intAttribute('to', ELEMENT_FLOAT32)]);
  if (mean.some((value) => value !== 0)) {
    const name = constant('hitonami_mean', float32Tensor([1, 3, 1, 1], mean));
    step('Sub', 'hitonami_centred', [name], []);
  }
  if (deviation.some((value) => value !== 1)) {
    const name = constant('hitonami_deviation', float32Tensor([1, 3, 1, 1], deviation));
    step('Div', 'hitonami_scaled', [name], []);
  }
  // The model's own nodes read the input by its name.
  step('Identity', input, [], []);

  return concat([
    ...nodes.map((message) => bytesField(1, message)),
    bytesField(11, tensorInfo(PICTURE_INPUT, ELEMENT_UINT8, [1, height, width, 3])),
  ]);
}

function withoutInput(graph: Uint8Array, input: string): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const field of fieldsOf(graph)) {
    if (field.number === 11 && field.bytes !== undefined && nameOf(field.bytes) === input) continue;
    parts.push(graph.subarray(field.start, field.end));
  }
  return concat(parts);
}

function nameOf(valueInfo: Uint8Array): string {
  for (const field of fieldsOf(valueInfo)) if (field.number === 1) return textOf(field.bytes);
  return '';
}
