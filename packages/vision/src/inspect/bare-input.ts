import { Tensor } from '../onnx/runtime.js';
import type { Preprocessing } from '../detectors/family.js';

const GREY_OF_RGB = [0.299, 0.587, 0.114] as const;

/**
 * What a model without the prologue is fed: its own inputs, computed here in plain JavaScript from the pixels (R G B).
 * It is what the prologue is checked against, written apart from it.
 */
export function bareInputs(
  pixels: Uint8Array,
  preprocessing: Preprocessing,
): Record<string, Tensor> {
  const { input, width, height, order, constants = [] } = preprocessing;
  const { layout = 'planes', element = 'float32' } = preprocessing;
  const channels = order === 'grey' ? 1 : 3;
  const dims = layout === 'planes' ? [1, channels, height, width] : [1, height, width, channels];
  const data = element === 'uint8' ? bytes(pixels, preprocessing) : floats(pixels, preprocessing);
  const picture =
    data instanceof Uint8Array
      ? new Tensor('uint8', data, dims)
      : new Tensor('float32', data, dims);
  const numbers = constants.map(({ name, dims: shape, values }): [string, Tensor] => [
    name,
    new Tensor('int64', BigInt64Array.from(values, BigInt), shape),
  ]);
  return { [input]: picture, ...Object.fromEntries(numbers) };
}

function bytes(pixels: Uint8Array, preprocessing: Preprocessing): Uint8Array {
  const into = new Uint8Array(pixels.length);
  fill(into, pixels, preprocessing, (value) => value);
  return into;
}

function floats(pixels: Uint8Array, preprocessing: Preprocessing): Float32Array {
  const { order, mean, deviation } = preprocessing;
  const into = new Float32Array(order === 'grey' ? pixels.length / 3 : pixels.length);
  fill(into, pixels, preprocessing, (value, c) => (value - (mean[c] ?? 0)) / (deviation[c] ?? 1));
  return into;
}

function fill(
  into: Uint8Array | Float32Array,
  pixels: Uint8Array,
  { order, layout = 'planes' }: Preprocessing,
  value: (raw: number, channel: number) => number,
): void {
  const count = pixels.length / 3;
  const channels = into.length / count;
  for (let i = 0; i < count; i++) {
    const rgb = pixels.subarray(i * 3, i * 3 + 3);
    for (let c = 0; c < channels; c++) {
      const raw = order === 'grey' ? greyOf(rgb) : (rgb[order === 'bgr' ? 2 - c : c] ?? 0);
      into[layout === 'planes' ? c * count + i : i * channels + c] = value(raw, c);
    }
  }
}

function greyOf(rgb: Uint8Array): number {
  return GREY_OF_RGB.reduce((sum, weight, c) => sum + weight * (rgb[c] ?? 0), 0);
}
