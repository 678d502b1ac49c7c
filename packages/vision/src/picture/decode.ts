import { HitonamiError } from '@hitonami/model';
import sharp, { type Sharp } from 'sharp';
import type { Preprocessing } from '../detectors/family.js';
import { type PictureSize, readHeader } from './header.js';
import { paint, placePicture, type Placement } from './placement.js';

/** Longest that one picture may be decoded for. */
const DECODE_SECONDS_MAX = 10;

/**
 * Settings of the decoder for this process: no cache (it would keep pixels), one thread a picture (the pool runs
 * several pictures at once), and no format but those that are let in, whatever a file's first bytes say.
 */
export function setUpDecoder(): void {
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: [
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadWebpBuffer',
    ],
  });
}

function undecodable(why: string): HitonamiError {
  return new HitonamiError(
    'INPUT',
    `the picture cannot be decoded: ${why}; send a whole JPEG, PNG or WebP.`,
    { detail: 'UNDECODABLE' },
  );
}

/** Words of the decoder, made safe for a log: its first line, plain characters, short. They never hold image data. */
function wordsOf(error: unknown): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return line.replace(/[^ -~]/g, '?').slice(0, 100);
}

/** The decoder's own look at the header: also tells how an Exif orientation turns the picture. */
async function sizeFromDecoder(open: Sharp): Promise<PictureSize> {
  try {
    const { autoOrient } = await open.metadata();
    return autoOrient;
  } catch (error) {
    throw undecodable(wordsOf(error));
  }
}

function refuseTooLarge({ width, height }: PictureSize, pixelsMax: number): void {
  if (width * height <= pixelsMax) return;
  throw new HitonamiError(
    'INPUT',
    `the picture has ${String(width)}×${String(height)} pixels, over the limit of ${String(pixelsMax)}; ` +
      'send smaller pictures, or raise picturePixelsMax.',
    { detail: 'TOO_LARGE' },
  );
}

/** What a decoded picture leaves behind, besides the canvas. */
export interface Decoded {
  readonly placement: Placement;
  /** The decoder's own output: already overwritten, handed on so that this can be verified. */
  readonly pixels: Uint8Array;
}

/**
 * Decodes a JPEG, PNG or WebP, resizes it (linear) and paints it on the network's input. Throws `INPUT`, detail
 * `UNDECODABLE` or `TOO_LARGE`; the canvas may then hold anything.
 *
 * - A picture that is cut short, or that the decoder warns about, is refused: half a picture is no empty place.
 * - Exif orientation is obeyed: all coordinates are those of the upright picture, as every viewer shows it.
 * - Colour profiles are ignored, as they were when the networks were trained; CMYK and 16 bit become 8-bit RGB, grey
 *   becomes R = G = B, transparency shows the padding's grey, and of an animation the first picture is used.
 */
export async function decodePicture(
  encoded: Buffer,
  canvas: Uint8Array,
  target: Preprocessing,
  pixelsMax: number,
): Promise<Decoded> {
  const header = readHeader(encoded);
  if (header === undefined) {
    throw undecodable(encoded.length === 0 ? 'it is empty' : 'it is neither JPEG, PNG nor WebP');
  }
  if (header.size !== undefined) refuseTooLarge(header.size, pixelsMax);
  const open = sharp(encoded, {
    failOn: 'warning',
    limitInputPixels: pixelsMax,
    ignoreIcc: true,
    pages: 1,
  });
  let { size } = header;
  if (size === undefined || header.mayBeTurned) {
    size = await sizeFromDecoder(open);
    refuseTooLarge(size, pixelsMax);
  }

  const placement = placePicture(size.width, size.height, target);
  const { pad } = target;
  let result: { data: Buffer; info: { width: number; height: number; channels: number } };
  try {
    result = await open
      .autoOrient()
      .flatten({ background: { r: pad, g: pad, b: pad } })
      .resize(placement.width, placement.height, { fit: 'fill', kernel: 'linear' })
      .timeout({ seconds: DECODE_SECONDS_MAX })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw undecodable(wordsOf(error));
  }
  const { data, info } = result;
  try {
    const { channels } = info;
    const isPlaced = info.width === placement.width && info.height === placement.height;
    if (!isPlaced || (channels !== 1 && channels !== 3)) {
      throw undecodable(`it came as ${String(channels)} channels`);
    }
    paint(data, channels, placement, canvas, target);
  } finally {
    data.fill(0);
  }
  return { placement, pixels: data };
}
