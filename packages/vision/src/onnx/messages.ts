/**
 * The few messages of ONNX that are written here.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (field numbers never change).
 */
import { bytesField, concat, numberField } from './wire.js';

export const ELEMENT_FLOAT32 = 1;
export const ELEMENT_UINT8 = 2;
export const ELEMENT_INT64 = 7;

const ATTRIBUTE_INT = 2;
const ATTRIBUTE_TENSOR = 4;
const ATTRIBUTE_INTS = 7;

/** AttributeProto with one integer. */
export function intAttribute(name: string, value: number): Uint8Array {
  return concat([bytesField(1, name), numberField(3, value), numberField(20, ATTRIBUTE_INT)]);
}

/** AttributeProto with a list of non-negative integers. */
export function intsAttribute(name: string, values: readonly number[]): Uint8Array {
  return concat([
    bytesField(1, name),
    ...values.map((value) => numberField(8, value)),
    numberField(20, ATTRIBUTE_INTS),
  ]);
}

/** AttributeProto with a tensor. */
export function tensorAttribute(name: string, tensor: Uint8Array): Uint8Array {
  return concat([bytesField(1, name), bytesField(5, tensor), numberField(20, ATTRIBUTE_TENSOR)]);
}

function tensor(dims: readonly number[], elementType: number, raw: Uint8Array): Uint8Array {
  return concat([
    ...dims.map((dim) => numberField(1, dim)),
    numberField(2, elementType),
    bytesField(9, raw),
  ]);
}

/** TensorProto of 32-bit floats; raw data is little-endian by definition. */
export function float32Tensor(dims: readonly number[], values: readonly number[]): Uint8Array {
  const raw = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => {
    raw.setFloat32(i * 4, value, true);
  });
  return tensor(dims, ELEMENT_FLOAT32, new Uint8Array(raw.buffer));
}

/** TensorProto of 64-bit integers. */
export function int64Tensor(dims: readonly number[], values: readonly number[]): Uint8Array {
  const raw = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, i) => {
    raw.setBigInt64(i * 8, BigInt(value), true);
  });
  return tensor(dims, ELEMENT_INT64, new Uint8Array(raw.buffer));
}

/** NodeProto of the default operator set. */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Uint8Array[] = [],
): Uint8Array {
  return concat([
    ...inputs.map((name) => bytesField(1, name)),
    ...outputs.map((name) => bytesField(2, name)),
    bytesField(3, `${outputs[0] ?? opType}_node`),
    bytesField(4, opType),
    ...attributes.map((attribute) => bytesField(5, attribute)),
  ]);
}

/** ValueInfoProto of a tensor with known dimensions. */
export function tensorInfo(
  name: string,
  elementType: number,
  dims: readonly (number | string)[],
): Uint8Array {
  const shape = concat(
    dims.map((dim) =>
      bytesField(1, typeof dim === 'number' ? numberField(1, dim) : bytesField(2, dim)),
    ),
  );
  const tensorType = concat([numberField(1, elementType), bytesField(2, shape)]);
  return concat([bytesField(1, name), bytesField(2, bytesField(1, tensorType))]);
}
