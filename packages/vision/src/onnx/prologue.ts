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
 * The model may take floats or bytes, [1, channels, height, width] or [1, height, width, channels], in colour or grey.
 * The file is edited on the wire: the old input's declaration goes (also those of inputs that always get the same
 * numbers, which become constants), the new one and the nodes come first (nodes must
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
  const replaced = [
    preprocessing.input,
    ...(preprocessing.constants ?? []).map(({ name }) => name),
  ];
  const parts: Uint8Array[] = [];
  for (const field of fieldsOf(file)) {
    const graph = field.number === 7 ? field.bytes : undefined;
    parts.push(
      graph === undefined
        ? file.subarray(field.start, field.end)
        : bytesField(7, concat([added, withoutInputs(graph, replaced)])),
    );
  }
  return concat(parts);
}

/** ITU-R BT.601: what every library that networks are trained with takes for grey. */
const GREY_OF_RGB = [0.299, 0.587, 0.114] as const;

function prologueFields(preprocessing: Preprocessing): Uint8Array {
  const { input, width, height, order, constants = [] } = preprocessing;
  const { layout = 'planes', element = 'float32' } = preprocessing;
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
  if (layout === 'planes') {
    step('Transpose', 'hitonami_planes', [], [intsAttribute('perm', [0, 3, 1, 2])]);
  }
  if (order === 'bgr') {
    const bgr = constant('hitonami_bgr', int64Tensor([3], [2, 1, 0]));
    const axis = layout === 'planes' ? 1 : 3;
    step('Gather', 'hitonami_ordered', [bgr], [intAttribute('axis', axis)]);
  }
  if (element === 'float32') {
    step('Cast', 'hitonami_float', [], [intAttribute('to', ELEMENT_FLOAT32)]);
    if (order === 'grey' && layout === 'planes') {
      const weights = constant('hitonami_grey', float32Tensor([1, 3, 1, 1], GREY_OF_RGB));
      step('Conv', 'hitonami_greyed', [weights], []);
    } else if (order === 'grey') {
      const weights = constant('hitonami_grey', float32Tensor([3, 1], GREY_OF_RGB));
      step('MatMul', 'hitonami_greyed', [weights], []);
    }
    const { mean, deviation } = perChannel(preprocessing);
    const dims = layout === 'planes' ? [1, mean.length, 1, 1] : [1, 1, 1, mean.length];
    if (mean.some((value) => value !== 0)) {
      step('Sub', 'hitonami_centred', [constant('hitonami_mean', float32Tensor(dims, mean))], []);
    }
    if (deviation.some((value) => value !== 1)) {
      const name = constant('hitonami_deviation', float32Tensor(dims, deviation));
      step('Div', 'hitonami_scaled', [name], []);
    }
  }
  // The model's own nodes read the input by its name.
  step('Identity', input, [], []);
  for (const { name, dims, values } of constants) constant(name, int64Tensor(dims, values));

  return concat([
    ...nodes.map((message) => bytesField(1, message)),
    bytesField(11, tensorInfo(PICTURE_INPUT, ELEMENT_UINT8, [1, height, width, 3])),
  ]);
}

function perChannel({ order, mean, deviation }: Preprocessing): {
  mean: readonly number[];
  deviation: readonly number[];
} {
  if (order !== 'grey') return { mean, deviation };
  return { mean: mean.slice(0, 1), deviation: deviation.slice(0, 1) };
}

function withoutInputs(graph: Uint8Array, inputs: readonly string[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const field of fieldsOf(graph)) {
    const isGone = field.number === 11 && field.bytes && inputs.includes(nameOf(field.bytes));
    if (!isGone) parts.push(graph.subarray(field.start, field.end));
  }
  return concat(parts);
}

function nameOf(valueInfo: Uint8Array): string {
  for (const field of fieldsOf(valueInfo)) if (field.number === 1) return textOf(field.bytes);
  return '';
}
