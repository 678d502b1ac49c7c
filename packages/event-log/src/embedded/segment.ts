import { crc32 } from 'node:zlib';
import { HitonamiError } from '@hitonami/model';
import type { LogRecord, OutgoingRecord } from '../port.js';

/**
 * One stored value: the records of one append (or a part of it), little-endian.
 *
 * | bytes | what |
 * |---|---|
 * | 0–3 | magic `HLS1` |
 * | 4–7 | CRC-32 of everything behind it |
 * | 8–15 | time of the append, ms since the epoch, float64 |
 * | 16–19, 20–23 | number of records, number of distinct keys |
 * | then | each key: length u32, UTF-8 |
 * | then | each record: index of its key u32, length of its value u32 |
 * | then | the values, one after another |
 *
 * The offset of the first record is in the key of the store, so a segment knows nothing of where it lies.
 */
const MAGIC = 0x31534c48;
const HEADER_BYTES = 24;
const INDEX_BYTES = 8;

export interface SegmentHeader {
  readonly appendedMs: number;
  readonly count: number;
}

export function encodeSegment(records: readonly OutgoingRecord[], appendedMs: number): Buffer {
  const keys = new Map<string, number>();
  let keyBytes = 0;
  let valueBytes = 0;
  for (const { key, value } of records) {
    valueBytes += value.byteLength;
    if (keys.has(key)) continue;
    keys.set(key, keys.size);
    keyBytes += 4 + Buffer.byteLength(key);
  }
  const out = Buffer.allocUnsafe(
    HEADER_BYTES + keyBytes + records.length * INDEX_BYTES + valueBytes,
  );
  out.writeUInt32LE(MAGIC, 0);
  out.writeDoubleLE(appendedMs, 8);
  out.writeUInt32LE(records.length, 16);
  out.writeUInt32LE(keys.size, 20);
  let at = HEADER_BYTES;
  for (const key of keys.keys()) {
    const length = out.write(key, at + 4);
    out.writeUInt32LE(length, at);
    at += 4 + length;
  }
  let valueAt = at + records.length * INDEX_BYTES;
  for (const { key, value } of records) {
    out.writeUInt32LE(keys.get(key) ?? 0, at);
    out.writeUInt32LE(value.byteLength, at + 4);
    at += INDEX_BYTES;
    out.set(value, valueAt);
    valueAt += value.byteLength;
  }
  out.writeUInt32LE(crc32(out.subarray(8)), 4);
  return out;
}

/** Reads the header alone; `undefined` where this is no segment. */
export function segmentHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  return { appendedMs: bytes.readDoubleLE(8), count: bytes.readUInt32LE(16) };
}

/**
 * Adds the records at or behind `from` to `into`, as views of `bytes`. Returns the offset behind the segment.
 * @throws HitonamiError `LOG` (detail `CORRUPT`) where the bytes are not what was written
 */
export function decodeSegment(
  bytes: Buffer,
  base: number,
  from: number,
  into: LogRecord[],
  where: string,
): number {
  const header = segmentHeader(bytes);
  if (header === undefined) throw corrupt(where, base, 'it does not begin like a segment');
  if (bytes.readUInt32LE(4) !== crc32(bytes.subarray(8)))
    throw corrupt(where, base, 'its checksum does not match');
  // Past the checksum the layout is our own: what follows needs no further checks.
  const keys: string[] = [];
  let at = HEADER_BYTES;
  for (let left = bytes.readUInt32LE(20); left > 0; left--) {
    const length = bytes.readUInt32LE(at);
    keys.push(bytes.toString('utf8', at + 4, at + 4 + length));
    at += 4 + length;
  }
  let valueAt = at + header.count * INDEX_BYTES;
  for (let index = 0; index < header.count; index++, at += INDEX_BYTES) {
    const next = valueAt + bytes.readUInt32LE(at + 4);
    if (base + index >= from)
      into.push({
        offset: base + index,
        key: keys[bytes.readUInt32LE(at)] ?? '',
        value: bytes.subarray(valueAt, next),
      });
    valueAt = next;
  }
  return base + header.count;
}

export function corrupt(where: string, base: number, why: string): HitonamiError {
  return new HitonamiError(
    'LOG',
    `the event log is damaged: the segment at offset ${base} of ${where} cannot be read, ${why}. ` +
      'Restore the folder from a copy, or start with an empty one',
    { detail: 'CORRUPT' },
  );
}
