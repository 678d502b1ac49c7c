import { HitonamiError } from '@hitonami/model';
import { describeTensor, type ModelSignature, type TensorSignature } from '../onnx/signature.js';
import type { ColourOrder, ModelNotes, OutputTensor, Preprocessing } from './family.js';

/** Bounds of a network's input, pixels: under the first nothing is recognised, over the second nothing is live. */
const SIDE_MIN = 32;
const SIDE_MAX = 4096;

/** A model's input for the picture, as the file declares it or as it was chosen where the file leaves it open. */
export interface ChosenInput {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly layout: 'planes' | 'pixels';
  readonly element: 'float32' | 'uint8';
}

export interface InputDefaults {
  readonly size: readonly [width: number, height: number];
  readonly multiple: number;
  /** Further inputs that the family knows how to fill, by name. */
  readonly besides?: readonly string[];
}

/**
 * The one input of a model that takes pictures (float32 or uint8; [1, channels, height, width] or
 * [1, height, width, channels], 3 channels or 1), and its size: the file's own where it is fixed, else the notes',
 * else `size`. Undefined where the model has no such input. Throws `MODEL` where the notes ask for a size that the
 * model cannot take.
 */
export function chooseInput(
  signature: ModelSignature,
  notes: ModelNotes,
  defaults: InputDefaults,
): ChosenInput | undefined {
  const pictures = signature.inputs.filter(({ name }) => !defaults.besides?.includes(name));
  const [input, ...others] = pictures;
  if (input === undefined || others.length > 0) return undefined;
  const shape = pictureShape(input);
  if (shape === undefined) return undefined;

  const { multiple } = defaults;
  const isPossible = (side: number): boolean =>
    Number.isInteger(side) && side >= SIDE_MIN && side <= SIDE_MAX && side % multiple === 0;
  const isFixedOtherwise = [shape.width, shape.height].some(
    (side) => typeof side === 'number' && !isPossible(side),
  );
  if (isFixedOtherwise) return undefined;
  const [chosenWidth, chosenHeight] = notes.inputSize ?? defaults.size;
  const width = typeof shape.width === 'number' ? shape.width : chosenWidth;
  const height = typeof shape.height === 'number' ? shape.height : chosenHeight;
  const isAskedFor =
    notes.inputSize === undefined || (width === chosenWidth && height === chosenHeight);
  if (!isAskedFor || !isPossible(width) || !isPossible(height)) {
    throw new HitonamiError(
      'MODEL',
      `input size ${String(chosenWidth)}×${String(chosenHeight)} does not suit ${describeTensor(input)}: ` +
        `leave it out, or give what the model fixes, in multiples of ${String(multiple)} ` +
        `between ${String(SIDE_MIN)} and ${String(SIDE_MAX)}.`,
    );
  }
  const { channels, layout, element } = shape;
  return { name: input.name, width, height, channels, layout, element };
}

interface PictureShape extends Pick<ChosenInput, 'channels' | 'layout' | 'element'> {
  readonly width: number | string;
  readonly height: number | string;
}

/** How an input takes a picture; undefined where it is none. A dimension that is 3 or 1 is that of the channels. */
function pictureShape({ elementType, dims }: TensorSignature): PictureShape | undefined {
  if (elementType !== 'float32' && elementType !== 'uint8') return undefined;
  if (dims.length !== 4) return undefined;
  const [batch, second, third, fourth] = dims;
  if (typeof batch === 'number' && batch !== 1) return undefined;
  if (second === undefined || third === undefined || fourth === undefined) return undefined;
  // Bytes in grey are what no known model takes.
  const isColour = (channels: number | string): channels is 1 | 3 =>
    channels === 3 || (channels === 1 && elementType === 'float32');
  const base = { element: elementType } as const;
  if (isColour(second)) {
    return { ...base, channels: second, layout: 'planes', height: third, width: fourth };
  }
  if (isColour(fourth)) {
    return { ...base, channels: fourth, layout: 'pixels', height: second, width: third };
  }
  return undefined;
}

/** What a family does to its pictures, unless the model's notes say otherwise. */
export interface InputHabits {
  readonly fit: Preprocessing['fit'];
  readonly pad: number;
  readonly order: ColourOrder;
  readonly mean: Preprocessing['mean'];
  readonly deviation: Preprocessing['deviation'];
}

/** The family's habits, changed by what the notes say. Throws `MODEL` where colours and channels do not agree. */
export function preprocessingOf(
  input: ChosenInput,
  notes: ModelNotes,
  habits: InputHabits,
): Preprocessing {
  const { name, width, height, layout, element, channels } = input;
  const order = notes.order ?? (channels === 1 ? 'grey' : habits.order);
  if ((order === 'grey') !== (channels === 1)) {
    throw new HitonamiError(
      'MODEL',
      `the model takes ${String(channels)} channel${channels === 1 ? '' : 's'} a pixel, which does not go with the colour order ${order}.`,
    );
  }
  return {
    input: name,
    layout,
    element,
    width,
    height,
    fit: notes.fit ?? habits.fit,
    pad: notes.pad ?? habits.pad,
    order,
    mean: notes.mean ?? habits.mean,
    deviation: notes.deviation ?? habits.deviation,
  };
}

/** ImageNet's mean and deviation on the scale 0–255, R G B. Source: torchvision's `transforms` for its models. */
export const IMAGENET_MEAN = [123.675, 116.28, 103.53] as const;
export const IMAGENET_DEVIATION = [58.395, 57.12, 57.375] as const;
export const reversed = ([a, b, c]: readonly [number, number, number]): readonly [
  number,
  number,
  number,
] => [c, b, a];
/** The scale 0–1. */
export const NO_MEAN = [0, 0, 0] as const;
export const UNIT_DEVIATION = [255, 255, 255] as const;

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
