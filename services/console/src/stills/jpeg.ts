import { refusal, type PictureSize } from './refusal.js';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** Frames that browsers decode: baseline, extended and progressive, Huffman coded. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** Tables, restart interval, and Adobe's word about the colours; comments and all other applications' data are left out. */
const KEPT = new Set([...FRAMES, 0xc4, 0xdb, 0xdd, 0xee]);
/** JFIF 1.02, pixels of no stated size, no thumbnail: instead of what the file says. */
const JFIF = Buffer.from('ffe000104a46494600010200000100010000', 'hex');
/** Refinements of a progressive picture; more only keep decoders busy. */
const SCANS_MAX = 100;

export const isJpeg = (bytes: Buffer): boolean =>
  bytes[0] === 0xff && bytes[1] === SOI && bytes[2] === 0xff;

/**
 * A JPEG without anything but its pixels: no Exif, no place, no thumbnail, no comment (ITU-T T.81, annex B).
 *
 * @throws ProblemError 400 where it is broken, of a kind that browsers do not show, or larger than is taken
 */
export function plainJpeg(bytes: Buffer, checkSize: (size: PictureSize) => void) {
  const kept: Buffer[] = [Buffer.from([0xff, SOI]), JFIF];
  let size: PictureSize | undefined;
  let scans = 0;
  let at = 2;
  for (;;) {
    const start = at;
    if (bytes[at] !== 0xff) throw refusal('A part of the JPEG is broken.');
    while (bytes[at] === 0xff) at += 1;
    const marker = bytes[at] ?? 0;
    at += 1;
    if (marker === EOI) break;
    if (at + 2 > bytes.length) throw refusal('The JPEG ends before its end.');
    const end = at + bytes.readUInt16BE(at);
    if (end > bytes.length || end < at + 2) throw refusal('The JPEG ends before its end.');
    if (FRAMES.has(marker)) {
      if (size !== undefined || end < at + 8) throw refusal('The JPEG has more than one picture.');
      size = { width: bytes.readUInt16BE(at + 5), height: bytes.readUInt16BE(at + 3) };
      checkSize(size);
    } else if (isOtherFrame(marker)) {
      throw refusal('The JPEG is of a kind that browsers do not show: save it as a usual one.');
    }
    if (KEPT.has(marker)) kept.push(bytes.subarray(start, end));
    at = end;
    if (marker !== SOS) continue;
    scans += 1;
    if (size === undefined || scans > SCANS_MAX) throw refusal('A part of the JPEG is broken.');
    at = afterScan(bytes, end);
    kept.push(bytes.subarray(start, at));
  }
  if (size === undefined || scans === 0) throw refusal('The JPEG has no picture.');
  return { ...size, bytes: Buffer.concat([...kept, Buffer.from([0xff, EOI])]) };
}

const isOtherFrame = (marker: number): boolean =>
  marker >= 0xc3 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Where coded pixels end: at the next marker that is no restart and no stuffed byte. */
function afterScan(bytes: Buffer, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw refusal('The JPEG ends before its end.');
}
