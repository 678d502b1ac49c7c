import { clipPictures } from '@hitonami/camera';
import { weakestUseful } from '@hitonami/ingestor';
import { HitonamiError } from '@hitonami/model';
import { startInferencePool, type PictureSize } from '@hitonami/vision';
import sharp, { type OutputInfo } from 'sharp';

/** Pictures of a clip of which the middle value of every pixel is taken: who walks is gone. */
const PICTURES = 21;
const PIXELS_MAX = 20_000_000;
const QUALITY = 2;
const SVG_LOADER = { operation: ['VipsForeignLoadSvgBuffer'] };
/** A person painted over is covered this much beyond their box, as a share of it. */
const MARGIN_SHARE = 0.15;

/** The picture that the grid is drawn on, PNG, in which nobody is left. */
export interface Ground {
  png: Buffer;
  size: PictureSize;
  /** People whom the detector still found and who were painted over. */
  paintedOver: number;
}

/** The empty place behind the people of a clip: the median over time of pictures spread over it. */
export async function emptyPlace(clip: string, frames: number | undefined): Promise<Buffer> {
  const stride = Math.max(1, Math.floor((frames ?? PICTURES) / PICTURES));
  const abort = new AbortController();
  const raws: Buffer[] = [];
  let size: PictureSize | undefined;
  try {
    let index = 0;
    for await (const picture of clipPictures(clip, { quality: QUALITY }, abort.signal)) {
      if (index++ % stride !== 0 || raws.length >= PICTURES) continue;
      const { data, info } = await rawOf(picture);
      size ??= { width: info.width, height: info.height };
      raws.push(data);
      if (raws.length === PICTURES) break;
    }
  } finally {
    abort.abort();
  }
  if (!size) throw new HitonamiError('INPUT', `${clip} has no picture`);
  const middle = median(raws);
  for (const raw of raws) raw.fill(0);
  return sharp(middle, { raw: { ...size, channels: 3 } })
    .png()
    .toBuffer();
}

/** Paints over everybody whom the detector finds, even weakly: no picture that leaves here shows a person. */
export async function withoutPeople(picture: Buffer, modelPath: string): Promise<Ground> {
  const { data, info } = await rawOf(picture);
  const size = { width: info.width, height: info.height };
  const pool = await startInferencePool({ modelPath, workers: 1 });
  try {
    const encoded = await sharp(data, { raw: { ...size, channels: 3 } })
      .png()
      .toBuffer();
    const found = await pool.detect(encoded, {
      threshold: weakestUseful(pool.model.thresholdDefault),
    });
    for (let i = 0; i < found.count; i++) {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = found.boxes.subarray(4 * i, 4 * i + 4);
      paint(data, size, x1, y1, x2, y2);
    }
    const png = await sharp(data, { raw: { ...size, channels: 3 } })
      .png()
      .toBuffer();
    return { png, size, paintedOver: found.count };
  } finally {
    data.fill(0);
    await pool.close();
  }
}

/** Our own drawing as PNG. The detector's pool has libvips refuse SVG, which strangers' pictures must not be. */
export async function rasterised(svg: string): Promise<Buffer> {
  sharp.unblock(SVG_LOADER);
  try {
    return await sharp(Buffer.from(svg)).png().toBuffer();
  } finally {
    sharp.block(SVG_LOADER);
  }
}

/**
 * Nothing but grey.
 * @throws HitonamiError `INPUT` for more pixels than pictures are drawn with
 */
export async function plainGround({ width, height }: PictureSize): Promise<Ground> {
  if (width * height > PIXELS_MAX) {
    throw new HitonamiError(
      'INPUT',
      `${width}x${height} pixels are too many to draw on: name a .svg, which is the grid by itself`,
    );
  }
  const background = { r: 96, g: 96, b: 96 };
  const png = await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
  return { png, size: { width, height }, paintedOver: 0 };
}

async function rawOf(picture: Buffer): Promise<{ data: Buffer; info: OutputInfo }> {
  try {
    return await sharp(picture, { limitInputPixels: PIXELS_MAX })
      .rotate()
      .flatten()
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    throw new HitonamiError('INPUT', `the picture cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function median(raws: readonly Buffer[]): Buffer {
  const [first] = raws;
  if (!first) return Buffer.alloc(0);
  const middle = Buffer.alloc(first.length);
  const values = new Uint8Array(raws.length);
  for (let i = 0; i < first.length; i++) {
    for (let k = 0; k < raws.length; k++) values[k] = raws[k]?.[i] ?? 0;
    values.sort();
    middle[i] = values[raws.length >> 1] ?? 0;
  }
  return middle;
}

function paint(
  raw: Buffer,
  { width, height }: PictureSize,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  const mx = MARGIN_SHARE * (x2 - x1);
  const my = MARGIN_SHARE * (y2 - y1);
  const [left, right] = [Math.max(0, Math.floor(x1 - mx)), Math.min(width, Math.ceil(x2 + mx))];
  const [top, bottom] = [Math.max(0, Math.floor(y1 - my)), Math.min(height, Math.ceil(y2 + my))];
  for (let y = top; y < bottom; y++) raw.fill(128, 3 * (y * width + left), 3 * (y * width + right));
}
