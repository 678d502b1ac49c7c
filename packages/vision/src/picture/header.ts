export type PictureFormat = 'jpeg' | 'png' | 'webp';

/** The format by its first bytes; undefined where it is none of those that are let in. */
export function formatOf(bytes: Uint8Array): PictureFormat | undefined {
  if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  const isWebp =
    startsWith(bytes, 0, [0x52, 0x49, 0x46, 0x46]) &&
    startsWith(bytes, 8, [0x57, 0x45, 0x42, 0x50]);
  return isWebp ? 'webp' : undefined;
}

function startsWith(bytes: Uint8Array, at: number, mark: readonly number[]): boolean {
  return mark.every((byte, i) => bytes[at + i] === byte);
}

/**
 * Width and height of a JPEG without Exif data, read in a few microseconds: what nearly every camera sends.
 * Undefined where there is Exif data (the picture may have to be turned) or anything unusual: then the decoder's own,
 * slower look at the header decides. Source: ITU-T T.81, B.1 (markers) and B.2.2 (frame header).
 */
export function plainJpegSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    const length = uint16(bytes, at + 2);
    const isExif = marker === 0xe1;
    const isScan = marker === 0xda || marker === 0xd9;
    if (isExif || isScan || length < 2) return undefined;
    // Frame headers are C0 to CF, but for C4 (Huffman tables), C8 (reserved) and CC (arithmetic conditioning).
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const height = uint16(bytes, at + 5);
      const width = uint16(bytes, at + 7);
      return width > 0 && height > 0 ? { width, height } : undefined;
    }
    at += 2 + length;
  }
  return undefined;
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
