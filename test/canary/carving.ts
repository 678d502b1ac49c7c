/** Pictures that lie in bytes, whatever they were scaled to or encoded as: found by how they begin, known by their greys. */
import sharp, { type Sharp } from 'sharp';

const SIDE = 32;
/** Of the greys of two pictures that have nothing to do with each other, 32 × 32 each, a tenth of this is usual. */
const ALIKE_MIN = 0.4;
const PIXELS_MAX = 100_000_000;
/** As much behind its beginning as may belong to a picture. */
const PICTURE_BYTES_MAX = 16 * 1024 * 1024;

const MAGICS: readonly (readonly [name: string, magic: Buffer])[] = [
  ['JPEG', Buffer.from([0xff, 0xd8, 0xff])],
  ['PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])],
  ['WebP', Buffer.from('RIFF')],
  ['GIF', Buffer.from('GIF8')],
  ['TIFF', Buffer.from([0x49, 0x49, 0x2a, 0x00])],
  ['TIFF', Buffer.from([0x4d, 0x4d, 0x00, 0x2a])],
  ['BMP', Buffer.from('BM')],
];

/** A picture as 32 × 32 greys, their mean taken off. */
export type Greys = Float32Array;

export async function greysOf(picture: Sharp): Promise<Greys> {
  const small = picture.flatten().greyscale().resize(SIDE, SIDE, { fit: 'fill' });
  const raw = await small.extractChannel(0).raw().toBuffer();
  const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length;
  return Float32Array.from(raw, (value) => value - mean);
}

/** From −1 to 1: how alike two pictures' greys are; 0 for one of a single grey. */
export function likeness(a: Greys, b: Greys): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

/** The kinds of pictures in these bytes that show the secret. */
export async function picturesOf(secret: Greys, bytes: Buffer): Promise<string[]> {
  const found: string[] = [];
  for (const [name, magic] of MAGICS) {
    for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
      const picture = opened(name, bytes.subarray(at, at + PICTURE_BYTES_MAX));
      if (picture === undefined) continue;
      try {
        const alike = Math.abs(likeness(secret, await greysOf(picture)));
        if (alike >= ALIKE_MIN) found.push(`${name} (${alike.toFixed(2)})`);
      } catch {
        // These bytes only look like the beginning of one.
      }
    }
  }
  return found;
}

function opened(name: string, bytes: Buffer): Sharp | undefined {
  if (name === 'BMP') return bitmap(bytes);
  if (name === 'WebP' && bytes.toString('latin1', 8, 12) !== 'WEBP') return undefined;
  return sharp(bytes, { failOn: 'none', limitInputPixels: PIXELS_MAX });
}

/** A plain bitmap of 24 or 32 bits, which libvips does not read. */
function bitmap(bytes: Buffer): Sharp | undefined {
  if (bytes.length < 54) return undefined;
  const start = bytes.readUInt32LE(10);
  const [width, height] = [bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22))];
  const channels = bytes.readUInt16LE(28) / 8;
  const isPlain = bytes.readUInt32LE(14) >= 40 && bytes.readUInt32LE(30) === 0;
  if (!isPlain || (channels !== 3 && channels !== 4) || width < 1 || width * height > PIXELS_MAX)
    return undefined;
  const row = Math.ceil((width * channels) / 4) * 4;
  if (start + row * height > bytes.length) return undefined;
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++)
        pixels[(y * width + x) * 3 + c] =
          bytes[start + (height - 1 - y) * row + x * channels + 2 - c] ?? 0;
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
