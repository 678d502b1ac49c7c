import sharp from 'sharp';
import type { Sensor } from './sensor.js';

/** The bytes of the picture as a camera would send them. */
export async function toJpeg(
  picture: Uint8Array,
  width: number,
  height: number,
  { quality, chroma }: Pick<Sensor, 'quality' | 'chroma'>,
): Promise<Buffer> {
  return sharp(picture, { raw: { width, height, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: chroma, optimiseCoding: false })
    .toBuffer();
}
