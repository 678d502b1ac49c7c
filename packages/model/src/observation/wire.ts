import { HitonamiError } from '../errors.js';

/** The few pieces of the protobuf wire format that the position event needs, read in place and without BigInt. */

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const FIXED32 = 5;

export function malformed(what: string): HitonamiError {
  return new HitonamiError('INPUT', `malformed observation: ${what}`);
}

/** A cursor over one message; every read checks its bounds. */
export class WireReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.end = end;
    this.at = start;
  }

  /** An unsigned varint of up to 53 bits. */
  varint(): number {
    const { bytes, at } = this;
    // Tags, lengths and small numbers: nearly all.
    if (at < this.end && (bytes[at] as number) < 0x80) {
      this.at = at + 1;
      return bytes[at] as number;
    }
    return this.longVarint();
  }

  private longVarint(): number {
    const { bytes, end } = this;
    let at = this.at;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      if (at >= end) throw malformed('it ends inside a number');
      const byte = bytes[at++] as number;
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.at = at;
        return low;
      }
    }
    let high = 0;
    for (let scale = 1; scale < 2 ** 42; scale *= 128) {
      if (at >= end) throw malformed('it ends inside a number');
      const byte = bytes[at++] as number;
      high += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.at = at;
        const value = high * 2 ** 28 + low;
        if (!Number.isSafeInteger(value)) throw malformed('a number is over 53 bits');
        return value;
      }
    }
    throw malformed('a number is over 64 bits');
  }

  u32(): number {
    if (this.at + 4 > this.end) throw malformed('it ends inside a 32-bit value');
    const { bytes, at } = this;
    this.at += 4;
    return (
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24)) >>>
      0
    );
  }

  /** The length of a length-delimited field, checked against what is left. */
  length(): number {
    const length = this.varint();
    if (length > this.end - this.at) throw malformed('a field is longer than the message');
    return length;
  }

  skip(wireType: number): void {
    if (wireType === VARINT) this.varint();
    else if (wireType === FIXED64) this.advance(8);
    else if (wireType === LENGTH) this.advance(this.length());
    else if (wireType === FIXED32) this.advance(4);
    else throw malformed(`wire type ${wireType} is unknown`);
  }

  private advance(bytes: number): void {
    if (bytes > this.end - this.at) throw malformed('a field is longer than the message');
    this.at += bytes;
  }
}

/** Appends fields to a buffer that grows as needed. */
export class WireWriter {
  private buffer: Buffer;
  private at = 0;

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  finish(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  varintField(field: number, value: number): void {
    if (value === 0) return;
    this.reserve(20);
    this.rawVarint(field * 8 + VARINT);
    this.rawVarint(value);
  }

  fixed64Field(field: number, high: number, low: number): void {
    if (high === 0 && low === 0) return;
    this.reserve(16);
    this.rawVarint(field * 8 + FIXED64);
    this.at = this.buffer.writeUInt32LE(low, this.at);
    this.at = this.buffer.writeUInt32LE(high, this.at);
  }

  stringField(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    if (length === 0) return;
    this.lengthHeader(field, length);
    this.at += this.buffer.write(value, this.at);
  }

  /** Raw little-endian bytes of a packed column. */
  bytesField(field: number, value: Uint8Array): void {
    if (value.length === 0) return;
    this.lengthHeader(field, value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  private lengthHeader(field: number, length: number): void {
    this.reserve(20 + length);
    this.rawVarint(field * 8 + LENGTH);
    this.rawVarint(length);
  }

  private rawVarint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new HitonamiError('INPUT', `${value} is not a whole number from 0 to 2^53 − 1`);
    }
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.at++] = rest;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}
