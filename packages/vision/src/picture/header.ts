/** What a picture says of itself before it is decoded. */
export interface PictureHeader {
  readonly format: 'jpeg' | 'png' | 'webp';
  /** Pixels as stored; undefined where the header is cut off or unusual: then the decoder decides. */
  readonly size: PictureSize | undefined;
  /** False where no Exif data can ask for the picture to be turned. */
  readonly mayBeTurned: boolean;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a header in a few microseconds, so that the limit on pixels holds before a decoder sees the bytes, and most
 * pictures need no second look. Undefined where the first bytes are none of the formats that are let in.
 */
export function readHeader(bytes: Uint8Array): PictureHeader | undefined {
  if (startsWith(bytes, 0, 0xff, 0xd8, 0xff)) return { format: 'jpeg', ...jpegHeader(bytes) };
  if (startsWith(bytes, 0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) {
    return { format: 'png', size: pngSize(bytes), mayBeTurned: true };
  }
  if (
    startsWith(bytes, 0, 0x52, 0x49, 0x46, 0x46) &&
    startsWith(bytes, 8, 0x57, 0x45, 0x42, 0x50)
  ) {
    return { format: 'webp', size: webpSize(bytes), mayBeTurned: true };
  }
  return undefined;
}

/** ITU-T T.81, B.1 (markers) and B.2.2 (frame header). */
function jpegHeader(bytes: Uint8Array): Omit<PictureHeader, 'format'> {
  let mayBeTurned = false;
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    // A marker may be preceded by any number of fill bytes.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = unsigned(bytes, at + 2, 2, 'big');
    if (marker === 0xda || marker === 0xd9 || length < 2) break;
    if (marker === 0xe1) mayBeTurned = true;
    // Frame headers are C0 to CF, but for C4 (Huffman tables), C8 (reserved) and CC (arithmetic conditioning).
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const height = unsigned(bytes, at + 5, 2, 'big');
      const width = unsigned(bytes, at + 7, 2, 'big');
      return { size: sizeOf(width, height), mayBeTurned };
    }
    at += 2 + length;
  }
  return { size: undefined, mayBeTurned: true };
}

/** PNG specification, 11.2.2: IHDR comes first. */
function pngSize(bytes: Uint8Array): PictureSize | undefined {
  if (!startsWith(bytes, 12, 0x49, 0x48, 0x44, 0x52) || bytes.length < 24) return undefined;
  return sizeOf(unsigned(bytes, 16, 4, 'big'), unsigned(bytes, 20, 4, 'big'));
}

/** RFC 9649: the canvas of an extended file, else the lossless or the lossy bitstream's header. */
function webpSize(bytes: Uint8Array): PictureSize | undefined {
  if (bytes.length < 30) return undefined;
  if (startsWith(bytes, 12, 0x56, 0x50, 0x38, 0x58)) {
    return sizeOf(unsigned(bytes, 24, 3, 'little') + 1, unsigned(bytes, 27, 3, 'little') + 1);
  }
  if (startsWith(bytes, 12, 0x56, 0x50, 0x38, 0x4c)) {
    const packed = unsigned(bytes, 21, 4, 'little');
    return sizeOf((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1);
  }
  if (startsWith(bytes, 12, 0x56, 0x50, 0x38, 0x20)) {
    return sizeOf(
      unsigned(bytes, 26, 2, 'little') & 0x3fff,
      unsigned(bytes, 28, 2, 'little') & 0x3fff,
    );
  }
  return undefined;
}

function sizeOf(width: number, height: number): PictureSize | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined;
}

function startsWith(bytes: Uint8Array, at: number, ...mark: number[]): boolean {
  return mark.every((byte, i) => bytes[at + i] === byte);
}

function unsigned(bytes: Uint8Array, at: number, length: number, order: 'big' | 'little'): number {
  let value = 0;
  for (let i = 0; i < length; i++) {
    value = value * 256 + (bytes[at + (order === 'big' ? i : length - 1 - i)] ?? 0);
  }
  return value;
}
