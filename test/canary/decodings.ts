/** What may be written inside other bytes: text of bytes, and compressed bytes. Each gives the bytes that are meant. */
import { constants, inflateRawSync } from 'node:zlib';
import * as zlib from 'node:zlib';

/** Shorter text of bytes cannot hold a run of 24. */
const BASE64_MIN = 32;
const BYTES_MIN = 24;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

export interface Decoded {
  readonly how: string;
  readonly bytes: Buffer;
}

/** Everything in these bytes that can be read as other bytes. */
export function* decodings(bytes: Buffer): Generator<Decoded> {
  yield* fromBase64(bytes);
  // One character a byte: patterns then work on any bytes.
  const text = bytes.toString('latin1');
  yield* fromHex(text);
  yield* fromNumbers(text);
  yield* fromEscapes(text);
  yield* fromUtf8(bytes);
  yield* inflated(bytes);
  yield* fromLz4Blocks(bytes);
}

const BASE64 = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  BASE64[char.charCodeAt(0)] = 1;

/** Base64 and base64url, beginning anywhere: a run may be cut out of a longer one, so that each of its four beginnings is tried. */
function* fromBase64(bytes: Buffer): Generator<Decoded> {
  for (let at = 0; at < bytes.length; at++) {
    if (BASE64[bytes[at] as number] === 0) continue;
    const start = at;
    while (at < bytes.length && BASE64[bytes[at] as number] === 1) at++;
    if (at - start < BASE64_MIN) continue;
    const run = bytes.toString('latin1', start, at);
    for (let shift = 0; shift < 4; shift++)
      yield { how: 'base64', bytes: Buffer.from(run.slice(shift), 'base64') };
  }
}

function* fromHex(text: string): Generator<Decoded> {
  for (const [run] of text.matchAll(/(?:[0-9a-f]{2}[ :,-]?){24,}[0-9a-f]?/gi)) {
    const digits = run.replaceAll(/[^0-9a-f]/gi, '');
    yield { how: 'hex', bytes: Buffer.from(digits.slice(0, digits.length & ~1), 'hex') };
    if (!/[ :,-]/.test(run))
      yield {
        how: 'hex',
        bytes: Buffer.from(digits.slice(1, 1 + ((digits.length - 1) & ~1)), 'hex'),
      };
  }
}

/** As JSON has a buffer, or a table its columns: decimal numbers in a row. */
function* fromNumbers(text: string): Generator<Decoded> {
  for (const [run] of text.matchAll(/(?:\d{1,3}(?:\.\d+)?[,;\s]{1,3}){24,}\d{0,3}/g)) {
    const numbers = run.split(/[,;\s]+/).map(Number);
    const inRange = numbers.filter((value) => value <= 255);
    if (inRange.length >= BYTES_MIN) yield { how: 'numbers', bytes: Buffer.from(inRange) };
  }
}

function* fromEscapes(text: string): Generator<Decoded> {
  if (!/\\(?:x|u00)[0-9a-f]{2}/i.test(text)) return;
  const plain = text
    .replaceAll(/\\(?:x|u00)([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(parseInt(hex, 16)),
    )
    .replaceAll(/\\([nrtbf"\\/])/g, (_, char: string) => ESCAPES[char] ?? char);
  yield { how: 'escapes', bytes: Buffer.from(plain, 'latin1') };
}
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Bytes that were taken for text and written as UTF-8. */
function* fromUtf8(bytes: Buffer): Generator<Decoded> {
  if (!bytes.includes(0xc2) && !bytes.includes(0xc3)) return;
  yield { how: 'utf-8', bytes: Buffer.from(bytes.toString('utf8'), 'latin1') };
}

const INFLATE = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: OUTPUT_BYTES_MAX };
const zstd = (zlib as { zstdDecompressSync?: (bytes: Buffer) => Buffer }).zstdDecompressSync;
type Inflation = readonly [
  how: string,
  magic: readonly number[],
  decode: ((bytes: Buffer) => Buffer) | undefined,
];
const raw =
  (headerBytes: (bytes: Buffer) => number) =>
  (bytes: Buffer): Buffer =>
    inflateRawSync(bytes.subarray(headerBytes(bytes)), INFLATE);
const zlibHeader = raw(() => 2);
// Behind its header each is a bare stream, which ends by itself, whatever follows.
const COMPRESSED: readonly Inflation[] = [
  ['gzip', [0x1f, 0x8b, 0x08], raw(gzipHeaderBytes)],
  ['zlib', [0x78, 0x01], zlibHeader],
  ['zlib', [0x78, 0x5e], zlibHeader],
  ['zlib', [0x78, 0x9c], zlibHeader],
  ['zlib', [0x78, 0xda], zlibHeader],
  [
    'zip',
    [0x50, 0x4b, 0x03, 0x04],
    raw((bytes) => 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)),
  ],
  // From Node 22.15 on.
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd], zstd],
];

/** RFC 1952, 2.3: ten bytes, and what their flags say follows. */
function gzipHeaderBytes(bytes: Buffer): number {
  const flags = bytes.readUInt8(3);
  let at = 10;
  if (flags & 4) at += 2 + bytes.readUInt16LE(at);
  for (const text of [8, 16]) if (flags & text) at = bytes.indexOf(0, at) + 1;
  return flags & 2 ? at + 2 : at;
}

function* inflated(bytes: Buffer): Generator<Decoded> {
  for (const [how, magic, decode] of COMPRESSED) {
    const mark = Buffer.from(magic);
    for (let at = bytes.indexOf(mark); at >= 0 && decode; at = bytes.indexOf(mark, at + 1)) {
      try {
        const output = decode(bytes.subarray(at));
        if (output.length >= BYTES_MIN) yield { how, bytes: output };
      } catch {
        // These bytes only look like the beginning of one.
      }
    }
  }
}

/** The header of ClickHouse's compressed blocks: 16 bytes of checksum, the method, both lengths. */
const LZ4_METHOD = 0x82;
const BLOCK_HEADER_BYTES = 9;
const CHECKSUM_BYTES = 16;

/** The columns of ClickHouse's parts, where the bytes begin with such a block. */
function* fromLz4Blocks(bytes: Buffer): Generator<Decoded> {
  for (let at = CHECKSUM_BYTES; at + BLOCK_HEADER_BYTES < bytes.length;) {
    if (bytes[at] !== LZ4_METHOD) return;
    const packed = bytes.readUInt32LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    if (packed < BLOCK_HEADER_BYTES || length > OUTPUT_BYTES_MAX) return;
    const block = bytes.subarray(at + BLOCK_HEADER_BYTES, at + packed);
    yield { how: 'lz4', bytes: unpackLz4(block, length) };
    at += packed + CHECKSUM_BYTES;
  }
}

/** A block of LZ4 (lz4_Block_format.md); what is broken ends it. */
export function unpackLz4(block: Buffer, length: number): Buffer {
  const out = Buffer.alloc(length);
  let at = 0;
  let to = 0;
  const lengthOf = (nibble: number): number => {
    let sum = nibble;
    for (let byte = 255; nibble === 15 && byte === 255 && at < block.length;)
      sum += byte = block[at++] ?? 0;
    return sum;
  };
  while (at < block.length && to < length) {
    const token = block[at++] ?? 0;
    const literals = lengthOf(token >> 4);
    block.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    if (at + 2 > block.length) break;
    const back = block.readUInt16LE(at);
    at += 2;
    const copied = 4 + lengthOf(token & 15);
    for (let i = 0; i < copied && to < length && back > 0; i++, to++) out[to] = out[to - back] ?? 0;
  }
  return out;
}
