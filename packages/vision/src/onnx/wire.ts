/**
 * Protocol Buffers at wire level: enough to look into an ONNX file and to put messages beside those that are
 * there, without decoding (and so possibly losing) anything else in it.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

export interface WireField {
  readonly number: number;
  /** A varint's value; undefined for the other wire types, and where it does not fit 53 bits. */
  readonly value: number | undefined;
  /** The content of a length-delimited field (a view, no copy). */
  readonly bytes: Uint8Array | undefined;
  /** Where the whole field, its key included, starts and ends in the message. */
  readonly start: number;
  readonly end: number;
}

/** Thrown where bytes are not a protobuf message; the caller says which file it was. */
export class WireError extends Error {}

function readVarint(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new WireError('the message ends inside a number');
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: at + i + 1 };
    scale *= 128;
  }
  throw new WireError('a number is longer than ten bytes');
}

/** The fields of one message, in their order. */
export function* fieldsOf(message: Uint8Array): Generator<WireField> {
  let at = 0;
  while (at < message.length) {
    const start = at;
    const key = readVarint(message, at);
    const number = Math.floor(key.value / 8);
    const wireType = key.value % 8;
    if (number === 0) throw new WireError('field number 0');
    at = key.end;
    let value: number | undefined;
    let bytes: Uint8Array | undefined;
    if (wireType === VARINT) {
      const varint = readVarint(message, at);
      at = varint.end;
      value = Number.isSafeInteger(varint.value) ? varint.value : undefined;
    } else if (wireType === LENGTH_DELIMITED) {
      const length = readVarint(message, at);
      at = length.end + length.value;
      if (at > message.length) throw new WireError('the message ends inside a field');
      bytes = message.subarray(length.end, at);
    } else if (wireType === FIXED64 || wireType === FIXED32) {
      at += wireType === FIXED64 ? 8 : 4;
      if (at > message.length) throw new WireError('the message ends inside a field');
    } else {
      throw new WireError(`wire type ${String(wireType)}`);
    }
    yield { number, value, bytes, start, end: at };
  }
}

const utf8 = new TextDecoder();

export function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : utf8.decode(bytes);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** A varint field; `value` is a non-negative safe integer. */
export function numberField(number: number, value: number): Uint8Array {
  return concat([varint(number * 8 + VARINT), varint(value)]);
}

/** A length-delimited field: bytes, text or a nested message. */
export function bytesField(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return concat([varint(number * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes]);
}
