import { crc32, inflateSync } from 'node:zlib';
import { refusal, type PictureSize } from './refusal.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** What makes the pixels and their colours; texts, times, places and whatever else is left out. */
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'IDAT', 'IEND']);
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export const isPng = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(SIGNATURE);

/**
 * A PNG without anything but its pixels (PNG, third edition, W3C 2025, sections 5 and 11). Its pixels are unpacked once, to
 * know that they are there, into no more memory than its size says.
 *
 * @throws ProblemError 400 where it is broken, interlaced, or larger than is taken
 */
export function plainPng(bytes: Buffer, checkSize: (size: PictureSize) => void) {
  const kept: Buffer[] = [SIGNATURE];
  const packed: Buffer[] = [];
  let header: Buffer | undefined;
  let at = SIGNATURE.length;
  for (;;) {
    if (at + 12 > bytes.length) throw refusal('The PNG ends before its end.');
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) throw refusal('The PNG ends before its end.');
    const type = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
      throw refusal('A part of the PNG is broken.');
    if ((header === undefined) !== (type === 'IHDR'))
      throw refusal('The PNG does not begin with its size.');
    if (type === 'IHDR') {
      header = data;
      checkSize(sizeOf(data));
    }
    if (KEPT.has(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IDAT') packed.push(data);
    at = end;
    if (type === 'IEND') break;
  }
  const size = sizeOf(header);
  checkPixels(header ?? Buffer.alloc(13), size, Buffer.concat(packed));
  return { ...size, bytes: Buffer.concat(kept) };
}

function sizeOf(header: Buffer | undefined): PictureSize {
  if (header?.length !== 13) throw refusal('The PNG does not say its size.');
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4) };
}

/** Rows of a filter's byte and their pixels, no more and no fewer. */
function checkPixels(header: Buffer, { width, height }: PictureSize, packed: Buffer): void {
  const [depth = 0, colour = 0, , , interlace] = header.subarray(8);
  const channels = CHANNELS[colour];
  if (channels === undefined) throw refusal('The PNG has colours of no known kind.');
  if (interlace !== 0) throw refusal('The PNG is interlaced: save it without that.');
  const expected = height * (1 + Math.ceil((width * channels * depth) / 8));
  let unpacked = -1;
  try {
    unpacked = inflateSync(packed, { maxOutputLength: expected }).length;
  } catch (cause) {
    throw refusal('The pixels of the PNG cannot be read.', cause);
  }
  if (unpacked !== expected) throw refusal('The PNG has fewer pixels than it says.');
}
