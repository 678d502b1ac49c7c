import { HitonamiError } from '@hitonami/model';
import { describeTensor, type ModelSignature } from '../onnx/signature.js';
import type { ModelNotes, OutputTensor } from './family.js';

/** Bounds of a network's input, pixels: under the first nothing is recognised, over the second nothing is live. */
const SIDE_MIN = 32;
const SIDE_MAX = 4096;

export interface ChosenInput {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/**
 * The one input of a model that takes pictures, float32 [1, 3, height, width], and its size: the file's own where it
 * is fixed, else the notes', else `size`. Undefined where the model has no such input. Throws `MODEL` where the notes
 * ask for a size that the model cannot take.
 */
export function chooseInput(
  signature: ModelSignature,
  notes: ModelNotes,
  defaults: { size: readonly [width: number, height: number]; multiple: number },
): ChosenInput | undefined {
  const [input, ...others] = signature.inputs;
  if (input === undefined || others.length > 0) return undefined;
  const { dims } = input;
  if (input.elementType !== 'float32' || dims.length !== 4) return undefined;
  const [batch, channels, fixedHeight, fixedWidth] = dims;
  if (channels !== 3 || (typeof batch === 'number' && batch !== 1)) return undefined;

  const [chosenWidth, chosenHeight] = notes.inputSize ?? defaults.size;
  const width = typeof fixedWidth === 'number' ? fixedWidth : chosenWidth;
  const height = typeof fixedHeight === 'number' ? fixedHeight : chosenHeight;
  const isAskedFor =
    notes.inputSize === undefined || (width === chosenWidth && height === chosenHeight);
  const isPossible = [width, height].every(
    (side) =>
      Number.isInteger(side) &&
      side >= SIDE_MIN &&
      side <= SIDE_MAX &&
      side % defaults.multiple === 0,
  );
  if (!isAskedFor || !isPossible) {
    throw new HitonamiError(
      'MODEL',
      `input size ${String(chosenWidth)}×${String(chosenHeight)} does not suit ${describeTensor(input)}: ` +
        `leave it out, or give what the model fixes, in multiples of ${String(defaults.multiple)} ` +
        `between ${String(SIDE_MIN)} and ${String(SIDE_MAX)}.`,
    );
  }
  return { name: input.name, width, height };
}

function output(
  outputs: Readonly<Record<string, OutputTensor>>,
  name: string,
  dims: readonly (number | undefined)[],
): OutputTensor {
  const tensor = outputs[name];
  const isRight =
    tensor?.dims.length === dims.length &&
    dims.every((dim, i) => dim === undefined || dim === tensor.dims[i]);
  if (tensor === undefined || !isRight) {
    throw new HitonamiError(
      'MODEL',
      `output ${name} came as [${tensor?.dims.join(',') ?? 'nothing'}], not as [${dims.map((dim) => dim ?? '?').join(',')}].`,
    );
  }
  return tensor;
}

/** An output's floats, after a check of its shape (undefined fits any length). Throws `MODEL`. */
export function float32Output(
  outputs: Readonly<Record<string, OutputTensor>>,
  name: string,
  dims: readonly (number | undefined)[],
): Float32Array {
  const { data } = output(outputs, name, dims);
  if (data instanceof Float32Array) return data;
  throw new HitonamiError('MODEL', `output ${name} does not hold 32-bit floats.`);
}

/** An output's 64-bit integers, as `float32Output`. */
export function int64Output(
  outputs: Readonly<Record<string, OutputTensor>>,
  name: string,
  dims: readonly (number | undefined)[],
): BigInt64Array {
  const { data } = output(outputs, name, dims);
  if (data instanceof BigInt64Array) return data;
  throw new HitonamiError('MODEL', `output ${name} does not hold 64-bit integers.`);
}
